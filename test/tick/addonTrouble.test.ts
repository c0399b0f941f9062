import { afterEach, describe, expect, test } from '@jest/globals';
import { type Fault, OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Household, household } from '../support/household.js';
import { aired, sagaOf } from '../support/saga.js';

/** A title for which the addon always fails stands in nobody's way, and spends little of what the addon allows a day. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMPLETED = 5;
const { sintel, bigBuckBunny } = OPEN_TITLES;

let home: Household;
const move = async () => {
  home = await household({ config: { 'torrentio.minInterval': '60ms' } });
  return home;
};
afterEach(() => home.stop());
const { show, single, seasonPack, request, status, streams } = sagaOf(() => home);

const failFor = (what: string, fault: Fault) =>
  home.sandbox.torrentio.faults.fail('stream', { ...fault, times: Infinity, when: ({ path }) => path.includes(what) });
const ask = ({ tmdbId }: { tmdbId: number }) => home.sandbox.seerr.request({ tmdbId, type: 'movie' });

const FAILURES: [string, Fault][] = [
  ['HTTP 500', { status: 500, body: '{"err":"handler error"}' }],
  ['a message instead of releases', { status: 200, body: { streams: [{ name: 'Error', title: 'no', url: 'x' }] } }],
  ['HTTP 404', { status: 404, body: 'Not found' }],
  ['something else', { status: 200, body: { streams: null } }],
];

describe.each(FAILURES)('it answers one title with %s', (_, fault) => {
  test('a movie that is asked for later is fetched all the same', async () => {
    const { live, sandbox } = await move();
    failFor(sintel.imdbId, fault);
    ask(sintel);
    await live(2 * HOUR, 2 * MINUTE);
    sandbox.world.addRelease({
      of: bigBuckBunny.imdbId,
      name: 'Big Buck Bunny 2008 1080p BluRay x265-GRP',
      bytes: 800 * 1024 ** 2,
      cached: true,
    });
    const id = ask(bigBuckBunny);
    await live(90 * MINUTE, 2 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('that costs little of the daily budget', async () => {
    const { live } = await move();
    failFor(sintel.imdbId, fault);
    ask(sintel);
    await live(6 * HOUR, MINUTE);
    expect(streams()).toBeLessThan(40);
    expect(home.store.requests.open()).toHaveLength(1);
    expect(home.log.filter(({ level }) => level === 'error' || level === 'warn').length).toBeLessThanOrEqual(7);
  });
});

describe.each(FAILURES.slice(2))('it answers one episode with %s', (_, fault) => {
  test('the others are found one by one, and it, too, once that is over', async () => {
    const { live } = await move();
    show(aired(4));
    for (const episode of [1, 2, 3, 4]) single(1, episode);
    const lift = failFor(':1:1', fault);
    const id = request([1]);
    await live(HOUR);
    const found = () =>
      home.store.wants.ofRequest(id).flatMap(({ want, seenAt }) => (seenAt === null ? [] : [want.episode]));
    expect(found()).toEqual([2, 3, 4]);
    lift();
    await live(HOUR);
    expect(status(id)).toBe(COMPLETED);
  });

  test('for a few minutes: the season comes as a pack or one by one, without a second add', async () => {
    const { live } = await move();
    show(aired(4));
    seasonPack(1, [1, 2, 3, 4]);
    const lift = failFor(':1:1', fault);
    const id = request([1]);
    await live(2 * MINUTE);
    lift();
    await live(HOUR);
    expect(status(id)).toBe(COMPLETED);
  });
});
