import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { json } from '../../src/http/answer.js';
import type { Route } from '../../src/http/router.js';
import { type HttpServer, ListenError, type ServerLimits, serve } from '../../src/http/server.js';
import { createWebhook } from '../../src/http/webhook.js';
import { type LoggedLine, recorder } from '../support/household.js';
import { until } from '../support/program.js';

/** What the server does when clients or routes misbehave. */

let server: HttpServer | undefined;
let lines: LoggedLine[] = [];
afterEach(async () => {
  await server?.close();
  server = undefined;
  lines = [];
});

const open = async (routes: Route[], limits: Partial<ServerLimits> = {}): Promise<string> => {
  server = await serve({ host: '127.0.0.1', port: 0, routes, log: recorder(lines), now: Date.now, limits });
  return `http://127.0.0.1:${server.port}`;
};
const fine: Route = { path: '/fine', get: () => json(200, { fine: true }) };

/** Sends the parts with a pause before each; resolves with all that came back when the other side closes. */
const slowly = (parts: string[], pauseMs: number): Promise<{ answer: string; ms: number }> =>
  new Promise((resolve) => {
    const began = Date.now();
    let answer = '';
    const socket = connect(server?.port ?? 0, '127.0.0.1');
    const [first, ...rest] = parts;
    socket.write(first ?? '');
    const timer = setInterval(() => socket.write(rest.shift() ?? 'x'), pauseMs);
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(timer);
      resolve({ answer, ms: Date.now() - began });
    });
  });

describe('slow and many', () => {
  test('headers that drip are cut off', async () => {
    await open([fine], { request: 300 });
    const { answer, ms } = await slowly(['GET /fine HTTP/1.1\r\nHost: x\r\n', 'A: 1\r\n', 'B: 2\r\n'], 50);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(3_000);
  });

  test('a body that drips is cut off, and asks for nothing', async () => {
    let asked = 0;
    const webhook = createWebhook({
      secret: () => 's',
      settle: () => 0,
      request: () => {
        asked += 1;
      },
      log: recorder(lines),
    });
    const base = await open([webhook.route, fine], { request: 300 });
    const head = 'POST /webhook/seerr HTTP/1.1\r\nHost: x\r\nAuthorization: s\r\nContent-Length: 1000\r\n\r\n';
    const { answer, ms } = await slowly([head], 50);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(3_000);
    expect(asked).toBe(0);
    expect(lines).toEqual([]);
    expect((await fetch(`${base}/fine`)).status).toBe(200);
  });

  test('a client that never reads is let go', async () => {
    const large = json(200, 'x'.repeat(60_000_000));
    let gone = false;
    const route: Route = {
      path: '/large',
      get: ({ socket }) => {
        socket.once('close', () => {
          gone = true;
        });
        return large;
      },
    };
    await open([route], { silence: 200 });
    const client = connect(server?.port ?? 0, '127.0.0.1', () => {
      client.pause();
      client.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    });
    client.on('error', () => undefined);
    await until(
      () => gone,
      () => 'it is still served',
    );
    client.destroy();
  });

  test('connections beyond the limit are turned away; the others are served', async () => {
    await open([fine], { connections: 3 });
    const sockets = Array.from({ length: 8 }, () => connect(server?.port ?? 0, '127.0.0.1'));
    const states = await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<string>((resolve) => {
            socket.once('close', () => resolve('turned away'));
            socket.on('error', () => undefined);
            socket.once('data', () => resolve('served'));
            socket.write('GET /fine HTTP/1.1\r\nHost: x\r\n\r\n');
          }),
      ),
    );
    for (const socket of sockets) {
      socket.destroy();
    }
    expect(states.filter((state) => state === 'served')).toHaveLength(3);
    expect(states.filter((state) => state === 'turned away')).toHaveLength(5);
  });

  test('nonsense instead of HTTP is refused and does no harm', async () => {
    const base = await open([fine]);
    for (const bytes of [
      '\u0016\u0003\u0001\u0002\u0000',
      'GET\r\n\r\n',
      `GET /fine HTTP/1.1\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const { answer } = await slowly([bytes, '\r\n\r\n'], 20);
      expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    expect((await fetch(`${base}/fine`)).status).toBe(200);
  });
});

describe('routes that fail', () => {
  test('the client learns only that; the log has it once with its stack, and once that it is over', async () => {
    let broken = true;
    const base = await open([
      {
        path: '/broken',
        get: () => {
          if (broken) {
            throw new Error('database disk image is malformed: /data/fulfillarr.db');
          }
          return json(200, 1);
        },
      },
      { path: '/late', get: async () => Promise.reject(new Error('later')) },
    ]);
    for (let i = 0; i < 3; i += 1) {
      const answer = await fetch(`${base}/broken`);
      expect(answer.status).toBe(500);
      expect(await answer.json()).toEqual({ error: 'internal error' });
    }
    expect((await fetch(`${base}/late`)).status).toBe(500);
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error HTTP: GET /broken cannot be answered: database disk image is malformed: /data/fulfillarr.db',
      'error HTTP: GET /late cannot be answered: later',
    ]);
    broken = false;
    expect((await fetch(`${base}/broken`)).status).toBe(200);
    expect(lines.at(-1)?.message).toBe('HTTP: GET /broken can be answered again');
  });
});

test('an address that is taken is a ListenError with a hint', async () => {
  const other = createServer();
  await new Promise<void>((done) => {
    other.listen(0, '127.0.0.1', () => done());
  });
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const taken = serve({ host: '127.0.0.1', port, routes: [], log: recorder(lines), now: Date.now });
  await expect(taken).rejects.toThrow(ListenError);
  await expect(taken).rejects.toMatchObject({ hint: expect.stringContaining('http.port') });
  other.close();
});
