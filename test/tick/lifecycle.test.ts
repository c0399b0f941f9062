import { afterEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { statusDocument } from '../../src/status.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { sintel, bigBuckBunny, pioneerOne, tearsOfSteel } = OPEN_TITLES;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const release = (spec: Partial<ReleaseSpec> = {}) =>
  home.sandbox.world.addRelease({
    of: sintel.imdbId,
    name: 'Sintel 2010 1080p BluRay x265-GRP',
    cached: true,
    ...spec,
  });
const second = (spec: Partial<ReleaseSpec> = {}) =>
  release({ name: 'Sintel 2010 720p BluRay x265-NEXT', bytes: 800 * MB, ...spec });
const requestSintel = () => home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
const adds = () => home.sandbox.realDebrid.counts().addMagnet ?? 0;
const streams = () => home.sandbox.torrentio.counts().stream ?? 0;
const want = (requestId: number) => {
  const document = statusDocument(home.store, 'test', home.clock.now(), null);
  return document.requests.find(({ id }) => id === requestId);
};
const said = (part: string) => home.log.filter(({ message }) => message.includes(part));

describe('a movie, from approved to closed', () => {
  test('every state change is said once, in order, with title and release', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 5, mediaStatus: 5 });
    expect(sandbox.seerr.state(id)?.jellyfinMediaId).not.toBeNull();
    const story = home.log.filter(({ level, message }) => level === 'info' && message.startsWith('Sintel'));
    expect(story.map(({ message }) => message)).toEqual([
      'Sintel (2010): requested; due now',
      expect.stringContaining('added Sintel 2010 1080p BluRay x265-GRP (1080p bluray, 25 seeders, 2.0 GB)'),
      expect.stringContaining('ready: Sintel 2010 1080p BluRay x265-GRP (cached)'),
      expect.stringContaining('asked Jellyfin to scan'),
      expect.stringContaining('in the library'),
      expect.stringContaining('asked Seerr to scan'),
      expect.stringContaining('fulfilled'),
    ]);
  });

  test('stays in flight and visible while it downloads, and is not searched again', async () => {
    const { live, sandbox } = await move();
    release({ cached: false, downloadMs: 40 * MINUTE });
    const id = requestSintel();
    await live(20 * MINUTE, MINUTE);
    expect(want(id)?.wants).toMatchObject([
      { key: 'movie:tt1727587', state: 'in-flight', grab: { state: 'downloading', cached: false } },
    ]);
    expect(want(id)?.wants[0]?.grab?.progress).toBeGreaterThan(10);
    await live(40 * MINUTE, MINUTE);
    expect(adds()).toBe(1);
    expect(streams()).toBe(1);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('what Jellyfin already has is closed, not downloaded', async () => {
    const { live, sandbox } = await move();
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [1920] });
    release();
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(adds()).toBe(0);
    expect(streams()).toBe(0);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('what Seerr’s scan does not see is marked, with a request that ends completed', async () => {
    const { live, sandbox } = await move();
    release();
    sandbox.seerr.faults.fail('runJob', {
      status: 200,
      body: { id: 'jellyfin-recently-added-scan', running: true },
      times: Infinity,
    });
    const id = requestSintel();
    await live(10 * MINUTE);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
    expect(sandbox.seerr.counts().markMedia).toBe(1);
    expect(said('marked available in Seerr')).toHaveLength(1);
  });

  test('an unreleased movie waits with its date and costs no search', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addMovie({
      tmdbId: 900_101,
      imdbId: 'tt9000101',
      title: 'Synthetic Tomorrow',
      releaseDate: '2026-12-24',
      runtime: 90,
    });
    const id = sandbox.seerr.request({ tmdbId: 900_101, type: 'movie' });
    await live(3 * MINUTE);
    expect(want(id)?.wants).toMatchObject([{ state: 'unreleased', grab: null }]);
    expect(want(id)?.wants[0]?.nextActionAt).toMatch(/^202[67]-/);
    expect(streams()).toBe(0);
  });
});

describe('when a release will not do', () => {
  test('a title that nobody has backs off step by step and never gives up', async () => {
    const { live, sandbox } = await move();
    const id = sandbox.seerr.request({ tmdbId: tearsOfSteel.tmdbId, type: 'movie' });
    await live(2 * HOUR, MINUTE);
    // 0, 5 min, 20 min, 80 min
    expect(streams()).toBe(4);
    expect(want(id)?.wants).toMatchObject([{ state: 'waiting', grab: null }]);
    sandbox.world.addRelease({
      of: tearsOfSteel.imdbId,
      name: 'Tears of Steel 2012 1080p BluRay x265-LATE',
      cached: true,
    });
    await live(8 * HOUR, 10 * MINUTE);
    await live(10 * MINUTE);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('a dead download is removed and the next best taken, without a new search', async () => {
    const { live, sandbox } = await move();
    const first = release({ cached: false, downloadMs: 10 * MINUTE, failsAt: 40, endsAs: 'dead' });
    const next = second();
    const id = requestSintel();
    sandbox.world.torrent(next.hash);
    await live(30 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(first.hash)).toHaveLength(0);
    expect(sandbox.realDebrid.entriesOf(next.hash)).toHaveLength(1);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
    expect(streams()).toBe(1);
  });

  test('a stalled download is given up after stalledAfter and the next best taken', async () => {
    const { live, sandbox } = await move();
    const first = release({ cached: false, downloadMs: 10 * MINUTE, stallsAt: 30 });
    const id = requestSintel();
    await live(30 * MINUTE, 5 * MINUTE);
    const next = second();
    await live(50 * MINUTE, 5 * MINUTE);
    await live(20 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(first.hash)).toHaveLength(0);
    expect(sandbox.realDebrid.entriesOf(next.hash)).toHaveLength(1);
    expect(said('it makes no progress')).toHaveLength(1);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('not cached at all: the best ranked with enough seeders is kept, the others leave the account', async () => {
    const { live, sandbox } = await move();
    const first = release({ cached: false, seeders: 50, downloadMs: 5 * MINUTE });
    const other = second({ cached: false, seeders: 900, downloadMs: 5 * MINUTE });
    requestSintel();
    await live(20 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(first.hash)).toMatchObject([{ status: 'downloaded' }]);
    expect(sandbox.realDebrid.entriesOf(other.hash)).toHaveLength(0);
  });

  test('a cached-only profile removes what is not cached and remembers it', async () => {
    const { live, sandbox } = await move({ config: { 'selection.profiles.default.uncached.allow': 'false' } });
    release({ cached: false });
    const id = requestSintel();
    await live(3 * HOUR, 5 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(0);
    expect(adds()).toBe(1);
    expect(want(id)?.wants).toMatchObject([{ state: 'waiting' }]);
  });
});

describe('the account', () => {
  test('what it already holds is used as it is, whoever added it, and never deleted', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    const foreign = sandbox.realDebrid.addForeign(hash, { select: 'all' });
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(adds()).toBe(0);
    expect(sandbox.realDebrid.entriesOf(hash).map((entry) => entry.id)).toEqual([foreign]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('a foreign entry that waits for its files is left alone and the next release taken', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    const next = second();
    sandbox.realDebrid.addForeign(hash);
    requestSintel();
    await live(5 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ status: 'waiting_files_selection' }]);
    expect(sandbox.realDebrid.entriesOf(next.hash)).toHaveLength(1);
  });

  test.each(['resetAfter', 'resetBefore'] as const)(
    'addMagnet with the connection cut (%s) is not sent twice',
    async (fault) => {
      const { live, sandbox } = await move();
      const { hash } = release();
      sandbox.realDebrid.faults.fail('addMagnet', { [fault]: true });
      const id = requestSintel();
      await live(10 * MINUTE);
      expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
      expect(adds()).toBe(fault === 'resetAfter' ? 1 : 2);
      expect(sandbox.seerr.state(id)?.status).toBe(5);
    },
  );

  test('a torrent that vanishes while downloading is replaced once; the second time a human is told', async () => {
    const { live, sandbox } = await move();
    const first = release({ cached: false, downloadMs: HOUR });
    const next = second({ cached: false, downloadMs: HOUR });
    release({ name: 'Sintel 2010 720p WEB x265-THIRD', bytes: 700 * MB, cached: false, downloadMs: HOUR });
    const id = requestSintel();
    await live(5 * MINUTE);
    for (const { hash } of [first, next]) {
      for (const entry of sandbox.realDebrid.entriesOf(hash)) {
        sandbox.realDebrid.removeOutside(entry.id);
      }
      await live(5 * MINUTE);
    }
    expect(want(id)).toMatchObject({ state: 'attention', attention: { code: 'removed-outside' } });
    expect(said('removed from the account from outside')).toHaveLength(2);
  });
});

describe('restarts', () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])('after tick %i: the same end, one torrent, no call repeated', async (after) => {
    const { sandbox, tick, clock, live } = await move();
    const { hash } = release({ cached: false, downloadMs: 90_000 });
    const id = requestSintel();
    for (let i = 0; i < after; i += 1) {
      await tick();
      clock.pass(30_000);
    }
    home.restart();
    await live(8 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(adds()).toBe(1);
    expect(streams()).toBe(1);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });
});

describe('a season', () => {
  const season = () => home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  const episode = (n: number, spec: Partial<ReleaseSpec> = {}) =>
    release({ of: pioneerOne.imdbId, name: `Pioneer One S01E0${n} 1080p WEB x265-ONE`, ...spec });
  const pack = (episodes: number[], spec: Partial<ReleaseSpec> = {}) => {
    const name = 'Pioneer One S01 1080p BluRay x265-PACK';
    return release({ of: pioneerOne.imdbId, name, files: packFiles(name, 1, episodes), ...spec });
  };
  const ownedEpisodes = () => home.sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1);

  test('comes as one pack of which exactly the episodes are selected', async () => {
    const { live, sandbox } = await move();
    const { hash } = pack([1, 2, 3, 4, 5, 6]);
    const id = season();
    await live(5 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3, 4, 5, 6] }]);
    expect(ownedEpisodes()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('without a pack comes episode by episode', async () => {
    const { live, sandbox } = await move();
    for (let n = 1; n <= 6; n += 1) {
      episode(n);
    }
    const id = season();
    await live(10 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(6);
    expect(ownedEpisodes()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('what a pack lacks comes singly', async () => {
    const { live, sandbox } = await move();
    pack([1, 2, 3, 5, 6]);
    episode(4);
    const id = season();
    await live(10 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(2);
    expect(ownedEpisodes()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('stays open while an episode is still to come, and is closed when it is there', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addShow({
      tmdbId: 900_102,
      imdbId: 'tt9000102',
      tvdbId: 990_102,
      title: 'Synthetic Season',
      seasons: [{ number: 1, airDates: ['2026-11-10', '2026-11-17', '2026-11-24'] }],
    });
    for (const n of [1, 2, 3]) {
      release({ of: 'tt9000102', name: `Synthetic Season S01E0${n} 1080p WEB x265-ONE` });
    }
    const id = sandbox.seerr.request({ tmdbId: 900_102, type: 'tv', seasons: [1] });
    await live(10 * MINUTE);
    await live(DAY, HOUR);
    expect(want(id)?.wants.map(({ state }) => state)).toEqual(['in-library', 'in-library', 'unreleased']);
    expect(sandbox.seerr.state(id)?.status).toBe(2);
    await live(2 * DAY, HOUR);
    await live(10 * MINUTE);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });
});

describe('requests that leave', () => {
  test('a request deleted in Seerr mid-download is withdrawn and our torrent removed', async () => {
    const { live, sandbox } = await move();
    release({ cached: false, downloadMs: HOUR });
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(1);
    sandbox.seerr.deleteRequest(id);
    await live(5 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(0);
    expect(want(id)).toBeUndefined();
  });

  test('one of two requests for a title deleted: the torrent goes on for the other', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: HOUR });
    const first = requestSintel();
    const other = requestSintel();
    await live(5 * MINUTE);
    sandbox.seerr.deleteRequest(first);
    await live(2 * HOUR, 5 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(adds()).toBe(1);
    expect(sandbox.seerr.state(other)?.status).toBe(5);
  });
});

describe('when a service is away', () => {
  test.each(['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const)(
    '%s down for an hour: nothing lost, little said, fulfilled after',
    async (service) => {
      const { live, sandbox } = await move();
      const { hash } = release();
      const lift = sandbox[service].faults.fail('*', { resetBefore: true, times: Infinity });
      const id = requestSintel();
      await live(HOUR);
      expect(sandbox.realDebrid.entries()).toHaveLength(0);
      const loud = home.log.filter(({ level }) => level === 'warn' || level === 'error');
      expect(loud.length).toBeGreaterThan(0);
      expect(loud.length).toBeLessThanOrEqual(3);
      expect(sandbox[service].requests.length).toBeLessThan(40);
      lift();
      await live(70 * MINUTE, 5 * MINUTE);
      await live(10 * MINUTE);
      expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
      expect(sandbox.seerr.state(id)?.status).toBe(5);
    },
  );

  test('a dropped mount that empties Jellyfin is no reason to fetch anything', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
    sandbox.jellyfin.dropMount();
    sandbox.jellyfin.scanNow();
    home.restart();
    release({ of: bigBuckBunny.imdbId, name: 'Big Buck Bunny 2008 1080p BluRay x265-GRP', bytes: 900 * MB });
    const next = sandbox.seerr.request({ tmdbId: bigBuckBunny.tmdbId, type: 'movie' });
    await live(HOUR, 5 * MINUTE);
    expect(adds()).toBe(1);
    sandbox.jellyfin.restoreMount();
    sandbox.jellyfin.scanNow();
    await live(30 * MINUTE, MINUTE);
    expect(adds()).toBe(2);
    expect(sandbox.seerr.state(next)?.status).toBe(5);
  });
});
