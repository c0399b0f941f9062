import { createHash } from 'node:crypto';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** What a route says, before it is put on the wire. */
export interface Answer {
  status: number;
  body: string;
  type: string;
  /** Names this very body: who has it already is told so, without it. */
  etag?: string;
  headers?: OutgoingHttpHeaders;
}

const JSON_TYPE = 'application/json; charset=utf-8';

export const json = (status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer => ({
  status,
  body: `${JSON.stringify(value)}\n`,
  type: JSON_TYPE,
  headers,
});

export const refusal = (status: number, error: string, headers: OutgoingHttpHeaders = {}): Answer =>
  json(status, { error }, headers);

export const etagOf = (body: string): string => `"${createHash('sha256').update(body).digest('base64url')}"`;

/** For everything that is not the page: nothing in it is ever to be run, framed or read by another site. */
const guarded: OutgoingHttpHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Writes an answer; to HEAD without its body. */
export const send = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  const { etag } = answer;
  const known = etag !== undefined && hasIt(request, etag);
  const headers = {
    ...guarded,
    'cache-control': etag === undefined ? 'no-store' : 'no-cache',
    ...(etag === undefined ? {} : { etag }),
    ...answer.headers,
  };
  if (known) {
    response.writeHead(304, headers);
    response.end();
    return;
  }
  response.writeHead(answer.status, {
    ...headers,
    'content-type': answer.type,
    'content-length': Buffer.byteLength(answer.body),
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
};

const hasIt = ({ headers }: IncomingMessage, etag: string): boolean =>
  (headers['if-none-match'] ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
