import { afterEach, describe, expect, test } from '@jest/globals';
import { packFiles } from '../../src/sandbox/index.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { aired, SAGA, sagaOf } from '../support/saga.js';

/** Series end to end: what is asked for is what is fetched, with as few torrents and calls as it takes. */

const MB = 1024 ** 2;
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

const {
  show,
  release,
  single,
  seasonPack,
  saga,
  request,
  edit,
  status,
  shown,
  owned,
  adds,
  streams,
  spentOnRd,
  entries,
} = sagaOf(() => home);

describe('several seasons in one torrent', () => {
  const three = { 1: [1, 2, 3], 2: [1, 2], 3: [1, 2, 3, 4] };

  test.each(['probe', 'instant'] as const)('%s mode: two searches, one add, one selection', async (mode) => {
    const { live } = await move({ sandbox: { rdMode: mode }, config: { 'realDebrid.availability': mode } });
    show(aired(3), aired(2), aired(4));
    const { hash } = saga(three);
    const id = request([1, 2, 3]);
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(streams()).toBeLessThanOrEqual(2);
    expect(spentOnRd()).toBeLessThanOrEqual(4);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2, 3, 4, 5, 6, 7, 8, 9] }]);
    const shape = home.store.journal.ofRequest(id, 100).find(({ code }) => code === 'search-shape');
    expect(shape?.text).toMatch(/seasons 1, 2, 3 together first \(3 whole seasons are missing/);
  });

  test('cached or not, what the torrent lacks comes from elsewhere', async () => {
    const { live } = await move();
    show(aired(3), aired(2), aired(4));
    saga({ 1: [1, 2, 3], 2: [1], 3: [1, 2, 4] }, { cached: false, downloadMs: 2 * MINUTE });
    single(2, 2);
    single(3, 3);
    const id = request([1, 2, 3]);
    await live(30 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toHaveLength(3);
  });

  test('a restart between add and selection selects for all seasons', async () => {
    const { live, tick, sandbox } = await move();
    show(aired(3), aired(2), aired(4));
    const { hash } = saga(three);
    const lift = sandbox.realDebrid.faults.fail('info', { resetBefore: true, times: Infinity });
    const id = request([1, 2, 3]);
    await tick();
    expect(entries()).toMatchObject([{ status: 'waiting_files_selection' }]);
    lift();
    home.restart();
    await live(20 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2, 3, 4, 5, 6, 7, 8, 9] }]);
    expect(adds()).toBe(1);
  });

  test('there is none: season by season', async () => {
    const { live } = await move();
    show(aired(3), aired(2));
    const packs = [seasonPack(1, [1, 2, 3]), seasonPack(2, [1, 2])];
    const id = request([1, 2]);
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(
      entries()
        .map(({ hash }) => hash)
        .sort(),
    ).toEqual(packs.map(({ hash }) => hash).sort());
  });

  test('the profile avoids it, or season packs are a better copy: season by season', async () => {
    const { live } = await move();
    show(aired(2), aired(2));
    const name = 'Synthetic Saga S01-S02 720p WEB x265-SAGA';
    release(name, { files: [...packFiles(name, 1, [1, 2]), ...packFiles(name, 2, [1, 2])] });
    seasonPack(1, [1, 2]);
    seasonPack(2, [1, 2]);
    const id = request([1, 2]);
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toHaveLength(2);
  });
});

describe('a season', () => {
  test('that airs week by week is fetched episode by episode to its end', async () => {
    const { live } = await move();
    show(['2026-11-10', '2026-11-24', '2026-12-01', '2026-12-08']);
    // What calls itself a pack of it meanwhile is left alone where a single is there.
    seasonPack(1, [1, 2, 3, 4], { listed: true });
    for (const n of [1, 2, 3, 4]) {
      single(1, n);
    }
    const id = request([1]);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1]);
    await live(5 * DAY, HOUR);
    expect(owned(1)).toEqual([1, 2]);
    expect(status(id)).toBe(APPROVED);
    await live(14 * DAY, 2 * HOUR);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1, 2, 3, 4]);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(4);
  });

  test('of which one episode is there already still comes as a pack, without that one', async () => {
    const { live, sandbox } = await move();
    show(aired(4));
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [2] });
    const { hash } = seasonPack(1, [1, 2, 3, 4]);
    for (const n of [1, 3, 4]) {
      single(1, n);
    }
    const id = request([1]);
    await live(5 * MINUTE);
    expect(entries()).toMatchObject([{ hash, selected: [1, 3, 4] }]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('of which most is there: singles, and a pack only for what has none', async () => {
    const { live, sandbox } = await move();
    show(aired(8));
    sandbox.jellyfin.ownEpisodes({ tmdbId: SAGA.tmdbId, season: 1, episodes: [1, 2, 3, 4, 5] });
    const pack = seasonPack(1, [1, 2, 3, 4, 5, 6, 7, 8]);
    const only = single(1, 7);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(sandbox.realDebrid.entriesOf(only.hash)).toHaveLength(1);
    expect(sandbox.realDebrid.entriesOf(pack.hash)).toMatchObject([{ selected: [6, 8] }]);
  });

  test('of which a pack lacks two episodes: singles complete it', async () => {
    const { live } = await move();
    show(aired(6));
    seasonPack(1, [1, 2, 4, 5]);
    single(1, 3);
    single(1, 6);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toHaveLength(3);
    expect(adds()).toBe(3);
    expect(owned(1)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('with double episodes, files out of place and one that names no episode', async () => {
    const { live, sandbox } = await move();
    show(aired(4));
    const name = 'Synthetic Saga S01 1080p BluRay x265-PACK';
    const { hash } = release(name, {
      files: [
        { path: `${name}/Synthetic.Saga.S01E01E02.1080p.mkv`, bytes: 1024 * MB },
        { path: `${name}/Synthetic.Saga.S01E03.1080p.mkv`, bytes: 1024 * MB },
        { path: `${name}/Synthetic.Saga.S01E04.1080p.mkv`, bytes: 1024 * MB },
        { path: `${name}/Synthetic.Saga.S01E05.1080p.mkv`, bytes: 1024 * MB },
        { path: `${name}/Synthetic.Saga.S02E01.1080p.mkv`, bytes: 1024 * MB },
        { path: `${name}/A Look Back.mkv`, bytes: 1024 * MB },
      ],
    });
    const id = request([1]);
    await live(5 * MINUTE);
    expect(sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3] }]);
    expect(status(id)).toBe(COMPLETED);
  });

  test('of specials is fetched only when it is asked for', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addShow({
      ...SAGA,
      seasons: [
        { number: 0, airDates: aired(2) },
        { number: 1, airDates: aired(2) },
      ],
    });
    const name = 'Synthetic Saga S01 1080p BluRay x265-PACK';
    release(name, { files: [...packFiles(name, 1, [1, 2]), ...packFiles(name, 0, [1, 2])] });
    single(0, 1);
    single(0, 2);
    const id = request([1]);
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(owned(0)).toEqual([]);
    const extras = request([0]);
    await live(10 * MINUTE);
    expect(owned(0)).toEqual([1, 2]);
    expect(status(extras)).toBe(COMPLETED);
  });

  test('without air dates: what is older than an aired episode is due, the rest waits', async () => {
    const { live } = await move();
    show([null, '2020-01-08', null]);
    for (const n of [1, 2, 3]) {
      single(1, n);
    }
    const id = request([1]);
    await live(10 * MINUTE);
    expect(owned(1)).toEqual([1, 2]);
    expect(shown(id)?.wants.map(({ state }) => state)).toEqual(['in-library', 'in-library', 'unreleased']);
  });

  test('with absurd episode numbers', async () => {
    const { live, sandbox } = await move();
    const { seasons } = show(aired(2));
    const [, second] = seasons[0]?.episodes ?? [];
    Object.assign(second ?? {}, { number: 10_718 });
    single(1, 1);
    const odd = single(1, 10_718, {
      files: [{ path: 'Synthetic.Saga.S01E10718.1080p.mkv', bytes: 1024 * MB, season: 1, episodes: [10_718] }],
    });
    const id = request([1]);
    await live(10 * MINUTE);
    expect(shown(id)?.wants.map(({ key }) => key)).toEqual(['episode:tt9000601:1:1', 'episode:tt9000601:1:10718']);
    expect(sandbox.realDebrid.entriesOf(odd.hash)).toHaveLength(1);
    expect(home.log.filter(({ message }) => message.includes('unexpected'))).toEqual([]);
  });
});

describe('requests', () => {
  const sonarr = [{ id: 1, name: 'Sonarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];

  test('4K beside standard are two things', async () => {
    const { live } = await move({ sandbox: { seerr: { sonarr } }, config: { 'seerr.arrGrace': '0s' } });
    show(aired(2));
    seasonPack(1, [1, 2]);
    const name = 'Synthetic Saga S01 2160p WEB x265-WIDE';
    release(name, { files: packFiles(name, 1, [1, 2], 6000 * MB) });
    const standard = request([1]);
    const wide = request([1], true);
    await live(15 * MINUTE);
    expect(status(standard)).toBe(COMPLETED);
    expect(status(wide)).toBe(COMPLETED);
    expect(entries()).toHaveLength(2);
  });

  test('of two users that overlap share what they share', async () => {
    const { live } = await move();
    show(aired(2), aired(2), aired(2));
    for (const season of [1, 2, 3]) {
      seasonPack(season, [1, 2]);
    }
    const first = request([1, 2]);
    const second = request([2, 3]);
    await live(10 * MINUTE);
    expect(status(first)).toBe(COMPLETED);
    expect(status(second)).toBe(COMPLETED);
    expect(entries()).toHaveLength(3);
  });

  test('without any season: said, and over when one is chosen', async () => {
    const { live } = await move();
    show(aired(2));
    seasonPack(1, [1, 2]);
    const id = request([]);
    await live(10 * MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'no-seasons' }, wants: [] });
    await edit(id, [1]);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
  });

  test('a season added while the others download', async () => {
    const { live } = await move();
    show(aired(2), aired(2));
    seasonPack(1, [1, 2], { cached: false, downloadMs: 20 * MINUTE });
    seasonPack(2, [1, 2]);
    const id = request([1]);
    await live(5 * MINUTE);
    await edit(id, [1, 2]);
    await live(40 * MINUTE, MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toHaveLength(2);
  });

  test('one episode from a pack now, the rest of the season later: one torrent in the end', async () => {
    const { live } = await move();
    const { seasons } = show(['2026-11-10', '2026-11-24', '2026-11-24']);
    expect(seasons).toHaveLength(1);
    const { hash } = seasonPack(1, [1, 2, 3]);
    const id = request([1]);
    await live(10 * MINUTE);
    expect(entries()).toMatchObject([{ hash, selected: [1] }]);
    await live(5 * DAY, HOUR);
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2, 3] }]);
  });

  test('more of a pack, cancelled, that comes out as one archive: the good copy stays', async () => {
    const { live, sandbox, clock } = await move();
    show(aired(2), aired(2));
    const { hash, fate } = saga({ 1: [1, 2], 2: [1, 2] }, { cached: [[1, 2]], downloadMs: 30 * MINUTE });
    request([1]);
    await live(5 * MINUTE);
    const more = request([2]);
    await live(5 * MINUTE);
    expect(entries()).toMatchObject([{ selected: [1, 2, 3, 4] }, { selected: [1, 2] }]);
    fate.archive = true;
    clock.pass(HOUR);
    sandbox.seerr.deleteRequest(more);
    await live(5 * MINUTE);
    expect(entries()).toMatchObject([{ hash, selected: [1, 2] }]);
    expect(owned(1)).toEqual([1, 2]);
  });

  test('deleted by the user after it was fulfilled, then asked for again', async () => {
    const { live, sandbox } = await move();
    show(aired(2));
    const { hash } = seasonPack(1, [1, 2]);
    const id = request([1]);
    await live(5 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    for (const entry of sandbox.realDebrid.entriesOf(hash)) {
      sandbox.realDebrid.removeOutside(entry.id);
    }
    sandbox.jellyfin.ownMovie({ tmdbId: 45_745 });
    sandbox.jellyfin.scanNow();
    // Seerr's nightly job notices.
    sandbox.seerr.runAvailabilitySync();
    await live(DAY, HOUR);
    expect(adds()).toBe(1);
    const again = request([1]);
    await live(10 * MINUTE);
    expect(status(again)).toBe(COMPLETED);
    expect(adds()).toBe(2);
  });

  test('1,200 episodes without a release cost four searches a round at most, and a new request is not starved', async () => {
    const { live, sandbox } = await move();
    show(aired(1200));
    request([1]);
    await live(2 * MINUTE);
    const other = { ...SAGA, tmdbId: 900_602, imdbId: 'tt9000602', tvdbId: 990_602, title: 'Synthetic Sequel' };
    sandbox.world.addShow({ ...other, seasons: [{ number: 1, airDates: aired(1) }] });
    release('Synthetic Sequel S01E01 1080p WEB x265-ONE', { of: other.imdbId });
    const id = sandbox.seerr.request({ tmdbId: other.tmdbId, type: 'tv', seasons: [1] });
    await live(4 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    // First, last and second; the new request; after the first step of the back-off first, last, and two others.
    expect(streams()).toBeLessThanOrEqual(3 + 1 + 4);
  });
});
