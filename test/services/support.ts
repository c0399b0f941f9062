import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { expect } from '@jest/globals';
import type { Clock } from '../../src/clock.js';
import { isServiceError, type ServiceError } from '../../src/domain/errors.js';
import {
  type CacheTable,
  createServices,
  type LedgerRow,
  type ServiceState,
  type Services,
  type ServicesOptions,
} from '../../src/services/index.js';
import { shapesOf } from '../support/secrets.js';

/** Made up; each must never be seen outside the request it belongs in. */
export const SECRETS = {
  seerr: 'seerr-key-0123456789abcdef',
  jellyfin: 'jellyfin-key-0123456789abcdef',
  realDebrid: 'REALDEBRIDTOKEN0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0',
  addon: 'ADDONKEY0123456789ABCDEFGHIJ',
};

export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export type Handler = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;

export interface TestServer {
  url: string;
  seen: Seen[];
  /** Answers the next requests; the last one given repeats. */
  handle(...handlers: Handler[]): void;
  close(): Promise<void>;
}

/** A loopback server whose answers are scripted and whose requests are remembered. */
export async function testServer(...first: Handler[]): Promise<TestServer> {
  const seen: Seen[] = [];
  let queue = first;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      const one = { method, url, headers, body: Buffer.concat(chunks).toString() };
      seen.push(one);
      const handler = queue.length > 1 ? queue.shift() : queue[0];
      if (handler) handler(one, response, request);
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    handle: (...handlers) => {
      queue = handlers;
    },
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export const json =
  (value: unknown, status = 200, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));

export const text =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(status, { 'Content-Type': 'text/html', ...headers }).end(body);

export const status =
  (code: number, headers: Record<string, string> = {}): Handler =>
  (_, response) =>
    response.writeHead(code, headers).end();

/** Takes the request, then cuts the line. */
export const reset: Handler = (_, __, request) => request.socket.resetAndDestroy();

/** Never answers. */
export const silence: Handler = () => undefined;

export interface FakeClock extends Clock {
  advance(ms: number): void;
}

export function fakeClock(start = Date.UTC(2026, 10, 22)): FakeClock {
  let now = start;
  return {
    now: () => now,
    sleep: (ms) => {
      now += ms;
      return Promise.resolve();
    },
    advance: (ms) => {
      now += ms;
    },
  };
}

/** JSON round trip, as a database would do it. */
export function memoryState() {
  const values = new Map<string, string>();
  return {
    get: (key: string): unknown => JSON.parse(values.get(key) ?? 'null') ?? undefined,
    set: (key: string, value: unknown) => {
      values.set(key, JSON.stringify(value));
    },
  };
}

export function memoryTable(): CacheTable & { rows: Map<string, { value: string; expiresAt: number }> } {
  const rows = new Map<string, { value: string; expiresAt: number }>();
  return {
    rows,
    get: (key) => rows.get(key)?.value,
    set: (key, value, expiresAt) => rows.set(key, { value, expiresAt }),
    delete: (key) => rows.delete(key),
    clear: () => rows.clear(),
  };
}

export interface Bench {
  services: Services;
  clock: FakeClock;
  rows: LedgerRow[];
  states: ServiceState[];
  options: ServicesOptions;
}

/** All four services on one test server, with waits of a millisecond. */
export function bench(url: string, change: (options: ServicesOptions) => ServicesOptions = (o) => o): Bench {
  const clock = fakeClock();
  const rows: LedgerRow[] = [];
  const states: ServiceState[] = [];
  const options = change({
    seerr: { url, apiKey: SECRETS.seerr },
    jellyfin: { url, apiKey: SECRETS.jellyfin },
    torrentio: {
      url,
      options: `qualityfilter=scr|realdebrid=${SECRETS.addon}`,
      cachedHints: 'off',
      userAgent: '',
      proxy: '',
      minInterval: 0,
      dailyBudget: 1_000,
    },
    realDebrid: {
      url,
      token: SECRETS.realDebrid,
      requestsPerMinute: 1_000_000,
      addMagnetInterval: 0,
      accountRecheck: 600_000,
    },
    services: { backoff: [0, 60_000, 300_000] },
    cache: { streamsTtl: 3_600_000, availabilityTtl: 3_600_000 },
    clock,
    ledger: { record: (row) => rows.push(row) },
    state: memoryState(),
    cacheTable: memoryTable(),
    onServiceState: (_, state) => states.push(state),
    tempo: { retryDelay: 1, timeout: 1_000 },
  });
  return { services: createServices(options), clock, rows, states, options };
}

/** The call's failure, checked to hold nothing that it must not. */
export async function failure(call: Promise<unknown>): Promise<ServiceError> {
  const error = await call.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  );
  if (!isServiceError(error)) throw error;
  expectClean(error);
  return error;
}

/** No secret, no link, no original error: whatever a logger may do with it. */
export function expectClean(value: unknown): void {
  const words = [inspect(value, { depth: 10, showHidden: true }), JSON.stringify(value) ?? ''];
  if (value instanceof Error) words.push(value.message, value.stack ?? '', JSON.stringify({ ...value }));
  for (const word of words) {
    for (const secret of shapesOf(Object.values(SECRETS))) expect(word).not.toContain(secret);
    expect(word).not.toMatch(/AxiosError|Bearer|magnet:|https?:\/\/127/);
  }
}
