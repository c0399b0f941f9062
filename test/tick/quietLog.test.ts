import { afterEach, expect, test } from '@jest/globals';
import { OPEN_TITLES, packFiles } from '../../src/sandbox/index.js';
import { type Household, household } from '../support/household.js';
import { livedInWorld } from '../support/livedIn.js';

const GB = 1024 ** 3;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What a terminal shows at once. */
const SCREEN = 50;
const { sintel, bigBuckBunny, tearsOfSteel, pioneerOne } = OPEN_TITLES;

let home: Household;
afterEach(() => home.stop());

test('the log of a normal day fits a screen', async () => {
  home = await household({ sandbox: { world: livedInWorld() } });
  const { world, seerr, torrentio, jellyfin } = home.sandbox;
  const release = (of: string, name: string, more: object = {}) =>
    world.addRelease({ of, name, cached: true, bytes: 1.4 * GB, ...more });
  const episodes = [1, 2].map((n) => `Made-up Tides S02E0${n} 1080p WEB x265-GRP`);

  // A night in which nothing is asked for, a title that nobody has, one that is not out yet.
  release(tearsOfSteel.imdbId, 'Tears of Steel 2012 HDCAM 720p-FAKE');
  seerr.request({ tmdbId: tearsOfSteel.tmdbId, type: 'movie' });
  seerr.request({ tmdbId: 900_301, type: 'movie' });
  await home.live(8 * HOUR, 10 * MINUTE);
  // Two movies, of which one is not cached.
  release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
  release(bigBuckBunny.imdbId, 'Big Buck Bunny 2008 1080p BluRay x265-GRP', { cached: false, downloadMs: 2 * HOUR });
  seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  seerr.request({ tmdbId: bigBuckBunny.tmdbId, type: 'movie' });
  await home.live(4 * HOUR, 2 * MINUTE);
  // The addon is away for an hour, Jellyfin is restarted, a whole season and one that airs are asked for.
  torrentio.faults.fail('*', { status: 503, times: Number.POSITIVE_INFINITY });
  jellyfin.faults.fail('*', { status: 503, times: 3 });
  for (const name of episodes) {
    release('tt9000302', name);
  }
  seerr.request({ tmdbId: 900_302, type: 'tv', seasons: [2] });
  await home.live(HOUR, 2 * MINUTE);
  torrentio.faults.clear();
  const pack = 'Pioneer One S01 1080p WEB x265-GRP';
  release(pioneerOne.imdbId, pack, { files: packFiles(pack, 1, [1, 2, 3, 4, 5, 6]) });
  seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await home.live(11 * HOUR, 5 * MINUTE);

  const shown = home.log.filter(({ level }) => level !== 'debug');
  expect(shown.filter(({ message }) => message.includes('fulfilled:'))).toHaveLength(3);
  const lines = shown.map(({ message }) => message);
  expect(lines.slice(SCREEN)).toEqual([]);
  // Trouble that came and went: once each.
  expect(lines.filter((line) => line.startsWith('Torrentio'))).toHaveLength(2);
});
