import { expect, test } from '@jest/globals';
import { filesForWants } from '../../src/domain/filesForWants.js';
import type { Wanted } from '../../src/domain/selection/index.js';

const GB = 1024 ** 3;
const files = (...paths: string[]) => paths.map((path, place) => ({ id: place + 1, path, bytes: GB }));
const season = (number: number, ...episodes: number[]): Wanted => ({
  kind: 'episodes',
  titles: ['Pioneer One'],
  year: 2010,
  runtimeMin: 30,
  season: number,
  episodes,
  seasonEpisodeCount: 6,
  specials: false,
  tier: 'standard',
});
const movie: Wanted = { kind: 'movie', titles: ['Sintel'], year: 2010, runtimeMin: 15, tier: 'standard' };
const told = (listed: ReturnType<typeof files>, ...wanted: Wanted[]) =>
  filesForWants(listed, wanted, { torrentName: 'Pioneer One S01 1080p' }).map(({ file, places }) => [
    file.path,
    places.map((place) => `${place.season}x${place.episode}`).join(),
  ]);

test('an episode per file, a double one two, in the season of its folder', () => {
  const listed = files(
    '/Pioneer.One.S01E01.mkv',
    '/Pioneer.One.S01E02-E03.mkv',
    '/Pioneer.One.S01E05.mkv',
    '/Season 2/01 Again.mkv',
    '/Pioneer.One.S01E01.sample.mkv',
  );
  expect(told(listed, season(1, 1, 2, 3, 4), season(2, 1))).toEqual([
    ['/Pioneer.One.S01E01.mkv', '1x1'],
    ['/Pioneer.One.S01E02-E03.mkv', '1x2,1x3'],
    ['/Season 2/01 Again.mkv', '2x1'],
  ]);
});

test('of a double file only what is wanted counts', () => {
  expect(told(files('/Pioneer.One.S01E02-E03.mkv'), season(1, 3))).toEqual([['/Pioneer.One.S01E02-E03.mkv', '1x3']]);
});

test('a lone file is what its torrent says', () => {
  const choice = filesForWants(files('/abc123.mkv'), [season(1, 4)], { torrentName: 'Pioneer One S01E04 1080p' });
  expect(choice).toMatchObject([{ places: [{ season: 1, episode: 4 }] }]);
});

test('the movie’s file', () => {
  expect(told([{ id: 9, path: '/extras/Trailer.mkv', bytes: 1 }, ...files('/Sintel.mkv')], movie)).toEqual([
    ['/Sintel.mkv', ''],
  ]);
});
