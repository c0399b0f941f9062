import { HOUR, SECOND } from '../../clock.js';

/** No answer may silence a service for longer than this. */
export const LONGEST_RETRY_AFTER = HOUR;

/**
 * Milliseconds that a `Retry-After` header asks us to wait: whole seconds or an HTTP date, capped at one hour.
 * null = the header is missing or unreadable, which is not the same as 0.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  if (/^\d+$/.test(text)) return Math.min(Number(text) * SECOND, LONGEST_RETRY_AFTER);
  // Date.parse also takes "-5" or "2"; an HTTP date begins with a weekday.
  const at = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) return null;
  return Math.min(Math.max(at - now, 0), LONGEST_RETRY_AFTER);
}
