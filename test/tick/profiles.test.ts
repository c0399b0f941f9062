import { afterEach, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { type Household, household } from '../support/household.js';

const MINUTE = 60_000;
const MB = 1024 ** 2;
const { sintel, pioneerOne } = OPEN_TITLES;
const anime = { tmdbId: 900_001, imdbId: 'tt9900001' };

let home: Household;
afterEach(() => home.stop());

const RESOLUTIONS = ['720p', '1080p', '2160p'] as const;

/** The same release in several resolutions, so that what was taken tells which profile it was. */
const offer = (of: string, title: string): Record<(typeof RESOLUTIONS)[number], string> => {
  const add = (resolution: string, size: number) =>
    home.sandbox.world.addRelease({
      of,
      name: `${title} ${resolution} BluRay x265-GRP`,
      bytes: size * MB,
      cached: true,
    });
  return { '720p': add('720p', 500).hash, '1080p': add('1080p', 900).hash, '2160p': add('2160p', 1500).hash };
};
const taken = () => home.sandbox.realDebrid.entries().map(({ hash }) => hash);
const keywords = [{ id: 210024, name: 'anime' }];
const addAnime = (words = keywords) =>
  home.sandbox.world.addShow({
    ...anime,
    title: 'Synthetic Anime',
    keywords: words,
    seasons: [{ number: 1, airDates: ['2020-01-01'] }],
  });
const requestAnime = () => home.sandbox.seerr.request({ tmdbId: anime.tmdbId, type: 'tv', seasons: [1] });
const choiceFor = (requestId: number) => home.store.searches.find({ plans: [], requestIds: [requestId] })[0]?.input;

test('a movie, a series and an anime series, each by its profile', async () => {
  home = await household({ config: { 'selection.profileSeries': '4k', 'selection.profileAnime': 'default' } });
  addAnime();
  const movie = offer(sintel.imdbId, 'Sintel 2010');
  const series = offer(pioneerOne.imdbId, 'Pioneer One S01E01');
  const drawn = offer(anime.imdbId, 'Synthetic Anime S01E01');
  home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  requestAnime();
  await home.live(3 * MINUTE);
  expect(taken().sort()).toEqual([movie['1080p'], series['2160p'], drawn['1080p']].sort());
});

test('an exception by keyword, and what the choice went by is kept', async () => {
  home = await household({
    config: { 'selection.rules': JSON.stringify([{ keywords: ['Anime'], type: 'anime', profile: '4k' }]) },
  });
  addAnime();
  const drawn = offer(anime.imdbId, 'Synthetic Anime S01E01');
  const id = requestAnime();
  await home.live(2 * MINUTE);
  expect(taken()).toEqual([drawn['2160p']]);
  expect(choiceFor(id)).toMatchObject({
    subject: { type: 'series', anime: true, tier: 'standard', requestedBy: [1], keywords },
    profile: { name: '4k', why: 'rule 1 of selection.rules' },
  });
});

test('keywords in an odd shape are no obstacle', async () => {
  home = await household();
  addAnime(['anime', { id: 'x' }, { id: 7 }, null] as unknown as typeof keywords);
  const drawn = offer(anime.imdbId, 'Synthetic Anime S01E01');
  const id = requestAnime();
  await home.live(2 * MINUTE);
  expect(taken()).toEqual([drawn['1080p']]);
  expect(choiceFor(id)?.subject).toMatchObject({ anime: false, keywords: [{ id: 7, name: '' }] });
});

test('check goes by the same choice: who asked, and what it is', async () => {
  home = await household();
  addAnime();
  offer(anime.imdbId, 'Synthetic Anime S01E01');
  const { seerr, jellyfin, torrentio, realDebrid } = home.sandbox;
  const rules = [
    { requestedBy: [1], type: 'movie', tier: 'standard', profile: 'default' },
    { requestedBy: [1], keywords: [210024], profile: '4k' },
  ];
  const env = {
    FULFILLARR_SEERR_URL: seerr.url,
    FULFILLARR_SEERR_API_KEY: seerr.apiKey,
    FULFILLARR_JELLYFIN_URL: jellyfin.url,
    FULFILLARR_TORRENTIO_URL: torrentio.url,
    FULFILLARR_TORRENTIO_MIN_INTERVAL: '0s',
    FULFILLARR_REAL_DEBRID_URL: realDebrid.url,
    FULFILLARR_REAL_DEBRID_TOKEN: realDebrid.token,
    FULFILLARR_SELECTION_PROFILE_ANIME: 'default',
    FULFILLARR_SELECTION_RULES: JSON.stringify(rules),
  };
  const check = () => command({ ...home, env }, ['check', `${anime.imdbId}:1:1`, '--no-probe']);
  expect((await check()).out).toContain('Profile default: an anime series');
  requestAnime();
  await home.tick();
  const { out, err } = await check();
  expect(err).toBe('');
  expect(out).toContain('Profile 4k: rule 2 of selection.rules');
  expect(out).toMatch(/1 {2}2160p bluray/);
});
