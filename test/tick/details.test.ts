import { afterEach, describe, expect, test } from '@jest/globals';
import { explainDocument } from '../../src/explain.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** What Seerr tells of a title changes, is wrong, or cannot be had: wants follow, and nothing is concluded from silence. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const COMPLETED = 5;
const APPROVED = 2;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const { show, release, single, seasonPack, request, status, shown, owned, adds, entries, said } = sagaOf(() => home);
const wants = (id: number) =>
  shown(id)?.wants.map(({ key, state, nextActionAt }) => [
    key.replace('episode:tt9000601:', ''),
    state,
    nextActionAt?.slice(0, 10) ?? null,
  ]);
const seasonFault = (number: number, status: number, body: unknown) =>
  home.sandbox.seerr.faults.fail('season', {
    status,
    body,
    when: ({ path }) => path.endsWith(`/season/${number}`),
    times: Infinity,
  });
const unexpected = () => home.log.filter(({ message }) => message.includes('unexpected'));

describe('episodes that come later', () => {
  test('get a date, or are added: they join by themselves', async () => {
    const { live } = await move();
    const saga = show(['2026-11-10', null]);
    Object.assign(saga, { status: 'Returning Series' });
    for (const n of [1, 2, 3]) {
      single(1, n);
    }
    const id = request([1]);
    await live(10 * MINUTE);
    expect(wants(id)).toEqual([
      ['1:1', 'in-library', null],
      ['1:2', 'unreleased', null],
    ]);
    const episodes = saga.seasons[0]?.episodes ?? [];
    Object.assign(episodes[1] ?? {}, { airDate: '2026-11-24' });
    episodes.push({ number: 3, airDate: '2026-12-01', name: 'Episode 3' });
    await live(DAY, HOUR);
    expect(wants(id)?.slice(1)).toEqual([
      ['1:2', 'unreleased', '2026-11-25'],
      ['1:3', 'unreleased', '2026-12-02'],
    ]);
    await live(10 * DAY, HOUR);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1, 2, 3]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a season that seems to be out, of a show that goes on, is looked at again the same day', async () => {
    const { live } = await move();
    const saga = show(aired(2));
    Object.assign(saga, { status: 'Returning Series' });
    single(1, 1);
    const id = request([1]);
    await live(10 * MINUTE);
    saga.seasons[0]?.episodes.push({ number: 3, airDate: '2026-12-24', name: 'Episode 3' });
    await live(DAY, HOUR);
    expect(wants(id)?.at(-1)).toEqual(['1:3', 'unreleased', '2026-12-25']);
  });
});

describe('episodes that go', () => {
  test('one that TMDB has taken back is not waited for', async () => {
    const { live } = await move();
    const saga = show(aired(3));
    Object.assign(saga, { status: 'Returning Series' });
    single(1, 1);
    single(1, 2);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(APPROVED);
    saga.seasons[0]?.episodes.pop();
    await live(DAY, 30 * MINUTE);
    expect(wants(id)).toHaveLength(2);
    expect(status(id)).toBe(COMPLETED);
  });

  test('all of a season at once is an answer gone wrong: its download goes on', async () => {
    const { live, clock } = await move();
    Object.assign(show(aired(2)), { status: 'Returning Series' });
    const { hash } = seasonPack(1, [1, 2], { cached: false, downloadMs: 14 * HOUR });
    const id = request([1]);
    await live(10 * MINUTE);
    const lift = seasonFault(1, 200, { seasonNumber: 1, episodes: [] });
    clock.pass(12 * HOUR);
    await live(HOUR, MINUTE);
    expect(wants(id)).toHaveLength(2);
    expect(entries()).toMatchObject([{ hash }]);
    await live(4 * HOUR, 10 * MINUTE);
    // It is there, but while its season is unknown it is not called complete.
    expect(owned(1)).toEqual([1, 2]);
    expect(status(id)).toBe(APPROVED);
    lift();
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });
});

describe('a season that Seerr cannot read', () => {
  const gone = { message: 'Unable to retrieve season.' };

  test('holds up no other; the request stays open, it is said which, and over when it is read', async () => {
    const { live, sandbox } = await move();
    show(aired(2), aired(2));
    seasonPack(1, [1, 2]);
    seasonPack(2, [1, 2]);
    const lift = seasonFault(2, 500, gone);
    const id = request([1, 2]);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1, 2]);
    expect(wants(id)).toHaveLength(2);
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(APPROVED);
    expect(shown(id)).toMatchObject({
      attention: { code: 'no-details', message: expect.stringContaining('season 2 of Synthetic Saga (2020)') },
    });
    expect(said('Nothing is known of')).toHaveLength(1);
    // Ever less often.
    const reads = sandbox.seerr.requests.filter(({ path }) => path.endsWith('/season/2')).length;
    expect(reads).toBeLessThan(12 * 3);
    lift();
    await live(2 * DAY, 30 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)?.attention ?? null).toBeNull();
    expect(adds()).toBe(2);
  });

  test('away while its download is under way: the download goes on, and is closed when it can be read', async () => {
    const { live, clock } = await move();
    Object.assign(show(aired(2)), { status: 'Returning Series' });
    seasonPack(1, [1, 2], { cached: false, downloadMs: 14 * HOUR });
    const id = request([1]);
    await live(10 * MINUTE);
    const lift = seasonFault(1, 500, gone);
    clock.pass(12 * HOUR);
    await live(4 * HOUR, 10 * MINUTE);
    expect(owned(1)).toEqual([1, 2]);
    expect(status(id)).toBe(APPROVED);
    lift();
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });
});

describe('odd shows', () => {
  test('nothing dated at all: nothing is searched, and it says so', async () => {
    const { live, sandbox } = await move();
    show([null, null]);
    single(1, 1);
    const id = request([1]);
    await live(DAY, HOUR);
    expect(wants(id)).toEqual([
      ['1:1', 'unreleased', null],
      ['1:2', 'unreleased', null],
    ]);
    expect(said('2 episodes: 2 without a date yet')).toHaveLength(1);
    expect(sandbox.torrentio.requests).toHaveLength(0);
  });

  test('a show of which TMDB knows no season', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addShow({ ...SAGA, seasons: [] });
    const id = request([1]);
    await live(2 * DAY, 10 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'no-details' }, wants: [] });
    expect(status(id)).toBe(APPROVED);
    expect(unexpected()).toEqual([]);
  });

  test('season 0 only, of a show that has nothing else', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addShow({ ...SAGA, seasons: [{ number: 0, airDates: aired(2) }] });
    const name = 'Synthetic Saga S00 1080p BluRay x265-PACK';
    release(name, {
      files: [1, 2].map((n) => ({ path: `${name}/Synthetic.Saga.S00E0${n}.mkv`, bytes: 1024 ** 3 })),
    });
    const id = request([0]);
    await live(15 * MINUTE);
    expect(owned(0)).toEqual([1, 2]);
    expect(status(id)).toBe(COMPLETED);
  });
});

describe('there before its time', () => {
  test('a film in cinemas that somebody has: its request, which Seerr leaves open, is closed', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_605;
    const releaseDates = [{ date: '2026-11-10', type: 3 as const, region: 'US' }];
    const film = { tmdbId, imdbId: 'tt9900605', title: 'Synthetic Cinema', releaseDate: '2026-11-10', releaseDates };
    sandbox.world.addMovie(film);
    const id = sandbox.seerr.request({ tmdbId, type: 'movie', approved: false });
    sandbox.jellyfin.ownMovie({ tmdbId });
    sandbox.seerr.scanNow('full');
    expect(status(id)).toBe(APPROVED);
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(0);
  });

  test('episodes without a date, put there by hand later on: closed within a day', async () => {
    const { live, sandbox } = await move({ sandbox: { seerr: { scheduledScans: false } } });
    show(['2020-01-01', null, null]);
    single(1, 1);
    const id = request([1]);
    await live(HOUR, MINUTE);
    expect(wants(id)?.map(([, state]) => state)).toEqual(['in-library', 'unreleased', 'unreleased']);
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [2, 3] });
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });
});

describe('a season that is announced', () => {
  const told = (id: number) => {
    const row = home.store.requests.get(id);
    return row === undefined ? null : explainDocument(home.store, row, home.clock.now()).next;
  };

  test('is not said to be closing when the others are there, and comes when it has episodes', async () => {
    const { live, sandbox } = await move();
    show(aired(2), []);
    seasonPack(1, [1, 2]);
    const id = request([1, 2]);
    await live(HOUR, MINUTE);
    expect(wants(id)?.map(([, state]) => state)).toEqual(['in-library', 'in-library']);
    expect(status(id)).toBe(APPROVED);
    expect(told(id)).toMatchObject({ at: expect.any(String), what: expect.stringContaining('has no episodes yet') });
    sandbox.world.show(SAGA.tmdbId)?.seasons[1]?.episodes.push({ number: 1, airDate: '2020-01-01', name: 'New' });
    single(2, 1);
    await live(14 * HOUR, 10 * MINUTE);
    expect(owned(2)).toEqual([1]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('alone: said when it is taken on, and when it is read again', async () => {
    const { live } = await move();
    show(aired(2), []);
    const id = request([2]);
    await live(5 * MINUTE);
    expect(said('no episodes are known yet')).toHaveLength(1);
    expect(told(id)).toMatchObject({ at: expect.any(String), what: expect.stringContaining('has no episodes yet') });
  });
});

describe('an IMDb id', () => {
  test('that only Jellyfin knows, from an earlier season, is used', async () => {
    const { live, sandbox } = await move();
    const saga = show(aired(2), aired(2));
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2] });
    Object.assign(saga, { imdbId: null });
    const { hash } = seasonPack(2, [1, 2]);
    const id = request([2]);
    await live(5 * MINUTE);
    expect(entries()).toMatchObject([{ hash }]);
    expect(shown(id)).toMatchObject({ imdbId: SAGA.imdbId, attention: null });
  });

  test('that TMDB has lost again is still the show’s', async () => {
    const { live } = await move();
    const saga = show(aired(1), ['2026-11-22']);
    Object.assign(saga, { status: 'Returning Series' });
    const id = request([2]);
    await live(10 * MINUTE);
    Object.assign(saga, { imdbId: '' });
    single(2, 1);
    await live(2 * DAY, 30 * MINUTE);
    expect(adds()).toBe(1);
    expect(shown(id)).toMatchObject({ imdbId: SAGA.imdbId });
  });
});

test('a film of 1968 of which only next year’s re-issue is dated is due now; one to come says when', async () => {
  const { live, sandbox } = await move();
  const reissue = { date: '2027-10-04', region: 'US', type: 3 } as const;
  sandbox.world.addMovie({
    tmdbId: 900_603,
    imdbId: 'tt9000603',
    title: 'Synthetic Classic',
    releaseDate: '1968-10-04',
    releaseDates: [reissue],
  });
  sandbox.world.addMovie({
    tmdbId: 900_604,
    imdbId: 'tt9000604',
    title: 'Synthetic Morrow',
    releaseDate: '2027-10-04',
    status: 'Post Production',
    releaseDates: [{ ...reissue, type: 4 }],
  });
  home.sandbox.world.addRelease({
    of: 'tt9000603',
    name: 'Synthetic Classic 1968 1080p BluRay x265-GRP',
    cached: true,
  });
  const [classic, morrow] = [900_603, 900_604].map((tmdbId) => sandbox.seerr.request({ tmdbId, type: 'movie' }));
  await live(10 * MINUTE);
  expect(status(classic ?? 0)).toBe(COMPLETED);
  expect(shown(morrow ?? 0)?.wants).toMatchObject([{ state: 'unreleased', nextActionAt: '2027-10-04T00:00:00.000Z' }]);
  expect(adds()).toBe(1);
});
