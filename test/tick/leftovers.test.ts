import { afterEach, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Household, household } from '../support/household.js';
import { scenesOf } from '../support/scenes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { bigBuckBunny } = OPEN_TITLES;

let home: Household;
afterEach(() => home.stop());

const { release, requestSintel, said, entriesOf } = scenesOf(() => home);
const calls = (operation: string) => home.sandbox.realDebrid.counts()[operation] ?? 0;

/** Something else is downloaded all the time: the account's list is read. */
const keepLooking = () => {
  const { world, seerr } = home.sandbox;
  const name = 'Big Buck Bunny 2008 1080p BluRay x265-GRP';
  const download = { bytes: 150_000_000, cached: false, downloadMs: 23 * HOUR };
  world.addRelease({ of: bigBuckBunny.imdbId, name, ...download });
  seerr.request({ tmdbId: bigBuckBunny.tmdbId, type: 'movie' });
};

/** Withdrawn while it downloads; Real-Debrid says of it so many times that there is no such torrent. */
const withdrawn = async (downloadMs: number, denials: number) => {
  home = await household();
  keepLooking();
  const { hash } = release({ cached: false, downloadMs });
  const id = requestSintel();
  await home.live(2 * MINUTE);
  home.sandbox.realDebrid.faults.fail('delete', {
    status: 404,
    body: { error: 'unknown_ressource', error_code: 7 },
    times: denials,
  });
  home.sandbox.seerr.deleteRequest(id);
  await home.live(2 * MINUTE);
  expect(entriesOf(hash)).toHaveLength(1);
  expect(calls('delete')).toBe(1);
  return hash;
};

test('a torrent that is still listed long after its removal is removed once more', async () => {
  const hash = await withdrawn(10 * HOUR, 1);
  await home.live(20 * MINUTE);
  expect(entriesOf(hash)).toEqual([]);
  expect(said('is still in the account')).toHaveLength(1);
  await home.live(HOUR, 5 * MINUTE);
  expect(calls('delete')).toBe(2);
});

test('one that cannot be removed costs a few calls a day, fewer and fewer', async () => {
  await withdrawn(48 * HOUR, Number.POSITIVE_INFINITY);
  await home.live(18 * HOUR, 5 * MINUTE);
  // 10, 20, 40 minutes later, and so on.
  expect(calls('delete')).toBe(7);
});

test('wanted again meanwhile: in the end there is one', async () => {
  const hash = await withdrawn(30 * MINUTE, 1);
  const again = requestSintel();
  await home.live(2 * HOUR, 5 * MINUTE);
  expect(entriesOf(hash)).toMatchObject([{ status: 'downloaded' }]);
  expect(home.sandbox.seerr.state(again)?.status).toBe(5);
});

test('one that a new grab uses is none', async () => {
  const hash = await withdrawn(30 * MINUTE, 1);
  // Nothing is remembered of its removal but what is on record.
  home.restart();
  const again = requestSintel();
  await home.live(2 * HOUR, 5 * MINUTE);
  expect(entriesOf(hash)).toMatchObject([{ status: 'downloaded' }]);
  expect(home.sandbox.seerr.state(again)?.status).toBe(5);
  expect(calls('delete')).toBe(1);
  expect(calls('addMagnet')).toBe(2);
});

test('one that has been downloaded by then stays, and is not looked at again', async () => {
  const hash = await withdrawn(5 * MINUTE, 1);
  await home.live(20 * MINUTE);
  expect(entriesOf(hash)).toMatchObject([{ status: 'downloaded' }]);
  const looks = calls('info');
  await home.live(3 * HOUR, 5 * MINUTE);
  expect(calls('info') - looks).toBeLessThanOrEqual(3);
  expect(calls('delete')).toBe(1);
});
