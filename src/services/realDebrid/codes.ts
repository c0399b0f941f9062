import type { RawAnswer } from '../http/answer.js';
import { excerpt } from '../http/excerpt.js';
import {
  accountTrouble,
  type Effect,
  ourTrouble,
  releaseTrouble,
  sourceTrouble,
  type Trouble,
  throttleTrouble,
} from '../http/trouble.js';

/**
 * Real-Debrid's error codes (`error_code` in its answers, listed on its API page) and what each means for us. Where an
 * answer has no body, the HTTP status stands for the code that goes with it.
 */

/** Success under another name: "action already done". */
export const ALREADY_DONE = 31;
/** "Unknown resource": there is no such torrent (any more). */
export const GONE = 7;
/** The endpoint is switched off. */
export const DISABLED = 37;
/** Refused by its name, or taken down. */
export const INFRINGING = 35;

/** Our code for an INFRINGING that may be a throttle's doing. */
export const SOFTLY_REFUSED = 'rd-35-soft';

const codeOfStatus: Record<number, number> = { 401: 8, 403: 9, 404: GONE, 429: 34, 451: INFRINGING, 509: 21 };

/** undefined = the answer is a gateway's, not Real-Debrid's. */
export function codeOf({ status, json, html, text }: RawAnswer): number | undefined {
  if (typeof json === 'object' && json !== null && 'error_code' in json && typeof json.error_code === 'number') {
    return json.error_code;
  }
  return html || (json === undefined && text.trim() !== '') ? undefined : codeOfStatus[status];
}

export interface CodeContext {
  operation: string;
  effect: Effect;
  /** Real-Debrid has told us to slow down just now: its 35 then often means 34. */
  throttledLately: boolean;
  retryAfterMs: number | null;
  secrets: readonly string[];
}

type Meaning = (context: CodeContext & { code: string; status: number }) => Trouble;

const account =
  (message: string, hint: string): Meaning =>
  (context) =>
    accountTrouble({ code: context.code, message, hint, pause: pausedBy(context) });

/** A refused read shows that everything is refused; a refused write says nothing about reads and deletes. */
const pausedBy = ({ effect }: CodeContext) => (effect === 'read' || effect === 'remove' ? 'service' : 'writes');

type Refusal = (message: string) => Meaning;
const release: Refusal =
  (message) =>
  ({ code }) =>
    releaseTrouble({ code, message });
const bug: Refusal =
  (message) =>
  ({ code }) =>
    ourTrouble({ code, message });
const away: Refusal =
  (message) =>
  ({ code, status }) =>
    // Whoever fails (5xx) may have got as far as the effect; only a refusal has had none.
    sourceTrouble({ code, message, noEffect: status < 500 });
const throttled: Meaning = ({ code, retryAfterMs }) =>
  throttleTrouble({ code, message: 'Real-Debrid says too many requests', retryAfterMs });

const TOKEN_HINT = 'Make a new token at real-debrid.com/apitoken and put it into realDebrid.token.';
const SITE_HINT = 'Log in at real-debrid.com and look at your account.';
const PREMIUM_HINT = 'Renew the subscription at real-debrid.com; everything goes on by itself afterwards.';
const LOCKED = account('Real-Debrid has locked the account', SITE_HINT);
const LOGIN = account('Real-Debrid wants the account’s owner to log in', SITE_HINT);

const meanings: Record<number, Meaning> = {
  [-1]: ({ code }) => sourceTrouble({ code, message: 'Real-Debrid has an internal error' }),
  1: bug('Real-Debrid misses a parameter'),
  2: ({ operation, code }) =>
    operation === 'addMagnet'
      ? releaseTrouble({ code, message: 'Real-Debrid does not take this magnet' })
      : ourTrouble({ code, message: 'Real-Debrid does not take a parameter' }),
  3: bug('Real-Debrid does not know this method'),
  4: bug('Real-Debrid does not allow this method'),
  5: throttled,
  6: away('a part of Real-Debrid cannot be reached'),
  [GONE]: ({ operation, code }) =>
    operation === 'selectFiles'
      ? releaseTrouble({ code, message: 'the torrent is gone from Real-Debrid' })
      : ourTrouble({ code, message: 'Real-Debrid does not know what was asked for' }),
  // Nothing works with a bad token, whichever call found out.
  8: ({ code }) => accountTrouble({ code, message: 'Real-Debrid refuses the token', hint: TOKEN_HINT }),
  9: account('Real-Debrid denies permission', SITE_HINT),
  10: LOGIN,
  11: LOGIN,
  12: LOGIN,
  13: LOGIN,
  14: LOCKED,
  15: account('the Real-Debrid account is not activated', SITE_HINT),
  16: bug('Real-Debrid does not support this hoster'),
  17: bug('the hoster is under maintenance'),
  18: bug('the hoster’s limit is reached'),
  19: bug('the hoster is not available'),
  20: account('the Real-Debrid account is not premium', PREMIUM_HINT),
  21: ({ code }) =>
    throttleTrouble({
      code,
      message: 'all of Real-Debrid’s download slots are in use',
      hint: 'New torrents wait until a download ends.',
      pause: 'adds',
    }),
  22: account('Real-Debrid refuses this IP address', 'Real-Debrid does not serve VPN and data centre addresses.'),
  23: account('the Real-Debrid account’s traffic is used up', 'It is refilled daily; this goes on by itself.'),
  24: release('Real-Debrid says that the file is unavailable'),
  25: away('Real-Debrid’s service is unavailable'),
  26: release('the torrent is too big for Real-Debrid'),
  27: (context) => ({ ...away('Real-Debrid failed to take the torrent')(context), pause: 'none' }),
  28: release('Real-Debrid does not allow a file of this torrent'),
  29: release('the torrent is too big for this account'),
  30: release('Real-Debrid calls the torrent invalid'),
  33: () => ourTrouble({ code: 'already-active', message: 'Real-Debrid already has this torrent in the account' }),
  34: throttled,
  [INFRINGING]: (context) =>
    context.throttledLately
      ? throttleTrouble({ code: SOFTLY_REFUSED, message: 'Real-Debrid refuses the release right after a throttle' })
      : releaseTrouble({ code: context.code, message: 'Real-Debrid refuses the release as infringing (HTTP 451)' }),
  36: account(
    'the Real-Debrid account’s fair-use limit is reached',
    'It is lifted after a while; this goes on by itself.',
  ),
  [DISABLED]: bug('Real-Debrid has switched this endpoint off'),
};

/** undefined = not one of Real-Debrid's codes: judge it by status. */
export function codeTrouble(answer: RawAnswer, context: CodeContext): Trouble | undefined {
  const number = codeOf(answer);
  if (number === undefined) return gateway(answer);
  const code = `rd-${number}`;
  return meanings[number]?.({ ...context, code, status: answer.status }) ?? unknownCode(answer, code, context);
}

/** Cloudflare or nginx answered: transient, whatever the status. (A 429 is one from anybody.) */
function gateway({ status, html }: RawAnswer): Trouble | undefined {
  if (!html || status === 429) return undefined;
  return sourceTrouble({
    code: 'not-json',
    message: `a gateway in front of Real-Debrid answers with a web page (HTTP ${status})`,
    retry: [502, 503, 504].includes(status),
  });
}

function unknownCode({ status, json }: RawAnswer, code: string, { secrets }: CodeContext): Trouble {
  const slug = (json as { error?: unknown }).error;
  const words = typeof slug === 'string' ? `: ${excerpt(slug, secrets)}` : '';
  const message = `Real-Debrid answers with an error we do not know, ${code}${words}`;
  return status >= 500 ? sourceTrouble({ code, message }) : ourTrouble({ code, message });
}
