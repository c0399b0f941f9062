import { describe, expect, test } from '@jest/globals';
import type { QualityProfile } from '../../../src/domain/profile.js';
import type { Release } from '../../../src/domain/release.js';
import {
  type JudgeContext,
  judge,
  type RankContext,
  rank,
  type Verdict,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { context, hash, nameFilter, pioneerOne, profile, release, sintel } from './examples.js';

const A = hash(0xa);
const B = hash(0xb);

interface Side {
  name?: string;
  with?: Partial<Release>;
}
interface Scene {
  better: Side;
  worse: Side;
  wanted?: Wanted;
  profile?: Partial<QualityProfile>;
  rank?: Partial<RankContext>;
  judge?: Partial<JudgeContext>;
}

const NAME = 'Sintel.2010.1080p.BluRay.AV1';

const ranked = (verdicts: Verdict[], changes: Partial<RankContext> = {}): Verdict[] =>
  rank(verdicts, { profile, inAccount: new Set(), instantBefore: new Set(), wantedCount: 1, ...changes });

/** Per criterion: the better one has the later hash, so that the last criterion can not be what decides. */
const CRITERIA: [string, Scene][] = [
  ['refused ones come last', { better: {}, worse: { name: 'Sintel.2010.480p.WEB', with: { cached: true } } }],
  [
    'half an episode is the last resort',
    {
      wanted: pioneerOne(),
      better: { name: 'Pioneer.One.S01E01.720p' },
      worse: { name: 'Pioneer.One.S01E01b.1080p.WEB', with: { cached: true } },
    },
  ],
  ['1 in the account', { better: {}, worse: { with: { cached: true } }, rank: { inAccount: new Set([B]) } }],
  [
    '1 ready at once before',
    { better: { name: 'Sintel.2010.720p.WEB' }, worse: {}, rank: { instantBefore: new Set([B]) } },
  ],
  ['2 cached marker', { better: { name: 'Sintel.2010.720p.WEB', with: { cached: true } }, worse: {} }],
  [
    '2 cached marker: no word is as bad as no',
    { better: { with: { cached: null, seeders: 100 } }, worse: { with: { cached: false } } },
  ],
  ['3 name filter', { better: { name: 'Sintel.2010.720p.BluRay' }, worse: { name: 'Sintel.2010.1080p.WEB-DL' } }],
  [
    '3 name filter: a marker cancels it',
    {
      profile: { preferCached: 'never' },
      better: { name: 'Sintel.2010.1080p.WEB-DL', with: { cached: true } },
      worse: { name: 'Sintel.2010.720p.BluRay' },
    },
  ],
  [
    '3 name filter: off',
    {
      judge: { nameFilter: { ...nameFilter, mode: 'off' } },
      better: { name: 'Sintel.2010.1080p.WEB-DL' },
      worse: { name: 'Sintel.2010.720p.BluRay' },
    },
  ],
  ['4 tier', { better: { name: 'Sintel.2010.1080p.HDTV' }, worse: { name: 'Sintel.2010.720p.BluRay.x265' } }],
  [
    '4 unknown source behind all tiers of its resolution',
    { better: { name: 'Sintel.2010.1080p.HDTV' }, worse: { name: 'Sintel.2010.1080p.x265' } },
  ],
  [
    '4 unknown source before the next resolution',
    { better: { name: 'Sintel.2010.1080p' }, worse: { name: 'Sintel.2010.720p.BluRay.x265' } },
  ],
  [
    '5 sameTier: tier before marker',
    {
      profile: { preferCached: 'sameTier' },
      better: {},
      worse: { name: 'Sintel.2010.720p.BluRay', with: { cached: true } },
    },
  ],
  [
    '5 sameTier: marker within the tier',
    {
      profile: { preferCached: 'sameTier' },
      better: { with: { cached: true } },
      worse: { name: 'Sintel.2010.1080p.BluRay.x265' },
    },
  ],
  [
    '5 never: the marker does not count',
    {
      profile: { preferCached: 'never' },
      better: { with: { seeders: 100 } },
      worse: { with: { cached: true, seeders: 10 } },
    },
  ],
  [
    '6 single episode: packs avoided',
    {
      wanted: pioneerOne(),
      better: { name: 'Pioneer.One.S01E01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
    },
  ],
  [
    '6 single episode: packs preferred',
    {
      wanted: pioneerOne(),
      profile: { packs: { ...profile.packs, singleEpisode: 'prefer' } },
      better: { name: 'Pioneer.One.S01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01.1080p.WEB.x265' },
    },
  ],
  [
    '6 single episode: packs allowed',
    {
      wanted: pioneerOne(),
      profile: { packs: { ...profile.packs, singleEpisode: 'allow' } },
      better: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
      worse: { name: 'Pioneer.One.S01E01.1080p.WEB' },
    },
  ],
  [
    '6 season: a pack that covers it',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3] }),
      rank: { wantedCount: 3 },
      better: { name: 'Pioneer.One.S01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01-S02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: all of it in several seasons before a part of it',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3] }),
      rank: { wantedCount: 3 },
      better: { name: 'Pioneer.One.S01-S02.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01-E02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: more episodes first',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3, 4], seasonEpisodeCount: 10 }),
      rank: { wantedCount: 4 },
      better: { name: 'Pioneer.One.S01E01-E03.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01-E02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: packs avoided',
    {
      wanted: pioneerOne({ episodes: [1, 2] }),
      profile: { packs: { ...profile.packs, season: 'avoid' } },
      rank: { wantedCount: 2 },
      better: { name: 'Pioneer.One.S01E01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
    },
  ],
  ['7 scores', { better: { name: 'Sintel.2010.1080p.BluRay.x265' }, worse: { with: { seeders: 10_000 } } }],
  [
    '7 preferred groups',
    {
      profile: { groups: { prefer: { GRP: 1 }, reject: [] } },
      better: { name: `${NAME}-GRP` },
      worse: { with: { seeders: 10_000 } },
    },
  ],
  ['8 certain year', { better: {}, worse: { name: 'Sintel.1080p.BluRay.German', with: { seeders: 10_000 } } }],
  [
    '8 certain language',
    {
      profile: { languages: { ...profile.languages, requireAny: ['de'] } },
      better: { name: 'Sintel.2010.German.1080p.BluRay' },
      worse: { with: { seeders: 10_000 } },
    },
  ],
  [
    '8 no language is better when none is required',
    {
      better: { with: { seeders: 100 } },
      worse: { name: 'Sintel.2010.German.1080p.BluRay', with: { seeders: 10 } },
    },
  ],
  [
    '9 seeders by powers of ten',
    { better: { with: { seeders: 100 } }, worse: { with: { seeders: 99, sizeBytes: 150 * 1024 ** 2 } } },
  ],
  [
    '9 seeders: within a power of ten the size decides',
    {
      better: { with: { seeders: 10, sizeBytes: 150 * 1024 ** 2 } },
      worse: { with: { seeders: 99, sizeBytes: 140 * 1024 ** 2 } },
    },
  ],
  [
    '9 seeders: not for cached ones',
    {
      better: { with: { cached: true, seeders: 0, sizeBytes: 150 * 1024 ** 2 } },
      worse: { with: { cached: true, seeders: 99, sizeBytes: 140 * 1024 ** 2 } },
    },
  ],
  ['9 seeders: one is more than none', { better: { with: { seeders: 1 } }, worse: { with: { seeders: 0 } } }],
  ['10 larger', { better: { with: { sizeBytes: 150 * 1024 ** 2 } }, worse: { with: { sizeBytes: 149 * 1024 ** 2 } } }],
];

describe('the order of preference', () => {
  test.each(CRITERIA)('%s', (_, scene) => {
    const own = { ...profile, ...scene.profile };
    const verdictOf = ({ name = NAME, with: changes }: Side, infoHash: string): Verdict =>
      judge(release(name, { infoHash, ...changes }), scene.wanted ?? sintel, context({ profile: own, ...scene.judge }));
    const [worse, better] = [verdictOf(scene.worse, A), verdictOf(scene.better, B)];
    for (const order of [
      [worse, better],
      [better, worse],
    ]) {
      const hashes = ranked(order, { profile: own, ...scene.rank }).map((verdict) => verdict.release.infoHash);
      expect(hashes).toEqual([B, A]);
    }
  });

  test('11 at last the hash, ascending', () => {
    const verdicts = [B, A].map((infoHash) => judge(release(NAME, { infoHash }), sintel, context()));
    expect(ranked(verdicts).map((verdict) => verdict.release.infoHash)).toEqual([A, B]);
  });
});

describe('one candidate per torrent', () => {
  const wanted = pioneerOne({ episodes: [1, 2, 3] });
  const pack = (fileIndex: number, filePath: string): Verdict =>
    judge(release('Pioneer One 1080p WEB', { infoHash: A, fileIndex, filePath, packMarker: true }), wanted, context());

  test('the best of its files stands for it and covers what all of them cover', () => {
    const [verdict, ...others] = ranked([pack(0, 'P/1x01.avi'), pack(2, 'P/1x03.avi')], { wantedCount: 3 });
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({ accepted: true, covers: [1, 3], release: { fileIndex: 0 } });
  });

  test('an accepted file wins over a refused one', () => {
    const [verdict] = ranked([pack(7, 'P/2x01.avi'), pack(8, 'P/1x02.avi')], { wantedCount: 3 });
    expect(verdict).toMatchObject({ accepted: true, covers: [2], release: { fileIndex: 8 } });
  });

  test('nothing in, nothing out', () => {
    expect(ranked([])).toEqual([]);
  });
});
