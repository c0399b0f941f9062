import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { addOpenTitles, OPEN_TITLES, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { configFor, household } from '../support/household.js';
import { bench, expectClean, failure, json, SECRETS, status, type TestServer, testServer, text } from './support.js';

const { sintel, pioneerOne } = OPEN_TITLES;
const movie = { type: 'movie', imdbId: sintel.imdbId } as const;

const withHints = (url: string, options: string) =>
  bench(url, (all) => ({ ...all, torrentio: { ...all.torrentio, options, cachedHints: 'own-token' } }));

describe('against the stand-in', () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.stop());

  const open = async (options = '') => {
    sandbox = await startSandbox();
    addOpenTitles(sandbox.world);
    const b = withHints(sandbox.torrentio.url, options);
    return { ...b, asked: () => sandbox.torrentio.requests.map(({ path }) => path) };
  };
  const release = (name: string, cached: boolean) =>
    sandbox.world.addRelease({ of: sintel.imdbId, name, cached, seeders: cached ? 0 : 9, bytes: 9e8 }).hash;

  test('the token goes along, the markers come back, no link is ever asked for', async () => {
    const { services, asked, rows } = await open('sort=size');
    const cached = release('Sintel 2010 720p BluRay x265-OLD', true);
    const other = release('Sintel 2010 1080p BluRay x265-NEW', false);
    const { releases } = await services.torrentio.streams(movie);
    expect(Object.fromEntries(releases.map((one) => [one.infoHash, one.cached]))).toEqual({
      [cached]: true,
      [other]: false,
    });
    expect(asked()).toEqual([`/sort=size|realdebrid=${SECRETS.realDebrid}/stream/movie/${sintel.imdbId}.json`]);
    expect(sandbox.realDebrid.requests).toEqual([]);
    expectClean([releases, rows]);
  });

  test('without other options the token is all there is', async () => {
    const { services, asked } = await open();
    await services.torrentio.streams(movie);
    expect(asked()).toEqual([`/realdebrid=${SECRETS.realDebrid}/stream/movie/${sintel.imdbId}.json`]);
  });

  test.each([
    ['a key in the options wins', `realdebrid=${SECRETS.addon}`],
    ['a preset cannot be joined with anything', 'lite'],
  ])('%s', async (_, options) => {
    const { services, asked } = await open(options);
    await services.torrentio.streams(movie);
    expect(asked()).toEqual([`/${options}/stream/movie/${sintel.imdbId}.json`]);
  });

  test('a token the addon refuses is a failure that names the key, not an empty list', async () => {
    const { services, rows } = await open();
    release('Sintel 2010 720p BluRay x265-OLD', true);
    sandbox.torrentio.settings.blacklist.add(SECRETS.realDebrid);
    const error = await failure(services.torrentio.streams(movie));
    expect(error).toMatchObject({ failure: 'source', code: 'addon-error' });
    expect(error.hint).toContain('Check realDebrid.token');
    expectClean(rows);
  });
});

describe('the token is nowhere but in the address', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test.each([
    ['a server error that repeats it', text(`no route /realdebrid=${SECRETS.realDebrid}/`, 500)],
    ['JSON that repeats it', json({ message: `bad key ${SECRETS.realDebrid}` }, 400)],
    ['a message of the addon that repeats it', json({ streams: [{ name: 'x', title: `key ${SECRETS.realDebrid}!` }] })],
    ['an answer off contract', json({ streams: { [SECRETS.realDebrid]: 1 } })],
    ['a refused address', status(403)],
    ['a redirect in circles', status(302, { location: `/realdebrid=${SECRETS.realDebrid}/stream/movie/x.json` })],
  ])('%s', async (_, handler) => {
    server = await testServer(handler);
    const { services, rows, states, options } = withHints(server.url, '');
    await failure(services.torrentio.streams(movie));
    expectClean([rows, states, services.health()]);
    expect(inspect(options.state.get('pause:torrentio'))).not.toContain(SECRETS.realDebrid);
  });
});

test('a whole household: not in the log, the journal, the ledger or the cache', async () => {
  const home = await household({ config: { 'torrentio.cachedHints': 'own-token' } });
  try {
    const { hash } = home.sandbox.world.addRelease({
      of: pioneerOne.imdbId,
      name: 'Pioneer One S01E01 1080p BluRay x265-ONE',
      cached: true,
    });
    home.sandbox.seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
    await home.live(5 * 60_000);
    expect(home.sandbox.realDebrid.entries().map((entry) => entry.hash)).toEqual([hash]);
    const { token } = home.sandbox.realDebrid;
    expect(home.sandbox.torrentio.requests.every(({ path }) => path.includes(`realdebrid=${token}`))).toBe(true);
    expect(home.sandbox.torrentio.requests.some(({ path }) => path.includes('/resolve/'))).toBe(false);
    expect(JSON.stringify(home.log)).not.toContain(token);
    home.store.close();
    for (const file of ['fulfillarr.db', 'fulfillarr.db-wal']) {
      const bytes = readIfThere(join(home.dataDir, file));
      expect(bytes.includes(token)).toBe(false);
    }
  } finally {
    home.restart();
    await home.stop();
  }
});

const readIfThere = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
};

test('the configuration it needs is one key', async () => {
  const sandbox = await startSandbox();
  try {
    expect(configFor(sandbox, '/tmp').torrentio.cachedHints).toBe('off');
    expect(configFor(sandbox, '/tmp', { 'torrentio.cachedHints': 'own-token' }).torrentio.cachedHints).toBe(
      'own-token',
    );
  } finally {
    await sandbox.stop();
  }
});
