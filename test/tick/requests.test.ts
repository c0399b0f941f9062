import { afterEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { setPaused } from '../../src/orders.js';
import { OPEN_TITLES, packFiles, type ReleaseSpec, SeerrStandIn } from '../../src/sandbox/index.js';
import { sandboxClock } from '../../src/sandbox/kit/clock.js';
import { statusDocument } from '../../src/status.js';
import {
  configFor,
  type Household,
  type HouseholdOptions,
  household,
  living,
  recorder,
  START,
} from '../support/household.js';

/** Hostile circumstances on Seerr's and Jellyfin's side: nothing is closed early, left open, fetched twice or hidden. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const APPROVED = 2;
const COMPLETED = 5;
const { sintel, bigBuckBunny, tearsOfSteel, nightOfTheLivingDead, pioneerOne } = OPEN_TITLES;

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
const requestMovie = (tmdbId: number = sintel.tmdbId, is4k = false) =>
  home.sandbox.seerr.request({ tmdbId, type: 'movie', is4k });
const requestShow = (tmdbId: number, seasons: number[]) => home.sandbox.seerr.request({ tmdbId, type: 'tv', seasons });
const adds = () => home.sandbox.realDebrid.counts().addMagnet ?? 0;
const shown = (requestId: number) =>
  statusDocument(home.store, 'test', home.clock.now(), null).requests.find(({ id }) => id === requestId);
const said = (part: string) => home.log.filter(({ message }) => message.includes(part));
const status = (requestId: number) => home.sandbox.seerr.state(requestId)?.status;
/** Somebody uses Seerr's own API. */
const inSeerr = async (method: string, path: string, body?: unknown) => {
  const { url, apiKey } = home.sandbox.seerr;
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: { 'X-Api-Key': apiKey, 'Content-Type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
};
const read = async (path: string): Promise<Record<string, unknown>> => {
  const { url, apiKey } = home.sandbox.seerr;
  const answer = await fetch(`${url}/api/v1${path}`, { headers: { 'X-Api-Key': apiKey } });
  return (await answer.json()) as Record<string, unknown>;
};
/** Many movies of which nothing is known but that they are out. */
const movies = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const number = 900_200 + i;
    home.sandbox.world.addMovie({ tmdbId: number, imdbId: `tt9${number}`, title: `Synthetic Number ${i}`, year: 2001 });
    return number;
  });
const season = (tmdbId: number, airDates: (string | null)[], number = 1) =>
  home.sandbox.world.addShow({
    tmdbId,
    imdbId: `tt9${tmdbId}`,
    tvdbId: tmdbId + 50_000,
    title: `Synthetic Show ${tmdbId}`,
    seasons: [{ number, airDates }],
  });
const twoSeasons = (tmdbId: number) =>
  home.sandbox.world.addShow({
    tmdbId,
    imdbId: `tt9${tmdbId}`,
    tvdbId: tmdbId + 50_000,
    title: `Synthetic Show ${tmdbId}`,
    seasons: [
      { number: 1, airDates: ['2020-01-01', '2020-01-08'] },
      { number: 2, airDates: ['2021-01-01', '2021-01-08'] },
    ],
  });

describe('requests that leave the approved list', () => {
  test('many at once because our own scan closed them: no alarm, all fulfilled', async () => {
    const { live, sandbox } = await move();
    const ids = movies(8).map((tmdbId) => {
      sandbox.jellyfin.ownMovie({ tmdbId, played: false });
      return requestMovie(tmdbId);
    });
    await live(5 * MINUTE);
    expect(ids.map(status)).toEqual(ids.map(() => COMPLETED));
    expect(ids.map((id) => shown(id)?.state)).toEqual(ids.map(() => 'fulfilled'));
    expect(said('at once')).toEqual([]);
  });

  test('many deleted by a person: said once, and withdrawn in the end', async () => {
    const { live, sandbox } = await move();
    const ids = movies(8).map((tmdbId) => requestMovie(tmdbId));
    await live(5 * MINUTE);
    for (const id of ids.slice(0, 6)) {
      sandbox.seerr.deleteRequest(id);
    }
    await live(3 * HOUR, MINUTE);
    expect(said('at once')).toHaveLength(1);
    expect(ids.map((id) => shown(id) !== undefined)).toEqual([...Array(6).fill(false), true, true]);
  });

  test('many deleted by a person: nothing is fetched for them while that is not believed yet', async () => {
    const { live, sandbox } = await move();
    const tmdbIds = movies(8);
    const ids = tmdbIds.map((tmdbId) => requestMovie(tmdbId));
    await live(2 * MINUTE);
    for (const id of ids.slice(0, 6)) {
      sandbox.seerr.deleteRequest(id);
    }
    for (const tmdbId of tmdbIds) {
      const name = `${sandbox.world.movie(tmdbId)?.title} 2001 1080p BluRay x265-GRP`;
      sandbox.world.addRelease({ of: `tt9${tmdbId}`, name, cached: true });
    }
    await live(30 * MINUTE, MINUTE);
    expect(ids.slice(0, 6).every((id) => shown(id) !== undefined)).toBe(true);
    expect(adds()).toBe(2);
  });

  test('one whose media is blocklisted is put on hold and costs no call on each tick', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie(tearsOfSteel.tmdbId);
    await live(5 * MINUTE);
    // Seerr never lists it then, and its request stays approved.
    const row = await read(`/request/${id}`);
    const media = { ...(row.media as object), status: 6 };
    sandbox.seerr.faults.fail('request', { body: { ...row, media }, times: Infinity });
    sandbox.seerr.faults.fail('approvedList', { body: { pageInfo: { results: 0 }, results: [] }, times: Infinity });
    sandbox.clearLogs();
    await live(HOUR);
    expect(sandbox.seerr.counts().request).toBeLessThan(8);
    expect(shown(id)?.wants[0]?.state).toBe('waiting');
  });

  test('completed by Seerr while it waits for a release: what Jellyfin has is looked at before anything is said', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie(tearsOfSteel.tmdbId);
    await live(2 * HOUR, MINUTE);
    sandbox.jellyfin.ownMovie({ tmdbId: tearsOfSteel.tmdbId });
    sandbox.seerr.scanNow('full');
    await live(3 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)?.state).toBe('fulfilled');
    expect(said('does not show all of it')).toEqual([]);
  });

  test('completed early, then deleted in Seerr: withdrawn, nothing more is fetched', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie();
    await live(3 * MINUTE);
    await inSeerr('POST', `/media/${sandbox.seerr.state(id)?.mediaId}/available`, { is4k: false });
    await live(3 * MINUTE);
    expect(shown(id)?.state).toBe('active');
    sandbox.seerr.deleteRequest(id);
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toBeUndefined();
  });

  test('completed early, approved again, then deleted: withdrawn', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie();
    await live(3 * MINUTE);
    await inSeerr('POST', `/media/${sandbox.seerr.state(id)?.mediaId}/available`, { is4k: false });
    await live(3 * MINUTE);
    await inSeerr('POST', `/request/${id}/retry`);
    await live(3 * MINUTE);
    expect(status(id)).toBe(APPROVED);
    sandbox.seerr.deleteRequest(id);
    await live(3 * MINUTE);
    expect(shown(id)).toBeUndefined();
  });

  test('declined, then approved again: starts clean', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie();
    await live(2 * MINUTE);
    sandbox.seerr.decline(id);
    await live(2 * MINUTE);
    expect(shown(id)).toBeUndefined();
    release();
    sandbox.seerr.approve(id);
    await live(2 * HOUR, MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });
});

describe('requests that change', () => {
  test('a season added while its details cannot be read is not closed with the others', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_301;
    twoSeasons(tmdbId);
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2] });
    const scans = sandbox.seerr.faults.fail('jobs', { status: 503, body: 'busy', times: Infinity });
    const id = requestShow(tmdbId, [1]);
    await live(3 * MINUTE);
    home.clock.pass(13 * HOUR);
    sandbox.seerr.faults.fail('show', {
      status: 500,
      body: { message: 'Unable to retrieve series.' },
      times: Infinity,
    });
    await inSeerr('PUT', `/request/${id}`, { mediaType: 'tv', seasons: [1, 2] });
    scans();
    await live(30 * MINUTE);
    expect(sandbox.seerr.state(id)?.seasons[2]?.media ?? 1).not.toBe(5);
    expect(status(id)).toBe(APPROVED);
  });

  test('a movie declined between our reading and our marking is not marked', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'mark' } });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    const id = requestMovie();
    let declined = false;
    sandbox.seerr.tap(async (phase, { operation }) => {
      if (phase === 'before' && operation === 'request' && !declined) {
        declined = true;
        sandbox.seerr.decline(id);
      }
    });
    await live(5 * MINUTE);
    expect(declined).toBe(true);
    expect(sandbox.seerr.counts().markMedia).toBeUndefined();
    expect(shown(id)).toBeUndefined();
  });

  test('a season added between our reading and our marking is not marked', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'mark' } });
    const tmdbId = 900_302;
    twoSeasons(tmdbId);
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2] });
    const id = requestShow(tmdbId, [1]);
    let added = false;
    sandbox.seerr.tap(async (phase, { operation }) => {
      if (phase === 'before' && operation === 'request' && !added) {
        added = true;
        await inSeerr('PUT', `/request/${id}`, { mediaType: 'tv', seasons: [1, 2] });
      }
    });
    await live(10 * MINUTE);
    expect(added).toBe(true);
    expect(sandbox.seerr.state(id)?.seasons[2]?.media ?? 1).not.toBe(5);
    expect(status(id)).toBe(APPROVED);
  });

  test('closing is switched off and a season is added to a fulfilled request: it is taken up again', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'off' } });
    const tmdbId = 900_303;
    twoSeasons(tmdbId);
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2] });
    const id = requestShow(tmdbId, [1]);
    await live(3 * MINUTE);
    expect(shown(id)?.state).toBe('fulfilled');
    await inSeerr('PUT', `/request/${id}`, { mediaType: 'tv', seasons: [1, 2] });
    await live(3 * MINUTE);
    expect(shown(id)?.state).toBe('active');
    expect(shown(id)?.wants).toHaveLength(4);
    expect(said('fulfilled:')).toHaveLength(1);
  });
});

describe('deleted in Seerr and made anew between two polls', () => {
  const inTheWay: Record<string, () => () => unknown> = {
    nothing: () => () => undefined,
    'new grabs are paused': () => {
      setPaused(home.store, true);
      return () => setPaused(home.store, false);
    },
    'Jellyfin is restarting': () => home.sandbox.jellyfin.faults.fail('*', { status: 503, times: Infinity }),
    'the addon throttles': () => home.sandbox.torrentio.faults.fail('*', { status: 429, times: Infinity }),
    'Seerr cannot read its details': () =>
      home.sandbox.seerr.faults.fail('movie', { status: 500, body: { message: 'no movie' }, times: Infinity }),
  };

  test.each(Object.keys(inTheWay))('what is nearly there goes on for the new one: %s in the way', async (what) => {
    const { live, sandbox } = await move({ config: { 'cache.streamsTtl': '1m' } });
    const { hash } = release({ cached: false, seeders: 500, downloadMs: 3 * HOUR });
    const first = requestMovie();
    await live(2.5 * HOUR, 5 * MINUTE);
    const [before] = sandbox.realDebrid.entriesOf(hash);
    home.store.cache.clear();
    home.restart();
    const lift = inTheWay[what]?.();
    sandbox.seerr.deleteRequest(first);
    const again = requestMovie();
    await live(5 * MINUTE);
    lift?.();
    await live(2 * HOUR, MINUTE);
    expect(sandbox.realDebrid.entries()).toMatchObject([{ id: before?.id, hash }]);
    expect(status(again)).toBe(COMPLETED);
  });

  test('one of its seasons cannot be read: what is on its way for that one goes on', async () => {
    const { live, sandbox } = await move();
    twoSeasons(900_320);
    for (const number of [1, 2]) {
      const name = `Synthetic Show 900320 S0${number} 1080p BluRay x265-PACK`;
      const files = packFiles(name, number, [1, 2]);
      release({ of: 'tt9900320', name, files, cached: false, seeders: 500, downloadMs: 3 * HOUR });
    }
    const first = requestShow(900_320, [1, 2]);
    await live(2 * HOUR, MINUTE);
    const before = sandbox.realDebrid.entries().map(({ id }) => id);
    home.store.cache.clear();
    home.restart();
    const isSecond = ({ path }: { path: string }) => /\/season\/2\b/.test(path);
    const lift = sandbox.seerr.faults.fail('season', { status: 500, times: Infinity, when: isSecond });
    sandbox.seerr.deleteRequest(first);
    const again = requestShow(900_320, [1, 2]);
    await live(5 * MINUTE);
    expect(shown(again)?.wants.map(({ key }) => key)).toEqual(['episode:tt9900320:1:1', 'episode:tt9900320:1:2']);
    lift();
    await live(3 * HOUR, MINUTE);
    expect(sandbox.realDebrid.entries().map(({ id }) => id)).toEqual(before);
    expect(before).toHaveLength(2);
    expect(status(again)).toBe(COMPLETED);
  });

  test('for the other tier, or for another title: what only the old one needed is let go', async () => {
    const { live, sandbox } = await move();
    release({ cached: false, seeders: 500, downloadMs: 3 * HOUR });
    const first = requestMovie();
    await live(HOUR, MINUTE);
    setPaused(home.store, true);
    sandbox.seerr.deleteRequest(first);
    requestMovie(sintel.tmdbId, true);
    requestMovie(tearsOfSteel.tmdbId);
    await live(MINUTE);
    expect(sandbox.realDebrid.entries()).toEqual([]);
  });
});

describe('another Seerr, or one set up anew: its ids are those of other titles', () => {
  let other: SeerrStandIn;
  afterEach(() => other.close());

  /** The program goes on with it, from an empty one. */
  const moveSeerr = async (overrides: Record<string, string> = {}) => {
    const { clock, config, dataDir, log, sandbox, store } = home;
    other = new SeerrStandIn(sandbox.world, sandboxClock(clock.now, 1), sandbox.jellyfin);
    await other.listen(0);
    const app = createApp({
      config: configFor(sandbox, dataDir, { 'seerr.url': other.url, 'seerr.apiKey': other.apiKey, ...overrides }),
      ...{ store, clock, log: recorder(log), tempo: { retryDelay: 1, houseCallsPerMinute: Infinity } },
    });
    expect(config.seerr.url).not.toBe(other.url);
    const never = new AbortController().signal;
    const tick = () => app.tick({ stop: never, abort: never, timeBox: 30_000 });
    return (ms: number, step?: number) => living({ clock, sandbox, tick }, ms, step);
  };
  const requestThere = (tmdbId: number, is4k = false) => other.request({ tmdbId, type: 'movie', is4k });
  const tears = () => release({ of: tearsOfSteel.imdbId, name: 'Tears of Steel 2012 1080p BluRay x265-GRP' });
  const held = () => home.sandbox.realDebrid.entries().map(({ hash }) => hash);

  test('what was open is let go, and the new title is not closed before it is there', async () => {
    const { live, sandbox } = await move();
    release({ cached: false, seeders: 500, downloadMs: 2 * HOUR });
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(held()).toHaveLength(1);
    const liveThere = await moveSeerr();
    expect(requestThere(tearsOfSteel.tmdbId)).toBe(id);
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    await liveThere(3 * HOUR);
    expect(other.state(id)?.status).toBe(APPROVED);
    expect(held()).toEqual([]);
    expect(said('is for another title in Seerr now')).toHaveLength(1);
    const { hash } = tears();
    await liveThere(12 * HOUR, MINUTE);
    expect(other.state(id)?.status).toBe(COMPLETED);
    expect(held()).toEqual([hash]);
    const told = home.store.journal.ofRequest(id, 1000).map(({ text }) => text);
    expect(told.filter((text) => text.includes('Tears of Steel'))).not.toEqual([]);
    expect(told.filter((text) => text.includes('Sintel') || text.includes(sintel.imdbId))).toEqual([]);
  });

  test('what was asked for under another id as well goes on for that one', async () => {
    const { live } = await move();
    const { hash } = release({ cached: false, seeders: 500, downloadMs: 2 * HOUR });
    requestMovie();
    await live(10 * MINUTE);
    const liveThere = await moveSeerr();
    const { hash: another } = tears();
    requestThere(tearsOfSteel.tmdbId);
    const moved = requestThere(sintel.tmdbId);
    await liveThere(3 * HOUR);
    expect(other.state(moved)?.status).toBe(COMPLETED);
    expect(held().sort()).toEqual([hash, another].sort());
    expect(adds()).toBe(2);
  });

  test('the other tier of the same title is another one, too', async () => {
    const { live, sandbox } = await move();
    const id = requestMovie();
    await live(5 * MINUTE);
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [1920] });
    const liveThere = await moveSeerr();
    expect(requestThere(sintel.tmdbId, true)).toBe(id);
    await liveThere(HOUR);
    expect(other.state(id)?.status).toBe(APPROVED);
  });

  test('what was fulfilled while closing is switched off does not stand for the new title', async () => {
    const off = { 'seerr.complete': 'off' };
    const { live } = await move({ config: off });
    const { hash } = release();
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(shown(id)?.state).toBe('fulfilled');
    const { hash: another } = tears();
    const liveThere = await moveSeerr(off);
    expect(requestThere(tearsOfSteel.tmdbId)).toBe(id);
    await liveThere(HOUR);
    expect(shown(id)).toMatchObject({ state: 'fulfilled', title: 'Tears of Steel' });
    expect(held().sort()).toEqual([hash, another].sort());
  });

  test('not approved there: what was open is withdrawn, and the title is taken on when it is approved', async () => {
    const { live } = await move();
    const id = requestMovie();
    await live(5 * MINUTE);
    const liveThere = await moveSeerr();
    other.request({ tmdbId: tearsOfSteel.tmdbId, type: 'movie', approved: false });
    await liveThere(5 * MINUTE);
    expect(shown(id)).toBeUndefined();
    const { hash } = tears();
    other.approve(id);
    await liveThere(HOUR);
    expect(other.state(id)?.status).toBe(COMPLETED);
    expect(held()).toEqual([hash]);
  });

  test('found out only when it is to be marked: nothing is marked', async () => {
    await move({ config: { 'seerr.complete': 'mark' } });
    const id = requestMovie();
    await home.live(5 * MINUTE);
    home.sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    const liveThere = await moveSeerr({ 'seerr.complete': 'mark' });
    requestThere(sintel.tmdbId);
    const answer = await fetch(`${other.url}/api/v1/request/${id}`, { headers: { 'X-Api-Key': other.apiKey } });
    const { media, ...rest } = (await answer.json()) as { media: object };
    other.faults.fail('request', { status: 200, body: { ...rest, media: { ...media, tmdbId: tearsOfSteel.tmdbId } } });
    await liveThere(30_000);
    expect(other.counts().request).toBe(2);
    expect(other.counts().markMedia).toBeUndefined();
    expect(shown(id)).toBeUndefined();
  });
});

describe('closing', () => {
  test('trouble with details beforehand is not taken for trouble with marking', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'mark' } });
    release({ cached: false, downloadMs: 20 * HOUR });
    const id = requestMovie();
    await live(5 * MINUTE);
    sandbox.seerr.faults.fail('movie', {
      status: 500,
      body: { message: 'Unable to retrieve movie.' },
      times: Infinity,
    });
    await live(22 * HOUR, 5 * MINUTE);
    expect(said('Seerr keeps its request open')).toEqual([]);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)).toMatchObject({ state: 'fulfilled', attention: null });
  });

  test('a write that Seerr refuses for a while is no try: closed when it takes writes again', async () => {
    const { live, sandbox } = await move({ config: { 'seerr.complete': 'mark' } });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    const lift = sandbox.seerr.faults.fail('markMedia', {
      status: 403,
      body: { message: 'invalid csrf token' },
      times: Infinity,
    });
    const id = requestMovie();
    await live(2 * HOUR, MINUTE);
    expect(status(id)).toBe(APPROVED);
    lift();
    await live(HOUR, MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(said('Seerr keeps its request open')).toEqual([]);
  });

  test('a scan of Seerr that never ends does not keep a request open', async () => {
    const { live, sandbox } = await move();
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.seerr.faults.fail('jobs', {
      status: 200,
      body: [{ id: 'jellyfin-recently-added-scan', running: true }],
      times: Infinity,
    });
    const id = requestMovie();
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(sandbox.seerr.counts().runJob).toBeUndefined();
  });

  test('a Seerr without the scan job: the request is marked instead', async () => {
    const { live, sandbox } = await move();
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.seerr.faults.fail('jobs', { status: 200, body: [], times: Infinity });
    const id = requestMovie();
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('what was seen and then deleted by the viewer is not fetched again, and is not silent', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_304;
    season(tmdbId, ['2020-01-01', '2026-11-24']);
    const series = sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1] });
    const id = requestShow(tmdbId, [1]);
    await live(5 * MINUTE);
    const first = sandbox.jellyfin.items().find((item) => item.type === 'Episode' && item.seriesId === series);
    sandbox.jellyfin.removeItem(first?.id ?? '');
    await live(2 * DAY + 13 * HOUR, HOUR);
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [2] });
    await live(DAY, 10 * MINUTE);
    expect(adds()).toBe(0);
    expect(shown(id)?.wants.map(({ state }) => state)).toEqual(['in-library', 'in-library']);
    expect(shown(id)?.state).not.toBe('active');
  });

  test('specials alone are closed', async () => {
    const { live, sandbox } = await move();
    sandbox.jellyfin.ownEpisodes({ tmdbId: pioneerOne.tmdbId, season: 0, episodes: [1] });
    const id = requestShow(pioneerOne.tmdbId, [0]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(sandbox.seerr.state(id)?.mediaStatus).not.toBe(5);
  });

  test('one file for two episodes, and a second copy of one, are a complete season', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_305;
    season(tmdbId, ['2020-01-01', '2020-01-08', '2020-01-15']);
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2], combined: true });
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [3] });
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [3], copy: ' again' });
    const id = requestShow(tmdbId, [1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(0);
  });

  test('a request that Seerr approved silently because its media was there is closed', async () => {
    const { live, sandbox } = await move();
    const id = sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie', approved: false });
    await live(2 * MINUTE);
    expect(shown(id)).toBeUndefined();
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.seerr.scanNow('full');
    expect(status(id)).toBe(APPROVED);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(0);
  });

  test('a show that cannot be closed in Seerr is said to be so once, and left alone', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_306;
    season(tmdbId, ['2020-01-01']);
    const id = sandbox.seerr.request({ tmdbId, type: 'tv', seasons: [1], approved: false });
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1] });
    sandbox.seerr.scanNow('full');
    expect(status(id)).toBe(APPROVED);
    await live(2 * HOUR, MINUTE);
    expect(said('Seerr keeps its request open')).toHaveLength(1);
    expect(shown(id)).toMatchObject({ state: 'fulfilled', attention: { code: 'stuck-in-seerr' } });
    sandbox.clearLogs();
    await live(HOUR);
    expect(Object.keys(sandbox.seerr.counts())).toEqual(['approvedList']);
  });
});

describe('Jellyfin', () => {
  test('away for an hour right after the download: shown and closed soon after it is back, without an alarm', async () => {
    const { live, sandbox, tick } = await move();
    release();
    const id = requestMovie();
    await tick();
    expect(shown(id)?.wants[0]?.grab?.state).toBe('ready');
    const lift = sandbox.jellyfin.faults.fail('*', { resetBefore: true, times: Infinity });
    await live(HOUR);
    lift();
    // The longest step of the back-off, and a scan.
    await live(75 * MINUTE, MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(said('does not show it under the ids')).toEqual([]);
  });

  test('a library scan of an hour is waited for', async () => {
    const { live, sandbox } = await move({ sandbox: { jellyfin: { scanMs: HOUR } } });
    sandbox.jellyfin.scan.start();
    release();
    const id = requestMovie();
    await live(130 * MINUTE, MINUTE);
    expect(said('does not show it under the ids')).toEqual([]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('library scans that are broken off are asked for again, and prove nothing', async () => {
    const { tick, live, clock, sandbox } = await move();
    release();
    const id = requestMovie();
    for (let minutes = 0; minutes < 60; minutes += 0.5) {
      await tick();
      sandbox.jellyfin.scan.cancel();
      clock.pass(30_000);
    }
    expect(shown(id)?.attention).toBeNull();
    expect(sandbox.jellyfin.counts().startTask).toBeLessThanOrEqual(6);
    await live(30 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });

  test('a library scan that never ends is no reason for silence', async () => {
    const { live, sandbox } = await move({ sandbox: { jellyfin: { scanMs: 30 * DAY } } });
    sandbox.jellyfin.scan.start();
    release();
    const id = requestMovie();
    await live(DAY, 5 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'not-seen' } });
  });

  test('misidentified is taken back as soon as it is seen, also while the rest of the season is to come', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_401;
    season(tmdbId, ['2026-11-10', '2026-12-24']);
    const { hash } = release({ of: `tt9${tmdbId}`, name: `Synthetic Show ${tmdbId} S01E01 1080p WEB x265-ONE` });
    sandbox.jellyfin.identify(hash, { kind: 'unidentified' });
    const id = requestShow(tmdbId, [1]);
    await live(HOUR);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'misidentified' } });
    sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1] });
    await live(7 * HOUR, 5 * MINUTE);
    expect(shown(id)?.wants[0]?.state).toBe('in-library');
    expect(shown(id)).toMatchObject({ state: 'active', attention: null });
  });

  test.each([
    ['that are one in TVDB', { imdbIds: ['tt9000411', 'tt9000412'], tvdbIds: [990_411, 990_411] }],
    ['of one IMDb id', { imdbIds: ['tt9000411', 'tt9000411'], tvdbIds: [990_411, 990_412] }],
  ])('two shows %s: the one that is there does not stand for the other', async (_which, { imdbIds, tvdbIds }) => {
    const { live, sandbox } = await move();
    const [there, wanted] = ['Synthetic Pioneer', 'Synthetic Sequel'].map((title, i) => {
      const named = { tmdbId: 900_411 + i, imdbId: imdbIds[i] ?? '', tvdbId: tvdbIds[i] ?? 0, title, status: 'Ended' };
      return sandbox.world.addShow({ ...named, seasons: [{ number: 1, airDates: ['2020-01-01', '2020-01-08'] }] });
    });
    sandbox.jellyfin.ownEpisodes({ tmdbId: there?.tmdbId ?? 0, season: 1, episodes: [1, 2] });
    const id = requestShow(wanted?.tmdbId ?? 0, [1]);
    await live(HOUR);
    expect(status(id)).toBe(APPROVED);
    const files = [1, 2].map((n) => ({ path: `Synthetic.Sequel.S01E0${n}.1080p.mkv`, bytes: 1024 * MB }));
    const { hash } = release({ of: imdbIds[1] ?? '', name: 'Synthetic Sequel S01 1080p BluRay x265-PACK', files });
    // By IMDb id alone the stand-in would take it for the first.
    sandbox.jellyfin.identify(hash, { kind: 'wrong', name: 'Synthetic Sequel', providerIds: { Tmdb: '900412' } });
    await live(DAY, MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(shown(id)?.wants.map(({ state }) => state)).toEqual(['in-library', 'in-library']);
    expect(status(id)).toBe(COMPLETED);
  });

  test('identified as another one of TMDB’s shows that are one in TVDB: not seen, and a human is told', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_413;
    season(tmdbId, ['2020-01-01']);
    const { hash } = release({ of: `tt9${tmdbId}`, name: `Synthetic Show ${tmdbId} S01E01 1080p WEB x265-ONE` });
    const providerIds = { Tmdb: '900414', Tvdb: String(tmdbId + 50_000) };
    sandbox.jellyfin.identify(hash, { kind: 'wrong', name: 'Synthetic Sequel', providerIds });
    const id = requestShow(tmdbId, [1]);
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'misidentified' } });
    expect(status(id)).toBe(APPROVED);
  });

  test('episodes deleted from Jellyfin and asked for again are not taken for present', async () => {
    const { live, sandbox } = await move();
    const tmdbId = 900_402;
    season(tmdbId, ['2020-01-01', '2020-01-08']);
    // Enough beside it that the loss of one show is no sign of a dropped mount.
    for (const movie of movies(30)) {
      sandbox.jellyfin.ownMovie({ tmdbId: movie });
    }
    const series = sandbox.jellyfin.ownEpisodes({ tmdbId, season: 1, episodes: [1, 2], played: false });
    const first = requestShow(tmdbId, [1]);
    await live(5 * MINUTE);
    expect(status(first)).toBe(COMPLETED);
    for (const item of sandbox.jellyfin.items().filter((one) => one.seriesId === series || one.id === series)) {
      sandbox.jellyfin.removeItem(item.id);
    }
    sandbox.seerr.runAvailabilitySync();
    const again = requestShow(tmdbId, [1]);
    await live(10 * MINUTE);
    expect(shown(again)?.state).toBe('active');
    expect(status(again)).toBe(APPROVED);
  });

  test('a mount that drops between two sweeps is no reason to fetch a title anew', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestMovie();
    for (const movie of movies(5)) {
      sandbox.jellyfin.ownMovie({ tmdbId: movie });
    }
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    sandbox.jellyfin.dropMount();
    const again = requestMovie();
    release({ name: 'Sintel 2010 720p BluRay x265-NEXT', bytes: 800 * MB });
    await live(20 * MINUTE);
    expect(adds()).toBe(1);
    sandbox.jellyfin.restoreMount();
    sandbox.jellyfin.scanNow();
    await live(40 * MINUTE);
    expect(status(again)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });

  test('a clock ten minutes behind ours hides nothing from us', async () => {
    const late = () => (home === undefined ? START : home.clock.now()) - 10 * MINUTE;
    const { live, sandbox, clock } = await move({ sandbox: { now: late } });
    release({ cached: false, downloadMs: 20 * MINUTE });
    const id = requestMovie();
    await live(5 * MINUTE);
    // Brought by other hands: no scan of ours will touch it.
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.jellyfin.identify(sandbox.world.torrents[0]?.hash ?? '', { kind: 'unseen' });
    await live(HOUR);
    expect(clock.now()).toBeGreaterThan(START);
    expect(status(id)).toBe(COMPLETED);
  });

  test('files without known streams are closed too where Seerr tells 4K apart', async () => {
    const sonarr = [{ id: 1, name: 'Sonarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
    const { live } = await move({ sandbox: { jellyfin: { unprobed: true }, seerr: { sonarr } } });
    const tmdbId = 900_403;
    season(tmdbId, ['2020-01-01', '2026-11-22']);
    const name = (n: number) => `Synthetic Show ${tmdbId} S01E0${n} 1080p WEB x265-ONE`;
    release({ of: `tt9${tmdbId}`, name: name(1) });
    release({ of: `tt9${tmdbId}`, name: name(2) });
    const id = requestShow(tmdbId, [1]);
    await live(3 * HOUR, MINUTE);
    expect(shown(id)?.wants[0]?.state).toBe('in-library');
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a second look after a service away costs one sweep or delta a tick, not one per want', async () => {
    const { live, sandbox } = await move();
    for (const tmdbId of movies(25)) {
      sandbox.jellyfin.ownMovie({ tmdbId });
    }
    requestShow(pioneerOne.tmdbId, [1]);
    await live(2 * MINUTE);
    sandbox.clearLogs();
    await live(HOUR);
    expect(sandbox.jellyfin.requests.length).toBeLessThan(10);
  });

  test('a clock half an hour ahead of ours does not pass an old scan off as one for us', async () => {
    const ahead = () => (home === undefined ? START : home.clock.now()) + 30 * MINUTE;
    const { live, sandbox } = await move({ sandbox: { now: ahead } });
    sandbox.jellyfin.scan.start();
    await live(MINUTE);
    release();
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a standard request whose profile made us fetch 2160p is closed where Seerr tells 4K apart', async () => {
    const radarr = [{ id: 1, name: 'Radarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
    const { live } = await move({ sandbox: { seerr: { radarr } }, config: { 'selection.profile': '4k' } });
    release({ name: 'Sintel 2010 2160p BluRay x265-GRP', bytes: 4096 * MB });
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('4K and standard of one movie are two things', async () => {
    const radarr = [{ id: 1, name: 'Radarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
    const { live, sandbox } = await move({ sandbox: { seerr: { radarr } }, config: { 'seerr.arrGrace': '0s' } });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [3840] });
    const standard = requestMovie();
    const fourK = requestMovie(sintel.tmdbId, true);
    await live(10 * MINUTE);
    expect(status(fourK)).toBe(COMPLETED);
    expect(status(standard)).toBe(APPROVED);
    release();
    await live(2 * HOUR, MINUTE);
    expect(status(standard)).toBe(COMPLETED);
  });
});

describe('a library that shrinks', () => {
  test('one title of a few deleted by a person holds nothing up', async () => {
    const { live, sandbox } = await move();
    const [first = '', ...others] = movies(4).map((tmdbId) => sandbox.jellyfin.ownMovie({ tmdbId }));
    expect(others).toHaveLength(3);
    requestMovie(tearsOfSteel.tmdbId);
    await live(5 * MINUTE);
    sandbox.jellyfin.removeItem(first);
    home.restart();
    release();
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('the only title deleted by a person: said once, and over after a day', async () => {
    const { live, sandbox } = await move();
    const only = sandbox.jellyfin.ownMovie({ tmdbId: bigBuckBunny.tmdbId });
    requestMovie(tearsOfSteel.tmdbId);
    await live(5 * MINUTE);
    sandbox.jellyfin.removeItem(only);
    home.restart();
    release();
    const id = requestMovie();
    await live(HOUR);
    expect(adds()).toBe(0);
    expect(said('where it had 1')).toHaveLength(1);
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(said('believed again')).toHaveLength(1);
  });
});

describe('Radarr and Sonarr in Seerr', () => {
  const taking = { id: 1, name: 'Radarr', is4k: false, isDefault: true, does: 'takes' as const };

  test('what Radarr took is done when Seerr closes it', async () => {
    const { live, sandbox } = await move({ sandbox: { seerr: { radarr: [taking] } } });
    release();
    const id = requestMovie();
    await live(10 * MINUTE);
    expect(adds()).toBe(0);
    expect(shown(id)).toMatchObject({ attention: { code: 'arr-configured' }, wants: [{ state: 'waiting' }] });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    sandbox.seerr.scanNow('full');
    await live(3 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)).toMatchObject({ state: 'fulfilled', attention: null });
    expect(said('does not show all of it')).toEqual([]);
  });

  test('what Radarr did not take in its time is ours, and needs nobody any more', async () => {
    const idle = { ...taking, isDefault: false };
    const { live } = await move({ sandbox: { seerr: { radarr: [idle] } } });
    release({ cached: false, downloadMs: HOUR });
    const id = requestMovie();
    await live(3 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', wants: [{ state: 'waiting' }] });
    await live(7 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'active', attention: null, wants: [{ state: 'in-flight' }] });
    expect(said('configured')).toHaveLength(1);
  });
});

test('the version of Seerr, which it asks GitHub for, is not asked for in a tick', async () => {
  const { live, sandbox } = await move();
  sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
  const id = requestMovie();
  await live(5 * MINUTE);
  expect(status(id)).toBe(COMPLETED);
  expect(sandbox.seerr.counts().publicSettings).toBe(1);
  expect(sandbox.seerr.counts().status).toBeUndefined();
});

describe('one bad request', () => {
  test('a title that Seerr cannot look up stops nobody else, is asked for ever less often, and is said', async () => {
    const { live, sandbox } = await move();
    sandbox.seerr.faults.fail('movie', {
      status: 500,
      body: { message: 'Unable to retrieve movie.' },
      when: ({ path }) => path.includes(String(nightOfTheLivingDead.tmdbId)),
      times: Infinity,
    });
    const bad = requestMovie(nightOfTheLivingDead.tmdbId);
    release();
    const good = requestMovie();
    await live(10 * MINUTE);
    expect(status(good)).toBe(COMPLETED);
    await live(DAY, 10 * MINUTE);
    const lookUps = sandbox.seerr.requests.filter(({ path }) => path.includes(`/movie/${nightOfTheLivingDead.tmdbId}`));
    expect(lookUps.length).toBeLessThan(12);
    expect(shown(bad)).toMatchObject({ state: 'attention', attention: { code: 'no-details' } });
  });

  test('its details come at last: the alarm is taken back', async () => {
    const { live, sandbox } = await move();
    const lift = sandbox.seerr.faults.fail('movie', {
      status: 500,
      body: { message: 'Unable to retrieve movie.' },
      times: Infinity,
    });
    const id = requestMovie(tearsOfSteel.tmdbId);
    await live(DAY, 10 * MINUTE);
    expect(shown(id)?.state).toBe('attention');
    lift();
    await live(DAY, 10 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'active', attention: null, title: 'Tears of Steel' });
  });

  test('a season without episodes, and a kind of request we do not know, stop nobody', async () => {
    const { live } = await move();
    const tmdbId = 900_501;
    season(tmdbId, []);
    const empty = requestShow(tmdbId, [1]);
    release();
    const good = requestMovie();
    await live(10 * MINUTE);
    expect(status(good)).toBe(COMPLETED);
    expect(status(empty)).toBe(APPROVED);
  });

  test('a row of a kind we do not know does not hide the others', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestMovie();
    const { results } = await read('/request?filter=approved&take=500&skip=0');
    const other = { id: 77, status: 2, type: 'music', is4k: false, media: { id: 9, tmdbId: null, status: 3 } };
    const body = { pageInfo: { results: 2 }, results: [...(results as object[]), other] };
    sandbox.seerr.faults.fail('approvedList', { body, times: 5 });
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a title without an IMDb id waits and says why; the id that comes later is used', async () => {
    const { live, sandbox } = await move();
    const movie = sandbox.world.addMovie({ tmdbId: 900_502, imdbId: '', title: 'Synthetic Nameless', year: 2001 });
    const id = requestMovie(900_502);
    await live(HOUR, MINUTE);
    expect(shown(id)).toMatchObject({
      state: 'attention',
      attention: { code: 'no-imdb-id' },
      wants: [{ state: 'waiting' }],
    });
    movie.imdbId = 'tt9900502';
    release({ of: 'tt9900502', name: 'Synthetic Nameless 2001 1080p BluRay x265-GRP' });
    await live(DAY + HOUR, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('1,200 episodes cost a few calls, and others go on', async () => {
    const { tick, live, sandbox } = await move();
    const tmdbId = 900_503;
    season(tmdbId, Array(1200).fill('2010-01-01'));
    requestShow(tmdbId, [1]);
    release();
    const good = requestMovie();
    await tick();
    await live(5 * MINUTE);
    expect(status(good)).toBe(COMPLETED);
    expect(sandbox.seerr.counts().season).toBe(1);
    expect(sandbox.jellyfin.counts().episodes ?? 0).toBeLessThan(3);
  });
});

describe('a large backlog', () => {
  test('reading details leaves time in the tick for what is ready to go', async () => {
    const { tick, sandbox, clock } = await move();
    release();
    requestMovie();
    for (const tmdbId of movies(40)) {
      requestMovie(tmdbId);
    }
    sandbox.seerr.tap(async (phase, { operation }) => {
      if (phase === 'before' && operation === 'movie') {
        clock.pass(2_000);
      }
    });
    const began = clock.now();
    await tick();
    expect(clock.now() - began).toBeLessThan(MINUTE);
    expect(adds()).toBe(1);
  });
});
