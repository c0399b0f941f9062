import { afterEach, expect, test } from '@jest/globals';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { type Household, type HouseholdOptions, household } from '../support/household.js';

const MB = 1024 ** 2;
const MINUTE = 60_000;
const { sintel, pioneerOne } = OPEN_TITLES;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const release = (spec: Partial<ReleaseSpec> & { name: string }) =>
  home.sandbox.world.addRelease({ of: sintel.imdbId, bytes: 900 * MB, ...spec });
const requestSintel = (is4k = false) => home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie', is4k });
const calls = () =>
  [home.sandbox.seerr, home.sandbox.torrentio, home.sandbox.realDebrid, home.sandbox.jellyfin].reduce(
    (sum, { requests }) => sum + requests.length,
    0,
  );

const settle = async () => {
  const hevc = release({ name: 'Sintel 2010 1080p BluRay x265-A', cached: true });
  const plain = release({ name: 'Sintel 2010 1080p BluRay x264-B' });
  const fake = release({ name: 'Sintel 2010 HDCAM 720p-FAKE' });
  const id = requestSintel();
  await home.live(5 * MINUTE);
  return { id, hevc, plain, fake };
};

test('by the same configuration nothing differs, and nobody is called', async () => {
  await move();
  const { id, hevc } = await settle();
  const before = calls();
  const { code, out } = await command(home, ['replay', String(id), '--json']);
  expect(code).toBe(0);
  const side = { profile: 'default', why: 'a movie', best: { infoHash: hevc.hash, release: hevc.name }, accepted: 2 };
  expect(JSON.parse(out)).toEqual({
    target: String(id),
    differs: false,
    plans: [
      {
        plan: `movie:${sintel.imdbId}`,
        at: expect.stringMatching(/^2026-/),
        releases: 3,
        left: 0,
        before: side,
        after: side,
        changes: [],
      },
    ],
  });
  expect((await command(home, ['replay', sintel.imdbId])).out).toContain('the same verdict on every release');
  expect(calls()).toBe(before);
});

test('by another configuration: refused, accepted, moved, with the reasons', async () => {
  await move();
  const { id, plain, fake } = await settle();
  const other = `selection:
  profile: small
  profiles:
    small: {banned: [], scores: {hevc: -5}, groups: {reject: [A]}, qualities: [{resolution: 1080p, sources: [bluray]}]}
`;
  const { out } = await command(home, ['replay', String(id), '--config', 'other.yaml', '--json'], {
    'other.yaml': other,
  });
  const { differs, plans } = JSON.parse(out);
  expect(differs).toBe(true);
  expect(plans[0]).toMatchObject({
    before: { profile: 'default' },
    after: { profile: 'small', best: { infoHash: plain.hash }, accepted: 1 },
  });
  const changes = plans[0].changes.map((one: { change: string; after: { codes: string[] } }) => [
    one.change,
    one.after.codes,
  ]);
  expect(changes).toEqual([
    ['refused', ['group']],
    ['reasons', ['quality']],
  ]);
  const { out: text } = await command(home, ['replay', String(id), '--config', 'other.yaml']);
  expect(text).toContain('refused now: group (was #1)');
  expect(text).toContain('refused for other reasons: quality (was banned)');
  expect(text).toContain(fake.name);
  expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
});

test('the rules of the other configuration choose the profile anew, by who asked and what it is', async () => {
  await move();
  const { id } = await settle();
  const rules = (user: number) =>
    `selection: {profiles: {small: {}}, rules: [{requestedBy: [${user}], tier: standard, profile: small}]}`;
  const why = async (user: number) => {
    const { out } = await command(home, ['replay', String(id), '--config', 'r.yaml', '--json'], {
      'r.yaml': rules(user),
    });
    return JSON.parse(out).plans[0].after.why;
  };
  expect(await why(1)).toBe('rule 1 of selection.rules');
  expect(await why(2)).toBe('a movie');
});

test('a series has a recorded search for the season, and for each episode that was searched alone', async () => {
  await move();
  for (const n of [1, 2, 3, 4, 5, 6]) {
    release({ of: pioneerOne.imdbId, name: `Pioneer One S01E0${n} 720p WEB x265-ONE`, cached: true });
  }
  const id = home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await home.live(5 * MINUTE);
  const { out } = await command(home, ['replay', String(id), '--json']);
  const plans: { plan: string; changes: unknown[] }[] = JSON.parse(out).plans;
  expect(plans[0]?.plan).toBe(`season:${pioneerOne.imdbId}:1`);
  expect(plans.length).toBeGreaterThan(1);
  expect(plans.every(({ changes }) => changes.length === 0)).toBe(true);
});

test('seasons that were searched together are found by request, title and season', async () => {
  const { sandbox } = await move();
  const saga = { tmdbId: 900_703, imdbId: 'tt9000703', title: 'Synthetic Saga' };
  const seasons = [1, 2].map((number) => ({ number, airDates: ['2020-01-01', '2020-01-08'] }));
  sandbox.world.addShow({ ...saga, seasons });
  const name = 'Synthetic Saga S01-S02 1080p BluRay x265-ALL';
  const files = [1, 2].flatMap((season) => packFiles(name, season, [1, 2]));
  release({ of: saga.imdbId, name, files, cached: true });
  const id = sandbox.seerr.request({ tmdbId: saga.tmdbId, type: 'tv', seasons: [1, 2] });
  await home.live(5 * MINUTE);
  const plansOf = async (target: string) => {
    const { out } = await command(home, ['replay', target, '--json']);
    return JSON.parse(out).plans.map(({ plan }: { plan: string }) => plan);
  };
  const span = `seasons:${saga.imdbId}:1-2`;
  expect(await plansOf(String(id))).toEqual([span]);
  expect(await plansOf(saga.imdbId)).toEqual([span]);
  expect(await plansOf(`${saga.imdbId}:2`)).toEqual([span]);
  expect(await plansOf(`${saga.imdbId}:1:2`)).toEqual([span]);
});

test('one row per plan; gone with the journal', async () => {
  const { store, clock } = await move({ config: { 'selection.profiles.default.uncached.allow': 'false' } });
  release({ name: 'Sintel 2010 1080p BluRay x265-A' });
  const id = requestSintel();
  await home.live(60 * MINUTE);
  const find = () => store.searches.find({ plans: [], requestIds: [id] });
  expect(find()).toHaveLength(1);
  expect(JSON.stringify(find())).not.toMatch(/:\/\/|tracker\./);
  store.prune(clock.now() + 1, null);
  expect(find()).toEqual([]);
  expect((await command(home, ['replay', String(id)])).out).toContain('no search is on record');
});

test('what nobody asked for, and what is no target', async () => {
  await move();
  expect((await command(home, ['replay', '999'])).code).toBe(2);
  expect((await command(home, ['replay', 'Sintel'])).code).toBe(2);
});

test('which profile a search went by is in the journal', async () => {
  await move({
    config: {
      'selection.rules': JSON.stringify([{ requestedBy: [1], tier: 'standard', profile: '4k' }]),
    },
  });
  const uhd = release({ name: 'Sintel 2010 2160p BluRay x265-UHD', cached: true });
  release({ name: 'Sintel 2010 1080p BluRay x265-HD', cached: true });
  const id = requestSintel();
  await home.live(2 * MINUTE);
  expect(home.sandbox.realDebrid.entries().map(({ hash }) => hash)).toEqual([uhd.hash]);
  expect(home.store.requests.get(id)?.requestedBy).toBe(1);
  const { out } = await command(home, ['explain', String(id), '--json']);
  const events: { code: string; text: string; data: { profile?: string } }[] = JSON.parse(out).events;
  const searched = events.find(({ code }) => code === 'searched');
  expect(searched?.data.profile).toBe('4k');
  expect(searched?.text).toContain('(profile 4k: rule 1 of selection.rules)');
});
