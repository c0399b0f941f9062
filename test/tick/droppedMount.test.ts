import { afterEach, describe, expect, test } from '@jest/globals';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** The mount is away, and Jellyfin and Seerr believe that everything was deleted. Nothing is fetched, closed or lost because of it. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const COMPLETED = 5;
const APPROVED = 2;
const AVAILABLE = 5;
const DELETED = 7;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const { show, seasonPack, single, request, status, shown, owned, adds, said } = sagaOf(() => home);
const states = (id: number) => shown(id)?.wants.map(({ state }) => state);
/** Movies that were there before. */
const shelf = (count: number) => {
  for (let i = 0; i < count; i += 1) {
    const tmdbId = 910_000 + i;
    home.sandbox.world.addMovie({ tmdbId, imdbId: `tt9${tmdbId}`, title: `Synthetic Shelf ${i}`, year: 2001 });
    home.sandbox.jellyfin.ownMovie({ tmdbId });
  }
};
const back = () => {
  home.sandbox.jellyfin.restoreMount();
  home.sandbox.jellyfin.scanNow();
};

test('for a day while a season airs: Seerr completes and deletes, and we go on where we were', async () => {
  const { live, sandbox } = await move();
  show(['2026-11-10', '2026-11-17', '2026-11-24']);
  for (const n of [1, 2, 3]) {
    single(1, n);
  }
  const id = request([1]);
  await live(10 * MINUTE);
  expect(owned(1)).toEqual([1, 2]);
  sandbox.seerr.scanNow('full');
  sandbox.jellyfin.dropMount();
  sandbox.seerr.runAvailabilitySync();
  await live(MINUTE);
  expect(sandbox.seerr.state(id)).toMatchObject({ status: COMPLETED, mediaStatus: DELETED });
  await live(DAY, 10 * MINUTE);
  expect(adds()).toBe(2);
  expect(states(id)).toEqual(['in-library', 'in-library', 'unreleased']);
  expect(said('Seerr calls it completed')).toHaveLength(1);
  back();
  sandbox.seerr.scanNow('full');
  await live(38 * HOUR, 30 * MINUTE);
  expect(owned(1)).toEqual([1, 2, 3]);
  expect(adds()).toBe(3);
  expect(shown(id)).toMatchObject({ state: 'fulfilled', attention: null });
  sandbox.seerr.scanNow('full');
  expect(sandbox.seerr.state(id)).toMatchObject({ status: COMPLETED, mediaStatus: AVAILABLE });
});

test('just as a download is ready: it waits, and nothing is said of it as not seen', async () => {
  const { live, sandbox } = await move();
  show(aired(2));
  shelf(10);
  seasonPack(1, [1, 2], { cached: false, downloadMs: 20 * MINUTE });
  const id = request([1]);
  await live(5 * MINUTE);
  sandbox.jellyfin.dropMount();
  await live(DAY, 10 * MINUTE);
  expect(states(id)).toEqual(['in-flight', 'in-flight']);
  expect(shown(id)?.attention ?? null).toBeNull();
  expect(said('a mount may have dropped')).toHaveLength(1);
  back();
  await live(2 * HOUR, MINUTE);
  expect(status(id)).toBe(COMPLETED);
  expect(adds()).toBe(1);
});

describe('while a request is being closed', () => {
  const away = async (config: Record<string, string>) => {
    const { live, sandbox } = await move({ config });
    show(aired(2));
    shelf(10);
    seasonPack(1, [1, 2]);
    // Seerr's scan comes to nothing, so it is up to us to mark.
    const body = { id: 'jellyfin-recently-added-scan', running: true };
    sandbox.seerr.faults.fail('runJob', { status: 200, body, times: Infinity });
    const id = request([1]);
    for (let i = 0; i < 40 && said('asked Seerr to scan').length === 0; i += 1) {
      await live(30_000);
    }
    expect(owned(1)).toEqual([1, 2]);
    sandbox.jellyfin.dropMount();
    return { live, sandbox, id };
  };

  test('it is not marked until Jellyfin shows it again', async () => {
    const { live, sandbox, id } = await away({});
    await live(3 * HOUR, MINUTE);
    expect(status(id)).toBe(APPROVED);
    expect(sandbox.seerr.counts().markMedia).toBeUndefined();
    expect(shown(id)?.attention ?? null).toBeNull();
    back();
    await live(HOUR, MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });

  test('and Seerr calls it deleted meanwhile: done, and available again by Seerr’s own scan', async () => {
    const { live, sandbox, id } = await away({});
    sandbox.seerr.runAvailabilitySync();
    await live(2 * HOUR, MINUTE);
    back();
    await live(HOUR, MINUTE);
    sandbox.seerr.scanNow('full');
    await live(5 * MINUTE);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: COMPLETED, mediaStatus: AVAILABLE });
    expect(adds()).toBe(1);
  });
});

test('between two sweeps, and something new is asked for: the first look at what was there tells', async () => {
  const { live, sandbox } = await move();
  show(aired(2), aired(2), aired(2));
  shelf(10);
  sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
  // Something is due, so that the library is looked at.
  request([3]);
  await live(2 * MINUTE);
  sandbox.jellyfin.dropMount();
  seasonPack(1, [1, 2]);
  seasonPack(2, [1, 2]);
  const ids = [request([2]), request([1])];
  await live(5 * HOUR, 10 * MINUTE);
  expect(adds()).toBe(0);
  expect(ids.map((id) => shown(id)?.attention ?? null)).toEqual([null, null]);
  back();
  await live(DAY, 10 * MINUTE);
  expect(ids.map(status)).toEqual([COMPLETED, COMPLETED]);
  expect(adds()).toBe(1);
});

test('while it starts, Jellyfin counts its titles and shows none of them: what is there already is not fetched', async () => {
  const { live, sandbox } = await move();
  shelf(6);
  show(aired(2));
  seasonPack(1, [1, 2]);
  sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
  const id = request([1]);
  const none = { Items: [], TotalRecordCount: 7, StartIndex: 0 };
  sandbox.jellyfin.faults.fail('items', { status: 200, body: none, times: 4 });
  await live(10 * MINUTE);
  expect(adds()).toBe(0);
  expect(status(id)).toBe(COMPLETED);
});
