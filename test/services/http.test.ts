import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCallBudget } from '../../src/services/http/budget.js';
import { excerpt } from '../../src/services/http/excerpt.js';
import { createLimiter, perMinute, spaced } from '../../src/services/http/limiter.js';
import { parseRetryAfter } from '../../src/services/http/retryAfter.js';
import { withWork } from '../../src/work.js';
import { shapesOf } from '../support/secrets.js';
import {
  type Bench,
  bench,
  expectClean,
  failure,
  fakeClock,
  json,
  memoryState,
  reset,
  SECRETS,
  silence,
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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const HASH = 'a'.repeat(40);
const server1 = { Version: '10.11.1', ServerName: 'home' };

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  test.each([
    [undefined, null],
    ['', null],
    ['   ', null],
    ['soon', null],
    ['-5', null],
    ['1.5', null],
    ['0', 0],
    ['005', 5_000],
    ['120', 120_000],
    ['999999', HOUR],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
    ['Mon, 23 Nov 2026 12:00:00 GMT', HOUR],
  ])('%p is %p ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('excerpt', () => {
  test('masks links and control characters, and is bounded', () => {
    const dirty = '\u001b[31mbad key=a b/c+longer\nat https://x.test/key\u202e';
    expect(excerpt(dirty, ['key=a b/c+longer', 'key'])).toBe('[31mbad *** at (link)');
    expect(excerpt('x'.repeat(1_000), [])).toHaveLength(200);
  });

  test.each(shapesOf(['key=a b/c+long"er', 'kéy>>>???~longer']))('masks a secret said as %s', (shape) => {
    expect(excerpt(`bad ${shape}!`, ['key=a b/c+long"er', 'kéy>>>???~longer'])).toBe('bad ***!');
  });

  test('a secret across the cut leaves no half', () => {
    expect(excerpt(`${'x'.repeat(190)}${SECRETS.realDebrid}`, [SECRETS.realDebrid])).toBe(`${'x'.repeat(190)}***`);
  });
});

describe('limits', () => {
  test.each([1, 7, 49, 50, 75, 200, 203, 249, 250, 1_000])('%p per minute never exceeds itself', (limit) => {
    const { cap, intervalMs } = perMinute(limit);
    expect(Math.ceil(MINUTE / intervalMs) * cap).toBeLessThanOrEqual(limit);
    expect((MINUTE / intervalMs) * cap).toBeGreaterThan(limit * 0.8);
  });

  test('tokens come spaced, an abort leaves the queue', async () => {
    const limiter = createLimiter(spaced(15));
    const began = performance.now();
    const abort = new AbortController();
    const times: number[] = [];
    const takes = [1, 2, 3].map(() => limiter.take().then(() => times.push(performance.now() - began)));
    const given = limiter.take(abort.signal).catch((error: unknown) => error);
    abort.abort(new Error('stop'));
    await Promise.all(takes);
    expect(await given).toEqual(new Error('stop'));
    expect(times[2]).toBeGreaterThanOrEqual(28);
  });

  test('a wall clock that steps back holds nobody up', async () => {
    const limiter = createLimiter(spaced(20));
    await limiter.take();
    const real = Date.now;
    Date.now = () => real() - HOUR;
    try {
      await limiter.take();
      await limiter.take();
    } finally {
      Date.now = real;
    }
  });

  test('retries take tokens, too', async () => {
    const slow = bench(server.url, (o) => ({ ...o, torrentio: { ...o.torrentio, minInterval: 40 } }));
    server.handle(status(502));
    const began = performance.now();
    await failure(slow.services.torrentio.streams({ type: 'movie', imdbId: 'tt0063350' }));
    expect(server.seen).toHaveLength(3);
    expect(performance.now() - began).toBeGreaterThanOrEqual(78);
  });
});

describe('daily budget', () => {
  const start = Date.UTC(2026, 10, 22, 10, 30);
  const make = (limit: number) => {
    const clock = fakeClock(start);
    const state = memoryState();
    return { clock, state, budget: createCallBudget({ limit, key: 'k', clock, state }) };
  };

  test('slides by the hour and survives a restart', () => {
    const { clock, state, budget } = make(3);
    budget.spend();
    clock.advance(2 * HOUR);
    budget.spend();
    expect(budget.spentUntil()).toBeNull();
    budget.spend();
    const again = createCallBudget({ limit: 3, key: 'k', clock, state });
    expect(again.spentUntil()).toBe(Date.UTC(2026, 10, 23, 11));
    clock.advance(22.5 * HOUR);
    expect(again.spentUntil()).toBeNull();
    expect(again.used()).toBe(2);
  });

  test('a clock that is set back forgets nothing and blocks nothing for ever', () => {
    const { clock, budget } = make(1);
    clock.advance(48 * HOUR);
    budget.spend();
    clock.advance(-48 * HOUR);
    expect(budget.used()).toBe(1);
    expect(budget.spentUntil()).toBe(Date.UTC(2026, 10, 23, 11));
  });

  test('a broken stored value counts as nothing', () => {
    const { state, budget } = make(1);
    state.set('k', 'nonsense');
    expect(budget.used()).toBe(0);
  });

  test('spent: no network, no ledger row, said once', async () => {
    const few = bench(server.url, (o) => ({ ...o, torrentio: { ...o.torrentio, dailyBudget: 1 } }));
    server.handle(json({ streams: [] }));
    await few.services.torrentio.streams({ type: 'movie', imdbId: 'tt1' });
    for (const imdbId of ['tt2', 'tt3']) {
      const error = await failure(few.services.torrentio.streams({ type: 'movie', imdbId }));
      expect(error).toMatchObject({ failure: 'throttle', code: 'budget-spent', service: 'torrentio' });
      expect(error.retryAt).toBeGreaterThan(few.clock.now());
    }
    expect(server.seen).toHaveLength(1);
    expect(few.rows).toHaveLength(1);
    expect(few.states.map(({ pauses }) => pauses.map(({ kind }) => kind))).toEqual([['budget']]);
    expect(few.services.stats().torrentioCallsUsed).toBe(1);
  });
});

describe('retries', () => {
  test.each([
    ['a reset', reset],
    ['502', status(502)],
    ['503', status(503)],
    ['504', status(504)],
    ['silence', silence],
  ])('a safe call is repeated after %s', async (_, trouble) => {
    server.handle(trouble, json(server1));
    expect(await b.services.jellyfin.server()).toMatchObject({ version: '10.11.1', name: 'home' });
    expect(b.rows.map(({ attempt, failure: code }) => [attempt, code === null])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test('at most twice', async () => {
    server.handle(status(503));
    expect(await failure(b.services.jellyfin.server())).toMatchObject({
      failure: 'source',
      code: 'http-503',
      status: 503,
    });
    expect(b.rows.map(({ attempt, status: code }) => [attempt, code])).toEqual([
      [1, 503],
      [2, 503],
      [3, 503],
    ]);
  });

  test.each([400, 401, 403, 404, 429, 500, 501])('HTTP %p is not repeated', async (code) => {
    server.handle(json({}, code));
    await failure(b.services.jellyfin.server());
    expect(server.seen).toHaveLength(1);
  });

  test('503 with Retry-After is waited for, not repeated', async () => {
    server.handle(text('<html>starting</html>', 503, { 'Retry-After': '005' }));
    const error = await failure(b.services.jellyfin.server());
    expect(error).toMatchObject({ failure: 'source', retryAt: b.clock.now() + 5_000 });
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['a reset', reset],
    ['502', status(502)],
    ['503 with a code', json({ error: 'service_unavailable', error_code: 25 }, 503)],
    ['500 with a code', json({ error: 'upload_error', error_code: 27 }, 500)],
    ['silence', silence],
  ])('addMagnet reaches the server exactly once, whatever happens: %s', async (_, trouble) => {
    server.handle(trouble);
    const error = await failure(b.services.realDebrid.addMagnet(HASH, []));
    expect(error).toMatchObject({ failure: 'source', ambiguous: true });
    expect(server.seen).toHaveLength(1);
    expect(b.rows).toHaveLength(1);
  });

  test('addMagnet: an answer that cannot be read may hide a new torrent', async () => {
    server.handle(json({ uri: 'x' }, 201));
    expect(await failure(b.services.realDebrid.addMagnet(HASH, []))).toMatchObject({
      code: 'off-contract',
      ambiguous: true,
    });
  });

  test.each([
    ['429', status(429)],
    ['451', json({ error: 'infringing_file', error_code: 35 }, 451)],
    ['a code of being away, but no 5xx', json({ error: 'service_unavailable', error_code: 25 }, 400)],
    ['400', json({ error: 'wrong_parameter', error_code: 2 }, 400)],
  ])('addMagnet refused by %s is not in doubt', async (_, refusal) => {
    server.handle(refusal);
    expect((await failure(b.services.realDebrid.addMagnet(HASH, []))).ambiguous).toBe(false);
    expect(server.seen).toHaveLength(1);
  });

  test('a connection that was never made is not in doubt', async () => {
    await server.close();
    const error = await failure(b.services.realDebrid.addMagnet(HASH, []));
    expect(error).toMatchObject({ code: 'unreachable', failure: 'source', ambiguous: false });
    expect(error.hint).toContain('realDebrid.url');
    server = await testServer();
  });

  test('an unknown host is named as such', async () => {
    const lost = bench('http://does-not-exist.invalid');
    expect(await failure(lost.services.seerr.request(1))).toMatchObject({ code: 'unknown-host', failure: 'source' });
  });
});

describe('answers that cannot be used', () => {
  test('a gzip bomb is stopped by its unpacked size', async () => {
    const bomb = gzipSync(Buffer.alloc(60_000_000, ' '));
    server.handle(text(bomb, 200, { 'Content-Encoding': 'gzip' }));
    const patient = bench(server.url, (o) => ({ ...o, tempo: { retryDelay: 1, timeout: 60_000 } }));
    const error = await failure(patient.services.jellyfin.server());
    expect(error).toMatchObject({ code: 'too-large', failure: 'source' });
  });

  test('a slow drip ends at the total limit', async () => {
    server.handle((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    const quick = bench(server.url, (o) => ({ ...o, tempo: { retryDelay: 1, timeout: 100 } }));
    const error = await failure(quick.services.jellyfin.server());
    expect(error).toMatchObject({ code: 'timeout', failure: 'source' });
    expect(error.message).toContain('did not finish');
    expect(server.seen).toHaveLength(1);
  });

  test.each([
    ['a web page', text('<!DOCTYPE html><title>Login</title>'), 'not-json', 'source'],
    ['half a JSON', text('{"Version":"10.1', 200), 'not-json', 'source'],
    ['nothing', status(200), 'not-json', 'source'],
    ['a wrong type', json({ Version: 7 }), 'off-contract', 'ours'],
    ['a list', json([]), 'off-contract', 'ours'],
  ])('%s', async (_, handler, code, cls) => {
    server.handle(handler);
    expect(await failure(b.services.jellyfin.server())).toMatchObject({ code, failure: cls, operation: 'server' });
    expect(b.rows.at(-1)).toMatchObject({ failure: code, status: 200 });
  });

  test('off contract names the place, not the value', async () => {
    server.handle(json({ Items: [{ Id: 'a', Type: SECRETS.jellyfin, Name: 5 }], TotalRecordCount: 1 }));
    const error = await failure(b.services.jellyfin.movies(['a']));
    expect(error.message).toBe(
      'Jellyfin answers off contract at Items.0.Name: Invalid input: expected string, received number',
    );
  });

  test('an answer that breaks off is asked for again', async () => {
    server.handle((_, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '500' });
      response.write('{"Version":', () => response.destroy());
    }, json(server1));
    expect(await b.services.jellyfin.server()).toMatchObject({ name: 'home' });
    expect(b.rows[0]).toMatchObject({ failure: 'connection-lost', status: null });
  });

  test('https against plain http', async () => {
    const wrong = bench(server.url.replace('http:', 'https:'));
    expect(await failure(wrong.services.jellyfin.server())).toMatchObject({ code: 'tls', failure: 'source' });
  });

  test('a redirect is not followed with a key', async () => {
    const other = await testServer(json(server1));
    server.handle(status(302, { Location: `${other.url}/System/Info` }));
    expect(await failure(b.services.jellyfin.server())).toMatchObject({
      code: 'redirect',
      failure: 'source',
      status: 302,
    });
    expect(other.seen).toHaveLength(0);
    await other.close();
  });

  test('the service’s own words are cleaned', async () => {
    const words = `key ${SECRETS.seerr} at http://127.0.0.1/x is\u0007 bad ${'y'.repeat(500)}`;
    server.handle(json({ message: words }, 400));
    const error = await failure(b.services.seerr.arr());
    expect(error.message.length).toBeLessThan(250);
    expect(error.message).toContain('key *** at (link) is bad');
  });
});

describe('our own stores failing', () => {
  const broken = () => {
    throw new Error('disk full');
  };

  test('the id of a new torrent is not lost with its ledger row', async () => {
    const sick = bench(server.url, (o) => ({ ...o, ledger: { record: broken } }));
    server.handle(json({ id: 'NEW' }, 201));
    expect(await sick.services.realDebrid.addMagnet(HASH, [])).toEqual({ id: 'NEW' });
    server.handle(status(400));
    await expect(sick.services.realDebrid.list()).rejects.toThrow('disk full');
  });
});

describe('stopping', () => {
  test('an abort in flight is told from a timeout and leaves a write in doubt', async () => {
    const abort = new AbortController();
    server.handle(() => abort.abort());
    const error = await failure(withWork({ signal: abort.signal }, () => b.services.realDebrid.addMagnet(HASH, [])));
    expect(error).toMatchObject({ code: 'aborted', ambiguous: true });
    expect(b.services.health().realDebrid.pauses).toEqual([]);
  });

  test('an abort beforehand sends nothing', async () => {
    const call = withWork({ signal: AbortSignal.abort() }, () => b.services.realDebrid.addMagnet(HASH, []));
    expect(await failure(call)).toMatchObject({ code: 'aborted', ambiguous: false });
    expect(server.seen).toHaveLength(0);
  });

  test('an abort ends the wait between two attempts', async () => {
    const slow = bench(server.url, (o) => ({ ...o, tempo: { retryDelay: 60_000 } }));
    const abort = new AbortController();
    server.handle((_, response) => {
      response.writeHead(502).end();
      setTimeout(() => abort.abort(), 20);
    });
    const error = await failure(withWork({ signal: abort.signal }, () => slow.services.jellyfin.server()));
    expect(error.code).toBe('aborted');
    expect(server.seen).toHaveLength(1);
  });
});

describe('ledger', () => {
  test('one row per attempt; only first attempts of per-request calls are counted', async () => {
    server.handle(status(502), json({ streams: [] }));
    await withWork({ requestId: 7, plan: 'movie:tt1', grabId: 3 }, () =>
      b.services.torrentio.streams({ type: 'movie', imdbId: 'tt1' }),
    );
    const who = { service: 'torrentio', operation: 'streams', requestId: 7, plan: 'movie:tt1', grabId: 3 };
    expect(b.rows).toEqual([
      {
        ...who,
        at: b.clock.now(),
        attempt: 1,
        status: 502,
        durationMs: expect.any(Number),
        failure: 'http-502',
        counted: true,
      },
      {
        ...who,
        at: b.clock.now(),
        attempt: 2,
        status: 200,
        durationMs: expect.any(Number),
        failure: null,
        counted: false,
      },
    ]);
  });

  test('what is charged to a request and what is shared', async () => {
    const { realDebrid } = b.services;
    const entry = { id: 'A', hash: HASH, progress: 0, status: 'queued', links: [] };
    server.handle(
      json([], 200, { 'X-Total-Count': '0' }),
      json({ premium: 5 }),
      json({ nb: 1, limit: 10 }),
      json({}),
      json({ id: 'A' }, 201),
      json(entry),
      status(204),
      status(204),
    );
    await realDebrid.list();
    await realDebrid.account();
    await realDebrid.activeSlots();
    await realDebrid.instantAvailability([HASH]);
    await realDebrid.addMagnet(HASH, []);
    await realDebrid.info('A');
    await realDebrid.selectFiles('A', [1]);
    await realDebrid.remove('A');
    expect(b.rows.map(({ operation, counted }) => `${operation} ${counted ? 'counted' : 'shared'}`)).toEqual([
      'list shared',
      'account shared',
      'activeCount shared',
      'instantAvailability counted',
      'addMagnet counted',
      'info counted',
      'selectFiles counted',
      'delete counted',
    ]);
    expect(b.rows[0]).toMatchObject({ requestId: null, plan: null, grabId: null });
  });
});
