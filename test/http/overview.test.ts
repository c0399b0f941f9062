import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Overview, overview } from '../../src/overview/index.js';
import { OPEN_TITLES, packFiles } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { CROWD, crowd, SHOW_ID } from '../support/crowd.js';
import { liveALittle, livedInWorld } from '../support/livedIn.js';
import { type Served, served } from '../support/served.js';

/** What the page is told, of states that really came about. */

const { sintel, tearsOfSteel, pioneerOne } = OPEN_TITLES;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MB = 1024 ** 2;

let home: Served;
beforeEach(async () => {
  home = await served({ sandbox: { world: livedInWorld() } });
});
afterEach(() => home.stop());

const look = (): Overview =>
  overview(home.store, {
    version: '0.0.0-test',
    startedAt: home.clock.now(),
    now: home.clock.now(),
    stuck: null,
    limits: {
      torrentio: { used: home.app.services.stats().torrentioCallsUsed, perDay: home.config.torrentio.dailyBudget },
      realDebrid: { perMinute: home.config.realDebrid.requestsPerMinute },
    },
    stalledAfter: home.config.inFlight.stalledAfter,
  });
const release = (of: string, name: string, more: object = {}) =>
  home.sandbox.world.addRelease({ of, name, cached: true, bytes: 800 * MB, ...more });
const movie = (tmdbId: number) => home.sandbox.seerr.request({ tmdbId, type: 'movie' });
const inMinutes = (iso: string | null) => Math.round((Date.parse(iso ?? '') - home.clock.now()) / MINUTE);

test('two days in a household: needs somebody, on its way, waits, done and why', async () => {
  await liveALittle(home);
  const shown = look();
  expect(shown.openRequests).toBe(7);
  expect(shown.needsYou.items).toMatchObject([
    { code: 'misidentified', subject: 'The Imaginary Lighthouse (2019)', hint: expect.stringContaining('Identify it') },
    { code: 'numbering', subject: 'Made-up Tides (2024)' },
  ]);
  expect(shown.fetching.items).toMatchObject([
    { title: 'Big Buck Bunny (2008)', part: null, stage: 'downloading', progress: 42 },
    { title: 'Pioneer One (2010)', part: 'Season 1, E01-E06', stage: 'downloading', progress: 68 },
    { title: 'The Imaginary Lighthouse (2019)', stage: 'ready' },
    { title: 'Invented Gardens (2021)', stage: 'ready' },
  ]);
  expect(shown.waiting.items.map(({ title }) => title)).toEqual([
    'Made-up Tides (2024)',
    'Tears of Steel (2012)',
    'Synthetic Sunrise (2027)',
  ]);
  expect(shown.waiting.items[0]?.parts.items).toContainEqual({
    part: 'Season 2, E04-E06',
    why: 'Not out yet',
    until: '2026-11-28T00:00:00.000Z',
    due: false,
  });
  expect(shown.waiting.items[1]?.parts.items).toMatchObject([
    { part: null, why: expect.stringMatching(/^None of 2 releases on offer will do, mostly: /) },
  ]);
  expect(shown.done.items).toMatchObject([
    {
      title: 'Sintel (2010)',
      release: 'Sintel 2010 1080p BluRay x265-GRP',
      told: '1080p bluray, 84 seeders, 1.4 GB · Real-Debrid had it at once',
      why: 'The best of 2 acceptable ones; 2 releases on offer',
      more: [],
    },
    {
      title: 'Night of the Living Dead (1968)',
      why: 'Number 2 of 3 acceptable ones; 4 releases on offer',
      more: [
        'Tried before: Night of the Living Dead 1968 1080p BluRay REMUX-DEMO (Real-Debrid refuses it by its name)',
        'Refused: 1 banned',
      ],
    },
    { title: 'Made-up Tides (2024)', part: 'Season 2, E01-E02', told: '2 releases, an episode each' },
  ]);
});

describe('why something waits', () => {
  const why = () => look().waiting.items.map(({ parts }) => parts.items[0]);

  test('nothing is on offer; then new grabs are paused', async () => {
    movie(tearsOfSteel.tmdbId);
    await home.tick();
    expect(why()).toMatchObject([{ why: 'No release is on offer yet', due: false }]);
    expect(inMinutes(why()[0]?.until ?? null)).toBe(5);
    await command(home, ['pause']);
    expect(look().paused).toBe(true);
    expect(why()).toMatchObject([{ why: 'New grabs are paused', until: null }]);
  });

  test('a service is left alone: which, why and until when', async () => {
    home.sandbox.torrentio.faults.fail('*', { status: 429, times: Infinity });
    movie(tearsOfSteel.tmdbId);
    await home.tick();
    expect(why()).toMatchObject([{ why: expect.stringMatching(/^Torrentio is left alone: /) }]);
    const { services, needsYou } = look();
    expect(services[0]).toMatchObject({ service: 'torrentio', state: 'left-alone', failed: 1 });
    expect(inMinutes(services[0]?.until ?? null)).toBe(60);
    expect(needsYou.items).toEqual([]);
  });

  test('a refused token needs somebody, said once for all requests', async () => {
    home.sandbox.realDebrid.token = 'a-token-that-was-renewed-0123456789';
    release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
    release(tearsOfSteel.imdbId, 'Tears of Steel 2012 1080p BluRay x265-GRP');
    movie(sintel.tmdbId);
    movie(tearsOfSteel.tmdbId);
    await home.tick();
    const { needsYou, services, waiting } = look();
    expect(needsYou.items).toMatchObject([
      {
        subject: null,
        message: 'Real-Debrid refuses the token',
        code: 'credentials',
        hint: expect.stringContaining('real-debrid.com/apitoken'),
      },
    ]);
    expect(services[1]).toMatchObject({ service: 'realDebrid', state: 'refused' });
    expect(waiting.items).toHaveLength(2);
  });

  test('a library that has lost its titles needs somebody', async () => {
    for (let i = 0; i < 20; i += 1) {
      home.sandbox.world.addMovie({
        tmdbId: 910_000 + i,
        imdbId: `tt99${10_000 + i}`,
        title: `Invented ${i}`,
        year: 2020,
      });
      home.sandbox.jellyfin.ownMovie({ tmdbId: 910_000 + i });
    }
    movie(tearsOfSteel.tmdbId);
    await home.live(2 * MINUTE);
    for (const { id } of home.sandbox.jellyfin.items()) {
      home.sandbox.jellyfin.removeItem(id);
    }
    await home.live(9 * HOUR, 5 * MINUTE);
    expect(look().needsYou.items).toMatchObject([{ code: 'library-shrunk', subject: null }]);
  });
});

test('a download that stands still says since when, and when it is given up', async () => {
  release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP', { cached: false, stallsAt: 30, downloadMs: 10 * MINUTE });
  movie(sintel.tmdbId);
  await home.live(5 * MINUTE);
  expect(look().fetching.items).toMatchObject([{ progress: 30, stalled: null }]);
  await home.live(20 * MINUTE);
  const [item] = look().fetching.items;
  expect(inMinutes(item?.stalled?.since ?? null)).toBeLessThanOrEqual(-20);
  expect(Date.parse(item?.stalled?.until ?? '') - Date.parse(item?.stalled?.since ?? '')).toBe(60 * MINUTE);
});

test('what the account held already, and what Jellyfin had, are told as that', async () => {
  const { hash } = release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
  home.sandbox.realDebrid.addForeign(hash, { select: 'all' });
  home.sandbox.jellyfin.ownMovie({ tmdbId: tearsOfSteel.tmdbId });
  movie(sintel.tmdbId);
  movie(tearsOfSteel.tmdbId);
  await home.live(10 * MINUTE);
  expect(
    look()
      .done.items.map(({ title, told }) => `${title}: ${told}`)
      .sort(),
  ).toEqual([
    expect.stringMatching(/^Sintel \(2010\): .*It was in the account already$/),
    'Tears of Steel (2012): Jellyfin had it already',
  ]);
});

test('calls by the hour, this hour last, and what the limits are', async () => {
  release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
  movie(sintel.tmdbId);
  await home.live(3 * HOUR, 10 * MINUTE);
  const { services } = look();
  const seerr = services.find(({ service }) => service === 'seerr');
  expect(seerr?.hours).toHaveLength(24);
  expect(seerr?.hours.slice(0, 20).every((n) => n === 0)).toBe(true);
  expect(seerr?.hours.reduce((sum, n) => sum + n, 0)).toBe(home.sandbox.seerr.requests.length);
  expect(seerr).toMatchObject({ calls: home.sandbox.seerr.requests.length, failed: 0, limit: null });
  expect(services[0]?.limit).toEqual({ used: 1, of: 4000, per: 'day' });
  expect(services[1]?.limit).toMatchObject({ of: 100_000, per: 'minute' });
  expect(services[1]?.limit?.used).toBeGreaterThanOrEqual(3);
});

test('a thousand requests and a show of 1,200 episodes: a bounded answer, in bounded time', () => {
  crowd(home.store, home.clock.now());
  const began = process.cpuUsage();
  const shown = look();
  const { user, system } = process.cpuUsage(began);
  expect(shown.openRequests).toBe(CROWD + 1);
  expect(shown.needsYou).toMatchObject({ more: 22 });
  expect(shown.waiting.items).toHaveLength(30);
  expect(shown.waiting.more).toBe(CROWD + 1 - 30);
  const show = shown.waiting.items.find(({ requestId }) => requestId === SHOW_ID);
  expect(show?.parts.items).toHaveLength(8);
  expect(show?.parts.items[0]).toMatchObject({ part: 'Season 1, E01-E24', due: true });
  expect(show?.parts.more).toBe(42);
  expect(JSON.stringify(shown).length).toBeLessThan(60_000);
  // Some 80 ms; with queries for each want it is more than a second.
  expect((user + system) / 1000).toBeLessThan(700);
});

test('a season that came by single episodes is told of once, and names them', async () => {
  for (let n = 1; n <= 6; n += 1) {
    release(pioneerOne.imdbId, `Pioneer One S01E0${n} 1080p WEB x265-ONE`);
  }
  home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await home.live(10 * MINUTE);
  const { done } = look();
  expect(done.items).toMatchObject([{ part: 'Season 1, E01-E06', told: '6 releases, an episode each', release: null }]);
  expect(done.items[0]?.more).toHaveLength(6);
});

test('a pack says of which season it is', async () => {
  const name = 'Pioneer One S01 1080p BluRay x265-PACK';
  release(pioneerOne.imdbId, name, { files: packFiles(name, 1, [1, 2, 3, 4, 5, 6]) });
  home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await home.tick();
  expect(look().fetching.items).toMatchObject([{ part: 'Season 1, E01-E06', release: name, stage: 'ready' }]);
});
