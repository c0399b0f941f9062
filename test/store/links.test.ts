import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type GrabRow, openStore, type Store } from '../../src/store/index.js';
import { quickDisk } from '../support/disk.js';
import { START, VirtualClock } from '../support/household.js';

const DAY = 86_400_000;
let dir: string;
let store: Store;
let clock: VirtualClock;
beforeEach(() => {
  dir = mkdtempSync(join(quickDisk(), 'fulfillarr-links-'));
  clock = new VirtualClock();
  store = openStore(dir, clock);
});
afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A request for two episodes, and a ready grab that serves both. */
const scene = (): { grab: GrabRow; wantIds: number[] } => {
  store.requests.take({
    id: 1,
    mediaId: 1,
    type: 'tv',
    tmdbId: 5,
    tvdbId: null,
    imdbId: 'tt1748166',
    tier: 'standard',
    seasons: [1],
    requestedBy: null,
    handledByArr: false,
    status: 'approved',
    firstSeenAt: START,
  });
  const stated = [1, 2].map((episode) => ({
    identity: { type: 'episode' as const, tmdbId: 5, season: 1, episode, tier: 'standard' as const },
    imdbId: 'tt1748166',
    dueAt: START,
  }));
  store.wants.state(1, stated, START);
  const wantIds = store.wants.ofRequest(1).map(({ want }) => want.id);
  const grab = store.grabs.begin({
    infoHash: 'a'.repeat(40),
    release: 'Pioneer One S01',
    plan: 'season:tt1748166:1',
    requestId: 1,
    role: 'chosen',
    rank: 0,
    ours: true,
    knownIds: [],
    addSentAt: START,
    progressAt: START,
    lookAt: START,
    expiresAt: START,
    createdAt: START,
    wantIds,
    state: 'ready',
  });
  return { grab, wantIds };
};
const intend = ({ grab, wantIds }: ReturnType<typeof scene>, target = '/old') =>
  store.links.intend(
    { root: 'series', path: 'T/Season 01/T S01E01-E02.mkv', grabId: grab.id, tmdbId: 5, wantIds, source: 'a' },
    target,
  );
const toGo = () => store.links.unkept().length;

test('what is intended remembers every target that may be on disk, until one is confirmed', () => {
  const all = scene();
  intend(all);
  expect(intend(all, '/new').targets).toEqual(['/old', '/new']);
  expect(intend(all, '/old').targets).toEqual(['/new', '/old']);
  const row = intend(all, '/new');
  store.links.update(row.id, { targets: ['/new'], madeAt: START });
  expect(intend(all, '/new')).toMatchObject({ targets: ['/new'], madeAt: START });
  // Not made, as it is meant now.
  expect(intend(all, '/newer')).toMatchObject({ targets: ['/new', '/newer'], madeAt: null });
  expect(store.links.all()).toHaveLength(1);
});

test('a link stays with its torrent, and goes when all that it brings was called bad', () => {
  const all = scene();
  intend(all);
  const [first = 0, second = 0] = all.wantIds;
  expect(toGo()).toBe(0);
  store.grabs.rejectWant(all.grab.id, first, START);
  expect(toGo()).toBe(0);
  store.grabs.rejectWant(all.grab.id, second, START);
  expect(toGo()).toBe(1);
});

test.each([
  ['in-library', 'seen', 0],
  ['withdrawn', 'not-wanted', 0],
  ['withdrawn', 'lost-to-better', 1],
  ['discarding', 'rejected', 1],
  ['failed', 'gone', 1],
] as const)('of a grab that is %s (%s)', (state, reason, gone) => {
  const all = scene();
  intend(all);
  store.grabs.move(all.grab.id, state, START, { reason });
  expect(toGo()).toBe(gone);
});

test('what is linked is not forgotten with the years', () => {
  const all = scene();
  intend(all);
  store.grabs.move(all.grab.id, 'in-library', START, { reason: 'seen' });
  store.requests.update(1, { fulfilledAt: START });
  clock.pass(400 * DAY);
  store.prune(clock.now() - 90 * DAY, new Set());
  expect(store.requests.get(1)).toBeUndefined();
  expect(store.grabs.get(all.grab.id)).toBeDefined();
  expect(store.links.all()).toHaveLength(1);
  expect(toGo()).toBe(0);
  store.links.forget(store.links.all()[0]?.id ?? 0);
  store.prune(clock.now() - 90 * DAY, new Set());
  store.prune(clock.now() - 90 * DAY, new Set());
  expect(store.grabs.get(all.grab.id)).toBeUndefined();
});

test('folders of ours above a link, and where a title stands already', () => {
  const all = scene();
  const row = intend(all);
  store.links.foldersMade('series', ['T', 'T', 'T/Season 01', 'U']);
  store.links.foldersMade('movies', ['T']);
  expect(store.links.foldersAbove(row).sort()).toEqual(['T', 'T/Season 01']);
  store.links.foldersGone('series', ['T/Season 01']);
  expect(store.links.foldersAbove(row)).toEqual(['T']);
  expect([store.links.folderOf('series', 5), store.links.folderOf('movies', 5)]).toEqual(['T', undefined]);
});
