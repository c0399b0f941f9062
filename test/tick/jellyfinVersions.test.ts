import { afterEach, describe, expect, test } from '@jest/globals';
import { packFiles } from '../../src/sandbox/index.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** What counts as there, in each version of Jellyfin, and how little is asked to know it. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMPLETED = 5;
const { tmdbId } = SAGA;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const { show, release, seasonPack, single, request, status, shown, owned, adds, entries } = sagaOf(() => home);

describe.each(['10.10.7', '10.11.11', '12.0.0'])('Jellyfin %s', (version) => {
  const sonarr = [{ id: 1, name: 'Sonarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];

  test('a double episode, a second copy and a virtual episode are counted for what they are', async () => {
    const { live, sandbox } = await move({ sandbox: { jellyfin: { version } } });
    show(aired(6));
    const own = (episodes: number[], more = {}) =>
      sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes, ...more });
    own([1, 2], { combined: true });
    own([3]);
    own([3], { width: 3840, copy: ' in 4K' });
    own([4], { virtual: true });
    const { hash } = seasonPack(1, [1, 2, 3, 4, 5, 6]);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(entries()).toMatchObject([{ hash, selected: [4, 5, 6] }]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('the 4K copy beside another counts for its tier', async () => {
    const { live, sandbox } = await move({
      sandbox: { jellyfin: { version }, seerr: { sonarr } },
      config: { 'seerr.arrGrace': '0s' },
    });
    show(aired(2));
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2] });
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1], width: 3840, copy: ' in 4K' });
    const name = 'Synthetic Saga S01E02 2160p WEB x265-WIDE';
    const { hash } = release(name, { bytes: 6000 * MB });
    const ids = [request([1]), request([1], true)];
    await live(15 * MINUTE);
    expect(entries()).toMatchObject([{ hash }]);
    expect(ids.map(status)).toEqual([COMPLETED, COMPLETED]);
  });

  test('what arrives is found by one delta a tick', async () => {
    const { tick, clock, sandbox } = await move({ sandbox: { jellyfin: { version } } });
    show(aired(3), ['2026-12-24']);
    seasonPack(1, [1, 2, 3], { cached: false, downloadMs: 10 * MINUTE });
    // Others are due all the time, or about to be closed, so that each step of the tick looks into the library.
    sandbox.world.addMovie({ tmdbId: 900_602, imdbId: 'tt9000602', title: 'Synthetic Nobody', year: 2001 });
    sandbox.seerr.request({ tmdbId: 900_602, type: 'movie' });
    const id = request([1]);
    for (let i = 0; i < 40; i += 1) {
      sandbox.clearLogs();
      await tick();
      const { items = 0, itemsChanged = 0 } = sandbox.jellyfin.counts();
      expect(items + itemsChanged).toBeLessThanOrEqual(1);
      clock.pass(30_000);
    }
    expect(owned(1)).toEqual([1, 2, 3]);
    expect(status(id)).toBe(COMPLETED);
  });
});

test('a library of 20,000 titles is read in pages, once, and then followed by what changes', async () => {
  const { live, sandbox } = await move();
  for (let i = 0; i < 20_000; i += 1) {
    const number = 5_000_000 + i;
    sandbox.world.addMovie({ tmdbId: number, imdbId: `tt${number}`, title: `Synthetic Shelf ${i}`, year: 2001 });
    sandbox.jellyfin.ownMovie({ tmdbId: number });
  }
  home.clock.pass(HOUR);
  show(aired(2));
  seasonPack(1, [1, 2]);
  const there = sandbox.seerr.request({ tmdbId: 5_019_999, type: 'movie' });
  const id = request([1]);
  await live(10 * MINUTE);
  expect([status(there), status(id)]).toEqual([COMPLETED, COMPLETED]);
  expect(adds()).toBe(1);
  const { items, itemsChanged } = sandbox.jellyfin.counts();
  expect(items).toBe(41);
  expect(itemsChanged).toBeLessThan(20);
  const limits = sandbox.jellyfin.requests.flatMap(({ path }) => /limit=(\d+)/i.exec(path)?.[1] ?? []).map(Number);
  expect(Math.max(...limits)).toBeLessThanOrEqual(1_000);
}, 120_000);

test('a season of specials shown within another season is not that season', async () => {
  const { live, sandbox } = await move();
  sandbox.world.addShow({
    ...SAGA,
    seasons: [
      { number: 0, airDates: aired(2) },
      { number: 1, airDates: aired(2) },
    ],
  });
  sandbox.jellyfin.ownEpisodes({ tmdbId, season: 0, episodes: [1, 2] });
  single(1, 1);
  single(1, 2);
  const id = request([1]);
  await live(15 * MINUTE);
  expect(adds()).toBe(2);
  expect(status(id)).toBe(COMPLETED);
  expect(shown(id)?.attention ?? null).toBeNull();
});

test('the same show in two libraries is one show', async () => {
  const { live, sandbox } = await move();
  show(aired(4));
  const other = { kind: 'wrong' as const, name: 'Synthetic Saga (4K)', providerIds: { Tvdb: String(SAGA.tvdbId) } };
  sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2] });
  sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [3], identification: other });
  const name = 'Synthetic Saga S01 1080p BluRay x265-PACK';
  release(name, { files: packFiles(name, 1, [1, 2, 3, 4]) });
  const id = request([1]);
  await live(HOUR, MINUTE);
  expect(entries()).toMatchObject([{ selected: [4] }]);
  expect(shown(id)?.wants.every(({ state }) => state === 'in-library')).toBe(true);
});
