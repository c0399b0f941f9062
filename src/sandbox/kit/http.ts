import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** One request as a stand-in sees it: body read whole, path still percent-encoded. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  /** The query string as sent, without '?'. */
  rawQuery: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Answer {
  status: number;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

/** What a call turned out to be: a name for log and faults, and the way to carry it out. */
export interface Operation {
  name: string;
  run: () => Answer;
}

export function json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function text(status: number, body: string, contentType = 'text/plain; charset=utf-8'): Answer {
  return { status, headers: { 'content-type': contentType }, body };
}

export function empty(status: number, headers: OutgoingHttpHeaders = {}): Answer {
  return { status, headers };
}

/** One header value; Node joins repeats of the headers we look at with ", ". */
export function header(call: Call, name: string): string | undefined {
  const value = call.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export function cookies(call: Call): Map<string, string> {
  const pairs = (header(call, 'cookie') ?? '').split(';').map((part) => part.trim().split('='));
  return new Map(pairs.map(([name = '', ...rest]) => [name, rest.join('=')]));
}

export function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
