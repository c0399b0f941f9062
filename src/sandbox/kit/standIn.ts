import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxClock } from './clock.js';
import { deliver } from './deliver.js';
import { Faults } from './faults.js';
import { type Answer, type Call, type Operation, text } from './http.js';

export type ServiceName = 'seerr' | 'torrentio' | 'realDebrid' | 'jellyfin';

export interface RequestLogEntry {
  service: ServiceName;
  /** Sandbox time of arrival. */
  at: number;
  method: string;
  /** Path and query as sent. */
  path: string;
  operation: string;
  /** null while unanswered, and for good when the connection was cut or left hanging. */
  status: number | null;
}

/** Told of every call before it is carried out and after; awaited, so it can hold a call (say, to kill its sender). */
export type Tap = (phase: 'before' | 'after', entry: RequestLogEntry) => void | Promise<void>;

/** What the four stand-ins share: a loopback server, the request log and the faults. */
export abstract class StandIn {
  readonly requests: RequestLogEntry[] = [];
  readonly faults = new Faults();
  /** Waits this long (wall ms) before every answer, for benchmarks. */
  latencyMs = 0;
  readonly #server: Server;
  #port: number | null = null;
  #taps: Tap[] = [];

  protected constructor(
    readonly service: ServiceName,
    protected readonly clock: SandboxClock,
  ) {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
  }

  /** Works out what a call is; must have no effect before `run`. */
  protected abstract resolve(call: Call): Operation;

  get url(): string {
    if (this.#port === null) throw new Error(`${this.service} stand-in is not listening`);
    return `http://127.0.0.1:${this.#port}${this.basePath()}`;
  }

  /** What follows host and port in the address a client is given. */
  protected basePath(): string {
    return '';
  }

  listen(port = 0): Promise<void> {
    return new Promise((done, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', failed);
        this.#port = (this.#server.address() as AddressInfo).port;
        done();
      });
    });
  }

  /** Is not running any more: connections are cut and refused. Returns the way back, to the same address. */
  refuse(): () => Promise<void> {
    const closed = this.close();
    return async () => {
      await closed;
      await this.listen(this.#port ?? 0);
    };
  }

  close(): Promise<void> {
    return new Promise((done) => {
      // Calls back with an error where it was closed before, which is all the same.
      this.#server.close(() => done());
      this.#server.closeAllConnections();
    });
  }

  clearLog(): void {
    this.requests.length = 0;
  }

  /** How often each operation was asked for. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { operation } of this.requests) counts[operation] = (counts[operation] ?? 0) + 1;
    return counts;
  }

  tap(listener: Tap): () => void {
    this.#taps.push(listener);
    return () => {
      this.#taps = this.#taps.filter((other) => other !== listener);
    };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const call = await readCall(request);
    const operation = this.resolve(call);
    const entry: RequestLogEntry = {
      service: this.service,
      at: this.clock.now(),
      method: call.method,
      path: request.url ?? '/',
      operation: operation.name,
      status: null,
    };
    this.requests.push(entry);
    const fault = this.faults.take(operation.name, call);
    await this.#tell('before', entry);
    const run = (): Answer => {
      try {
        return operation.run();
      } catch (error) {
        // A bug in the stand-in must be loud, not look like the service being down.
        return text(599, `stand-in failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      }
    };
    const waitMs = this.latencyMs + (fault?.delayMs ?? 0);
    const afterRun = (status: number | null) => {
      entry.status = status;
      return this.#tell('after', entry);
    };
    await deliver({ run, fault, response, waitMs, afterRun });
  }

  async #tell(phase: 'before' | 'after', entry: RequestLogEntry): Promise<void> {
    for (const listener of this.#taps) await listener(phase, entry);
  }
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = request.url ?? '/';
  const mark = raw.indexOf('?');
  const rawQuery = mark < 0 ? '' : raw.slice(mark + 1);
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? raw : raw.slice(0, mark),
    rawQuery,
    query: new URLSearchParams(rawQuery),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}
