import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { command } from '../support/commands.js';
import { type Served, served } from '../support/served.js';

/** What every route promises, asked over a real socket. */

const { sintel } = OPEN_TITLES;
const PATHS = ['/healthz', '/readyz', '/metrics', '/api/status', '/api/overview', '/'];

let home: Served;
let id: number;
beforeAll(async () => {
  home = await served();
  home.sandbox.world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
  id = home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  await home.live(60_000);
});
afterAll(() => home.stop());

const get = (path: string, init: RequestInit = {}) => fetch(home.base + path, init);
/** Sends bytes as they are and returns all that comes back until the other side closes. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(home.base).port), '127.0.0.1', () => socket.end(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.once('close', () => resolve(answer));
    socket.once('error', reject);
  });

describe('health', () => {
  test('healthz says ok, or 503 with the reason', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' });
    home.probe.status = 503;
    home.probe.body = { status: 'stalled', reason: 'no progress for 5 min' };
    const answer = await get('/healthz');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: 'stalled', reason: 'no progress for 5 min' });
    expect(await (await get('/api/overview')).json()).toMatchObject({ stuck: 'no progress for 5 min' });
    home.probe.status = 200;
    home.probe.body = { status: 'ok' };
  });
});

describe('methods and paths', () => {
  test.each(PATHS)('GET and HEAD %s agree; anything else is refused with what is allowed', async (path) => {
    const whole = await get(path);
    const body = await whole.text();
    expect(whole.status).toBe(200);
    const head = await get(path, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(await head.text()).toBe('');
    expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'));
    if (path !== '/metrics') {
      expect(Number(head.headers.get('content-length'))).toBe(Buffer.byteLength(body));
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const refused = await get(path, { method });
      expect(refused.status).toBe(405);
      expect(refused.headers.get('allow')).toBe('GET, HEAD');
      expect(await refused.json()).toEqual({ error: 'method not allowed' });
    }
  });

  test.each([
    '/healthz/',
    '/Healthz',
    '//healthz',
    '/%68ealthz',
    '/api',
    '/api/explain',
    '/api/explain/',
    '/api/explain/0',
    '/api/explain/1e3',
    '/api/explain/99999999999',
    '/api/explain/1/2',
    '/constructor',
    '/__proto__',
    '/webhook/seerr',
    '/.env',
  ])('%s is not found, in JSON and without an echo', async (path) => {
    const answer = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/\{"error":"not found"\}\n$/);
  });

  test('a query changes nothing; who the request calls the host does not matter', async () => {
    expect((await get('/healthz?x=1&y=/metrics')).status).toBe(200);
    const answer = await raw('GET /healthz HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).not.toContain('evil');
  });
});

describe('headers', () => {
  test.each([...PATHS, '/nowhere', '/api/explain/4711'])(
    '%s may not be sniffed, framed, or read by other sites',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('access-control-allow-origin')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('cache-control')).toMatch(/^no-(store|cache)$/);
    },
  );

  test('the Date header is the program’s time, by which the page counts', async () => {
    expect(Date.parse((await get('/healthz')).headers.get('date') ?? '')).toBe(
      Math.floor(home.clock.now() / 1000) * 1000,
    );
  });

  test.each(['/', '/api/overview'])('%s is not sent twice to who has it', async (path) => {
    const etag = (await get(path)).headers.get('etag') ?? '';
    const again = await get(path, { headers: { 'if-none-match': `"other", W/${etag}` } });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
    expect((await get(path, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });
});

describe('documents', () => {
  test('api/status is that of `status --json`', async () => {
    const said = await command(home, ['status', '--json']);
    const { requests, lastTick, calls } = JSON.parse(said.out);
    expect(await (await get('/api/status')).json()).toMatchObject({ requests, lastTick, calls });
  });

  test('api/explain is that of `explain --json`', async () => {
    const said = await command(home, ['explain', String(id), '--json']);
    expect(await (await get(`/api/explain/${id}`)).json()).toEqual(JSON.parse(said.out));
  });

  test('an unknown request, and one that was withdrawn, are not found', async () => {
    const unknown = await get('/api/explain/4711');
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({ error: 'no request 4711 is known; /api/status lists those that are' });
    const withdrawn = home.sandbox.seerr.request({ tmdbId: OPEN_TITLES.tearsOfSteel.tmdbId, type: 'movie' });
    await home.tick();
    expect((await get(`/api/explain/${withdrawn}`)).status).toBe(200);
    home.sandbox.seerr.deleteRequest(withdrawn);
    await home.live(60_000);
    expect((await get(`/api/explain/${withdrawn}`)).status).toBe(404);
  });
});

test('on loopback only, unless told otherwise', async () => {
  const { port } = new URL(home.base);
  const elsewhere = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  for (const host of [...elsewhere, '127.0.0.2']) {
    await expect(fetch(`http://${host}:${port}/healthz`, { signal: AbortSignal.timeout(2_000) })).rejects.toThrow();
  }
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
});
