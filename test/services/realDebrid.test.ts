import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Bench,
  bench,
  expectClean,
  failure,
  type Handler,
  json,
  SECRETS,
  status,
  type TestServer,
  testServer,
  text,
} from './support.js';

let server: TestServer;
let b: Bench;
beforeEach(async () => {
  server = await testServer();
  b = bench(server.url);
});
afterEach(() => {
  expectClean(b.rows);
  expectClean(b.states);
  return server.close();
});

const HASH = 'C'.repeat(40);
const hash = HASH.toLowerCase();
const row = (id: string, more: object = {}) => ({
  id,
  filename: 'Sintel.2010.mkv',
  hash: HASH,
  bytes: 1_000,
  host: 'real-debrid.com',
  split: 2_000,
  progress: 100,
  status: 'downloaded',
  added: '2026-11-22T10:00:00.000Z',
  links: ['https://real-debrid.com/d/AAAA'],
  ...more,
});
const list = (rows: unknown[], total = rows.length): Handler => json(rows, 200, { 'X-Total-Count': String(total) });
const rd = (code: number, httpStatus: number): Handler => json({ error: 'slug', error_code: code }, httpStatus);

describe('list', () => {
  test('field by field', async () => {
    server.handle(list([row('A', { seeders: 4 }), row('B', { status: 'polishing', links: [], filename: null })]));
    const began = b.clock.now();
    expect(await b.services.realDebrid.list()).toEqual({
      startedAt: began,
      entries: [
        {
          id: 'A',
          infoHash: hash,
          name: 'Sintel.2010.mkv',
          bytes: 1_000,
          progress: 100,
          status: 'downloaded',
          linkCount: 1,
          seeders: 4,
        },
        {
          id: 'B',
          infoHash: hash,
          name: '',
          bytes: 1_000,
          progress: 100,
          status: 'unrecognised',
          linkCount: 0,
          seeders: null,
        },
      ],
    });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/torrents?limit=2500&page=1',
      headers: { authorization: `Bearer ${SECRETS.realDebrid}` },
    });
  });

  test.each([
    ['204', status(204)],
    ['an empty list', list([])],
  ])('an empty account: %s', async (_, handler) => {
    server.handle(handler);
    expect((await b.services.realDebrid.list()).entries).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  test('pages are joined until the count is reached', async () => {
    const rows = Array.from({ length: 2_501 }, (_, i) => row(`T${i}`));
    server.handle(list(rows.slice(0, 2_500), 2_501), list(rows.slice(2_500), 2_501));
    expect((await b.services.realDebrid.list()).entries).toHaveLength(2_501);
    expect(server.seen.map(({ url }) => url)).toEqual(['/torrents?limit=2500&page=1', '/torrents?limit=2500&page=2']);
  });

  test('a list that moved while it was read is read once more', async () => {
    server.handle(list([row('A')], 2), status(404), list([row('A'), row('B')]));
    expect((await b.services.realDebrid.list()).entries).toHaveLength(2);
  });

  test.each([
    ['short of its count', [list([row('A')], 2), status(204), list([row('A')], 2), status(204)]],
    ['empty but counted', [list([], 3)]],
    ['204 but counted', [status(204, { 'X-Total-Count': '3' })]],
    ['without a count', [json([row('A')])]],
  ])('a list %s proves nothing', async (_, handlers) => {
    server.handle(...handlers);
    expect(await failure(b.services.realDebrid.list())).toMatchObject({ failure: 'source', code: 'off-contract' });
  });

  test.each([
    ['an object', json({ error: 'x' }, 200, { 'X-Total-Count': '0' })],
    ['a row without an id', list([{ ...row('A'), id: undefined }])],
  ])('%s is off contract', async (_, handler) => {
    server.handle(handler);
    expect(await failure(b.services.realDebrid.list())).toMatchObject({ failure: 'ours', code: 'off-contract' });
  });
});

describe('info', () => {
  const files = [
    { id: 1, path: '/Sintel/Sintel.mkv', bytes: 900, selected: 1 },
    { id: 2, path: '/Sintel/info.nfo', bytes: 100, selected: 0 },
  ];

  test('field by field, and its files are remembered; info itself never is', async () => {
    server.handle(json(row('A', { original_filename: 'Sintel', files })));
    const info = await b.services.realDebrid.info('A');
    expect(info).toMatchObject({ id: 'A', infoHash: hash, originalName: 'Sintel', status: 'downloaded' });
    expect(info?.files).toEqual([
      { id: 1, path: '/Sintel/Sintel.mkv', bytes: 900, selected: true },
      { id: 2, path: '/Sintel/info.nfo', bytes: 100, selected: false },
    ]);
    await b.services.realDebrid.info('A');
    expect(server.seen.map(({ url }) => url)).toEqual(['/torrents/info/A', '/torrents/info/A']);
    expect(await b.services.realDebrid.rememberedFiles(HASH)).toEqual([
      { id: 1, path: '/Sintel/Sintel.mkv', bytes: 900 },
      { id: 2, path: '/Sintel/info.nfo', bytes: 100 },
    ]);
    b.clock.advance(3_600_000);
    expect(await b.services.realDebrid.rememberedFiles(HASH)).toBeNull();
  });

  test('before the metadata is known there is nothing to remember', async () => {
    server.handle(json(row('A', { status: 'magnet_conversion', files: [] })));
    expect((await b.services.realDebrid.info('A'))?.files).toEqual([]);
    expect(await b.services.realDebrid.rememberedFiles(hash)).toBeNull();
  });

  test.each([
    ['code 7', rd(7, 404)],
    ['a bare 404', status(404)],
  ])('gone: %s', async (_, handler) => {
    server.handle(handler);
    expect(await b.services.realDebrid.info('A')).toBeNull();
  });

  test('a gateway’s 404 page does not make a torrent gone', async () => {
    server.handle(text('<html>404</html>', 404));
    expect(await failure(b.services.realDebrid.info('A'))).toMatchObject({ failure: 'source', code: 'not-json' });
  });
});

describe('writes', () => {
  test('addMagnet: lower-case hash, at most ten sane trackers, as a form', async () => {
    server.handle(json({ id: 'NEW', uri: 'https://x' }, 201));
    const many = Array.from({ length: 15 }, (_, i) => `udp://t${i}.example.org:80/announce`);
    const trackers = ['javascript:alert(1)', 'not a url', ...many, ...many];
    expect(await b.services.realDebrid.addMagnet(HASH, trackers)).toEqual({ id: 'NEW' });
    const [seen] = server.seen;
    expect(seen?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const magnet = new URLSearchParams(seen?.body).get('magnet') ?? '';
    expect(magnet).toMatch(new RegExp(`^magnet:\\?xt=urn:btih:${hash}&tr=udp%3A%2F%2Ft0\\.`));
    expect(magnet.match(/&tr=/g)).toHaveLength(10);
  });

  test('nothing is sent for a hash that is none or a selection of nothing', async () => {
    expect(await failure(b.services.realDebrid.addMagnet('abc', []))).toMatchObject({
      failure: 'ours',
      code: 'bad-hash',
    });
    expect(await failure(b.services.realDebrid.selectFiles('A', []))).toMatchObject({
      failure: 'ours',
      code: 'no-files',
    });
    expect(server.seen).toHaveLength(0);
  });

  test.each([
    ['204', status(204)],
    ['202', json({ error: 'action_already_done', error_code: 31 }, 202)],
    ['code 31 with another status', rd(31, 400)],
  ])('selectFiles succeeds with %s', async (_, handler) => {
    server.handle(handler);
    await b.services.realDebrid.selectFiles('A/B', [3, 1]);
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/torrents/selectFiles/A%2FB', body: 'files=3%2C1' });
  });

  test.each([
    ['204', status(204)],
    ['404', rd(7, 404)],
    ['a bare 404', status(404)],
  ])('remove succeeds with %s', async (_, handler) => {
    server.handle(handler);
    await b.services.realDebrid.remove('A');
    expect(server.seen[0]).toMatchObject({ method: 'DELETE', url: '/torrents/delete/A' });
  });
});

describe('error codes', () => {
  const add = () => b.services.realDebrid.addMagnet(HASH, []);

  test.each([
    [-1, 500, 'source'],
    [1, 400, 'ours'],
    [2, 400, 'release'],
    [3, 400, 'ours'],
    [4, 400, 'ours'],
    [5, 429, 'throttle'],
    [6, 503, 'source'],
    [7, 404, 'ours'],
    [8, 401, 'account'],
    [9, 403, 'account'],
    [10, 401, 'account'],
    [14, 403, 'account'],
    [15, 403, 'account'],
    [20, 403, 'account'],
    [21, 509, 'throttle'],
    [21, 503, 'throttle'],
    [22, 403, 'account'],
    [23, 403, 'account'],
    [24, 503, 'release'],
    [25, 503, 'source'],
    [26, 413, 'release'],
    [27, 500, 'source'],
    [28, 403, 'release'],
    [29, 403, 'release'],
    [30, 400, 'release'],
    [34, 429, 'throttle'],
    [35, 451, 'release'],
    [35, 403, 'release'],
    [36, 403, 'account'],
    [37, 403, 'ours'],
    [99, 400, 'ours'],
    [99, 500, 'source'],
  ])('code %p with HTTP %p is %s', async (code, httpStatus, cls) => {
    server.handle(rd(code, httpStatus));
    const error = await failure(add());
    expect(error).toMatchObject({ failure: cls, code: `rd-${code}`, status: httpStatus, service: 'realDebrid' });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    [401, 'account', 'rd-8'],
    [403, 'account', 'rd-9'],
    [404, 'ours', 'rd-7'],
    [429, 'throttle', 'rd-34'],
    [451, 'release', 'rd-35'],
    [509, 'throttle', 'rd-21'],
    [502, 'source', 'http-502'],
  ])('HTTP %p without a body is %s %s', async (httpStatus, cls, code) => {
    server.handle(status(httpStatus));
    expect(await failure(add())).toMatchObject({ failure: cls, code });
  });

  test.each([403, 404, 451, 500, 503])('a web page with HTTP %p blames nobody', async (httpStatus) => {
    server.handle(text('<!DOCTYPE html><title>Cloudflare</title>', httpStatus));
    expect(await failure(add())).toMatchObject({ failure: 'source', code: 'not-json' });
  });

  test('33 tells that the torrent is there already', async () => {
    server.handle(rd(33, 400));
    expect(await failure(add())).toMatchObject({ failure: 'ours', code: 'already-active', ambiguous: false });
  });

  test('7 on selectFiles is the release’s end', async () => {
    server.handle(rd(7, 404));
    expect(await failure(b.services.realDebrid.selectFiles('A', [1]))).toMatchObject({
      failure: 'release',
      code: 'rd-7',
    });
  });

  test('503 with a code is an answer, not an overload: not repeated', async () => {
    server.handle(rd(25, 503));
    await failure(b.services.realDebrid.account());
    expect(server.seen).toHaveLength(1);
  });

  test('35 behind a throttle’s pause is soft, once', async () => {
    const { realDebrid } = b.services;
    server.handle(rd(34, 429), rd(35, 451), rd(35, 451));
    await failure(realDebrid.account());
    b.clock.advance(65_000);
    const soft = await failure(realDebrid.addMagnet(HASH, []));
    expect(soft).toMatchObject({ failure: 'throttle', code: 'rd-35-soft', retryAt: b.clock.now() + 120_000 });
    b.clock.advance(125_000);
    expect(await failure(realDebrid.addMagnet(HASH, []))).toMatchObject({ failure: 'release', code: 'rd-35' });
  });

  test('35 long after a throttle is a verdict', async () => {
    server.handle(rd(34, 429), rd(35, 451));
    await failure(b.services.realDebrid.account());
    b.clock.advance(100_000);
    expect(await failure(b.services.realDebrid.addMagnet(HASH, []))).toMatchObject({ failure: 'release' });
  });
});

describe('availability', () => {
  const other = 'd'.repeat(40);
  const file = (filename: string, filesize: number) => ({ filename, filesize });

  test.each([
    ['code 37', rd(37, 403), 'disabled'],
    ['a bare 403', status(403), 'disabled'],
    ['a bare list', json([]), 'unknown'],
  ])('%s', async (_, handler, kind) => {
    server.handle(handler);
    expect(await b.services.realDebrid.instantAvailability([HASH])).toEqual({ kind });
    await b.services.realDebrid.instantAvailability([HASH]);
    expect(server.seen).toHaveLength(2);
    expect(b.states).toEqual([]);
  });

  test('a web page with 403 settles nothing', async () => {
    server.handle(text('<html>no</html>', 403));
    expect(await failure(b.services.realDebrid.instantAvailability([HASH]))).toMatchObject({ failure: 'source' });
  });

  test('variants, in one call, remembered per hash', async () => {
    server.handle(
      json({ [HASH]: { rd: [{ 1: file('a.mkv', 5), 3: file('b.mkv', 6) }, { 1: file('a.mkv', 5) }] }, [other]: [] }),
    );
    const first = await b.services.realDebrid.instantAvailability([HASH, other, hash]);
    const expected = [
      [
        { id: 1, path: 'a.mkv', bytes: 5 },
        { id: 3, path: 'b.mkv', bytes: 6 },
      ],
      [{ id: 1, path: 'a.mkv', bytes: 5 }],
    ];
    expect(first).toEqual({
      kind: 'answered',
      variants: new Map([
        [hash, expected],
        [other, []],
      ]),
    });
    expect(await b.services.realDebrid.instantAvailability([other, HASH])).toMatchObject({ kind: 'answered' });
    expect(server.seen.map(({ url }) => url)).toEqual([`/torrents/instantAvailability/${hash}/${other}`]);
    const third = 'e'.repeat(40);
    server.handle(json({}));
    const more = await b.services.realDebrid.instantAvailability([HASH, third]);
    expect(server.seen[1]?.url).toBe(`/torrents/instantAvailability/${third}`);
    expect(more).toEqual({ kind: 'answered', variants: new Map([[hash, expected]]) });
  });
});

test('account and slots', async () => {
  server.handle(
    json({ id: 1, username: 'u', premium: 86_400, expiration: '2026-12-01T00:00:00.000Z' }),
    json({ nb: 3, limit: 10 }),
  );
  expect(await b.services.realDebrid.account()).toMatchObject({
    premium: true,
    premiumSeconds: 86_400,
    expiration: '2026-12-01T00:00:00.000Z',
  });
  expect(await b.services.realDebrid.activeSlots()).toEqual({ used: 3, limit: 10 });
});
