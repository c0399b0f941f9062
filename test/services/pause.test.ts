import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createServices } from '../../src/services/index.js';
import { type Bench, bench, expectClean, failure, json, status, type TestServer, testServer, text } from './support.js';

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
const HASH = 'b'.repeat(40);
const info = { Version: '10.11.1' };
const kinds = () =>
  b.states.map(({ service, pauses }) => [service, ...pauses.map(({ kind, code }) => `${kind} ${code}`)]);
const rd = (code: number, httpStatus: number) => json({ error: 'x', error_code: code }, httpStatus);

describe('throttle', () => {
  test('pauses the service at once: no network, no row, one message; doubles up to ten minutes', async () => {
    server.handle(status(429));
    const lengths: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      const error = await failure(b.services.realDebrid.account());
      expect(error).toMatchObject({ failure: 'throttle', code: 'rd-34', status: 429 });
      lengths.push((error.retryAt ?? 0) - b.clock.now());
      const paused = await failure(b.services.realDebrid.list());
      expect(paused).toMatchObject({ failure: 'throttle', code: 'paused', retryAt: error.retryAt, ambiguous: false });
      b.clock.advance(lengths.at(-1) ?? 0);
    }
    expect(lengths).toEqual([1, 2, 4, 8, 10, 10].map((n) => n * MINUTE));
    expect(server.seen).toHaveLength(6);
    expect(b.rows).toHaveLength(6);
    expect(kinds()).toEqual([['realDebrid', 'throttle rd-34']]);
  });

  test('begins anew after ten quiet minutes, and says when it is over', async () => {
    server.handle(status(429), json({ premium: 1 }), status(429));
    await failure(b.services.realDebrid.account());
    b.clock.advance(MINUTE);
    await b.services.realDebrid.account();
    b.clock.advance(11 * MINUTE);
    const error = await failure(b.services.realDebrid.account());
    expect((error.retryAt ?? 0) - b.clock.now()).toBe(MINUTE);
    expect(kinds()).toEqual([['realDebrid', 'throttle rd-34'], ['realDebrid'], ['realDebrid', 'throttle rd-34']]);
  });

  test.each([
    ['300', 5 * MINUTE],
    ['3', MINUTE],
    ['0', MINUTE],
    ['99999', 60 * MINUTE],
  ])('Retry-After %s waits %p ms', async (after, expected) => {
    server.handle(status(429, { 'Retry-After': after }));
    const error = await failure(b.services.realDebrid.account());
    expect((error.retryAt ?? 0) - b.clock.now()).toBe(expected);
  });

  test('Torrentio names no time and gets an hour', async () => {
    server.handle(text('Too many requests, please try again later.', 429));
    const error = await failure(b.services.torrentio.streams({ type: 'movie', imdbId: 'tt1' }));
    expect(error).toMatchObject({ failure: 'throttle', code: 'http-429', retryAt: b.clock.now() + 60 * MINUTE });
  });

  test('one burst of refused calls is one step', async () => {
    server.handle(status(429));
    const { realDebrid } = b.services;
    const errors = await Promise.all([1, 2, 3].map(() => failure(realDebrid.account())));
    b.clock.advance(MINUTE);
    expect(errors.filter(({ code }) => code === 'rd-34').length).toBeGreaterThan(1);
    const next = await failure(realDebrid.account());
    expect(next.code).toBe('rd-34');
  });

  test('leaves other services alone', async () => {
    server.handle(status(429), json(info));
    await failure(b.services.realDebrid.account());
    await b.services.jellyfin.server();
  });
});

describe('source', () => {
  test('backs off step by step, a success resets it, each change is said once', async () => {
    server.handle(status(500));
    const waits: number[] = [];
    for (let i = 0; i < 5; i += 1) {
      const error = await failure(b.services.jellyfin.server());
      waits.push(error.retryAt === undefined ? 0 : error.retryAt - b.clock.now());
      b.clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).toEqual([0, 1, 5, 5, 5].map((n) => n * MINUTE));
    server.handle(json(info), status(500));
    await b.services.jellyfin.server();
    expect((await failure(b.services.jellyfin.server())).retryAt).toBeUndefined();
    expect(kinds()).toEqual([['jellyfin', 'source http-500'], ['jellyfin'], ['jellyfin', 'source http-500']]);
  });

  test('survives a restart', async () => {
    server.handle(status(500));
    await failure(b.services.jellyfin.server());
    const error = await failure(b.services.jellyfin.server());
    const restarted = createServices(b.options);
    expect(await failure(restarted.jellyfin.server())).toMatchObject({ code: 'paused', retryAt: error.retryAt });
    expect(restarted.health().jellyfin.pauses).toMatchObject([{ kind: 'source', code: 'http-500', scope: 'service' }]);
    expect(server.seen).toHaveLength(2);
  });

  test('a clock set back does not pause for ever', async () => {
    server.handle(status(500), status(500), json(info));
    b.clock.advance(365 * 24 * 60 * MINUTE);
    await failure(b.services.jellyfin.server());
    await failure(b.services.jellyfin.server());
    b.clock.advance(-365 * 24 * 60 * MINUTE);
    await b.services.jellyfin.server();
    expect(b.services.health().jellyfin.pauses).toEqual([]);
  });

  test('another address or key begins clean', async () => {
    server.handle(status(401));
    await failure(b.services.jellyfin.server());
    expect(await failure(createServices(b.options).jellyfin.server())).toMatchObject({ code: 'paused' });
    server.handle(json(info));
    const jellyfin = { ...b.options.jellyfin, apiKey: 'a-new-key' };
    await createServices({ ...b.options, jellyfin }).jellyfin.server();
    expectClean(b.options.state.get('pause:jellyfin'));
  });

  test('a broken stored state is no state', async () => {
    b.options.state.set('pause:jellyfin', { source: { until: 'never' } });
    server.handle(json(info));
    await b.services.jellyfin.server();
  });

  test('an answer off contract pauses nothing', async () => {
    server.handle(json({}));
    for (let i = 0; i < 4; i += 1) await failure(b.services.jellyfin.server());
    expect(server.seen).toHaveLength(4);
    expect(b.states).toEqual([]);
  });
});

describe('account', () => {
  test('a refused write pauses writes; reads and deletes go on; it is tried again after the recheck', async () => {
    const { realDebrid } = b.services;
    server.handle(rd(20, 403), json({ premium: 0 }), status(204));
    const error = await failure(realDebrid.addMagnet(HASH, []));
    expect(error).toMatchObject({ failure: 'account', code: 'rd-20', ambiguous: false });
    expect(error.retryAt).toBe(b.clock.now() + 10 * MINUTE);
    expect(await failure(realDebrid.addMagnet(HASH, []))).toMatchObject({ failure: 'account', code: 'paused' });
    expect(await failure(realDebrid.selectFiles('A', [1]))).toMatchObject({ failure: 'account', code: 'paused' });
    expect(await realDebrid.account()).toMatchObject({ premium: false });
    await realDebrid.remove('A');
    b.clock.advance(10 * MINUTE);
    server.handle(json({ id: 'A' }, 201));
    await realDebrid.addMagnet(HASH, []);
    expect(kinds()).toEqual([['realDebrid', 'account rd-20'], ['realDebrid']]);
  });

  test('a bad token pauses everything, whoever found out', async () => {
    server.handle(rd(8, 401));
    const error = await failure(b.services.realDebrid.addMagnet(HASH, []));
    expect(error).toMatchObject({ failure: 'account', code: 'rd-8' });
    expect(error.hint).toContain('realDebrid.token');
    expect(await failure(b.services.realDebrid.list())).toMatchObject({ code: 'paused', failure: 'account' });
    expect(server.seen).toHaveLength(1);
  });

  test('full slots pause adding only, and a free one ends it', async () => {
    const { realDebrid } = b.services;
    server.handle(rd(21, 509), status(204));
    const error = await failure(realDebrid.addMagnet(HASH, []));
    expect(error).toMatchObject({ failure: 'throttle', code: 'rd-21', retryAt: b.clock.now() + MINUTE });
    expect(await failure(realDebrid.addMagnet(HASH, []))).toMatchObject({ code: 'paused' });
    await realDebrid.selectFiles('A', [1]);
    await realDebrid.remove('A');
    b.clock.advance(MINUTE);
    server.handle(json({ id: 'A' }, 201));
    await realDebrid.addMagnet(HASH, []);
    expect(kinds()).toEqual([['realDebrid', 'slots rd-21'], ['realDebrid']]);
  });

  test.each([
    ['Seerr', 403, () => b.services.seerr.arr(), 'seerr.apiKey'],
    ['Jellyfin', 401, () => b.services.jellyfin.server(), 'jellyfin.apiKey'],
  ])('%s refuses the key', async (_, code, call, key) => {
    server.handle(json({}, code));
    const error = await failure(call());
    expect(error).toMatchObject({ failure: 'account', code: 'credentials', retryAt: b.clock.now() + 10 * MINUTE });
    expect(error.hint).toContain(key);
    expect(await failure(call())).toMatchObject({ code: 'paused', failure: 'account' });
    expect(server.seen).toHaveLength(1);
  });
});
