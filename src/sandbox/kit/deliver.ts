import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
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
  const answer = shaped(fault === null ? null : instead(fault), fault, run);
  if (fault?.resetAfter) return cut(response, afterRun);
  await afterRun(answer.status);
  await send(response, answer, fault);
}

function shaped(replacement: Answer | null, fault: Fault | null, run: () => Answer): Answer {
  const answer = replacement ?? run();
  if (fault === null) return answer;
  const altered = replacement === null && fault.body !== undefined ? { ...answer, body: rendered(fault.body) } : answer;
  return fault.headers === undefined ? altered : { ...altered, headers: { ...altered.headers, ...fault.headers } };
}

async function cut(response: ServerResponse, afterRun: Delivery['afterRun']): Promise<void> {
  await afterRun(null);
  response.socket?.destroy();
}

/** The answer given in place of the real one, if the fault names one. */
function instead(fault: Fault): Answer | null {
  if (fault.html !== undefined && fault.html !== false) {
    const page = typeof fault.html === 'string' ? fault.html : '<html><body><h1>Bad gateway</h1></body></html>';
    return { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=UTF-8' }, body: page };
  }
  if (fault.status === undefined) return null;
  if (fault.body === undefined) return { status: fault.status };
  if (typeof fault.body === 'string') return { status: fault.status, body: fault.body };
  return json(fault.status, fault.body);
}

function rendered(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

async function send(response: ServerResponse, answer: Answer, fault: Fault | null): Promise<void> {
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

async function drip(response: ServerResponse, bytes: Buffer, everyMs: number): Promise<void> {
  for (const byte of bytes) {
    if (response.destroyed) return;
    response.write(Buffer.of(byte));
    await wait(everyMs, undefined, { ref: false });
  }
  response.end();
}
