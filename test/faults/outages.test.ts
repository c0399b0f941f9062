import { afterEach, describe, expect } from '@jest/globals';
import { MINUTE, SECOND, Stage } from '../lives/lives.js';
import { type Outpost, outpost } from '../support/outpost.js';
import { numberedTest } from '../support/part.js';

/**
 * Days without Real-Debrid, a host that sleeps, a clock that is wrong: no healthy grab is discarded, no want is pushed
 * into the distance, nothing is searched meanwhile.
 */

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;
/** More than a download may take, but for days in which nobody looked at it. */
const LONG = 60 * HOUR;
/** Days pass here: a look every five minutes will do. */
const EVERY_FIVE_MINUTES = { FULFILLARR_SCHEDULE_POLL: '0 */5 * * * *' };

let post: Outpost;
afterEach(() => post.clear());

const test = numberedTest();

let titles = 0;
const ask = (spec: { cached?: boolean; downloadMs?: number }) => {
  titles += 1;
  const stage = new Stage(post, titles);
  stage.addMovie();
  const hash = stage.release('1080p BluRay x265-GRP', spec);
  return { hash, id: stage.requestMovie() };
};
const isClosed = ({ id }: { id: number }) => post.sandbox.seerr.state(id)?.status === 5;
const idsOf = ({ hash }: { hash: string }) => post.sandbox.realDebrid.entriesOf(hash).map(({ id }) => id);

/** One that downloads for long, one that is being fetched, and one that nobody has yet. */
const settle = async (downloadMs: number) => {
  post = await outpost({ env: EVERY_FIVE_MINUTES });
  const { clock, sandbox } = post;
  post.start();
  await post.awake();
  const slow = ask({ cached: false, downloadMs });
  await clock.until(() => sandbox.realDebrid.entriesOf(slow.hash)[0]?.status === 'downloading', HOUR, SECOND);
  titles += 1;
  const stage = new Stage(post, titles);
  stage.addMovie();
  const nobody = { id: stage.requestMovie(), release: () => stage.release('1080p BluRay x265-GRP') };
  await clock.pass(HOUR);
  return { slow, nobody, kept: idsOf(slow) };
};

/** Everything comes to its end soon, with the torrents that were there. */
const expectWell = async ({ slow, nobody, kept }: Awaited<ReturnType<typeof settle>>, adds = 3) => {
  const { clock, sandbox } = post;
  const hash = nobody.release();
  const fresh = ask({ cached: true });
  expect(await clock.until(() => isClosed(fresh), 90 * MINUTE, MINUTE)).toBe(true);
  expect(await clock.until(() => isClosed(slow), 50 * HOUR, MINUTE)).toBe(true);
  // A day apart at most, or a week by a clock that says that it is due for years.
  expect(await clock.until(() => isClosed(nobody), 8 * DAY, HOUR)).toBe(true);
  expect(idsOf(slow)).toEqual(kept);
  expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
  expect(sandbox.realDebrid.created).toBe(adds);
  expect(post.log).not.toMatch(/unexpected|giving up/);
};

const searches = () => post.sandbox.torrentio.counts().stream ?? 0;

describe('two days without Real-Debrid', () => {
  test('it cannot be reached', async () => {
    const life = await settle(LONG);
    const before = searches();
    const back = post.sandbox.realDebrid.refuse();
    const waiting = ask({ cached: true });
    await post.clock.pass(2 * DAY);
    expect(searches()).toBe(before);
    await back();
    await expectWell(life, 4);
    expect(isClosed(waiting)).toBe(true);
  }, 900_000);

  test('it refuses the token', async () => {
    const life = await settle(LONG);
    const { realDebrid } = post.sandbox;
    const { token } = realDebrid;
    realDebrid.token = 'another-token-of-the-same-account';
    await post.clock.pass(10 * MINUTE);
    const before = searches();
    await post.clock.pass(2 * DAY);
    expect(searches()).toBe(before);
    realDebrid.token = token;
    await expectWell(life);
  }, 900_000);
});

describe('the host', () => {
  test('sleeps for two days while Real-Debrid goes on', async () => {
    const life = await settle(LONG);
    const before = searches();
    post.clock.suspend(2 * DAY);
    expect(searches()).toBe(before);
    await expectWell(life);
  }, 900_000);

  test('sleeps every few minutes', async () => {
    const life = await settle(30 * HOUR);
    for (let naps = 0; naps < 20; naps += 1) {
      await post.clock.pass(7 * MINUTE);
      post.clock.suspend(50 * MINUTE);
    }
    await expectWell(life);
  }, 900_000);
});

describe('the wall clock', () => {
  const wrongs: [string, number][] = [
    ['three days ahead', 3 * DAY],
    ['ten years ahead', 10 * YEAR],
    ['three days behind', -3 * DAY],
    ['ten years behind', -10 * YEAR],
  ];
  for (const [what, wrong] of wrongs) {
    test(`is ${what} for an hour`, async () => {
      const life = await settle(20 * HOUR);
      const before = searches();
      post.clock.misset(wrong);
      await post.clock.pass(HOUR);
      post.clock.misset(0);
      // What was due in that time is searched once or twice, not again and again.
      expect(searches() - before).toBeLessThanOrEqual(4);
      await expectWell(life);
    }, 900_000);
  }

  test('is set to and fro', async () => {
    const life = await settle(20 * HOUR);
    for (const wrong of [-HOUR, 0, DAY, -DAY, 2 * HOUR, 0]) {
      post.clock.misset(wrong);
      await post.clock.pass(20 * MINUTE);
    }
    await expectWell(life);
  }, 900_000);

  test('was wrong when the program started, as on a board without a battery', async () => {
    post = await outpost({ env: EVERY_FIVE_MINUTES });
    post.clock.misset(-10 * YEAR);
    post.start();
    const movie = ask({ cached: true });
    await post.clock.pass(3 * MINUTE);
    post.clock.misset(0);
    expect(await post.clock.until(() => isClosed(movie), HOUR, MINUTE)).toBe(true);
  }, 900_000);
});
