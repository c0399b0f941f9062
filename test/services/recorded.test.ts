import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectProxy, socksProxy } from './proxies.js';
import {
  type Bench,
  bench,
  expectClean,
  failure,
  type Handler,
  json,
  SECRETS,
  type TestServer,
  testServer,
} from './support.js';

/** Answers of a real Seerr 3.1.0 and of the real addon, played back through the clients. */
const fixtures = join(import.meta.dirname, '../fixtures');

interface Recorded {
  request: { method: string; path: string };
  response: { status: number; headers: Record<string, string>; body: unknown };
}

const seerr = (name: string): Recorded => JSON.parse(readFileSync(join(fixtures, 'seerr', `${name}.json`), 'utf8'));
const play = (name: string): Handler => {
  const { response } = seerr(name);
  return json(response.body, response.status);
};

const addon = (name: string): Handler => {
  const [, ...head] = readFileSync(join(fixtures, 'torrentio', `${name}.headers`), 'utf8')
    .trim()
    .split('\n');
  const code = Number(head[0]?.split(' ')[1]);
  const headers = Object.fromEntries(
    head.slice(1).flatMap((line) => {
      const [key = '', value = ''] = line.trim().split(/: (.*)/);
      return /^(content-length|connection|keep-alive|date|transfer-encoding)$/i.test(key) || key === ''
        ? []
        : [[key, value]];
    }),
  );
  const body = readFileSync(join(fixtures, 'torrentio', `${name}.json`));
  return (_, response) => response.writeHead(code, headers).end(body);
};

let server: TestServer;
let b: Bench;
beforeEach(async () => {
  server = await testServer();
  b = bench(server.url);
});
afterEach(() => {
  expectClean(b.rows);
  return server.close();
});

describe('Seerr: requests', () => {
  test('the approved list, field by field', async () => {
    server.handle(play('20-list-filter-approved'));
    const requests = await b.services.seerr.approvedRequests();
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v1/request?filter=approved&take=500&skip=0',
    ]);
    expect(server.seen[0]?.headers).toMatchObject({ 'x-api-key': SECRETS.seerr });
    expect(server.seen[0]?.headers).not.toHaveProperty('x-api-user');
    expect(requests).toHaveLength(6);
    expect(requests[0]).toEqual({
      id: 9,
      status: 'approved',
      type: 'tv',
      is4k: false,
      seasons: [{ number: 1, status: 'approved' }],
      requestedBy: 1,
      media: {
        id: 6,
        tmdbId: 900003,
        tvdbId: null,
        imdbId: null,
        status: 'processing',
        handledByArr: false,
        hasJellyfinId: false,
        seasons: null,
      },
    });
    // Tier 4K: the status of that tier.
    expect(requests[1]).toMatchObject({ id: 8, is4k: true, media: { id: 5, tvdbId: 990001, status: 'processing' } });
  });

  test.each(readdirSync(join(fixtures, 'seerr')).filter((name) => name.includes('-list-filter-')))(
    '%s can be read',
    async (file) => {
      const recorded = seerr(file.replace('.json', ''));
      const results = (recorded.response.body as { pageInfo: { results: number } }).pageInfo.results;
      server.handle(json(recorded.response.body));
      const requests = await b.services.seerr.approvedRequests();
      expect(requests).toHaveLength(results);
      for (const { status, media } of requests) expect([status, media.status]).not.toContain('unrecognised');
    },
  );

  test.each([
    ['24-get-request-tv', { id: 6, status: 'approved', media: { seasons: [] } }],
    [
      '83-request-4k-completed-by-scan',
      {
        id: 19,
        status: 'completed',
        is4k: true,
        media: { status: 'available', hasJellyfinId: true, imdbId: 'tt2285752' },
      },
    ],
    [
      '93-request-tv-4k-completed',
      {
        id: 8,
        media: {
          status: 'available',
          hasJellyfinId: false,
          seasons: [
            { number: 1, status: 'available' },
            { number: 2, status: 'unknown' },
            { number: 3, status: 'unknown' },
          ],
        },
      },
    ],
    [
      '92-request-new-season-completed',
      { id: 7, seasons: [{ number: 3, status: 'completed' }], media: { status: 'available', hasJellyfinId: true } },
    ],
    ['66-request-after-availability-sync-deleted', { status: 'completed', media: { status: 'deleted' } }],
  ])('%s', async (name, expected) => {
    server.handle(play(name));
    expect(await b.services.seerr.request(1)).toMatchObject(expected);
    expect(server.seen[0]?.url).toBe('/api/v1/request/1');
  });

  test('a request that is gone is null; a wrong path and somebody else’s 404 are not', async () => {
    server.handle(play('24-get-request-404'));
    expect(await b.services.seerr.request(9999)).toBeNull();
    server.handle(json({ message: 'not found', errors: [{ path: '/api/v1/x', message: 'not found' }] }, 404));
    expect(await failure(b.services.seerr.request(1))).toMatchObject({ failure: 'ours', code: 'http-404' });
    server.handle((_, response) => response.writeHead(404).end('<html>nginx</html>'));
    expect(await failure(b.services.seerr.request(1))).toMatchObject({ code: 'http-404' });
  });

  test.each([
    ['02-request-list-bad-key', 'credentials', 'seerr.apiKey'],
    ['02-request-list-no-key', 'credentials', 'seerr.apiKey'],
  ])('%s', async (name, code, hint) => {
    server.handle(play(name));
    const error = await failure(b.services.seerr.approvedRequests());
    expect(error).toMatchObject({ failure: 'account', code });
    expect(error.hint).toContain(hint);
  });

  test.each(['21-list-bad-filter', '21-list-unknown-param'])('%s is our own fault', async (name) => {
    server.handle(play(name));
    expect(await failure(b.services.seerr.approvedRequests())).toMatchObject({ failure: 'ours', code: 'http-400' });
  });
});

describe('Seerr: the sweep is complete or it fails', () => {
  const rows = (seerr('20-list-filter-approved').response.body as { results: { id: number }[] }).results;
  const [sample] = rows;
  const row = (id: number) => ({ ...sample, id });
  const page = (ids: number[], results: number): Handler => json({ pageInfo: { results }, results: ids.map(row) });
  const range = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

  test('pages are joined', async () => {
    server.handle(page(range(1, 500), 550), page(range(501, 50), 550));
    expect(await b.services.seerr.approvedRequests()).toHaveLength(550);
    expect(server.seen.map(({ url }) => url.split('skip=')[1])).toEqual(['0', '500']);
  });

  test('a row that moved between pages: once more', async () => {
    server.handle(
      page(range(1, 500), 550),
      page(range(500, 49), 549),
      page(range(1, 500), 549),
      page(range(501, 49), 549),
    );
    expect(await b.services.seerr.approvedRequests()).toHaveLength(549);
  });

  test('and then it is unknown', async () => {
    server.handle(page(range(1, 99), 100));
    expect(await failure(b.services.seerr.approvedRequests())).toMatchObject({
      failure: 'source',
      code: 'off-contract',
    });
    server.handle(page([1, 1], 2));
    expect(await failure(b.services.seerr.approvedRequests())).toMatchObject({ code: 'off-contract' });
  });

  test('numbers and kinds of the future', async () => {
    const media = (sample as unknown as { media: object }).media;
    const future = [
      { ...row(1), status: 99, media: { ...media, status: 42 } },
      { ...row(2), type: 'music' },
    ];
    server.handle(json({ pageInfo: { results: 2 }, results: future }));
    const [first, ...rest] = await b.services.seerr.approvedRequests();
    expect(first).toMatchObject({ id: 1, status: 'unrecognised', media: { status: 'unrecognised' } });
    expect(rest).toEqual([]);
  });

  test('handled by Radarr in the request’s own tier only', async () => {
    const media = (sample as unknown as { media: object }).media;
    const handled = { ...row(1), media: { ...media, serviceId4k: 0, externalServiceId4k: 5 } };
    server.handle(json({ pageInfo: { results: 2 }, results: [handled, { ...handled, id: 2, is4k: true }] }));
    const requests = await b.services.seerr.approvedRequests();
    expect(requests.map(({ media: { handledByArr } }) => handledByArr)).toEqual([false, true]);
  });
});

describe('Seerr: details', () => {
  test('a movie', async () => {
    server.handle(play('70-movie-details'));
    const at = Date.UTC(2008, 3, 10);
    expect(await b.services.seerr.movie(10378)).toEqual({
      tmdbId: 10378,
      imdbId: 'tt1254207',
      keywords: [],
      title: 'Big Buck Bunny',
      originalTitle: 'Big Buck Bunny',
      year: 2008,
      runtimeMin: 10,
      status: 'Released',
      firstReleaseAt: at,
      releases: [
        { kind: 'theatrical', at },
        { kind: 'digital', at },
      ],
    });
  });

  test('empty texts are null', async () => {
    server.handle(play('70-movie-details-empty-imdb-and-date'));
    expect(await b.services.seerr.movie(900011)).toMatchObject({ imdbId: null, year: null });
  });

  test('a show', async () => {
    server.handle(play('71-tv-details'));
    expect(await b.services.seerr.show(32816)).toEqual({
      tmdbId: 32816,
      imdbId: 'tt1748166',
      keywords: [],
      tvdbId: 170551,
      title: 'Pioneer One',
      originalTitle: 'Pioneer One',
      year: 2010,
      runtimeMin: 40,
      status: 'Ended',
      seasons: [
        { number: 0, episodeCount: 1, airDate: '2010-07-01' },
        { number: 1, episodeCount: 6, airDate: '2010-06-16' },
      ],
      anime: false,
    });
  });

  test('a season with episodes that have no date yet', async () => {
    server.handle(play('72-tv-season-partly-aired'));
    expect(await b.services.seerr.season(900001, 3)).toEqual({
      number: 3,
      episodes: [
        { number: 1, airDate: '2024-01-01' },
        { number: 2, airDate: '2026-12-22' },
        { number: 3, airDate: null },
      ],
    });
    expect(server.seen[0]?.url).toBe('/api/v1/tv/900001/season/3');
  });

  test('details are asked for once in 12 h; without an IMDb id once an hour', async () => {
    server.handle(play('70-movie-details'));
    await b.services.seerr.movie(10378);
    b.clock.advance(12 * 3_600_000 - 1);
    await b.services.seerr.movie(10378);
    expect(server.seen).toHaveLength(1);
    b.clock.advance(1);
    await b.services.seerr.movie(10378);
    expect(server.seen).toHaveLength(2);
    server.handle(play('70-movie-details-empty-imdb-and-date'));
    await b.services.seerr.movie(900011);
    b.clock.advance(3_600_000);
    await b.services.seerr.movie(900011);
    expect(server.seen).toHaveLength(4);
  });

  test.each([
    ['70-movie-details-unknown-id', () => b.services.seerr.movie(1)],
    ['71-tv-details-unknown-id', () => b.services.seerr.show(1)],
    ['72-tv-season-unknown', () => b.services.seerr.season(1, 9)],
  ])('%s: a source failure of this title, which pauses nothing and is not remembered', async (name, call) => {
    server.handle(play(name));
    for (let i = 0; i < 3; i += 1) {
      expect(await failure(call())).toMatchObject({ failure: 'source', code: 'details-unavailable' });
    }
    expect(server.seen).toHaveLength(3);
    expect(b.states).toEqual([]);
  });

  test('search by IMDb id', async () => {
    server.handle(
      json({
        page: 1,
        results: [
          { id: 5, mediaType: 'person' },
          { id: 10378, mediaType: 'movie' },
        ],
      }),
    );
    expect(await b.services.seerr.findByImdb('tt1254207')).toEqual({ type: 'movie', tmdbId: 10378 });
    expect(server.seen[0]?.url).toBe('/api/v1/search?query=imdb%3Att1254207');
    server.handle(json({ results: [] }));
    expect(await b.services.seerr.findByImdb('tt0000001')).toBeNull();
  });
});

describe('Seerr: settings and writes', () => {
  test('settings and version', async () => {
    server.handle(play('00-settings-public'), play('00-status'));
    expect(await b.services.seerr.settings()).toEqual({ movie4k: false, series4k: false, mediaServer: 2 });
    expect(await b.services.seerr.version()).toBe('3.1.0');
    server.handle(json({}, 500));
    expect(await failure(b.services.seerr.version())).toMatchObject({ failure: 'source', code: 'http-500' });
  });

  test('Radarr and Sonarr by tier', async () => {
    const radarr = seerr('80-settings-radarr-post').response.body;
    const radarr4k = seerr('83-settings-radarr-4k').response.body;
    server.handle(json([radarr, radarr4k]), json([]));
    expect(await b.services.seerr.arr()).toEqual({ movie: true, movie4k: true, tv: false, tv4k: false });
    expect(server.seen.map(({ url }) => url)).toEqual(['/api/v1/settings/radarr', '/api/v1/settings/sonarr']);
  });

  test('the recently-added scan', async () => {
    const job = seerr('95-job-run').response.body as object;
    server.handle(
      json([
        { id: 'other', running: true },
        { ...job, running: false },
      ]),
    );
    expect(await b.services.seerr.recentScanRunning()).toBe(false);
    server.handle(json([job]));
    expect(await b.services.seerr.recentScanRunning()).toBe(true);
    server.handle(json([]));
    expect(await failure(b.services.seerr.recentScanRunning())).toMatchObject({ code: 'no-scan-job', failure: 'ours' });
    server.handle(play('95-job-run'));
    await b.services.seerr.startRecentScan();
    const recorded = seerr('95-job-run').request;
    expect(server.seen.at(-1)).toMatchObject({ method: recorded.method, url: recorded.path, body: '' });
    expect(server.seen.at(-1)?.headers).not.toHaveProperty('content-type');
  });

  test('marking always sends a JSON body', async () => {
    server.handle(play('40-media-available-movie'));
    await b.services.seerr.mark(2, 'available', { is4k: false });
    await b.services.seerr.mark(4, 'available', { is4k: true, seasons: [1, 2] });
    await b.services.seerr.mark(4, 'partial', { is4k: false });
    expect(server.seen.map(({ method, url, body }) => [method, url, JSON.parse(body)])).toEqual([
      ['POST', '/api/v1/media/2/available', { is4k: false }],
      ['POST', '/api/v1/media/4/available', { is4k: true, seasons: [{ seasonNumber: 1 }, { seasonNumber: 2 }] }],
      ['POST', '/api/v1/media/4/partial', { is4k: false }],
    ]);
    expect(server.seen[0]?.headers['content-type']).toBe('application/json');
  });

  test('an unknown media id is our own fault', async () => {
    server.handle(play('45-media-404'));
    const error = await failure(b.services.seerr.mark(9999, 'available', { is4k: false }));
    expect(error).toMatchObject({ failure: 'ours', code: 'http-404' });
    expect(error.message).toContain('Media does not exist.');
  });

  test('CSRF protection stops writes, with advice, and nothing else', async () => {
    server.handle(play('85-csrf-enabled-post-with-api-key'));
    const error = await failure(b.services.seerr.mark(1, 'available', { is4k: false }));
    expect(error).toMatchObject({ failure: 'account', code: 'csrf' });
    expect(error.hint).toContain('CSRF Protection');
    expect(await failure(b.services.seerr.startRecentScan())).toMatchObject({ code: 'paused' });
    server.handle(play('20-list-filter-approved'));
    await b.services.seerr.approvedRequests();
  });
});

describe('Torrentio', () => {
  const movie = { type: 'movie', imdbId: 'tt0063350' } as const;
  const episode = { type: 'episode', imdbId: 'tt1748166', season: 1, episode: 3 } as const;

  test('a movie without a key, field by field', async () => {
    server.handle(addon('movie-plain'));
    const { releases, notices } = await b.services.torrentio.streams(movie);
    expect(notices).toEqual([]);
    expect(releases).toHaveLength(23);
    expect(releases[0]).toEqual({
      infoHash: 'e2b07c24b592bfc9e04836fcfe9bb8c1e6291f44',
      name: 'Night of the Living Dead 1968 2160p UHD BluRay REMUX DV HDR10 HEVC TrueHD 7.1-FRAME',
      filePath: expect.stringContaining('.mkv'),
      fileIndex: 0,
      sizeBytes: Math.round(58.3 * 1024 ** 3),
      seeders: 41,
      provider: 'TorrentGalaxy',
      quality: '4k DV | HDR',
      languages: [],
      cached: null,
      packMarker: false,
      trackers: ['udp://tracker.example.org:1337/announce', 'http://tracker.example.net/announce'],
    });
    const [seen] = server.seen;
    expect(seen?.url).toBe(`/qualityfilter=scr|realdebrid=${SECRETS.addon}/stream/movie/tt0063350.json`);
    expect(seen?.headers['user-agent']).toContain('fulfillarr');
  });

  test('with a key: hashes come from links that are never followed', async () => {
    server.handle(addon('movie-rd'));
    const { releases } = await b.services.torrentio.streams(movie);
    expect(releases.length).toBeGreaterThan(20);
    expect(releases.some(({ cached }) => cached === true)).toBe(true);
    expect(JSON.stringify(releases)).not.toMatch(/resolve|https?:\/\/torrentio/);
    expect(server.seen).toHaveLength(1);
  });

  test('an episode', async () => {
    server.handle(addon('episode-s1e3-plain'));
    const { releases } = await b.services.torrentio.streams(episode);
    expect(releases.some(({ packMarker }) => packMarker)).toBe(true);
    expect(server.seen[0]?.url).toMatch(/\/stream\/series\/tt1748166:1:3\.json$/);
  });

  test.each(
    readdirSync(join(fixtures, 'torrentio'))
      .filter((name) => /^(movie|episode|fresh|availability)-.*\.json$/.test(name))
      .map((name) => name.replace('.json', '')),
  )('%s can be read', async (name) => {
    server.handle(addon(name));
    const { notices } = await b.services.torrentio.streams(movie);
    expect(notices).toEqual([]);
  });

  test.each(['short-key', 'blacklisted-key'])('%s is never "no results"', async (name) => {
    server.handle(addon(name));
    const error = await failure(b.services.torrentio.streams(movie));
    expect(error).toMatchObject({ failure: 'source', code: 'addon-error' });
    expect(error.message).toMatch(/Torrentio says: .+/);
    expect(error.hint).toContain('torrentio.options');
    expect(b.rows.at(-1)).toMatchObject({ status: 200, failure: 'addon-error' });
  });

  test.each(['unknown-movie', 'bad-id', 'tmdb-id'])('%s: nothing, remembered for a minute', async (name) => {
    server.handle(addon(name));
    expect(await b.services.torrentio.streams(movie)).toEqual({ releases: [], notices: [] });
    b.clock.advance(59_999);
    await b.services.torrentio.streams(movie);
    expect(server.seen).toHaveLength(1);
    b.clock.advance(1);
    await b.services.torrentio.streams(movie);
    expect(server.seen).toHaveLength(2);
  });

  test('a list is remembered for cache.streamsTtl', async () => {
    server.handle(addon('movie-plain'));
    await b.services.torrentio.streams(movie);
    b.clock.advance(3_599_999);
    await b.services.torrentio.streams(movie);
    expect(server.seen).toHaveLength(1);
    b.clock.advance(1);
    await b.services.torrentio.streams(movie);
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['no list', { err: 'handler error' }],
    ['a null', { streams: null }],
    ['a stream that is none', { streams: ['x'] }],
  ])('%s is off contract', async (_, body) => {
    server.handle(json(body));
    expect(await failure(b.services.torrentio.streams(movie))).toMatchObject({ failure: 'ours', code: 'off-contract' });
  });

  test('Cloudflare’s refusal comes with advice', async () => {
    server.handle((_, response) => response.writeHead(403).end('<!DOCTYPE html><title>Attention Required!</title>'));
    const error = await failure(b.services.torrentio.streams(movie));
    expect(error).toMatchObject({ failure: 'source', code: 'address-refused', status: 403 });
    expect(error.hint).toContain('torrentio.proxy');
  });

  test('a redirect within the address is followed, one to a torrent or to plain http elsewhere is not', async () => {
    const path = '/stream/movie/tt0063350.json';
    server.handle(
      (_, response) => response.writeHead(302, { Location: `${server.url}/moved${path}` }).end(),
      addon('movie-plain'),
    );
    expect((await b.services.torrentio.streams(movie)).releases).toHaveLength(23);
    const other = await testServer(addon('movie-plain'));
    for (const location of [`${server.url}/resolve/realdebrid/k/h/null/0/x.mkv`, other.url + path]) {
      const fresh = bench(server.url);
      const before = server.seen.length;
      server.handle((_, response) => response.writeHead(302, { Location: location }).end());
      expect(await failure(fresh.services.torrentio.streams(movie))).toMatchObject({
        code: 'redirect',
        failure: 'source',
      });
      expect(server.seen).toHaveLength(before + 1);
    }
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  test('a manifest address and stray slashes are understood; own user agent', async () => {
    server.handle(addon('movie-plain'));
    const other = bench(server.url, (o) => ({
      ...o,
      torrentio: { ...o.torrentio, url: `${server.url}/manifest.json`, options: '/sort=size/', userAgent: 'mine/1' },
    }));
    await other.services.torrentio.streams(movie);
    expect(server.seen[0]).toMatchObject({
      url: '/sort=size/stream/movie/tt0063350.json',
      headers: { 'user-agent': 'mine/1' },
    });
  });

  test.each(['http', 'socks5'])('through a proxy: %s', async (scheme) => {
    const proxy = await (scheme === 'http' ? connectProxy() : socksProxy());
    server.handle(addon('movie-plain'));
    const through = (address: string) =>
      bench(server.url, (o) => ({ ...o, torrentio: { ...o.torrentio, proxy: `${scheme}://${address}` } }));
    const { releases } = await through(proxy.address).services.torrentio.streams(movie);
    expect(releases).toHaveLength(23);
    expect(proxy.used()).toBe(1);
    await proxy.close();
    const error = await failure(through(proxy.address).services.torrentio.streams(movie));
    expect(error).toMatchObject({ failure: 'source', code: 'proxy' });
    expect(error.hint).toContain('torrentio.proxy');
    expect(server.seen).toHaveLength(1);
  });

  test('what it says back of keys in addresses is masked', async () => {
    const proxy = await connectProxy();
    server.handle(json({ error: `no ${SECRETS.addon} by ${SECRETS.seerr}` }, 500));
    const { services } = bench(server.url, (o) => ({
      ...o,
      torrentio: {
        ...o.torrentio,
        url: `${server.url}/sort=size|realdebrid=${SECRETS.addon}`,
        options: '',
        proxy: `http://me:${SECRETS.seerr}@${proxy.address}`,
      },
    }));
    expect((await failure(services.torrentio.streams(movie))).message).toBe(
      'Torrentio answers HTTP 500: no *** by ***',
    );
    await proxy.close();
  });
});
