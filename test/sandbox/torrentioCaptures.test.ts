import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type FileSpec, type ReleaseSpec, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { call, fixture, type Json, type Reply, shapeOf } from './support.js';

interface RecordedStream {
  name: string;
  title: string;
  infoHash?: string;
  fileIdx?: number;
  behaviorHints?: { bingeGroup?: string; filename?: string };
  sources?: string[];
  url?: string;
}

interface Recorded {
  streams: RecordedStream[];
  cacheMaxAge?: number;
}

let now = Date.UTC(2026, 10, 22, 12);
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ now: () => now });
  for (const [imdbId, name] of [
    ['tt0063350', 'movie'],
    ['tt1254207', 'movie-few'],
    ['tt1727587', 'movie-hdr10plus'],
    ['tt2285752', 'movie-70'],
  ] as const) {
    addRows(imdbId, name);
  }
  const { world } = sandbox;
  world.addShow({
    tmdbId: 32816,
    imdbId: 'tt1748166',
    title: 'Pioneer One',
    seasons: [{ number: 1, airDates: [null] }],
  });
  for (const spec of packs()) world.addRelease(spec);
});

afterAll(() => sandbox.stop());

beforeEach(() => {
  // What was remembered as empty is forgotten after a minute.
  now += 120_000;
});

/** The recorded rows of a movie as releases, from the two lists with and without a key. */
function addRows(imdbId: string, name: string): void {
  const lists = [`${name}-rd`, name === 'movie' || name === 'movie-few' ? `${name}-plain` : null];
  const all = lists.flatMap((list) => (list === null ? [] : recorded(list).streams));
  sandbox.world.addMovie({ tmdbId: Number(imdbId.slice(2)), imdbId, title: imdbId, year: 2000 });
  const byHash = new Map<string, { spec: ReleaseSpec; files: FileSpec[] }>();
  for (const stream of all) {
    const row = rowOf(stream);
    const known = byHash.get(row.hash);
    const entry = known ?? { spec: row.spec(imdbId), files: [] };
    byHash.set(row.hash, entry);
    if (row.index !== null) entry.files[row.index] = row.file;
    if (stream.name.startsWith('[RD+]')) entry.spec.hinted = [...hintedOf(entry.spec), row.index ?? -1];
  }
  for (const { spec, files } of byHash.values()) {
    const filled = Array.from(files, (file) => file ?? { path: 'read me.txt', bytes: 100 });
    // Where the recording shows a path, the torrent holds more than that file.
    const partial = filled.some((file) => !file.path.startsWith(spec.name));
    if (partial) filled.push({ path: 'extras.zip', bytes: filled.reduce((sum, file) => sum + file.bytes, 0) });
    sandbox.world.addRelease({ ...spec, ...(spec.indexed === false ? {} : { files: filled }) });
  }
}

function hintedOf(spec: ReleaseSpec): number[] {
  return Array.isArray(spec.hinted) ? spec.hinted : [];
}

function rowOf(stream: RecordedStream) {
  const lines = stream.title.split('\n');
  const at = lines.findLastIndex((line) => /💾 [\d.]+ \w+ ⚙️ \S+$/.test(line));
  const details = lines[at] ?? '';
  const path = lines.slice(1, at).join('\n');
  const url = stream.url?.split('/') ?? [];
  const hash = stream.infoHash ?? url.find((part) => /^[0-9a-f]{40}$/.test(part)) ?? '';
  const index = stream.fileIdx ?? (/^\d+$/.test(url.at(-2) ?? '') ? Number(url.at(-2)) : null);
  const bytes = bytesIn(details);
  const seeders = /👤 (\d+)/.exec(details)?.[1];
  const name = lines[0] ?? '';
  const whole = path === '' ? `${name}/${stream.behaviorHints?.filename ?? ''}` : path;
  return {
    hash,
    index,
    file: { path: whole, bytes },
    spec: (of: string): ReleaseSpec => ({
      of,
      name,
      hash,
      hinted: [],
      provider: /⚙️ (\S+)$/.exec(details)?.[1] ?? '',
      seeders: seeders === undefined ? null : Number(seeders),
      ...(index === null ? { indexed: false, bytes: details.includes('286.1 MB') ? null : bytes } : {}),
    }),
  };
}

function bytesIn(details: string): number {
  const [, number = '0', unit = 'B'] = /💾 ([\d.]+) (\w+)/.exec(details) ?? [];
  return Math.round(Number(number) * 1024 ** ['B', 'kB', 'MB', 'GB', 'TB'].indexOf(unit));
}

/** Torrents of the recorded series: a pack, a pack named like its folder, singles, one without a file list. */
function packs(): ReleaseSpec[] {
  const of = 'tt1748166';
  const GB = 1024 ** 3;
  const folder = 'Pioneer.One.S01.1080p';
  return [
    {
      of,
      name: 'Pioneer One S01 1080p WEB-DL x264-VODO',
      hash: 'cdc206cfa696f6c6b974ec21581c921007aeea2f',
      provider: 'TorrentGalaxy',
      seeders: 48,
      cached: true,
      files: [
        { path: `${folder}/info.nfo`, bytes: 1000 },
        ...[1, 2, 3, 4, 5, 6].map((episode) => ({
          path: `${folder}/Pioneer.One.S01E0${episode}.1080p.WEB-DL.x264-VODO.mkv`,
          bytes: 1.46 * GB,
        })),
      ],
    },
    {
      of,
      name: 'Pioneer One S01E01 720p x264-VODO',
      hash: '502cbb890c2f74c99b73f5f3c42935b259090dcd',
      provider: 'EZTV',
      seeders: 29,
      bytes: 650 * 1024 ** 2,
    },
    {
      of,
      name: 'Pioneer One Season 1 Complete 720p',
      hash: '218f577c5a67490dca6f62e1c321f04dcc74002d',
      provider: '1337x',
      seeders: 12,
      files: [1, 2, 3].map((episode) => ({
        path: `Pioneer One Season 1 Complete 720p/Pioneer One S01E0${episode}.mkv`,
        bytes: 640 * 1024 ** 2,
      })),
    },
    {
      of,
      name: 'Pioneer.One.S01.COMPLETE.no.index',
      hash: '3d5a9b56e64d7f35700317f9f3898e18b09faa3e',
      provider: 'KickassTorrents',
      seeders: 3,
      bytes: 3 * GB,
      indexed: false,
    },
  ];
}

function recorded(name: string): Recorded {
  return JSON.parse(fixture(`torrentio/${name}.json`)) as Recorded;
}

/** Path, status and headers of a recording. */
function head(name: string): { path: string; status: number; headers: Map<string, string> } {
  const [first = '', status = '', ...rest] = fixture(`torrentio/${name}.headers`).trim().split(/\r?\n/);
  const headers = rest
    .map((line) => /^([^:]+): ?(.*)$/.exec(line))
    .map((found) => [found?.[1]?.toLowerCase() ?? '', found?.[2] ?? ''] as const);
  return { path: first.replace('# GET ', ''), status: Number(status.split(' ')[1]), headers: new Map(headers) };
}

function get(path: string): Promise<Reply> {
  return call(`${sandbox.torrentio.url}${path}`);
}

function comparable(stream: RecordedStream): unknown {
  const { name, title, infoHash, fileIdx, behaviorHints, url } = stream;
  return { name, title, infoHash, fileIdx, behaviorHints, path: url?.replace(/^https?:\/\/[^/]+/, '') };
}

describe('whole lists are told as recorded', () => {
  test.each([
    'movie-plain',
    'movie-rd',
    'movie-few-plain',
    'movie-few-rd',
    'movie-hdr10plus-rd',
    'movie-limit1',
    'movie-quality-filter-pct',
    'movie-sizefilter',
    'movie-qf-brremux',
  ])('%s', async (name) => {
    const { path, headers } = head(name);
    const reply = await get(path);
    const told = reply.body as unknown as Recorded;
    expect(reply.headers.get('cache-control')).toBe(headers.get('cache-control'));
    expect(sortable(told.streams)).toEqual(sortable(recorded(name).streams));
    expect(told.streams.map(seedersOf)).toEqual(recorded(name).streams.map(seedersOf));
  });

  test('70 releases with a key: the same ones', async () => {
    const told = (await get(head('movie-70-rd').path)).body as unknown as Recorded;
    expect(sortable(told.streams)).toEqual(sortable(recorded('movie-70-rd').streams));
  });

  test.each(['episode-plain', 'episode-rd', 'episode-s1e3-plain'])('the known torrents of %s', async (name) => {
    const known = new Set(packs().map((spec) => spec.hash ?? ''));
    const told = (await get(head(name).path)).body as unknown as Recorded;
    const expected = recorded(name).streams.filter((stream) => known.has(hashOf(stream)));
    const withoutMarkers = (streams: RecordedStream[]) =>
      sortable(streams.map((stream) => ({ ...stream, name: stream.name.replace(/^\[[^\]]+\] /, '') })));
    expect(withoutMarkers(told.streams)).toEqual(withoutMarkers(expected));
  });
});

/** Rows with equal seeders come in any order. */
function sortable(streams: RecordedStream[]): string[] {
  return streams.map((stream) => JSON.stringify(comparable(stream))).sort();
}

function seedersOf(stream: RecordedStream): string | undefined {
  return stream.title.match(/👤 \d+/g)?.at(-1);
}

function hashOf(stream: RecordedStream): string {
  return stream.infoHash ?? stream.url?.split('/').find((part) => /^[0-9a-f]{40}$/.test(part)) ?? '';
}

describe('odd requests are answered as recorded', () => {
  test.each([
    'unknown-movie',
    'unknown-movie-rd',
    'unknown-episode',
    'season-query',
    'bad-id',
    'tmdb-id',
    'short-key',
    'bad-config-unknown-provider',
    'manifest',
    'manifest-rd',
  ])('%s', async (name) => {
    const { path, status, headers } = head(name);
    const reply = await get(path);
    expect(reply.status).toBe(status);
    expect(reply.headers.get('cache-control')).toBe(headers.get('cache-control') ?? null);
    expect(reply.headers.get('content-type')).toBe(headers.get('content-type'));
    expect(shapeOf(reply.body)).toEqual(shapeOf(JSON.parse(fixture(`torrentio/${name}.json`)) as Json));
  });

  test.each(['bad-resource', 'notfound'])('%s is an empty 404', async (name) => {
    const reply = await get(head(name).path);
    expect([reply.status, reply.text]).toEqual([404, '']);
  });

  test('a key on the blacklist', async () => {
    sandbox.torrentio.settings.blacklist.add('badtokenFAKEKEYFAKEKEY');
    const reply = await get(head('blacklisted-key').path);
    expect(shapeOf(reply.body)).toEqual(shapeOf(recorded('blacklisted-key') as unknown as Json));
  });

  test('raw and encoded colon are the same', async () => {
    const raw = await get(head('episode-plain').path);
    expect((await get(head('encoded-colon').path)).body).toEqual(raw.body);
  });

  test('the wrong route first poisons the right one for a minute', async () => {
    expect((await get('/stream/series/tt0063350.json')).body).toMatchObject({ streams: [], cacheMaxAge: 60 });
    expect((await get('/stream/movie/tt0063350.json')).body).toMatchObject({ streams: [], cacheMaxAge: 60 });
    now += 60_000;
    expect((await get('/stream/movie/tt0063350.json')).body).toMatchObject({ cacheMaxAge: 3600 });
  });

  test('the movie route on a series id gives every file of every torrent', async () => {
    const { streams } = (await get('/stream/movie/tt1748166.json')).body as unknown as Recorded;
    expect(
      streams.map((stream) => stream.behaviorHints?.filename).filter((name) => name?.includes('VODO')),
    ).toHaveLength(7);
  });
});

describe('the addon as a gatekeeper', () => {
  test('Cloudflare refuses with a page', async () => {
    sandbox.torrentio.settings.blocked = true;
    const reply = await get('/stream/movie/tt0063350.json');
    sandbox.torrentio.settings.blocked = false;
    expect([reply.status, reply.headers.get('content-type')]).toEqual([403, 'text/html; charset=UTF-8']);
  });

  test('the daily limit answers 429 without Retry-After; the manifest is exempt', async () => {
    sandbox.torrentio.settings.dailyLimit = 0;
    const reply = await get('/stream/movie/tt0063350.json');
    expect([reply.status, reply.headers.get('retry-after')]).toEqual([429, null]);
    expect((await get('/manifest.json')).status).toBe(200);
    sandbox.torrentio.settings.dailyLimit = 5_000;
  });

  test('a resolve URL adds to the account, by HEAD as well', async () => {
    const { streams } = (await get(head('movie-rd').path)).body as unknown as Recorded;
    const before = sandbox.realDebrid.addedByResolve;
    const reply = await call(streams[0]?.url ?? '', { method: 'HEAD' });
    expect(reply.status).toBe(302);
    expect(sandbox.realDebrid.addedByResolve).toBe(before + 1);
    expect(sandbox.torrentio.requests.at(-1)?.operation).toBe('resolve');
  });
});
