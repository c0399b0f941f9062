import { afterEach, describe, expect, test } from '@jest/globals';
import { packFiles } from '../../src/sandbox/index.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** Requests for a series that overlap, change, leave and come back: each gets what it asks for, and nobody pays twice. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMPLETED = 5;
const APPROVED = 2;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const { show, release, seasonPack, single, saga, request, edit, status, shown, owned, adds, entries, hashes, said } =
  sagaOf(() => home);
const slow = { cached: false, downloadMs: 30 * MINUTE };
const states = (id: number) => shown(id)?.wants.map(({ key, state }) => `${key.replace(/^.*?tt\d+:/, '')} ${state}`);
/** Movies of no interest, so that a few episodes are a small part of the library. */
const shelf = (count: number) => {
  for (let i = 0; i < count; i += 1) {
    const tmdbId = 910_000 + i;
    home.sandbox.world.addMovie({ tmdbId, imdbId: `tt9${tmdbId}`, title: `Synthetic Shelf ${i}`, year: 2001 });
    home.sandbox.jellyfin.ownMovie({ tmdbId });
  }
};
/** Somebody deletes episodes in Jellyfin. */
const deleteSeason = (season: number) => {
  for (const item of home.sandbox.jellyfin.items()) {
    if (item.type === 'Episode' && item.parentIndex === season) {
      home.sandbox.jellyfin.removeItem(item.id);
    }
  }
};
const inSeerr = async (path: string) => {
  const { url, apiKey } = home.sandbox.seerr;
  const answer = await fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'X-Api-Key': apiKey } });
  expect(answer.ok).toBe(true);
};

describe('overlap', () => {
  test('the same season for two users: one torrent, both closed', async () => {
    const { live } = await move();
    show(aired(3));
    const { hash } = seasonPack(1, [1, 2, 3], slow);
    const first = request([1]);
    await live(5 * MINUTE);
    const second = request([1]);
    await live(HOUR, MINUTE);
    expect([status(first), status(second)]).toEqual([COMPLETED, COMPLETED]);
    expect(hashes()).toEqual([hash]);
    expect(adds()).toBe(1);
  });

  test('two users’ seasons in one torrent: when one cancels it goes on for the other', async () => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    const { hash } = saga({ 1: [1, 2], 2: [1, 2] }, slow);
    const first = request([1]);
    const second = request([2]);
    await live(5 * MINUTE);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2, 3, 4] }]);
    sandbox.seerr.deleteRequest(second);
    await live(HOUR, MINUTE);
    expect(status(first)).toBe(COMPLETED);
    expect(shown(second)).toBeUndefined();
    expect(hashes()).toEqual([hash]);
    expect(adds()).toBe(1);
  });

  test('a cancelled request takes with it only what nobody else needs', async () => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    const shared = seasonPack(1, [1, 2], slow);
    const alone = seasonPack(2, [1, 2], slow);
    const first = request([1]);
    const second = request([1, 2]);
    await live(5 * MINUTE);
    expect(hashes()).toEqual([shared.hash, alone.hash].sort());
    sandbox.seerr.deleteRequest(second);
    await live(5 * MINUTE);
    expect(hashes()).toEqual([shared.hash]);
    await live(HOUR, MINUTE);
    expect(status(first)).toBe(COMPLETED);
    expect(adds()).toBe(2);
  });
});

test('one season after the other, of a show of which a third is missing: Seerr’s own scan closes each', async () => {
  const { live, sandbox } = await move();
  show(aired(2), aired(2), aired(2));
  seasonPack(1, [1, 2]);
  const first = request([1]);
  await live(10 * MINUTE);
  seasonPack(2, [1, 2]);
  const second = request([2]);
  await live(10 * MINUTE);
  expect([status(first), status(second)]).toEqual([COMPLETED, COMPLETED]);
  expect(sandbox.seerr.counts().markMedia).toBeUndefined();
});

describe('edited while it is under way', () => {
  test.each([false, true])('a season removed: its download is let go, details away %s', async (away) => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    const long = { cached: false, downloadMs: 20 * HOUR };
    const kept = seasonPack(1, [1, 2], long);
    seasonPack(2, [1, 2], long);
    const id = request([1, 2]);
    await live(5 * MINUTE);
    expect(entries()).toHaveLength(2);
    let lift = () => {};
    if (away) {
      home.clock.pass(12 * HOUR);
      const body = { message: 'Unable to retrieve series.' };
      lift = sandbox.seerr.faults.fail('show', { status: 500, body, times: Infinity });
    }
    await edit(id, [1]);
    await live(2 * MINUTE);
    expect(hashes()).toEqual([kept.hash]);
    expect(states(id)?.some((one) => one.startsWith('2:'))).toBe(false);
    lift();
    await live(24 * HOUR, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(owned(2)).toEqual([]);
  });

  test('a season removed, deleted in the library and added again is fetched again', async () => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    shelf(20);
    seasonPack(1, [1, 2], { cached: false, downloadMs: 3 * HOUR });
    const { hash } = seasonPack(2, [1, 2]);
    const id = request([1, 2]);
    await live(10 * MINUTE);
    expect(owned(2)).toEqual([1, 2]);
    await edit(id, [1]);
    await live(2 * MINUTE);
    for (const entry of sandbox.realDebrid.entriesOf(hash)) {
      sandbox.realDebrid.removeOutside(entry.id);
    }
    sandbox.jellyfin.scanNow();
    await live(5 * MINUTE);
    await edit(id, [1, 2]);
    await live(4 * HOUR, MINUTE);
    expect(owned(2)).toEqual([1, 2]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('one season for another: the download of the old one goes, the new one comes', async () => {
    const { live } = await move();
    show(aired(2), aired(2));
    seasonPack(1, [1, 2], slow);
    const wanted = seasonPack(2, [1, 2]);
    const id = request([1]);
    await live(5 * MINUTE);
    await edit(id, [2]);
    await live(10 * MINUTE);
    expect(hashes()).toEqual([wanted.hash]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a season that was complete in Seerr before we came is not fetched again', async () => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    shelf(30);
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
    const id = request([1, 2]);
    sandbox.seerr.scanNow('full');
    home.clock.pass(MINUTE);
    expect(sandbox.seerr.state(id)?.seasons[1]).toEqual({ request: COMPLETED, media: COMPLETED });
    // Watched, and deleted.
    deleteSeason(1);
    seasonPack(1, [1, 2]);
    const wanted = seasonPack(2, [1, 2]);
    await live(10 * MINUTE);
    expect(hashes()).toEqual([wanted.hash]);
    expect(status(id)).toBe(COMPLETED);
  });
});

describe('coming back', () => {
  test('approved again after Seerr had completed it early: what was seen then is looked for anew', async () => {
    const { live, sandbox } = await move();
    show(['2026-11-10', '2026-11-10', '2026-12-10']);
    shelf(30);
    single(1, 1);
    single(1, 2);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1, 2]);
    await inSeerr(`/media/${sandbox.seerr.state(id)?.mediaId}/available`).catch(() => undefined);
    const { url, apiKey } = sandbox.seerr;
    await fetch(`${url}/api/v1/media/${sandbox.seerr.state(id)?.mediaId}/available`, {
      method: 'POST',
      headers: { 'X-Api-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ is4k: false, seasons: [{ seasonNumber: 1 }] }),
    });
    await live(2 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)?.state).toBe('active');
    // All of it is deleted, and asked for again.
    for (const { id: entry } of entries()) {
      sandbox.realDebrid.removeOutside(entry);
    }
    sandbox.jellyfin.scanNow();
    expect(owned(1)).toEqual([]);
    await inSeerr(`/request/${id}/retry`);
    await live(15 * MINUTE);
    expect(owned(1)).toEqual([1, 2]);
    expect(adds()).toBe(4);
  });

  test('left to Seerr’s own scan, completed there, deleted and retried: fetched again', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'scan' } });
    show(aired(2));
    shelf(30);
    const { hash } = seasonPack(1, [1, 2]);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)?.state).toBe('fulfilled');
    for (const { id: entry } of entries()) {
      sandbox.realDebrid.removeOutside(entry);
    }
    sandbox.jellyfin.scanNow();
    await live(HOUR, 10 * MINUTE);
    expect(adds()).toBe(1);
    await inSeerr(`/request/${id}/retry`);
    await live(15 * MINUTE);
    expect(adds()).toBe(2);
    expect(hashes()).toEqual([hash]);
  });
});

describe('tiers', () => {
  const wide = (season: number, episodes: number[]) => {
    const name = `Synthetic Saga S0${season} 2160p WEB x265-WIDE`;
    return release(name, { files: packFiles(name, season, episodes, 6000 * MB) });
  };

  test('4K without a 4K Sonarr: fetched in 4K and closed, though Seerr’s scans never say so', async () => {
    const { live } = await move();
    show(aired(2));
    const normal = seasonPack(1, [1, 2]);
    const { hash } = wide(1, [1, 2]);
    const [standard, fourK] = [request([1]), request([1], true)];
    await live(15 * MINUTE);
    expect([status(standard), status(fourK)]).toEqual([COMPLETED, COMPLETED]);
    expect(hashes()).toEqual([normal.hash, hash].sort());
    expect(shown(fourK)?.wants.map(({ key }) => key)).toEqual(['episode:tt9000601:1:1:4k', 'episode:tt9000601:1:2:4k']);
  });

  test('a standard copy is no 4K copy', async () => {
    const { live, sandbox } = await move();
    show(aired(2));
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
    const id = request([1], true);
    await live(15 * MINUTE);
    expect(status(id)).toBe(APPROVED);
    expect(adds()).toBe(0);
  });

  test.each([
    [
      'both profiles allow it',
      '[{"resolution":"2160p","sources":["web"]},{"resolution":"1080p","sources":["bluray"]}]',
      1,
    ],
    ['the standard one does not', '[{"resolution":"1080p","sources":["bluray"]}]', 2],
  ])('one release for both tiers: %s', async (_, qualities, torrents) => {
    const sonarr = [{ id: 1, name: 'Sonarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
    const { live } = await move({
      sandbox: { seerr: { sonarr } },
      config: {
        'seerr.arrGrace': '0s',
        'selection.profiles.default.qualities': qualities,
        'selection.profiles.default.sizeMbPerMin': '{}',
      },
    });
    show(aired(2));
    seasonPack(1, [1, 2]);
    wide(1, [1, 2]);
    const [standard, fourK] = [request([1]), request([1], true)];
    await live(30 * MINUTE);
    expect([status(standard), status(fourK)]).toEqual([COMPLETED, COMPLETED]);
    expect(entries()).toHaveLength(torrents);
    expect(adds()).toBe(torrents);
  });
});

describe('Sonarr', () => {
  test('has taken it: left alone with one explanation, and done when Seerr closes it', async () => {
    const sonarr = [{ id: 1, name: 'Sonarr', is4k: false, isDefault: true, does: 'takes' as const }];
    const { live, sandbox } = await move({ sandbox: { seerr: { sonarr } } });
    show(aired(2));
    seasonPack(1, [1, 2]);
    const id = request([1]);
    await live(HOUR, MINUTE);
    expect(adds()).toBe(0);
    expect(shown(id)).toMatchObject({
      attention: { code: 'arr-configured', message: expect.stringContaining('left alone') },
    });
    expect(said('Sonarr')).toHaveLength(1);
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
    sandbox.seerr.scanNow('full');
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)).toMatchObject({ state: 'fulfilled', attention: null });
    // A 4K request is nobody's but ours.
    const name = 'Synthetic Saga S01 2160p WEB x265-WIDE';
    release(name, { files: packFiles(name, 1, [1, 2], 6000 * MB) });
    const wide = request([1], true);
    await live(15 * MINUTE);
    expect(status(wide)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });
});
