import { afterEach, describe, expect, test } from '@jest/globals';
import type { RequestLogEntry } from '../../src/sandbox/index.js';
import { type Outpost, outpost } from '../support/outpost.js';

/**
 * How fast the program calls, counted by the stand-ins over sliding windows while it is killed again and again. It works
 * faster than in life here: a start that takes no time is the one that adds its calls to those of the process before.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const PACE = 0.2;
/** A call may reach the stand-in this much late (ms): windows are taken to be that much shorter. */
const JITTER = 200;

let post: Outpost;
afterEach(() => post.clear());

const TITLES = 40;

const askForMuch = () => {
  const { world, seerr } = post.sandbox;
  for (let n = 1; n <= TITLES; n += 1) {
    const imdbId = `tt66000${String(n).padStart(2, '0')}`;
    const title = `Synthetic Rate ${n}`;
    world.addMovie({ tmdbId: 660_000 + n, imdbId, title, releaseDate: '2020-01-01' });
    world.addRelease({ of: imdbId, name: `${title} 2020 1080p BluRay x265-GRP`, cached: true });
    seerr.request({ tmdbId: 660_000 + n, type: 'movie' });
  }
};

/** The most calls within any stretch of this length. */
const worst = (calls: readonly RequestLogEntry[], length: number): number => {
  const times = calls.map(({ at }) => at).sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [last, time] of times.entries()) {
    while ((times[first] ?? time) <= time - (length - JITTER)) {
      first += 1;
    }
    most = Math.max(most, last - first + 1);
  }
  return most;
};

/** Killed after every few calls to Real-Debrid, so many times, and then left alone. */
const crashLoop = async (deaths: number, callsBetween: number) => {
  const { realDebrid } = post.sandbox;
  for (let n = 0; n < deaths; n += 1) {
    const before = realDebrid.requests.length;
    post.start();
    await post.clock.until(() => realDebrid.requests.length >= before + callsBetween, 5 * MINUTE, SECOND / 20);
    await post.die();
  }
  post.start();
  await post.clock.until(() => realDebrid.entries().length === TITLES, 30 * MINUTE);
};

const of = (operation: string) => post.sandbox.realDebrid.requests.filter((entry) => entry.operation === operation);

describe('rates hold over any sliding window, also in a crash loop', () => {
  test('with the default settings', async () => {
    post = await outpost({ pace: PACE });
    askForMuch();
    await crashLoop(12, 4);
    const { realDebrid, torrentio } = post.sandbox;
    expect(worst(realDebrid.requests, MINUTE)).toBeLessThanOrEqual(200);
    expect(worst(of('list'), MINUTE)).toBeLessThanOrEqual(75);
    expect(worst(of('addMagnet'), 1.5 * SECOND)).toBe(1);
    expect(worst(torrentio.requests, SECOND)).toBe(1);
    expect(realDebrid.throttled).toBe(0);
    expect(realDebrid.entries()).toHaveLength(TITLES);
  }, 900_000);

  test('as configured: 60 calls a minute, adds as fast as that allows, 30 searches a day', async () => {
    const env = {
      FULFILLARR_REAL_DEBRID_REQUESTS_PER_MINUTE: '60',
      FULFILLARR_REAL_DEBRID_ADD_MAGNET_INTERVAL: '0s',
      FULFILLARR_TORRENTIO_DAILY_BUDGET: '30',
    };
    post = await outpost({ pace: PACE, env });
    askForMuch();
    await crashLoop(12, 4);
    const { realDebrid, torrentio } = post.sandbox;
    expect(worst(realDebrid.requests, MINUTE)).toBeLessThanOrEqual(60);
    expect(torrentio.requests.length).toBeLessThanOrEqual(30);
    expect(realDebrid.entries().length).toBeGreaterThan(20);
  }, 900_000);
});
