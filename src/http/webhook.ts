import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { MINUTE } from '../clock.js';
import { count } from '../domain/span.js';
import type { Log } from '../log/index.js';
import { type Answer, json, refusal } from './answer.js';
import { readAndForget } from './body.js';
import type { Handler, Route } from './router.js';

/** Far more than Seerr sends; it is not kept, whatever it is. */
const LARGEST_BODY = 64 * 1024;
/** How often a caller without the secret is told of in the log. */
const TELL_EVERY = 10 * MINUTE;

export interface WebhookOptions {
  /** Empty = there is no webhook. */
  secret: () => string;
  /** Several calls within this time are one (ms). */
  settle: () => number;
  /** Asks for a tick. */
  request: () => void;
  log: Log;
}

export interface Webhook {
  route: Route;
  /** Forgets what it was about to ask for. */
  stop(): void;
}

/**
 * Seerr says that something happened; what, the next tick finds out. So nothing of what is sent is read, and whoever
 * knows the secret can do no more than make us look.
 */
export const createWebhook = ({ secret, settle, request, log }: WebhookOptions): Webhook => {
  let timer: NodeJS.Timeout | null = null;
  const tellRefusal = strangers(log);
  const ask = () => {
    timer ??= setTimeout(() => {
      timer = null;
      request();
    }, settle());
  };

  const post: Handler = async (message): Promise<Answer> => {
    if (!isFrom(message, secret())) {
      tellRefusal();
      return refusal(401, 'unauthorized', { 'www-authenticate': 'Secret realm="fulfillarr"' });
    }
    if (!(await readAndForget(message, LARGEST_BODY))) {
      return refusal(413, 'the body is too large');
    }
    ask();
    return json(202, { status: 'accepted' });
  };

  return {
    route: { path: '/webhook/seerr', post, isOn: () => secret() !== '' },
    stop: () => {
      if (timer !== null) {
        clearTimeout(timer);
        timer = null;
      }
    },
  };
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Digests, so that neither where the first difference is nor the length shows in the time it takes. */
const isFrom = ({ headers }: IncomingMessage, secret: string): boolean =>
  timingSafeEqual(digest(headers.authorization ?? ''), digest(secret));

/** Says once in a while how often it was called without the secret. */
const strangers = (log: Log): (() => void) => {
  let since = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  return () => {
    since += 1;
    const now = performance.now();
    if (now - toldAt < TELL_EVERY) {
      return;
    }
    log.warn(
      `the webhook was called ${count(since, 'time')} without the right Authorization header; in Seerr it must be the value of http.webhookSecret`,
      { code: 'webhook-refused' },
    );
    toldAt = now;
    since = 0;
  };
};
