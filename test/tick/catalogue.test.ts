import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from '@jest/globals';
import type { JellyfinPort, LibraryEpisode, LibraryItem, LibraryMovie } from '../../src/services/ports.js';
import { createCatalogue } from '../../src/tick/catalogue.js';
import type { Loss } from '../../src/tick/librarySize.js';
import { VirtualClock } from '../support/household.js';

/** The map of what Jellyfin has: small, never taken for more than a hint, and not fooled by a mount that drops. */

const HOUR = 3_600_000;
const MB = 1024 ** 2;

const movie = (id: string, tmdb: number): LibraryItem => ({
  id,
  type: 'Movie',
  name: id,
  path: `/movies/${id}.mkv`,
  providerIds: { tmdb: String(tmdb) },
  seriesId: null,
  season: null,
  numbers: null,
});
const shelf = (count: number, prefix = 'm'): LibraryItem[] =>
  Array.from({ length: count }, (_, i) => movie(`${prefix}${i}`, i + 1));
const ids = (tmdbId: number) => ({ tmdbId, imdbId: null, tvdbId: null });

/** A Jellyfin of which every answer is in the test's hands. */
const library = () => {
  const clock = new VirtualClock();
  const rows = new Map<string, unknown>();
  const world = {
    items: [] as LibraryItem[],
    episodes: [] as LibraryEpisode[],
    /** Rows that a sweep shows, if not all of them, one list per sweep to come. */
    shownNext: [] as LibraryItem[][],
    /** Ids that are listed and cannot be read. */
    unreadable: [] as string[],
    sweeps: 0,
    deltas: 0,
    reads: 0,
    losses: [] as (Loss | null)[],
  };
  const port: Partial<JellyfinPort> = {
    async *sweep() {
      world.sweeps += 1;
      const { items } = world;
      const shown = world.shownNext.shift() ?? items;
      yield { items: shown, serverTime: clock.now() };
    },
    async *changedSince() {
      world.deltas += 1;
      yield { items: [], serverTime: clock.now() };
    },
    movies: async (wanted) => {
      world.reads += 1;
      const found = world.items.filter(({ id }) => wanted.includes(id) && !world.unreadable.includes(id));
      return found.map((item): LibraryMovie => ({ ...item, videoWidths: [1920] }));
    },
    episodes: async () => {
      world.reads += 1;
      return world.episodes;
    },
  };
  const catalogue = createCatalogue({
    jellyfin: port as JellyfinPort,
    clock,
    memory: { get: <T>(key: string) => rows.get(key) as T | undefined, set: (key, value) => void rows.set(key, value) },
    onLoss: (loss) => void world.losses.push(loss),
  });
  const refresh = () => catalogue.refresh(clock.now());
  return { clock, world, catalogue, refresh };
};

describe('which title an item is', () => {
  const asked = { tmdbId: 1, imdbId: 'tt0000001', tvdbId: 11 };
  test.each<[string, Record<string, string>, boolean]>([
    ['by its TMDB id', { tmdb: '1' }, true],
    ['by its TMDB id, whatever the others say', { tmdb: '1', imdb: 'tt0000002', tvdb: '12' }, true],
    ['not that, by its TMDB id, whatever the others say', { tmdb: '2', imdb: 'tt0000001', tvdb: '11' }, false],
    ['by its IMDb id where it has none of TMDB', { imdb: 'tt0000001', tvdb: '12' }, true],
    ['by its TVDB id where it has none of TMDB', { imdb: 'tt0000002', tvdb: '11' }, true],
    ['not that, without any of the ids', { tvmaze: '1' }, false],
  ])('%s', async (_name, providerIds, isIt) => {
    const { world, catalogue, refresh } = library();
    world.items = [
      { ...movie('film', 0), providerIds },
      { ...movie('show', 0), type: 'Series', providerIds },
    ];
    world.episodes = [{ id: 'e1', season: 1, first: 1, last: 1, path: '/e1.mkv', videoWidths: [] }];
    await refresh();
    const episode = await catalogue.episode(asked, { season: 1, episode: 1, withWidths: false });
    expect([(await catalogue.movies(asked)).length, episode.length]).toEqual(isIt ? [1, 1] : [0, 0]);
    // Identified anew since the sweep.
    world.items = [{ ...movie('film', 2), providerIds: { tmdb: '2', imdb: 'tt0000001' } }];
    await expect(catalogue.movies(asked)).resolves.toEqual([]);
  });
});

describe('size', () => {
  test('a library built anew under other ids is no shrunken library', async () => {
    const { clock, world, refresh } = library();
    world.items = shelf(20, 'old');
    expect(await refresh()).toBe(true);
    world.items = shelf(20, 'new');
    clock.pass(7 * HOUR);
    expect(await refresh()).toBe(true);
    world.items = world.items.slice(0, 10);
    clock.pass(7 * HOUR);
    expect(await refresh()).toBe(false);
    expect(world.losses).toEqual([{ before: 20, now: 10 }]);
  });

  test('20,000 titles with long paths leave nothing but their ids in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const heap = () => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const page = (from: number) =>
      Array.from({ length: 500 }, (_, i) => ({
        ...movie(`item${from + i}`, from + i),
        path: `/mnt/${'long folder name '.repeat(200)}${from + i}.mkv`,
        providerIds: { tmdb: String(from + i), imdb: `tt${1_000_000 + from + i}` },
      }));
    let most = 0;
    const jellyfin: Partial<JellyfinPort> = {
      async *sweep() {
        for (let from = 0; from < 20_000; from += 500) {
          yield { items: page(from), serverTime: 0 };
          most = Math.max(most, from % 5_000 === 0 ? heap() : 0);
        }
      },
      movies: async (wanted) => wanted.map((id) => ({ ...movie(id, 19_999), videoWidths: [] })),
    };
    const catalogue = createCatalogue({
      jellyfin: jellyfin as JellyfinPort,
      clock: new VirtualClock(),
      memory: { get: () => undefined, set: () => undefined },
      onLoss: () => undefined,
    });
    const before = heap();
    expect(await catalogue.refresh(0)).toBe(true);
    most = Math.max(most, heap());
    expect(await catalogue.movies(ids(19_999))).toHaveLength(1);
    // The paths alone are 68 MB.
    expect(most - before).toBeLessThan(25 * MB);
  });
});

describe('a library that changes while it is read', () => {
  test('what a later sweep does not show is looked up all the same, until the next', async () => {
    const { clock, world, catalogue, refresh } = library();
    world.items = shelf(20);
    await refresh();
    clock.pass(7 * HOUR);
    world.shownNext = [world.items.slice(1)];
    await refresh();
    expect(await catalogue.movies(ids(1))).toHaveLength(1);
  });
});

describe('what was there and is gone', () => {
  test('by a person’s hand: one more sweep, and it is gone', async () => {
    const { clock, world, catalogue, refresh } = library();
    world.items = shelf(40);
    await refresh();
    world.items = world.items.slice(2);
    clock.pass(60_000);
    await refresh();
    expect(await catalogue.movies(ids(1))).toEqual([]);
    expect(await catalogue.movies(ids(2))).toEqual([]);
    expect(world.sweeps).toBe(2);
    clock.pass(60_000);
    await refresh();
    world.reads = 0;
    expect(await catalogue.movies(ids(1))).toEqual([]);
    expect([world.sweeps, world.reads]).toEqual([2, 0]);
  });

  test('a Jellyfin that contradicts itself costs one sweep, not one at each tick', async () => {
    const { clock, world, catalogue, refresh } = library();
    world.items = shelf(40);
    await refresh();
    world.unreadable = ['m0'];
    for (let i = 0; i < 5; i += 1) {
      clock.pass(60_000);
      await refresh();
      expect(await catalogue.movies(ids(1))).toEqual([]);
    }
    expect(world.sweeps).toBe(2);
  });

  test('with a mount: unknown, found out by one sweep, however much is looked for', async () => {
    const { clock, world, catalogue, refresh } = library();
    world.items = shelf(40);
    await refresh();
    world.items = [];
    clock.pass(60_000);
    expect(await refresh()).toBe(true);
    await expect(catalogue.movies(ids(1))).rejects.toMatchObject({ code: 'library-shrunk', failure: 'source' });
    await expect(catalogue.movies(ids(2))).rejects.toMatchObject({ code: 'library-shrunk' });
    expect(world.sweeps).toBe(2);
    expect(catalogue.shrunk()).toEqual({ before: 40, now: 0 });
    clock.pass(60_000);
    expect(await refresh()).toBe(false);
    world.items = shelf(40);
    clock.pass(HOUR);
    expect(await refresh()).toBe(true);
    expect(await catalogue.movies(ids(1))).toHaveLength(1);
    expect(world.losses).toEqual([{ before: 40, now: 0 }, null]);
  });

  test('an episode that was there: likewise', async () => {
    const { clock, world, catalogue, refresh } = library();
    const series: LibraryItem = { ...movie('s', 900), type: 'Series' };
    world.items = [...shelf(40), series];
    const file = { season: 1, path: null, videoWidths: [] };
    world.episodes = [{ ...file, id: 'e1', first: 1, last: 2 }];
    await refresh();
    const wanted = { season: 1, episode: 2, withWidths: false };
    expect(await catalogue.episode(ids(900), wanted)).toHaveLength(1);
    world.items = [];
    world.episodes = [];
    clock.pass(60_000);
    await refresh();
    await expect(catalogue.episode(ids(900), wanted)).rejects.toMatchObject({ code: 'library-shrunk' });
  });
});

describe('refresh', () => {
  test('once for all who ask as of the same time, and anew when the clock was set back', async () => {
    const { clock, world, catalogue } = library();
    world.items = shelf(3);
    const began = clock.now();
    await catalogue.refresh(began);
    clock.pass(5_000);
    await catalogue.refresh(began);
    expect([world.sweeps, world.deltas]).toEqual([1, 0]);
    await catalogue.refresh(clock.now());
    await catalogue.refresh(clock.now());
    expect([world.sweeps, world.deltas]).toEqual([1, 1]);
    clock.pass(-HOUR);
    await catalogue.refresh(clock.now());
    expect(world.sweeps).toBe(2);
  });
});
