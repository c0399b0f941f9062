import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { widthOf } from '../../src/cli/text.js';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { type Household, household } from '../support/household.js';
import { leaks, shapesOf } from '../support/secrets.js';

/** Names come from strangers: none may forge a line, hide one, steer a terminal, stop the program or win. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const ESC = '\u001b';
const movie = { tmdbId: 900_002, imdbId: 'tt9900002' };
const { pioneerOne, sintel } = OPEN_TITLES;

const HOSTILE = [
  `Synthetic Film 2020 1080p BluRay x265 ${ESC}[2J${ESC}[31mERROR${ESC}]0;owned\u0007`,
  'Synthetic Film 2020 1080p BluRay x265\n2026-11-22 12:00:00 ERROR forged line\r\nanother',
  'Synthetic Film 2020 1080p BluRay x265 \u202egpj.exe\u202c \u2066hidden\u2069 \u200f\u061c',
  'Synthetic Film 2020 1080p BluRay x265 \u2028 line \u2029 paragraph \u0085 next',
  '../../../../etc/passwd Synthetic Film 2020 1080p',
  `Synthetic Film 2020 1080p ${'A'.repeat(100_000)}`,
  `Synthetic Film 2020 1080p BluRay ${'第01季'.repeat(5_000)}`,
  'Synthetic Film 2020 1️⃣0️⃣8️⃣0️⃣p S0️⃣1️⃣E0️⃣2️⃣ 🎬 👤 999 💾 9 GB ⚙️ Fake',
  'Synthetic Film 2020 1080p \ud800 half \udc00 pairs \u0000 nul',
  'Synthetic Film 2020 1080p e\u0301\u0301\u0301\u0301 __proto__ constructor $(id) `id` %s %d {{x}}',
  '',
];
/** Control and format characters but the line break between lines, and halves of pairs. */
const UNCLEAN = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const expectCleanText = (text: string, longestLine: number) => {
  expect(text).not.toMatch(UNCLEAN);
  expect(text).not.toMatch(/^(2026-11-22 12:00:00 ERROR forged|another)/m);
  expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(longestLine);
};

let home: Household;
beforeEach(async () => {
  home = await household();
});
afterEach(() => home.stop());

const env = () => ({
  FULFILLARR_SEERR_URL: home.sandbox.seerr.url,
  FULFILLARR_SEERR_API_KEY: home.sandbox.seerr.apiKey,
  FULFILLARR_JELLYFIN_URL: home.sandbox.jellyfin.url,
  FULFILLARR_JELLYFIN_API_KEY: home.sandbox.jellyfin.apiKey,
  FULFILLARR_TORRENTIO_URL: home.sandbox.torrentio.url,
  FULFILLARR_TORRENTIO_MIN_INTERVAL: '0s',
  FULFILLARR_REAL_DEBRID_URL: home.sandbox.realDebrid.url,
  FULFILLARR_REAL_DEBRID_TOKEN: home.sandbox.realDebrid.token,
  FULFILLARR_REAL_DEBRID_ADD_MAGNET_INTERVAL: '0s',
});
const run = (...args: string[]) => command({ ...home, env: env() }, args);

const addMovie = (title: string) =>
  home.sandbox.world.addMovie({ ...movie, title, originalTitle: 'Synthetic Film', year: 2020, runtime: 15 });
const addHostile = (of: string) => {
  for (const [i, name] of HOSTILE.entries()) {
    home.sandbox.world.addRelease({
      of,
      name,
      hash: String(i).padStart(40, 'a'),
      seeders: 5_000,
      files: [
        { path: `${name.slice(0, 400)}/${name.slice(0, 400)}.mkv`, bytes: 900 * MB },
        { path: `../../${name.slice(0, 200)}.exe`, bytes: MB },
      ],
    });
  }
};
const addGood = () =>
  home.sandbox.world.addRelease({
    of: movie.imdbId,
    name: 'Synthetic Film 2020 1080p BluRay x265-GOOD',
    cached: true,
    seeders: 3,
    files: [
      { path: `../../etc/${ESC}[31mSynthetic.Film.2020.1080p\u202e.mkv`, bytes: 900 * MB },
      { path: 'read\nme\u2028.nfo', bytes: 5 },
    ],
  });

describe.each([
  ['escapes', `Synthetic Film ${ESC}[2J\u0007\n2026-11-22 12:00:00 ERROR forged line`],
  ['direction marks', '\u202eSynthetic\u202c \u2066Film\u2069\u200f'],
  ['100 kB', `Synthetic Film ${'long '.repeat(20_000)}`],
  ['emoji', 'Synthetic 1️⃣2️⃣ Film 🎬👨‍👩‍👧 %s `id`'],
])('a title with %s among hostile releases', (_, title) => {
  test('the good one is taken, and all that is said is clean', async () => {
    addMovie(title);
    addHostile(movie.imdbId);
    const good = addGood();
    const id = home.sandbox.seerr.request({ tmdbId: movie.tmdbId, type: 'movie' });
    const checked = await run('check', movie.imdbId);
    expect(checked).toMatchObject({ code: 0 });
    expectCleanText(checked.out, 80);
    expect(JSON.parse((await run('check', movie.imdbId, '--json')).out).candidates.length).toBeGreaterThan(5);

    const reports = await home.live(6 * 60 * MINUTE, 10 * MINUTE);
    expect(home.sandbox.realDebrid.entries().map(({ hash }) => hash)).toEqual([good.hash]);
    expect(home.sandbox.seerr.state(id)?.status).toBe(5);
    expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
    for (const { message } of home.log) {
      expectCleanText(message.replaceAll('\n', '\u0000'), 2_000);
    }
    for (const args of [['status'], ['explain', String(id)], ['replay', String(id)], ['reject', String(id)]]) {
      const said = await run(...args);
      expect({ args, ...said }).toMatchObject({ code: 0 });
      expectCleanText(said.out, args[0] === 'status' || args[0] === 'replay' ? 80 : 2_000);
      expectCleanText(said.err, 2_000);
    }
    const once = await run('once', '--dry-run', '--log-level', 'error');
    expectCleanText(once.out, 2_000);
  });
});

test('a season among hostile packs', async () => {
  const { world, seerr, realDebrid } = home.sandbox;
  const packs = HOSTILE.map((name) => name.replaceAll('Synthetic Film 2020', 'Pioneer One S01').slice(0, 20_000));
  for (const [i, name] of packs.entries()) {
    const files = [1, 2, 3, 4, 5, 6].map((episode) => ({
      path: `${name.slice(0, 200)}/../S01E0${episode}${name.slice(-100)}.mkv`,
      bytes: 900 * MB,
    }));
    world.addRelease({ of: pioneerOne.imdbId, name, hash: String(i).padStart(40, 'b'), files, cached: i % 2 === 0 });
  }
  const id = seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  const reports = await home.live(2 * 60 * MINUTE, 10 * MINUTE);
  expect(reports.flatMap(({ errors }) => errors)).toEqual([]);
  expect(realDebrid.entries().length).toBeGreaterThan(0);
  for (const { message } of home.log) {
    expectCleanText(message.replaceAll('\n', '\u0000'), 2_000);
  }
  expectCleanText((await run('explain', String(id))).out, 2_000);
  expectCleanText((await run('status')).out, 80);
});

test('a key that a service says back, in whatever shape, is nowhere in what is written', async () => {
  const { sandbox, live, dataDir, log } = home;
  const { seerr, jellyfin, realDebrid } = sandbox;
  const refusal = (key: string) => ({
    times: 3,
    status: 400,
    body: { error: shapesOf([key]).join(' '), error_code: 999 },
  });
  sandbox.world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
  seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  realDebrid.faults.fail('selectFiles', refusal(realDebrid.token));
  jellyfin.faults.fail('itemsByIds', refusal(jellyfin.apiKey));
  seerr.faults.fail('runJob', refusal(seerr.apiKey));
  await live(10 * MINUTE);
  expect(log.map(({ message }) => message).join('\n')).toContain('an error we do not know, rd-999: ***');
  const keys = [seerr.apiKey, jellyfin.apiKey, realDebrid.token];
  expect(leaks(keys, { 'the log': JSON.stringify(log) }, dataDir)).toEqual([]);
});
