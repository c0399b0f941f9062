import type { z } from 'zod';
import { excerpt } from './excerpt.js';
import { parseRetryAfter } from './retryAfter.js';
import { accountTrouble, ourTrouble, sourceTrouble, type Trouble, throttleTrouble } from './trouble.js';

/** A whole answer, before anyone has judged it. Stays within services. */
export interface RawAnswer {
  status: number;
  header(name: string): string | undefined;
  text: string;
  /** undefined = the body is not JSON (204, HTML, cut short). */
  json: unknown;
  html: boolean;
}

export interface AnswerContext {
  label: string;
  /** The configuration keys of address and key, for hints. */
  urlKey: string;
  secretKey: string;
  secrets: readonly string[];
  now: number;
}

/** The answering side's clock (epoch ms), by its `Date` header. */
export function dateOf(header: RawAnswer['header']): number | null {
  const at = Date.parse(header('date') ?? '');
  return Number.isNaN(at) ? null : at;
}

export function rawAnswer(status: number, header: RawAnswer['header'], text: string): RawAnswer {
  return { status, header, text, json: parseJson(text), html: /^\s*</.test(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Checks a successful answer's body. Returns the value or why it cannot be used. */
export function readBody<T>(
  answer: RawAnswer,
  schema: z.ZodType<T> | 'no-body',
  context: AnswerContext,
): { ok: true; value: T } | { ok: false; trouble: Trouble } {
  if (schema === 'no-body') {
    // A login page or a gateway's notice: whoever sent it is not the service, and nothing was done.
    return answer.html ? { ok: false, trouble: notJson(answer, context) } : { ok: true, value: undefined as T };
  }
  if (answer.json === undefined) return { ok: false, trouble: notJson(answer, context) };
  const parsed = schema.safeParse(answer.json);
  if (parsed.success) return { ok: true, value: parsed.data };
  const issue = parsed.error.issues[0];
  const path = excerpt(issue?.path.map(String).join('.') || 'the whole answer', context.secrets);
  // zod's own messages name types and limits, never the value that was found.
  const why = issue ? excerpt(issue.message, context.secrets) : 'unreadable';
  const message = `${context.label} answers off contract at ${path}: ${why}`;
  return { ok: false, trouble: ourTrouble({ code: 'off-contract', message, noEffect: false }) };
}

function notJson({ html, status, text }: RawAnswer, { label, urlKey }: AnswerContext): Trouble {
  if (html) {
    const hint = `Check ${urlKey}: a web page at that address is not the API.`;
    return sourceTrouble({ code: 'not-json', message: `${label} answers with a web page (HTTP ${status})`, hint });
  }
  const what = text.trim() === '' ? 'an empty body' : 'text that is not whole JSON';
  return sourceTrouble({ code: 'not-json', message: `${label} answers with ${what} (HTTP ${status})` });
}

/** The judgement that needs no knowledge of the service. */
export function statusTrouble(answer: RawAnswer, context: AnswerContext): Trouble {
  const { status } = answer;
  const { label } = context;
  const code = `http-${status}`;
  const message = `${label} answers HTTP ${status}${said(answer, context)}`;
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), context.now);
  if (status === 429) return throttleTrouble({ code, message: `${label} says too many requests`, retryAfterMs });
  if (status === 401 || status === 403) return credentials(answer, context);
  if (status >= 300 && status < 400) {
    const hint = `Put the final address into ${context.urlKey}.`;
    return sourceTrouble({ code: 'redirect', message: `${label} answers with a redirect`, hint, noEffect: true });
  }
  if (status === 408 || status >= 500) {
    // A gateway that names a time will not be well before it.
    const retry = [502, 503, 504].includes(status) && retryAfterMs === null;
    return sourceTrouble({ code, message, retryAfterMs, retry });
  }
  return ourTrouble({ code, message });
}

function credentials(answer: RawAnswer, context: AnswerContext): Trouble {
  const { label, secretKey, urlKey } = context;
  if (answer.html) {
    const hint = `Something in front of ${label} refuses us; check ${urlKey}.`;
    return sourceTrouble({ code: 'refused', message: `a web page refuses us (HTTP ${answer.status})`, hint });
  }
  const message = `${label} refuses our key (HTTP ${answer.status})${said(answer, context)}`;
  return accountTrouble({ code: 'credentials', message, hint: `Check ${secretKey}.` });
}

/** The service's own words, where it has some, cleaned. */
export function said(answer: RawAnswer, { secrets }: Pick<AnswerContext, 'secrets'>): string {
  const { json } = answer;
  if (typeof json !== 'object' || json === null) return '';
  const { message, error } = json as { message?: unknown; error?: unknown };
  const words = typeof message === 'string' ? message : error;
  return typeof words === 'string' && words !== '' ? `: ${excerpt(words, secrets)}` : '';
}
