import { afterEach, describe, expect, test } from '@jest/globals';
import { type CheckTarget, checkStreams } from '../../src/check.js';
import { reject } from '../../src/orders.js';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { withWork } from '../../src/work.js';
import { type Household, household } from '../support/household.js';

/** The budget table, counted where it counts: at the stand-ins. */

const MINUTE = 60_000;
const GB = 1024 ** 3;
const { sintel, pioneerOne } = OPEN_TITLES;

let home: Household;
afterEach(() => home.stop());

type Mode = 'probe' | 'instant';
const modes: Mode[] = ['probe', 'instant'];

const start = async (mode: Mode, config: Record<string, string> = {}) => {
  home = await household({ sandbox: { rdMode: mode }, config: { 'realDebrid.availability': mode, ...config } });
  return home;
};

const countedOperations = ['instantAvailability', 'addMagnet', 'info', 'selectFiles', 'delete'] as const;

/** Stream calls and counted Real-Debrid calls, as the stand-ins saw them. */
const spent = () => {
  const rd = home.sandbox.realDebrid.counts();
  return {
    torrentio: home.sandbox.torrentio.counts().stream ?? 0,
    realDebrid: countedOperations.reduce((sum, operation) => sum + (rd[operation] ?? 0), 0),
  };
};

const names = ['x265-A', 'x265-B', 'x265-C', 'x265-D'].map((end) => `Sintel 2010 1080p BluRay ${end}`);

/** Candidates in rank order: more seeders first among equals. */
const candidates = (...fates: Partial<ReleaseSpec>[]) =>
  fates.map((fate, i) =>
    home.sandbox.world.addRelease({
      of: sintel.imdbId,
      name: names[i] ?? `Sintel 2010 1080p BluRay x265-${i}`,
      seeders: 10 ** (5 - i),
      ...fate,
    }),
  );

const addPack = () => {
  const name = 'Pioneer One S01 1080p BluRay x265-PACK';
  const files = packFiles(name, 1, [1, 2, 3, 4, 5, 6]);
  return home.sandbox.world.addRelease({ of: pioneerOne.imdbId, name, files, cached: true });
};

const requestSintel = () => home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });

const accountHashes = () => home.sandbox.realDebrid.entries().map(({ hash }) => hash);

describe.each(modes)('calls spent, %s mode', (mode) => {
  const instant = mode === 'instant';

  test('grab, cached: 1 + 3', async () => {
    const { live, sandbox } = await start(mode);
    const [only] = candidates({ cached: true });
    const id = requestSintel();
    await live(5 * MINUTE);
    expect(spent()).toEqual({ torrentio: 1, realDebrid: 3 });
    expect(accountHashes()).toEqual([only?.hash]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test(`grab, uncached: 1 + ${instant ? 4 : 3}`, async () => {
    const { live, sandbox } = await start(mode);
    const [only] = candidates({ cached: false, downloadMs: 3 * MINUTE });
    const id = requestSintel();
    await live(10 * MINUTE);
    expect(spent()).toEqual({ torrentio: 1, realDebrid: instant ? 4 : 3 });
    expect(accountHashes()).toEqual([only?.hash]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('a candidate refused by name costs 1 more', async () => {
    const { live } = await start(mode);
    const [, second] = candidates({ cached: true, infringing: true }, { cached: true });
    requestSintel();
    await live(5 * MINUTE);
    expect(spent()).toEqual({ torrentio: 1, realDebrid: 3 + 1 });
    expect(accountHashes()).toEqual([second?.hash]);
  });

  test('a candidate refused by its files costs at most 3 more, and leaves nothing behind', async () => {
    const { live } = await start(mode);
    const files = [
      { path: 'Sintel/Sintel.2010.1080p.mkv', bytes: 2 * 1024 ** 3 },
      { path: 'Sintel/codec.exe', bytes: 5_000_000 },
    ];
    // Where Real-Debrid can be asked, a cached one would be judged by its answer and never be added.
    const cached = !instant;
    const [, second] = candidates({ cached, files }, { cached });
    requestSintel();
    await live(5 * MINUTE);
    const calls = spent();
    expect(calls.torrentio).toBe(1);
    expect(calls.realDebrid).toBe((instant ? 4 : 3) + 3);
    expect(accountHashes()).toEqual([second?.hash]);
  });

  test(`a candidate that is not cached and removed costs ${instant ? 'nothing' : '5'} more`, async () => {
    const { live } = await start(mode);
    const [, second] = candidates({ cached: false }, { cached: true });
    requestSintel();
    await live(5 * MINUTE);
    // Where Real-Debrid can be asked, the cached one comes first and the other is never added.
    expect(spent()).toEqual({ torrentio: 1, realDebrid: instant ? 3 : 3 + 5 });
    expect(accountHashes()).toEqual([second?.hash]);
  });

  test('the same request within the time to live, and idle ticks: nothing but one Seerr call', async () => {
    const { live, sandbox, tick, clock } = await start(mode);
    candidates({ cached: true });
    requestSintel();
    await live(5 * MINUTE);
    sandbox.clearLogs();
    for (let i = 0; i < 5; i += 1) {
      await tick();
      clock.pass(MINUTE);
    }
    expect(spent()).toEqual({ torrentio: 0, realDebrid: 0 });
    expect(sandbox.realDebrid.requests).toHaveLength(0);
    expect(sandbox.jellyfin.requests).toHaveLength(0);
    expect(sandbox.seerr.requests.map(({ path }) => path)).toEqual(
      Array(5).fill('/api/v1/request?filter=approved&take=500&skip=0'),
    );
  });

  test(`a whole season by one pack: 2 + ${instant ? 4 : 3} at most`, async () => {
    const { live, sandbox } = await start(mode);
    const { hash } = addPack();
    const id = sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
    await live(5 * MINUTE);
    const calls = spent();
    expect(calls.torrentio).toBeLessThanOrEqual(2);
    expect(calls.realDebrid).toBeLessThanOrEqual(instant ? 4 : 3);
    expect(sandbox.realDebrid.entries()).toMatchObject([{ hash }]);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });
});

describe.each(modes)('limits.newGrabsPerHour, %s mode', (mode) => {
  test('of eight films asked for at once two come in each hour', async () => {
    const { live, sandbox } = await start(mode, { 'limits.newGrabsPerHour': '2' });
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const [tmdbId, imdbId, title] = [660_000 + n, `tt660000${n}`, `Synthetic Rate ${n}`];
      sandbox.world.addMovie({ tmdbId, imdbId, title, releaseDate: '2020-01-01' });
      sandbox.world.addRelease({ of: imdbId, name: `${title} 2020 1080p BluRay x265-A`, seeders: 5000 });
      sandbox.world.addRelease({ of: imdbId, name: `${title} 2020 1080p BluRay x265-B`, cached: true });
      sandbox.seerr.request({ tmdbId, type: 'movie' });
    }
    await live(55 * MINUTE, 5 * MINUTE);
    expect(accountHashes()).toHaveLength(2);
    await live(60 * MINUTE, 5 * MINUTE);
    expect(accountHashes()).toHaveLength(4);
  });
});

describe('calls spent by check', () => {
  const movie: CheckTarget = { imdbId: sintel.imdbId, season: null, episode: null, tier: 'standard' };
  const check = async (target = movie) => {
    const never = new AbortController().signal;
    const tick = home.app.context({ stop: never, abort: never, timeBox: MINUTE });
    return withWork({ plan: 'check' }, () => checkStreams(tick, target, { probe: true, plan: 'check' }));
  };

  test.each([
    ['probe', true, 3],
    ['probe', false, 3],
    ['instant', true, 1],
    ['instant', false, 4],
  ] as const)('%s mode, cached %s: 1 + %i, and the account is as before', async (mode, cached, realDebrid) => {
    await start(mode);
    const [only] = candidates({ cached });
    const checked = await check();
    expect(spent()).toEqual({ torrentio: 1, realDebrid });
    expect(checked.calls).toEqual({ torrentio: 1, realDebrid });
    expect(checked.chosen).toBe(only?.hash);
    expect(checked.candidates[0]?.cached).toBe(mode === 'probe' ? null : cached);
    expect(checked.candidates[0]?.files).toHaveLength(1);
    expect(home.sandbox.realDebrid.entries()).toHaveLength(0);

    home.sandbox.clearLogs();
    expect((await check()).chosen).toBe(only?.hash);
    expect(spent()).toEqual({ torrentio: 0, realDebrid: 0 });
  });

  test.each([
    ['probe', 3],
    ['instant', 1],
  ] as const)('%s mode, a season: 2 + %i, the pack that spans it with all its episodes', async (mode, realDebrid) => {
    await start(mode);
    const { hash } = addPack();
    const checked = await check({ imdbId: pioneerOne.imdbId, season: 1, episode: null, tier: 'standard' });
    expect(spent()).toEqual({ torrentio: 2, realDebrid });
    expect(checked).toMatchObject({ title: 'Pioneer One (2010)', chosen: hash, remarks: [] });
    expect(checked.candidates[0]?.files).toHaveLength(6);
    expect(home.sandbox.realDebrid.entries()).toHaveLength(0);
  });

  test('a season that airs: its last episode, and that is said', async () => {
    await start('probe');
    const imdbId = 'tt9000701';
    const airDates = ['2026-11-01', '2026-11-08', '2026-12-08'];
    home.sandbox.world.addShow({
      tmdbId: 900_701,
      imdbId,
      title: 'Synthetic Week',
      seasons: [{ number: 1, airDates }],
    });
    const { hash } = home.sandbox.world.addRelease({ of: imdbId, name: 'Synthetic Week S01E02 1080p WEB x265-ONE' });
    const checked = await check({ imdbId, season: 1, episode: null, tier: 'standard' });
    expect(checked.chosen).toBe(hash);
    expect(checked.remarks).toEqual([expect.stringMatching(/still airs \(2 of 3 episodes are due\).*episode 2/)]);
  });

  test('whose files will not do is refused, with the reason, behind what is left', async () => {
    const { sandbox } = await start('probe');
    const bad = sandbox.world.addRelease({
      of: sintel.imdbId,
      name: 'Sintel 2010 1080p BluRay x265-BAD',
      seeders: 5_000,
      files: [
        { path: 'Sintel.2010.mkv', bytes: 1.5 * GB },
        { path: 'codec.exe', bytes: 10 },
      ],
    });
    const good = sandbox.world.addRelease({
      of: sintel.imdbId,
      name: 'Sintel 2010 720p BluRay x265-GOOD',
      bytes: GB / 2,
    });
    const { candidates: judged, chosen } = await check();
    expect(chosen).toBe(good.hash);
    expect(judged.map(({ verdict }) => [verdict.release.infoHash, verdict.accepted])).toEqual([
      [good.hash, true],
      [bad.hash, false],
    ]);
    expect(judged[1]?.verdict).toMatchObject({ score: null, rejections: [{ code: 'executable', got: '/codec.exe' }] });
  });

  test('what Real-Debrid refuses by its name is refused', async () => {
    const { sandbox } = await start('probe');
    sandbox.world.addRelease({ of: sintel.imdbId, name: 'Sintel.2010.1080p.WEB-DL.x265-GRP', cached: true });
    const { candidates: judged, chosen } = await check();
    expect(chosen).toBeNull();
    expect(judged[0]?.verdict).toMatchObject({ accepted: false, rejections: [{ code: 'refused-by-name' }] });
  });

  test('anime by absolute numbers is looked into as it would be taken', async () => {
    const { sandbox } = await start('probe');
    const anime = { tmdbId: 900_702, imdbId: 'tt9000702', title: 'Synthetic Drift' };
    const airDates = ['2020-01-01', '2020-01-08'];
    sandbox.world.addShow({ ...anime, keywords: [{ id: 210_024, name: 'anime' }], seasons: [{ number: 1, airDates }] });
    const name = '[G] Synthetic Drift - 02 [1080p][WEB][HEVC]';
    const { hash } = sandbox.world.addRelease({
      of: anime.imdbId,
      name,
      files: [{ path: `${name}.mkv`, bytes: GB, season: 1, episodes: [2] }],
    });
    const checked = await check({ imdbId: anime.imdbId, season: 1, episode: 2, tier: 'standard' });
    expect(checked).toMatchObject({ chosen: hash, remarks: [], candidates: [{ files: [{ id: 1 }] }] });
  });

  test('a series asked for as a movie, or the other way round: that is said', async () => {
    await start('probe');
    const series = await check({ ...movie, imdbId: pioneerOne.imdbId });
    expect(series.remarks).toEqual([
      expect.stringContaining(`that of a series: ask for a season (${pioneerOne.imdbId}:1)`),
    ]);
    const film = await check({ ...movie, season: 1, episode: 1 });
    expect(film.remarks).toEqual([`This id is that of a movie: ask for it as ${sintel.imdbId}.`]);
    const unknown = await check({ ...movie, imdbId: 'tt9000799' });
    expect(unknown.remarks).toEqual([expect.stringContaining('does not tell title and year')]);
  });

  test('what a person rejected is refused here, too', async () => {
    const { live } = await start('probe');
    const [only] = candidates({ cached: true });
    const id = requestSintel();
    await live(3 * MINUTE);
    const row = home.store.requests.get(id);
    reject(
      home.store,
      { requests: row === undefined ? [] : [row], wants: home.store.wants.ofRequest(id).map(({ want }) => want) },
      home.clock.now(),
    );
    const checked = await check();
    expect(checked.candidates[0]).toMatchObject({ verdict: { release: { infoHash: only?.hash }, accepted: false } });
    expect(checked.chosen).toBeNull();
  });
});

describe('auto mode', () => {
  test('asks instantAvailability once per database, and that call is charged to nobody', async () => {
    const { live, sandbox, restart } = await start('probe', { 'realDebrid.availability': 'auto' });
    candidates({ cached: true });
    const id = requestSintel();
    await live(2 * MINUTE);
    restart();
    addPack();
    sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
    await live(2 * MINUTE);
    expect(sandbox.realDebrid.counts().instantAvailability).toBe(1);
    expect(home.store.journal.chargedTo(id)).toEqual({ torrentio: 1, realDebrid: 3 });
  });
});
