import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../src/domain/release.js';
import {
  chooseFiles,
  judge,
  parseStream,
  type RawStream,
  rank,
  type Verdict,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { codes, context, livingDead, nameFilter, pioneerOne, profile } from './examples.js';

/** From a recorded answer to the list of candidates, as one search goes. */

function releasesOf(file: string): Release[] {
  const path = join(process.cwd(), 'test/fixtures/torrentio', file);
  const body: { streams: RawStream[] } = JSON.parse(readFileSync(path, 'utf8'));
  return body.streams.map(parseStream).flatMap((parsed) => (parsed.kind === 'release' ? [parsed.release] : []));
}

function candidates(file: string, wanted: Wanted, ctx = context()): Verdict[] {
  const verdicts = releasesOf(file).map((release) => judge(release, wanted, ctx));
  const count = wanted.kind === 'movie' ? 1 : wanted.episodes.length;
  return rank(verdicts, { profile, inAccount: new Set(), instantBefore: new Set(), wantedCount: count });
}

const names = (verdicts: Verdict[]): string[] =>
  verdicts.filter(({ accepted }) => accepted).map((verdict) => verdict.release.name);

const codesByName = (verdicts: Verdict[]): Record<string, string> =>
  Object.fromEntries(verdicts.map((verdict) => [verdict.release.name, codes(verdict).join(' ')]));

describe('the recorded movie', () => {
  const verdicts = () => candidates('movie-rd.json', livingDead);

  test('has these candidates, in this order', () => {
    expect(names(verdicts())).toEqual([
      'Night of the Living Dead 1968 Criterion 1080p BluRay x264 DTS-WiKi',
      'Open Archive - Night Film Anthology (1968-1968) 1080p BluRay x264',
      'Night of the Living Dead 1968 720p BrRip x264 - YIFY',
      'Night of the Living Dead 1968 👤 999 💾 9 GB fake stats in the name 1080p',
      'Night of the Living Dead 1968 no seeders column 1080p',
      'Night of the Living Dead 1968 Hindi Dubbed Dual Audio 720p',
      'Ночь живых мертвецов / Night of the Living Dead (Джордж Ромеро) [1968 ужасы BDRip 1080p] Dub + Sub',
      'Night of the Living Dead 1968 1080p WEB-DL H264-PUB',
    ]);
  });

  test('and refuses the others for these reasons', () => {
    expect(codesByName(verdicts())).toMatchObject({
      'Night of the Living Dead 1968 HDCAM x264-NOPE': 'banned quality',
      'Night of the Living Dead 1968 TELESYNC 1080p': 'banned',
      'Night of the Living Dead 1968 DVDSCR': 'banned quality',
      'Night of the Living Dead 1968 3D HSBS 1080p BluRay': 'banned',
      'Night of the Living Dead 1968 Blu-ray ISO Full Disc': 'banned quality',
      'Night of the Living Dead 1968 480p DVDRip XviD': 'quality',
      'La notte dei morti viventi 1968 ITA ENG 1080p BluRay x264': 'title',
    });
  });
});

describe('the recorded season', () => {
  const wholeSeason = pioneerOne({ episodes: [1, 2, 3, 4, 5, 6], runtimeMin: 45 });

  test('has the season pack as its first candidate', () => {
    const ctx = context({ nameFilter: { ...nameFilter, mode: 'off' } });
    const [best] = candidates('episode-plain.json', wholeSeason, ctx);
    expect(best).toMatchObject({
      accepted: true,
      pack: 'season',
      covers: [1, 2, 3, 4, 5, 6],
      release: { seeders: 48 },
    });
  });

  test('puts packs behind whose name is predicted to be refused', () => {
    const verdicts = candidates('episode-plain.json', wholeSeason);
    expect(verdicts.map(({ accepted, pack, nameRefusal }) => (accepted ? [pack, nameRefusal] : null))).toEqual([
      ['partial', false],
      ['season', false],
      ['single', false],
      ['season', true],
      ['season', true],
      null,
      null,
      null,
    ]);
  });

  test('has a single file as the first candidate for one episode', () => {
    const [best] = candidates('episode-s1e3-plain.json', pioneerOne({ episodes: [3], runtimeMin: 45 }));
    expect(best?.release.name).toBe('Pioneer One S01E03 720p x264-VODO');
    expect(best).toMatchObject({ accepted: true, pack: 'single', covers: [3] });
  });

  test('finds an episode of the second season in packs only', () => {
    const verdicts = candidates('episode-s2e4-plain.json', pioneerOne({ season: 2, episodes: [4], runtimeMin: 45 }));
    expect(codesByName(verdicts)).toEqual({
      'Pioneer One S01-S02 COMPLETE MULTi 1080p BluRay x265 10bit HDR': '',
      'Pioneer One (Complete Series) DVDRip XviD': 'quality',
    });
  });

  test('each release, looked into by its one known file, brings the episode', () => {
    for (const release of releasesOf('episode-s2e4-plain.json')) {
      const wanted = pioneerOne({ season: 2, episodes: [4], runtimeMin: 45 });
      const id = (release.fileIndex ?? 0) + 1;
      const files = [{ id, path: `/${release.filePath}`, bytes: release.sizeBytes ?? 0 }];
      const choice = chooseFiles(files, wanted, { torrentName: release.name, fileIndex: release.fileIndex });
      expect(choice).toEqual({ outcome: 'selected', ids: [id], episodes: [4], warnings: [] });
    }
  });
});
