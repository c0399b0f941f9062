import { afterEach, describe, expect, test } from '@jest/globals';
import { aimAt } from '../../src/cli/target.js';
import { explainDocument } from '../../src/explain.js';
import { type Aim, reject, retry, setPaused } from '../../src/orders.js';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { sintel, pioneerOne, tearsOfSteel } = OPEN_TITLES;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const release = (spec: Partial<ReleaseSpec> = {}) =>
  home.sandbox.world.addRelease({
    of: sintel.imdbId,
    name: 'Sintel 2010 1080p BluRay x265-BAD',
    cached: true,
    ...spec,
  });
const better = () => release({ name: 'Sintel 2010 720p BluRay x265-GOOD', bytes: 800 * MB });
const requestSintel = () => home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });

/** A whole request, or some of its episodes. */
const aim = (requestId: number, episodes?: number[]): Aim => {
  const request = home.store.requests.get(requestId);
  const wants = home.store.wants.ofRequest(requestId).map(({ want }) => want);
  return {
    requests: request === undefined ? [] : [request],
    wants: wants.filter(({ episode }) => episodes === undefined || episodes.includes(episode)),
  };
};
const hashes = () => home.sandbox.realDebrid.entries().map(({ hash }) => hash);

test('reject while it is in flight: removed, blocked for good, and the next best taken', async () => {
  const { live, sandbox, clock } = await move();
  const bad = release({ cached: false, downloadMs: HOUR });
  const id = requestSintel();
  await live(2 * MINUTE);
  const good = better();
  expect(reject(home.store, aim(id), clock.now())).toEqual([{ release: bad.name, wants: 1 }]);
  clock.pass(HOUR);
  await live(10 * MINUTE);
  expect(hashes()).toEqual([good.hash]);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
});

test('reject after it was fulfilled: the bad copy leaves the account, a better one is fetched and only that counts', async () => {
  const { live, clock } = await move();
  const bad = release();
  const good = better();
  const id = requestSintel();
  await live(5 * MINUTE);
  expect(hashes()).toEqual([bad.hash]);
  reject(home.store, aim(id), clock.now());
  await live(10 * MINUTE);
  expect(hashes()).toEqual([good.hash]);
  expect(home.store.requests.get(id)?.fulfilledAt).not.toBeNull();
  expect(home.store.grabs.chosenFor(aim(id).wants[0]?.id ?? 0)).toMatchObject({
    infoHash: good.hash,
    state: 'in-library',
  });
});

test('reject where Jellyfin scans by itself: the better copy counts once it is ready and mounted', async () => {
  const { live, clock, sandbox } = await move({ config: { 'library.scan': 'false' } });
  const good = better();
  const bad = release();
  const id = requestSintel();
  await live(2 * MINUTE);
  sandbox.jellyfin.scanNow();
  await live(5 * MINUTE);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
  expect(hashes()).toEqual([bad.hash]);
  reject(home.store, aim(id), clock.now());
  await live(2 * MINUTE);
  sandbox.jellyfin.scanNow();
  await live(5 * MINUTE);
  expect(hashes()).toEqual([good.hash]);
  expect(home.store.requests.get(id)?.fulfilledAt).not.toBeNull();
});

test('reject one episode of a pack: the pack stays for the others', async () => {
  const { live, clock, sandbox } = await move();
  const name = 'Pioneer One S01 1080p BluRay x265-PACK';
  const pack = release({ of: pioneerOne.imdbId, name, files: packFiles(name, 1, [1, 2, 3, 4, 5, 6]) });
  const single = release({ of: pioneerOne.imdbId, name: 'Pioneer One S01E03 720p WEB x265-ONE' });
  const id = sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await live(5 * MINUTE);
  expect(hashes()).toEqual([pack.hash]);
  reject(home.store, aim(id, [3]), clock.now());
  await live(5 * MINUTE);
  expect(hashes().sort()).toEqual([pack.hash, single.hash].sort());
});

const { show, saga, seasonPack, single, request, status, owned, entries } = sagaOf(() => home);

test('reject one season of a torrent that came for another as well: that one stays', async () => {
  const { live, clock } = await move();
  show(aired(2), aired(2));
  saga({ 1: [1, 2], 2: [1, 2] });
  const first = request([1]);
  await live(10 * MINUTE);
  const second = request([2]);
  await live(20 * MINUTE);
  expect([status(first), status(second)]).toEqual([5, 5]);
  expect(entries()).toMatchObject([{ selected: [1, 2, 3, 4] }]);
  reject(home.store, aim(second), clock.now());
  await live(10 * MINUTE);
  expect(entries()).toHaveLength(1);
  expect(owned(1)).toEqual([1, 2]);
});

test('reject what came first of a torrent that took over from another: what came second stays', async () => {
  const { live, clock } = await move();
  show(aired(2), aired(2));
  saga({ 1: [1, 2], 2: [1, 2] });
  const first = request([1]);
  await live(30_000);
  const second = request([2]);
  await live(HOUR);
  expect([status(first), status(second)]).toEqual([5, 5]);
  reject(home.store, aim(first), clock.now());
  await live(10 * MINUTE);
  expect(entries()).toHaveLength(1);
  expect(owned(2)).toEqual([1, 2]);
});

test('reject an episode: the requests for other seasons stay closed, even where their files are gone', async () => {
  const { live, clock, store, sandbox } = await move();
  show(aired(2), aired(2));
  const { hash } = seasonPack(1, [1, 2]);
  seasonPack(2, [1, 2]);
  const first = request([1]);
  await live(10 * MINUTE);
  const second = request([2]);
  await live(10 * MINUTE);
  expect([status(first), status(second)]).toEqual([5, 5]);
  sandbox.realDebrid.removeOutside(sandbox.realDebrid.entriesOf(hash)[0]?.id ?? '');
  sandbox.jellyfin.scanNow();
  single(2, 1);
  const closedAt = store.requests.get(first)?.fulfilledAt;
  reject(store, aimAt(store, `${SAGA.imdbId}:2:1`), clock.now());
  await live(30 * MINUTE);
  expect(store.requests.get(first)).toMatchObject({ fulfilledAt: closedAt, attentionCode: null });
});

test('reject two episodes that came by different torrents: the one that is good for the other does not bring back its own', async () => {
  const { live, clock } = await move({ config: { 'selection.profiles.default.packs.season': 'avoid' } });
  show(aired(4));
  const pack = seasonPack(1, [1, 2, 3, 4]);
  for (const n of [1, 2, 4]) {
    single(1, n);
  }
  const id = request([1]);
  await live(10 * MINUTE);
  expect(home.sandbox.realDebrid.entriesOf(pack.hash)).toMatchObject([{ selected: [3] }]);
  reject(home.store, aim(id, [3, 4]), clock.now());
  await live(20 * MINUTE);
  expect(home.sandbox.realDebrid.entriesOf(pack.hash)).toMatchObject([{ selected: [4] }]);
  const episode = single(1, 3);
  await live(8 * HOUR, 10 * MINUTE);
  expect(hashes()).toContain(episode.hash);
  expect(status(id)).toBe(5);
});

const instant: HouseholdOptions = {
  sandbox: { rdMode: 'instant' },
  config: { 'realDebrid.availability': 'instant' },
};

test('reject while it is not known whether it was added: removed as soon as the account shows it', async () => {
  const { tick, live, sandbox, clock } = await move(instant);
  release({ cached: false, downloadMs: HOUR });
  const id = requestSintel();
  sandbox.realDebrid.faults.fail('addMagnet', { resetAfter: true });
  await tick();
  expect(hashes()).toHaveLength(1);
  reject(home.store, aim(id), clock.now());
  await live(30 * MINUTE);
  expect(hashes()).toEqual([]);
});

test('reject while it is being added: removed at once', async () => {
  const { tick, live, sandbox, clock } = await move(instant);
  release({ cached: false, downloadMs: HOUR });
  const id = requestSintel();
  const lift = sandbox.realDebrid.tap(async (phase, { operation }) => {
    if (phase === 'after' && operation === 'addMagnet') {
      lift();
      reject(home.store, aim(id), clock.now());
    }
  });
  await tick();
  expect(hashes()).toEqual([]);
  expect(sandbox.realDebrid.counts().selectFiles).toBeUndefined();
  await live(30 * MINUTE);
  expect(hashes()).toEqual([]);
});

test('retry: due at once, from the first step, with what was held against releases forgiven', async () => {
  const { live, clock, sandbox } = await move({ config: { 'selection.profiles.default.uncached.allow': 'false' } });
  const only = release({ cached: false });
  const id = requestSintel();
  await live(10 * MINUTE);
  expect(hashes()).toEqual([]);
  only.fate.cached = true;
  expect(retry(home.store, aim(id), clock.now())).toBe(1);
  await live(10 * MINUTE);
  expect(hashes()).toEqual([only.hash]);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
});

test('retry after a mistaken reject: the copy is taken again, and counts', async () => {
  const { live, clock, sandbox } = await move();
  const only = release();
  const id = requestSintel();
  await live(5 * MINUTE);
  reject(home.store, aim(id), clock.now());
  await live(10 * MINUTE);
  expect(hashes()).toEqual([]);
  expect(retry(home.store, aim(id), clock.now())).toBe(1);
  await live(10 * MINUTE);
  expect(hashes()).toEqual([only.hash]);
  expect(sandbox.realDebrid.counts().addMagnet).toBe(2);
  expect(home.store.requests.get(id)?.fulfilledAt).not.toBeNull();
});

describe('rejected, and nothing else is on offer: a copy that the user brings himself', () => {
  const rejected = async () => {
    const { live, clock, sandbox } = await move();
    release();
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
    reject(home.store, aim(id), clock.now());
    await live(30 * MINUTE);
    expect(hashes()).toEqual([]);
    return id;
  };
  const isOpen = (id: number) => home.store.requests.get(id)?.fulfilledAt === null;

  test('counts after retry, and nothing is fetched any more', async () => {
    const id = await rejected();
    const { live, sandbox, clock } = home;
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.jellyfin.scan.start();
    await live(3 * MINUTE);
    expect(isOpen(id)).toBe(true);
    retry(home.store, aim(id), clock.now());
    better();
    await live(DAY, 10 * MINUTE);
    expect(isOpen(id)).toBe(false);
    expect(hashes()).toEqual([]);
  });

  test('does not count before Jellyfin has looked everywhere: what it shows may be gone', async () => {
    const id = await rejected();
    const { live, sandbox, clock } = home;
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    setPaused(home.store, true);
    retry(home.store, aim(id), clock.now());
    await live(HOUR, MINUTE);
    expect(isOpen(id)).toBe(true);
    sandbox.jellyfin.scan.start();
    await live(10 * MINUTE);
    expect(isOpen(id)).toBe(false);
  });

  test('the bad copy itself does not count after retry, whatever Jellyfin has looked at', async () => {
    const id = await rejected();
    const { live, sandbox, clock } = home;
    setPaused(home.store, true);
    // Its file is still there, as what made a copy or a link of it elsewhere leaves it.
    sandbox.jellyfin.scan.last = { startedAt: clock.now(), endedAt: clock.now(), status: 'Completed' };
    retry(home.store, aim(id), clock.now());
    await live(HOUR, MINUTE);
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toMatchObject([{ path: expect.stringContaining('BAD') }]);
    expect(isOpen(id)).toBe(true);
  });
});

test('pause: nothing new, what is in flight goes on; resume: new grabs again', async () => {
  const { live, sandbox } = await move();
  const first = release({ cached: false, downloadMs: 5 * MINUTE });
  const id = requestSintel();
  await live(MINUTE);
  setPaused(home.store, true);
  sandbox.world.addRelease({
    of: tearsOfSteel.imdbId,
    name: 'Tears of Steel 2012 1080p BluRay x265-GRP',
    bytes: 900 * MB,
    cached: true,
  });
  const other = sandbox.seerr.request({ tmdbId: tearsOfSteel.tmdbId, type: 'movie' });
  await live(15 * MINUTE);
  expect(hashes()).toEqual([first.hash]);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
  setPaused(home.store, false);
  await live(10 * MINUTE);
  expect(sandbox.seerr.state(other)?.status).toBe(5);
});

test('paused while it is looked whether it is cached: what takes an hour to come is not remembered as cached', async () => {
  const { live, clock, sandbox } = await move();
  const { hash } = release({ cached: false, downloadMs: HOUR });
  const id = requestSintel();
  const lift = sandbox.realDebrid.tap((phase, { operation }) => {
    if (phase === 'after' && operation === 'selectFiles') {
      lift();
      sandbox.realDebrid.faults.fail('list', { resetBefore: true, times: 3 });
      setPaused(home.store, true);
    }
  });
  await live(2 * HOUR, MINUTE);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
  expect(home.store.grabs.factsFor([hash], [], clock.now())).toEqual([]);
});

test('explain tells candidates, verdicts, calls, transitions and what is next', async () => {
  const { live } = await move();
  release();
  release({ name: 'Sintel 2010 HDCAM 720p-FAKE', seeders: 900, bytes: 700 * MB });
  const id = requestSintel();
  await live(5 * MINUTE);
  const row = home.store.requests.get(id);
  const document = row === undefined ? null : explainDocument(home.store, row, home.clock.now());
  expect(document?.request).toMatchObject({ id, state: 'fulfilled' });
  const codes = (kind: string) => document?.events.filter((event) => event.kind === kind).map(({ code }) => code);
  expect(codes('candidate')).toEqual(expect.arrayContaining(['accepted', 'banned']));
  expect(codes('call')).toEqual(expect.arrayContaining(['streams', 'addMagnet', 'info', 'selectFiles']));
  expect(codes('transition')).toEqual([
    'request-taken',
    'grab-added',
    'grab-ready',
    'in-library',
    'seerr-scan',
    'request-fulfilled',
  ]);
  expect(document?.next).toEqual({ at: null, what: 'nothing: it is fulfilled' });
  const times = document?.events.map(({ at }) => at) ?? [];
  expect([...times].sort()).toEqual(times);
});
