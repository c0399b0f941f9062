import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addOpenTitles, OPEN_TITLES, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { call, type Json, type Reply } from './support.js';

const START = Date.UTC(2026, 10, 22, 12);
const { sintel, pioneerOne, nightOfTheLivingDead } = OPEN_TITLES;
const RECENT = 'jellyfin-recently-added-scan';
let now = START;
let sandbox: Sandbox;

beforeEach(async () => {
  now = START;
  sandbox = await startSandbox({ now: () => now });
  addOpenTitles(sandbox.world);
});

afterEach(() => sandbox.stop());

function seerr(method: string, path: string, body?: Json, headers: Record<string, string> = {}): Promise<Reply> {
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
  return call(`${sandbox.seerr.url}/api/v1${path}`, {
    method,
    headers: { 'X-Api-Key': sandbox.seerr.apiKey, ...type, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function wait(ms: number): void {
  now += ms;
  sandbox.seerr.settle();
}

describe('a movie from request to library', () => {
  test('every step is needed, and the request completes', async () => {
    const { torrentio, realDebrid, jellyfin, world } = sandbox;
    const torrent = world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-OPEN', cached: true });
    const id = sandbox.seerr.request({ ...sintel, type: 'movie' });
    const list = await seerr('GET', '/request?filter=approved&take=500&skip=0');
    expect(list.body).toMatchObject({ results: [{ id, status: 2, media: { tmdbId: sintel.tmdbId, status: 3 } }] });
    const streams = await call(`${torrentio.url}/stream/movie/${sintel.imdbId}.json`);
    expect(streams.body).toMatchObject({ streams: [{ infoHash: torrent.hash, fileIdx: 0 }] });
    realDebrid.addForeign(torrent.hash, { select: [1] });
    wait(30_000);
    jellyfin.scanNow();
    expect((await seerr('POST', `/settings/jobs/${RECENT}/run`)).body).toMatchObject({ running: true });
    wait(8_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 2, mediaStatus: 5 });
    wait(500);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 5, mediaStatus: 5 });
  });
});

describe('scans', () => {
  test('one new episode is seen by the full scan only', () => {
    const id = sandbox.seerr.request({ ...pioneerOne, type: 'tv', seasons: [1] });
    const season = { tmdbId: pioneerOne.tmdbId, season: 1 };
    sandbox.jellyfin.ownEpisodes({ ...season, episodes: [1, 2, 3, 4, 5] });
    sandbox.jellyfin.ownEpisodes({ ...season, episodes: [6], played: false });
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 2, mediaStatus: 3 });
    sandbox.seerr.scanNow('full');
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 5, mediaStatus: 5 });
  });

  test('one episode too many is one too many, where Jellyfin makes two items of two files', () => {
    sandbox.jellyfin.settings.version = '10.11.11';
    const id = sandbox.seerr.request({ ...pioneerOne, type: 'tv', seasons: [1] });
    const season = { tmdbId: pioneerOne.tmdbId, season: 1, played: false };
    sandbox.jellyfin.ownEpisodes({ ...season, episodes: [1, 2, 3, 4, 5, 6] });
    sandbox.jellyfin.ownEpisodes({ ...season, episodes: [6], copy: ' again' });
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 2, mediaStatus: 4, seasons: { 1: { media: 4 } } });
  });

  test('an unmatched show is found by TVDB id, never by IMDb id', () => {
    const id = sandbox.seerr.request({ ...pioneerOne, type: 'tv', seasons: [1] });
    const season = { tmdbId: pioneerOne.tmdbId, season: 1, episodes: [1, 2, 3, 4, 5, 6], played: false };
    const known = (providerIds: Record<string, string>) =>
      ({ kind: 'wrong', name: 'Pioneer One', providerIds }) as const;
    sandbox.jellyfin.ownEpisodes({ ...season, identification: known({ Imdb: pioneerOne.imdbId }) });
    sandbox.seerr.scanNow('full');
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 2, mediaStatus: 3 });
    sandbox.jellyfin.ownEpisodes({ ...season, identification: known({ Tvdb: String(pioneerOne.tvdbId) }) });
    sandbox.seerr.scanNow('full');
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 5 });
  });

  test('a movie without known streams is never available; 4K counts apart only with a 4K Radarr', () => {
    const standard = sandbox.seerr.request({ ...sintel, type: 'movie' });
    const fourK = sandbox.seerr.request({ ...sintel, type: 'movie', is4k: true });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [null], played: false });
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    expect(sandbox.seerr.state(standard)?.status).toBe(2);
    for (const item of sandbox.jellyfin.moviesOf(sintel.tmdbId)) for (const source of item.sources) source.width = 3840;
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    expect([sandbox.seerr.state(standard)?.status, sandbox.seerr.state(fourK)?.status]).toEqual([5, 2]);
    sandbox.seerr.settings.radarr.push({ id: 0, name: '4k', is4k: true, isDefault: false, does: 'takes' });
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    expect(sandbox.seerr.state(fourK)?.status).toBe(5);
  });

  test('starting a job while it runs aborts the running one', async () => {
    const id = sandbox.seerr.request({ ...sintel, type: 'movie' });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, played: false });
    await seerr('POST', `/settings/jobs/${RECENT}/run`);
    wait(7_000);
    await seerr('POST', `/settings/jobs/${RECENT}/run`);
    wait(7_000);
    expect([sandbox.seerr.state(id)?.status, sandbox.seerr.abortedJobs]).toEqual([2, 1]);
    expect((await seerr('GET', '/settings/jobs')).body).toMatchObject([{ id: RECENT, running: true }, {}, {}]);
    wait(1_000);
    wait(1_000);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });

  test('by its own schedule when asked to', async () => {
    sandbox.seerr.settings.scheduledScans = true;
    const id = sandbox.seerr.request({ ...sintel, type: 'movie' });
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, played: false });
    wait(300_000);
    wait(8_000);
    wait(1_000);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });
});

describe('what comes and goes', () => {
  test('a dropped mount before the sync completes and deletes', () => {
    const id = sandbox.seerr.request({ ...nightOfTheLivingDead, type: 'movie' });
    sandbox.jellyfin.ownMovie({ tmdbId: nightOfTheLivingDead.tmdbId, played: false });
    sandbox.seerr.scanNow('recent');
    wait(1_000);
    sandbox.jellyfin.dropMount();
    sandbox.seerr.runAvailabilitySync();
    wait(1_000);
    expect(sandbox.seerr.state(id)).toMatchObject({ status: 5, mediaStatus: 7 });
    expect(sandbox.seerr.state(id)?.jellyfinMediaId).toBeNull();
  });

  test('deleting a request takes its media back to unknown', async () => {
    const id = sandbox.seerr.request({ ...sintel, type: 'movie' });
    expect((await seerr('DELETE', `/request/${id}`)).status).toBe(204);
    expect(sandbox.seerr.state(id)).toBeNull();
    expect((await seerr('GET', `/request/${id}`)).body).toEqual({ message: 'Request not found.' });
    expect((await seerr('GET', '/media')).body).toMatchObject({ results: [{ status: 1 }] });
  });

  test('Radarr takes a request of its tier over a moment later', async () => {
    sandbox.seerr.settings.radarr.push({ id: 3, name: 'radarr', is4k: false, isDefault: true, does: 'takes' });
    const id = sandbox.seerr.request({ ...sintel, type: 'movie' });
    const fourK = sandbox.seerr.request({ ...sintel, type: 'movie', is4k: true });
    expect((await seerr('GET', `/request/${id}`)).body).toMatchObject({ media: { serviceId: null } });
    wait(1_000);
    expect((await seerr('GET', `/request/${fourK}`)).body).toMatchObject({
      status: 2,
      media: { serviceId: 3, externalServiceId: 1, serviceId4k: null },
    });
  });
});

describe('strictness', () => {
  test('marking needs a JSON body', async () => {
    sandbox.seerr.request({ ...sintel, type: 'movie' });
    expect((await seerr('POST', '/media/1/available')).status).toBe(415);
    expect((await seerr('POST', '/media/1/deleted', { is4k: false })).body).toMatchObject({ status: 3 });
  });

  test('a search value must be percent-encoded', async () => {
    const raw = await seerr('GET', `/search?query=imdb:${sintel.imdbId}`);
    expect([raw.status, (raw.body as Record<string, Json>).message]).toEqual([
      400,
      "Parameter 'query' must be url encoded. Its value may not contain reserved characters.",
    ]);
    const found = await seerr('GET', `/search?query=imdb%3A${sintel.imdbId}`);
    expect(found.body).toMatchObject({ totalResults: 1, results: [{ id: sintel.tmdbId, mediaType: 'movie' }] });
    expect((await seerr('GET', '/search?query=imdb%3Att0000001')).body).toMatchObject({ totalResults: 0, results: [] });
    expect((await seerr('GET', '/search')).status).toBe(400);
  });

  test('outside the API there is only the web page', async () => {
    const reply = await call(`${sandbox.seerr.url}/request`);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect((await seerr('PATCH', '/request')).status).toBe(405);
  });

  test('with CSRF protection a write needs both cookies and the header', async () => {
    const id = sandbox.seerr.request({ ...sintel, type: 'movie', approved: false });
    sandbox.seerr.settings.csrfProtection = true;
    expect((await seerr('POST', `/request/${id}/approve`)).status).toBe(403);
    const jar = (await seerr('GET', '/status')).headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
    const token = jar.find((pair) => pair.startsWith('XSRF-TOKEN='))?.split('=')[1] ?? '';
    const dance = { cookie: jar.join('; '), 'X-XSRF-TOKEN': token };
    expect((await seerr('POST', `/request/${id}/approve`, undefined, dance)).status).toBe(200);
  });

  test('a user id that is no number brings it down', async () => {
    expect((await seerr('GET', '/auth/me', undefined, { 'X-API-User': 'me' })).status).toBe(500);
    await expect(seerr('GET', '/status')).rejects.toThrow();
  });

  test('the log names operations', async () => {
    await seerr('GET', '/request?filter=approved');
    await seerr('GET', '/request');
    await seerr('GET', `/movie/${sintel.tmdbId}`);
    expect(sandbox.seerr.requests.map(({ operation }) => operation)).toEqual(['approvedList', 'requestList', 'movie']);
    sandbox.clearLogs();
    expect(sandbox.seerr.requests).toEqual([]);
  });
});
