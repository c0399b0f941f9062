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
    const answer = await fetch(`${url}/api/v1/request?filter=approved&take=100&skip=0`, {
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
