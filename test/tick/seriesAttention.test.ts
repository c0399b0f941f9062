import { afterEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { statusDocument } from '../../src/status.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';

/** What needs a human is said, with what is known of it, and taken back when it is over. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const COMPLETED = 5;
const { sintel, pioneerOne, tearsOfSteel } = OPEN_TITLES;

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
const PACK = 'Pioneer One S01 1080p BluRay x265-PACK';
const pack = (episodes: number[]) =>
  release({ of: pioneerOne.imdbId, name: PACK, files: packFiles(PACK, 1, episodes) });
const requestSintel = () => home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
const requestPioneer = () => home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
const status = (id: number) => home.sandbox.seerr.state(id)?.status;
const shown = (id: number) =>
  statusDocument(home.store, 'test', home.clock.now(), null).requests.find((one) => one.id === id);
const adds = () => home.sandbox.realDebrid.counts().addMagnet ?? 0;
const said = (part: string) => home.log.filter(({ message }) => message.includes(part));

describe('misidentified', () => {
  const wrong = { kind: 'wrong' as const, name: 'Tears of Steel', providerIds: { Tmdb: String(tearsOfSteel.tmdbId) } };

  test('a movie under another title’s ids: said with name, ids and a link; over when it is put right', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    sandbox.jellyfin.identify(hash, wrong);
    const id = requestSintel();
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'misidentified' } });
    expect(shown(id)?.attention?.message).toContain(`“Tears of Steel” (tmdb ${tearsOfSteel.tmdbId})`);
    const [item] = sandbox.jellyfin.moviesOf(tearsOfSteel.tmdbId);
    expect(shown(id)?.attention?.hint).toContain(`${sandbox.jellyfin.url}/web/#/details?id=${item?.id}`);
    expect(said('but as “Tears of Steel”')).toHaveLength(1);
    await live(DAY, 10 * MINUTE);
    expect(adds()).toBe(1);
    expect(said('but as “Tears of Steel”')).toHaveLength(1);
    sandbox.jellyfin.identify(hash, { kind: 'correct' });
    sandbox.jellyfin.removeItem(item?.id ?? '');
    sandbox.jellyfin.scanNow();
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(1);
  });

  test.each(['probe', 'instant'] as const)('a season without any ids, %s mode', async (mode) => {
    const { live, sandbox } = await move({
      sandbox: { rdMode: mode },
      config: { 'realDebrid.availability': mode },
    });
    const { hash } = pack([1, 2, 3, 4, 5, 6]);
    sandbox.jellyfin.identify(hash, { kind: 'unidentified' });
    const id = requestPioneer();
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ attention: { code: 'misidentified' } });
    expect(shown(id)?.attention?.message).toContain('without any id');
    expect(adds()).toBe(1);
  });

  test.each([
    ['under another number', { season: 1, episode: 9 }, '“Pioneer One” S01E09'],
    ['without a number', { season: null, episode: null }, '“Pioneer One” without an episode number'],
  ])('the right show, but an episode %s: said with a link, and over when it is put right', async (_, as, told) => {
    const { live, sandbox } = await move();
    pack([1, 2, 3, 5, 6]);
    const { hash } = release({ of: pioneerOne.imdbId, name: 'Pioneer One S01E04 1080p WEB x265-ONE' });
    sandbox.jellyfin.identify(hash, { kind: 'misnumbered', ...as });
    const id = requestPioneer();
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'misidentified' } });
    expect(shown(id)?.attention?.message).toContain(told);
    const item = sandbox.jellyfin.items().find(({ path }) => path?.includes('S01E04') === true);
    expect(shown(id)?.attention?.hint).toContain(`details?id=${item?.id}`);
    sandbox.jellyfin.identify(hash, { kind: 'correct' });
    sandbox.jellyfin.removeItem(item?.id ?? '');
    sandbox.jellyfin.scanNow();
    await live(DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBe(2);
  });

  test('of a pack one file only is not seen: which one is said', async () => {
    const { live, sandbox } = await move();
    pack([1, 2, 3, 4, 5, 6]);
    const id = requestPioneer();
    const hide = () => {
      for (const item of sandbox.jellyfin.items()) {
        if (item.type === 'Episode' && item.index === 4) {
          sandbox.jellyfin.removeItem(item.id);
        }
      }
    };
    for (let i = 0; i < 120; i += 1) {
      await live(MINUTE, MINUTE);
      sandbox.jellyfin.scan.settle();
      hide();
    }
    expect(shown(id)).toMatchObject({
      attention: { code: 'not-seen', message: expect.stringContaining('does not show S01E04 of it') },
    });
    expect(adds()).toBe(1);
  });

  test('another show’s files that are called the same are not taken for ours', async () => {
    const { live, sandbox } = await move();
    const files = [1, 2, 3, 4, 5, 6].map((n) => ({ path: `Season 1/S01E0${n}.mkv`, bytes: 1024 * MB }));
    const { hash } = release({ of: pioneerOne.imdbId, name: PACK, files });
    sandbox.jellyfin.identify(hash, { kind: 'unseen' });
    const id = requestPioneer();
    await live(5 * MINUTE);
    expect(adds()).toBe(1);
    const other = { tmdbId: 900_705, imdbId: 'tt9000705', tvdbId: 990_705, title: 'Synthetic Neighbour' };
    sandbox.world.addShow({ ...other, seasons: [{ number: 1, airDates: ['2020-01-01'] }] });
    sandbox.jellyfin.ownEpisodes({ tmdbId: other.tmdbId, season: 1, episodes: [1] });
    for (const item of sandbox.jellyfin.items().filter(({ type }) => type === 'Episode')) {
      Object.assign(item, { path: '/media/shows/Synthetic Neighbour/Season 1/S01E01.mkv' });
    }
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ attention: { code: 'not-seen' } });
  });

  test('what Jellyfin has nowhere is not seen', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    sandbox.jellyfin.identify(hash, { kind: 'unseen' });
    const id = requestSintel();
    await live(2 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ attention: { code: 'not-seen' } });
    expect(adds()).toBe(1);
  });
});

describe('numbering', () => {
  const single = (n: number) => release({ of: pioneerOne.imdbId, name: `Pioneer One S01E0${n} 1080p WEB x265-ONE` });

  test('episodes that aired long ago and are never on offer: said once, with Seerr’s setting; over when they come', async () => {
    const { live, sandbox } = await move();
    pack([1, 2, 3, 4]);
    const id = requestPioneer();
    await live(3 * HOUR, MINUTE);
    expect(shown(id)).toMatchObject({ state: 'attention', attention: { code: 'numbering' } });
    expect(shown(id)?.attention).toMatchObject({
      message: expect.stringContaining('S01E05, S01E06 of Pioneer One (2010)'),
      hint: expect.stringContaining('as TMDB does'),
    });
    expect(said('no release was ever on offer')).toHaveLength(1);
    expect(sandbox.seerr.counts().metadataSettings).toBe(1);
    single(5);
    single(6);
    await live(2 * DAY, 10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(shown(id)?.attention ?? null).toBeNull();
  });

  test('what is on offer goes by absolute numbers that nobody can translate: refused with a reason, and said', async () => {
    const { live, sandbox } = await move();
    const anime = { id: 210_024, name: 'anime' };
    sandbox.world.addShow({
      tmdbId: 900_703,
      imdbId: 'tt9000703',
      tvdbId: 990_703,
      title: 'Synthetic Spirits',
      keywords: [anime],
      seasons: [1, 2].map((number) => ({ number, airDates: Array<string>(3).fill('2020-01-01') })),
    });
    for (const n of [4, 5, 6]) {
      const name = `[Grp] Synthetic Spirits - 0${n} [1080p][WEB]`;
      const files = [{ path: `${name}.mkv`, bytes: 700 * MB, season: 2, episodes: [n - 3] }];
      release({ of: 'tt9000703', name, files });
    }
    const id = sandbox.seerr.request({ tmdbId: 900_703, type: 'tv', seasons: [2] });
    await live(3 * HOUR, MINUTE);
    expect(adds()).toBe(0);
    expect(shown(id)?.attention).toMatchObject({
      code: 'numbering',
      message: expect.stringMatching(/S02E0\d.* and what is on offer is numbered otherwise/),
      hint: expect.stringContaining('set the provider for anime to TVDB'),
    });
    expect(said('numbering: ')).not.toEqual([]);
  });

  test('the first season of an anime by absolute numbers, singly and as a batch', async () => {
    const { live, sandbox } = await move();
    const anime = { id: 210_024, name: 'anime' };
    sandbox.world.addShow({
      tmdbId: 900_704,
      imdbId: 'tt9000704',
      tvdbId: 990_704,
      title: 'Synthetic Spirits',
      keywords: [anime],
      seasons: [1, 2].map((number) => ({ number, airDates: Array<string>(3).fill('2020-01-01') })),
    });
    const batch = '[Grp] Synthetic Spirits (01-02) [1080p][WEB]';
    const { hash } = release({
      of: 'tt9000704',
      name: batch,
      files: [1, 2].map((n) => ({ path: `${batch}/[Grp] Synthetic Spirits - 0${n} [1080p].mkv`, bytes: 700 * MB })),
    });
    const single = '[Grp] Synthetic Spirits - 03 [1080p][WEB]';
    const files = [{ path: `${single}.mkv`, bytes: 700 * MB }];
    const last = release({ of: 'tt9000704', name: single, files });
    const id = sandbox.seerr.request({ tmdbId: 900_704, type: 'tv', seasons: [1] });
    await live(20 * MINUTE);
    expect(sandbox.jellyfin.episodesOf(900_704, 1)).toEqual([1, 2, 3]);
    expect(sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 2] }]);
    expect(sandbox.realDebrid.entriesOf(last.hash)).toHaveLength(1);
    expect(status(id)).toBe(COMPLETED);
  });

  test('an episode that has just aired is given its time, and a source that answers nobody is not the numbering', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addShow({
      tmdbId: 900_701,
      imdbId: 'tt9000701',
      tvdbId: 990_701,
      title: 'Synthetic Weekly',
      seasons: [{ number: 1, airDates: ['2026-11-20'] }],
    });
    const id = sandbox.seerr.request({ tmdbId: 900_701, type: 'tv', seasons: [1] });
    await live(3 * DAY, HOUR);
    expect(shown(id)).toMatchObject({ state: 'active', attention: null });
    await live(6 * DAY, HOUR);
    expect(shown(id)).toMatchObject({ attention: { code: 'numbering' } });
  });
});

describe('Seerr’s full scan', () => {
  test('connects what was marked without a Jellyfin id, once a day at most', async () => {
    const { live, sandbox } = await move({ sandbox: { seerr: { scheduledScans: false } } });
    const full = () =>
      sandbox.seerr.requests.filter(({ path }) => path.endsWith('/settings/jobs/jellyfin-full-scan/run')).length;
    const lift = sandbox.seerr.faults.fail('runJob', {
      status: 200,
      body: { id: 'jellyfin-recently-added-scan', running: true },
      times: 2,
    });
    release();
    const id = requestSintel();
    await live(10 * MINUTE);
    expect(status(id)).toBe(COMPLETED);
    expect(sandbox.seerr.state(id)?.jellyfinMediaId).toBeNull();
    expect(full()).toBe(0);
    lift();
    await live(2 * HOUR, MINUTE);
    expect(full()).toBe(1);
    expect(sandbox.seerr.state(id)?.jellyfinMediaId).not.toBeNull();
    await live(3 * DAY, HOUR);
    expect(full()).toBe(1);
  });
});

describe('a file without known streams', () => {
  const radarr = [{ id: 1, name: 'Radarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
  const settings = { sandbox: { seerr: { radarr } }, config: { 'seerr.arrGrace': '0s' } };
  const probes = () => home.sandbox.jellyfin.counts().playbackInfo ?? 0;

  test('Jellyfin is made to look into it, once', async () => {
    const { live, sandbox } = await move(settings);
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [null] });
    release();
    const id = requestSintel();
    await live(HOUR);
    expect(status(id)).toBe(COMPLETED);
    expect(adds()).toBeLessThanOrEqual(1);
    expect(probes()).toBe(1);
  });

  test('and when that tells nothing it is unknown: neither closed nor fetched anew, nor asked in a loop', async () => {
    const { live, sandbox } = await move(settings);
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [null] });
    sandbox.jellyfin.faults.fail('playbackInfo', { status: 500, times: Infinity });
    release();
    const id = requestSintel();
    await live(3 * HOUR, MINUTE);
    expect(shown(id)?.wants).toMatchObject([{ state: 'waiting' }]);
    expect(adds()).toBe(0);
    expect(probes()).toBe(1);
    expect(said('whether it is 4K cannot be told')).toHaveLength(1);
  });
});

describe('without an IMDb id', () => {
  test('Jellyfin is asked once a day, and the id that Seerr learns is taken', async () => {
    const { live, sandbox } = await move();
    sandbox.world.addMovie({ tmdbId: 900_702, imdbId: '', title: 'Synthetic Nameless', year: 2001 });
    release({ of: 'tt9900702', name: 'Synthetic Nameless 2001 1080p BluRay x265-GRP', bytes: 900 * MB });
    const id = sandbox.seerr.request({ tmdbId: 900_702, type: 'movie' });
    await live(2 * MINUTE);
    sandbox.clearLogs();
    await live(3 * HOUR, MINUTE);
    expect(sandbox.jellyfin.requests).toHaveLength(0);
    expect(shown(id)).toMatchObject({ attention: { code: 'no-imdb-id' } });
    const { url, apiKey } = sandbox.seerr;
    const answer = await fetch(`${url}/api/v1/request?filter=approved&take=500&skip=0`, {
      headers: { 'X-Api-Key': apiKey },
    });
    const body = (await answer.json()) as { results: { media: { imdbId?: string } }[] };
    for (const { media } of body.results) {
      media.imdbId = 'tt9900702';
    }
    sandbox.seerr.faults.fail('approvedList', { body, times: 3 });
    await live(2 * MINUTE);
    expect(shown(id)?.imdbId).toBe('tt9900702');
    expect(adds()).toBe(1);
  });
});
