import { afterEach, describe, expect, test } from '@jest/globals';
import { packFiles } from '../../src/sandbox/index.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** Which torrents serve a series, and what finding them costs. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMPLETED = 5;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const { show, release, single, seasonPack, saga, request, status, owned, adds, streams, spentOnRd, entries, hashes } =
  sagaOf(() => home);
const shape = (id: number) =>
  home.store.journal.ofRequest(id, 100).find(({ code }) => code === 'search-shape')?.text ?? '';
const profile = (key: string, value: string) => ({ [`selection.profiles.default.${key}`]: value });

describe('ten episodes by one pack', () => {
  test.each([
    ['probe', true, 3],
    ['probe', false, 3],
    ['instant', true, 3],
    ['instant', false, 4],
  ] as const)('%s mode, cached %s: 2 + %i calls', async (mode, cached, realDebrid) => {
    const { live } = await move({ sandbox: { rdMode: mode }, config: { 'realDebrid.availability': mode } });
    show(aired(10));
    const all = Array.from({ length: 10 }, (_, i) => i + 1);
    const { hash } = seasonPack(1, all, { cached, downloadMs: 2 * MINUTE });
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toMatchObject([{ hash, selected: all }]);
    expect([streams(), spentOnRd()]).toEqual([2, realDebrid]);
    expect(home.store.journal.chargedTo(id)).toEqual({ torrentio: 2, realDebrid });
  });
});

describe('a torrent for some of the seasons', () => {
  test('the first two of three: the third comes on its own, for no search more', async () => {
    const { live } = await move();
    show(aired(2), aired(2), aired(2));
    const both = saga({ 1: [1, 2], 2: [1, 2] });
    const last = seasonPack(3, [1, 2]);
    const id = request([1, 2, 3]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual([both.hash, last.hash].sort());
    expect(adds()).toBe(2);
    // First and last episode of each season is what season by season would ask.
    expect(streams()).toBeLessThanOrEqual(6);
  });

  test('the last two of three: likewise', async () => {
    const { live } = await move();
    show(aired(2), aired(2), aired(2));
    const first = seasonPack(1, [1, 2]);
    const both = saga({ 2: [1, 2], 3: [1, 2] });
    const id = request([1, 2, 3]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual([first.hash, both.hash].sort());
    expect(adds()).toBe(2);
    expect(streams()).toBeLessThanOrEqual(6);
  });

  test('one that lacks the last episode of all serves the seasons that it has whole', async () => {
    const { live } = await move();
    show(aired(2), aired(2), aired(2));
    const most = saga({ 1: [1, 2], 2: [1, 2], 3: [1] });
    single(3, 2);
    const id = request([1, 2, 3]);
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(home.sandbox.realDebrid.entriesOf(most.hash)).toHaveLength(1);
    expect(entries()).toHaveLength(2);
  });

  test('more seasons than are wanted: only the wanted ones are selected', async () => {
    const { live } = await move();
    show(aired(2), aired(2), aired(2), aired(2));
    saga({ 1: [1, 2], 2: [1, 2], 3: [1, 2], 4: [1, 2] });
    const id = request([2, 3]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toMatchObject([{ selected: [3, 4, 5, 6] }]);
    expect(owned(1)).toEqual([]);
  });

  test('none on offer for any of five seasons: still at most four searches a season', async () => {
    const { live } = await move();
    show(...Array.from({ length: 5 }, () => aired(10)));
    request([1, 2, 3, 4, 5]);
    await live(2 * MINUTE);
    expect(streams()).toBeLessThanOrEqual(5 * 4);
    expect(adds()).toBe(0);
  });
});

describe('a pack that does not span all that is missing', () => {
  test.each([
    ['the last episode', [1, 2, 3, 4, 5], [6]],
    ['the first', [2, 3, 4, 5, 6], [1]],
    ['both', [2, 3, 4, 5], [1, 6]],
  ])('lacks %s: one add for what it has, and singles for the rest', async (_, has, lacks) => {
    const { live } = await move();
    show(aired(6));
    const { hash } = seasonPack(1, has);
    const ends = lacks.map((n) => single(1, n));
    const id = request([1]);
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual([hash, ...ends.map((one) => one.hash)].sort());
    expect(home.sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: has.map((_, i) => i + 1) }]);
    expect(adds()).toBe(1 + lacks.length);
  });

  test('preferred to singles where the profile prefers packs', async () => {
    const { live } = await move();
    show(aired(6));
    const { hash } = seasonPack(1, [1, 2, 3, 4, 5]);
    for (const n of [1, 2, 3, 4, 5, 6]) {
      single(1, n);
    }
    const id = request([1]);
    await live(15 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toHaveLength(2);
    expect(home.sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
  });

  test.each([true, false])('of a season that airs, where there is nothing else: one add, cached %s', async (cached) => {
    const { live } = await move();
    show(['2026-11-03', '2026-11-10', '2026-11-17', '2026-12-24']);
    const { hash } = seasonPack(1, [1, 2, 3], { cached, downloadMs: 2 * MINUTE });
    request([1]);
    await live(15 * MINUTE);
    expect(owned(1)).toEqual([1, 2, 3]);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2, 3] }]);
    expect(adds()).toBe(1);
  });

  test('and is not cached, where one of its episodes is as a single', async () => {
    const { live } = await move();
    show(['2026-11-03', '2026-11-10', '2026-11-17', '2026-12-24']);
    const pack = seasonPack(1, [1, 2, 3], { cached: false, downloadMs: 2 * MINUTE });
    single(1, 2, { cached: true });
    request([1]);
    await live(30 * MINUTE);
    expect([...new Set(owned(1))]).toEqual([1, 2, 3]);
    expect(home.sandbox.realDebrid.entriesOf(pack.hash)).toHaveLength(1);
    expect(adds()).toBeLessThanOrEqual(2);
  });

  test.each([
    ['all in another pack', '1080p BluRay', [[1, 2, 3]]],
    ['each as a single', '720p WEB', [[1], [2], [3]]],
  ])(
    'of a season that airs, uncached, which a tick ends too early to see: cached are %s, and come instead',
    async (_, quality, holding) => {
      const { live, sandbox } = await move({ config: profile('preferCached', 'always') });
      show(['2026-11-03', '2026-11-10', '2026-11-17', '2026-12-24']);
      seasonPack(1, [1, 2, 3], { cached: false, downloadMs: 2 * HOUR, seeders: 5000 });
      const others = holding.map((episodes) => {
        const name = `Synthetic Saga S01${episodes.length > 1 ? '' : `E0${episodes[0]}`} ${quality} x265-NEXT`;
        return release(name, { files: packFiles(name, 1, episodes), seeders: 50 });
      });
      const lift = sandbox.realDebrid.tap(async (phase, { operation }) => {
        if (phase === 'after' && operation === 'selectFiles') {
          lift();
          sandbox.realDebrid.faults.fail('list', { resetBefore: true, times: 3 });
        }
      });
      request([1]);
      await live(30 * MINUTE);
      expect(hashes()).toEqual(others.map(({ hash }) => hash).sort());
      expect(owned(1)).toEqual([1, 2, 3]);
    },
  );
});

describe('the profile’s word on packs', () => {
  test('season packs avoided: singles, and a pack for what has none', async () => {
    const { live } = await move({ config: profile('packs.season', 'avoid') });
    show(aired(4));
    const pack = seasonPack(1, [1, 2, 3, 4]);
    const [one, three] = [single(1, 1), single(1, 3)];
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual([pack.hash, one.hash, three.hash].sort());
    expect(home.sandbox.realDebrid.entriesOf(pack.hash)).toMatchObject([{ selected: [2, 4] }]);
    expect(shape(id)).toContain('the profile avoids season packs');
  });

  test('packs of several seasons avoided: season by season', async () => {
    const { live } = await move({ config: profile('packs.multiSeason', 'avoid') });
    show(aired(2), aired(2));
    saga({ 1: [1, 2], 2: [1, 2] });
    const packs = [seasonPack(1, [1, 2]), seasonPack(2, [1, 2])];
    const id = request([1, 2]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual(packs.map(({ hash }) => hash).sort());
    expect(shape(id)).toContain('season 1: pack');
  });

  test('a lone missing episode takes its single, not the pack of the same quality', async () => {
    const { live, sandbox } = await move();
    show(aired(3));
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 3] });
    const name = 'Synthetic Saga S01 1080p WEB x265-PACK';
    release(name, { files: packFiles(name, 1, [1, 2, 3]) });
    const only = single(1, 2);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(hashes()).toEqual([only.hash]);
    expect(shape(id)).toContain('one episode of 3 is missing');
  });
});

describe('what is in a pack', () => {
  const name = 'Synthetic Saga S01 1080p BluRay x265-PACK';
  /** `is` = what the addon and Jellyfin take the file for, where its name does not say. */
  const file = (path: string, is?: number) => ({
    path: `${name}/${path}`,
    bytes: 1024 * MB,
    ...(is === undefined ? {} : { season: 1, episodes: [is] }),
  });

  test('files named by season folder, by episode folder and as 1x03', async () => {
    const { live } = await move();
    show(aired(4));
    release(name, {
      files: [
        file('Season 1/01 - The Beginning.mkv', 1),
        file('Synthetic.Saga.S01E02.1080p/abc123.mkv', 2),
        file('Synthetic Saga 1x03.mkv'),
        file('Season 1/104.mkv', 4),
      ],
    });
    const id = request([1]);
    await live(10 * MINUTE);
    expect(entries()).toMatchObject([{ selected: [1, 2, 3, 4] }]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('one number twice and one not at all: the larger file, and a single for what is missing', async () => {
    const { live } = await move();
    show(aired(4));
    const { hash } = release(name, {
      files: [
        file('Synthetic.Saga.S01E01.mkv'),
        { ...file('Synthetic.Saga.S01E02.mkv'), bytes: 900 * MB },
        file('Synthetic.Saga.S01E02.REPACK.mkv'),
        file('Synthetic.Saga.S01E04.mkv'),
      ],
    });
    const missing = single(1, 3);
    const id = request([1]);
    await live(15 * MINUTE);
    expect(home.sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 3, 4] }]);
    expect(hashes()).toEqual([hash, missing.hash].sort());
    expect(status(id)).toBe(COMPLETED);
  });

  test('what the addon files under one episode and names itself another is not taken for it', async () => {
    const { live } = await move();
    show(aired(3));
    const { hash } = release(name, {
      files: [
        file('Synthetic.Saga.S01E01.mkv'),
        file('Synthetic.Saga.S02E07.mkv', 2),
        file('Synthetic.Saga.S01E03.mkv'),
      ],
    });
    request([1]);
    await live(15 * MINUTE);
    expect(home.sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 3] }]);
  });

  test('nothing that can be told apart: refused with a reason, and each episode on its own', async () => {
    const { live } = await move();
    show(aired(2));
    const { hash } = release(name, { files: [file('first.mkv', 1), file('second.mkv', 2)] });
    const singles = [single(1, 1), single(1, 2)];
    const id = request([1]);
    await live(15 * MINUTE);
    expect(hashes()).toEqual(singles.map((one) => one.hash).sort());
    expect(status(id)).toBe(COMPLETED);
    const refused = home.store.journal.ofRequest(id, 100).find(({ code }) => code === 'refused-files');
    expect(refused?.data).toMatchObject({ infoHash: hash, rejection: { code: 'episode-absent' } });
  });
});

describe('long shows', () => {
  test('a thousand singles of old requests do not hold up a new one', async () => {
    const { tick, clock, sandbox } = await move();
    for (let number = 0; number < 5; number += 1) {
      const title = `Synthetic Epic ${'ABCDE'[number]}`;
      const imdbId = `tt900070${number}`;
      sandbox.world.addShow({
        tmdbId: 900_700 + number,
        imdbId,
        title,
        seasons: [{ number: 1, airDates: aired(200) }],
      });
      for (let n = 1; n <= 200; n += 1) {
        const name = `${title} S01E${String(n).padStart(2, '0')} 1080p WEB x265-ONE`;
        sandbox.world.addRelease({ of: imdbId, name, cached: true });
      }
      sandbox.seerr.request({ tmdbId: 900_700 + number, type: 'tv', seasons: [1] });
    }
    // Each add takes its time, as Real-Debrid's limits have it.
    sandbox.realDebrid.tap(async (phase, { operation }) => {
      if (phase === 'before' && operation === 'addMagnet') {
        clock.pass(1_500);
      }
    });
    await tick();
    expect(adds()).toBeGreaterThan(5);
    expect(adds()).toBeLessThan(100);
    const before = adds();
    show(aired(1));
    const fresh = single(1, 1);
    request([1]);
    await tick();
    expect(sandbox.realDebrid.entriesOf(fresh.hash)).toHaveLength(1);
    expect(adds()).toBeGreaterThan(before + 5);
    // And each of the old ones has had its share.
    for (let number = 0; number < 5; number += 1) {
      const letter = 'ABCDE'[number] ?? '';
      expect(entries().filter(({ name }) => name.startsWith(`Synthetic Epic ${letter}`)).length).toBeGreaterThan(3);
    }
  });

  test('an episode that has just aired does not wait as long as those that nobody has', async () => {
    const { live, sandbox } = await move({ config: { 'search.backoff': '1h,30d' } });
    show([...aired(7), '2026-11-23']);
    const id = request([1]);
    await live(2 * HOUR, 10 * MINUTE);
    // Away until all of them are due at the same time.
    const lift = sandbox.torrentio.faults.fail('*', { status: 502, times: Infinity });
    await live(31 * 24 * HOUR, 12 * HOUR);
    lift();
    const fresh = single(1, 8);
    await live(6 * HOUR, 10 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(fresh.hash)).toHaveLength(1);
    expect(owned(1)).toEqual([8]);
    expect(status(id)).not.toBe(COMPLETED);
  });

  test('what is on offer for none of them will do: said of each by its number, not of the season over and over', async () => {
    const { live, log } = await move();
    show(aired(3));
    for (const episode of [1, 2, 3]) {
      release(`Synthetic Saga S01E0${episode} 1080p HDCAM x264-CAM`);
    }
    request([1]);
    await live(2 * MINUTE);
    const said = log.map(({ message }) => message).filter((message) => message.includes('will do'));
    expect(said.map((message) => /^Synthetic Saga \(2020\), (.*): none/.exec(message)?.[1]).sort()).toEqual([
      'S01E01',
      'S01E02',
      'S01E03',
    ]);
  });

  test('1,200 episodes by a pack cost two searches and one torrent', async () => {
    const { live, sandbox } = await move();
    show(aired(1200));
    const all = Array.from({ length: 1200 }, (_, i) => i + 1);
    const name = 'Synthetic Saga S01 1080p BluRay x265-PACK';
    const { hash } = release(name, { files: packFiles(name, 1, all, 400 * MB) });
    const id = request([1]);
    await live(15 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect([streams(), adds()]).toEqual([2, 1]);
    expect(sandbox.jellyfin.counts().episodes ?? 0).toBeLessThan(20);
    expect(status(id)).toBe(COMPLETED);
  });

  test('while the rest of a season airs nothing is asked until the next air date', async () => {
    const { live, sandbox } = await move();
    show(['2026-11-10', '2026-12-24']);
    single(1, 1);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1]);
    sandbox.clearLogs();
    const lines = home.log.length;
    await live(24 * HOUR, 10 * MINUTE);
    expect([sandbox.torrentio, sandbox.realDebrid, sandbox.jellyfin].map(({ requests }) => requests.length)).toEqual([
      0, 0, 0,
    ]);
    // The list at each tick, and the details twice a day.
    const { approvedList, ...details } = sandbox.seerr.counts();
    expect(approvedList).toBe(144);
    expect(Object.values(details).reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(2 * 3);
    expect(home.log.slice(lines).filter(({ level }) => level !== 'debug')).toEqual([]);
    expect(status(id)).not.toBe(COMPLETED);
  });
});
