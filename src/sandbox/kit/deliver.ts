import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults.js';
import { type Answer, json } from './http.js';

export interface Delivery {
  run: () => Answer;
  fault: Fault | null;
  response: ServerResponse;
  waitMs: number;
  /** Called with the status to come (null: none) when the effect has happened or was prevented, before anything is sent. */
  afterRun: (status: number | null) => Promise<void>;
}

/** Carries a call out as its fault allows and sends the answer, if any. */
export async function deliver({ run, fault, response, waitMs, afterRun }: Delivery): Promise<void> {
  if (waitMs > 0) await wait(waitMs, undefined, { ref: false });
  if (fault?.hang) {
    await afterRun(null);
    return;
  }
  if (fault?.resetBefore) return cut(response, afterRun);
  const answer = answerTo(run, fault);
  if (fault?.resetAfter) return cut(response, afterRun);
  await afterRun(answer.status);
  await send(response, answer, fault);
}

function answerTo(run: () => Answer, fault: Fault | null): Answer {
  if (fault === null) return run();
  const unheard = fault.statusAfter === undefined ? instead(fault, fault.status) : null;
  const answer = unheard ?? carriedOut(run, fault);
  return fault.headers === undefined ? answer : { ...answer, headers: { ...answer.headers, ...fault.headers } };
}

function carriedOut(run: () => Answer, fault: Fault): Answer {
  const answer = run();
  const other = instead(fault, fault.statusAfter);
  if (other !== null) return other;
  if (fault.body === undefined) return answer;
  const body: unknown = typeof fault.body === 'function' ? fault.body(answer.body ?? '') : fault.body;
  return { ...answer, body: rendered(body) };
}

async function cut(response: ServerResponse, afterRun: Delivery['afterRun']): Promise<void> {
  await afterRun(null);
  response.socket?.destroy();
}

/** The answer given in place of the real one, if the fault names one. */
function instead({ html, body }: Fault, status: number | undefined): Answer | null {
  if (html !== undefined && html !== false) {
    const page = typeof html === 'string' ? html : '<html><body><h1>Bad gateway</h1></body></html>';
    return { status: status ?? 502, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: page };
  }
  if (status === undefined) return null;
  if (body === undefined) return { status };
  return typeof body === 'string' ? { status, body } : json(status, body);
}

function rendered(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function send(response: ServerResponse, answer: Answer, fault: Fault | null): Promise<void> {
  if (fault?.flood !== undefined || fault?.bomb !== undefined) {
    await tooMuch(response, fault);
    return;
  }
  const bytes = Buffer.from(answer.body ?? '');
  response.writeHead(answer.status, { ...answer.headers, ...lengthOf(answer, bytes) });
  if (fault?.truncated) {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
    return;
  }
  if (fault?.drip !== undefined) {
    await drip(response, bytes, fault.drip);
    return;
  }
  response.end(bytes);
}

function lengthOf(answer: Answer, bytes: Buffer): { 'content-length'?: number } {
  return answer.status === 204 || answer.status === 304 ? {} : { 'content-length': bytes.length };
}

const CHUNK = Buffer.alloc(1_000_000, ' ');

/** Blanks are JSON as long as nothing follows them: no parser may give up before all of it has come. */
async function tooMuch(response: ServerResponse, { flood = 0, bomb }: Fault): Promise<void> {
  const kind = { 'content-type': 'application/json' };
  if (bomb !== undefined) {
    response.writeHead(200, { ...kind, 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(bomb, ' ')));
    return;
  }
  response.writeHead(200, kind);
  // Whoever has enough of it hangs up.
  await pipeline(Readable.from(chunks(flood)), response).catch(() => undefined);
}

function* chunks(bytes: number): Generator<Buffer> {
  for (let sent = 0; sent < bytes; sent += CHUNK.length) yield CHUNK;
}

async function drip(response: ServerResponse, bytes: Buffer, everyMs: number): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await wait(everyMs, undefined, { ref: false });
  }
  response.end();
}
