import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTorrentTitle } from '@viren070/parse-torrent-title';
import type { Config } from '../../src/config/index.js';
import { decide, parseStream, type RawStream, type Wanted } from '../../src/domain/selection/index.js';

/** The titles that the recorded answers are of. */
const movie: Wanted = {
  kind: 'movie',
  titles: ['Night of the Living Dead'],
  year: 1968,
  runtimeMin: 96,
  tier: 'standard',
};
const show: Wanted = {
  kind: 'episodes',
  titles: ['Pioneer One'],
  year: 2010,
  runtimeMin: 35,
  season: 1,
  episodes: [1],
  seasonEpisodeCount: 6,
  specials: false,
  tier: 'standard',
};

interface Recorded {
  wanted: Wanted;
  text: string;
}

const recordedIn = (folder: string): Recorded[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      wanted: name.includes('movie') ? movie : show,
      text: readFileSync(join(folder, name), 'utf8'),
    }));

/**
 * Reads, judges and ranks every recorded answer so many times, as a search does, by the default profile. Each time from
 * its text: what an engine remembers of a string that it has seen must not count. Returns the number of releases.
 */
export const judgeRecorded = (folder: string, rounds: number, { selection, realDebrid }: Config): number => {
  const profile = selection.profiles.default;
  const answers = recordedIn(folder);
  let judged = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const { wanted, text } of answers) {
      const { streams = [] } = JSON.parse(text) as { streams?: RawStream[] };
      const releases = streams
        .map(parseStream)
        .flatMap((parsed) => (parsed.kind === 'release' ? [parsed.release] : []));
      const input = { wanted, releases, facts: {}, waitedMs: 0, inAccount: [] };
      decide(input, profile, realDebrid.nameFilter);
      judged += releases.length;
    }
  }
  return judged;
};

/** The floor of that: what the library for names takes by itself, for the lines that it is asked to read. */
export const parseRecorded = (folder: string, rounds: number): number => {
  const answers = recordedIn(folder);
  let read = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (const { text } of answers) {
      const { streams = [] } = JSON.parse(text) as { streams?: RawStream[] };
      for (const stream of streams) {
        const parsed = parseStream(stream);
        if (parsed.kind === 'release') {
          parseTorrentTitle(parsed.release.name);
          parseTorrentTitle(parsed.release.filePath ?? '');
          read += 1;
        }
      }
    }
  }
  return read;
};
