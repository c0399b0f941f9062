import type { TimeLimit } from './timeLimit.js';
import { ourTrouble, sourceTrouble, type Trouble } from './trouble.js';

export interface NetworkContext {
  label: string;
  /** The configuration key of the address, for hints. */
  urlKey: string;
  /** The configuration key of the proxy, when there is one. */
  proxyKey: string | undefined;
  limit: TimeLimit;
  idleMs: number;
  totalMs: number;
  maxBytes: number;
}

/** Codes of connections that were never made: the request cannot have had an effect. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL']);
const NO_NAME = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const CUT = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'Z_BUF_ERROR', 'ERR_STREAM_PREMATURE_CLOSE']);
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|EPROTO$)/;

const seconds = (ms: number) => `${Math.round(ms / 100) / 10} s`;

/** Says in our words why there was no (whole) answer. Nothing of the original error is kept: it holds the headers. */
export function networkTrouble(error: unknown, context: NetworkContext): Trouble {
  const { label, limit } = context;
  if (limit.ended() === 'abort') return abortTrouble();
  if (limit.ended() === 'time') {
    const message = `${label} did not finish its answer within ${seconds(context.totalMs)}`;
    return sourceTrouble({ code: 'timeout', message });
  }
  const { code, text } = look(error);
  if (text.includes('timeout') || code === 'ETIMEDOUT') {
    return sourceTrouble({
      code: 'timeout',
      message: `${label} did not answer in ${seconds(context.idleMs)}`,
      retry: true,
    });
  }
  if (text.includes('maxContentLength')) {
    return sourceTrouble({ code: 'too-large', message: `${label} sent more than ${context.maxBytes} bytes` });
  }
  return connectionTrouble(code, text, context);
}

/** The work that this call belongs to was given up (shutdown, end of its time box): nobody's failure. */
export const abortTrouble = (): Trouble =>
  sourceTrouble({ code: 'aborted', message: 'the call was given up, its work was stopped', pause: 'none' });

/** Not a network error at all: ours, and its text may hold anything. */
export const unexpectedTrouble = (): Trouble =>
  ourTrouble({ code: 'unexpected', message: 'the call failed in a way that should not happen', noEffect: false });

function connectionTrouble(code: string, text: string, { label, urlKey, proxyKey }: NetworkContext): Trouble {
  if (proxyKey && (NOT_SENT.has(code) || /proxy|socks|ECONNREFUSED|ENOTFOUND/i.test(text))) {
    const message = `no connection to ${label} through the proxy`;
    return sourceTrouble({ code: 'proxy', message, hint: `Check ${proxyKey}.`, retry: true, noEffect: true });
  }
  if (NOT_SENT.has(code)) {
    const what = NO_NAME.has(code) ? 'its host name is not known' : 'it refuses the connection or is not reachable';
    const hint = `Is ${label} running, and is ${urlKey} right?`;
    const slug = NO_NAME.has(code) ? 'unknown-host' : 'unreachable';
    return sourceTrouble({
      code: slug,
      message: `${label} cannot be reached: ${what}`,
      hint,
      retry: true,
      noEffect: true,
    });
  }
  if (code.startsWith('ERR_FR_') || text.includes('redirect refused')) {
    const hint = `Put the final address into ${urlKey}.`;
    return sourceTrouble({ code: 'redirect', message: `${label} redirects to where we do not follow`, hint });
  }
  if (TLS.test(code)) {
    const hint = `Check the certificate behind ${urlKey} and the clock of this machine.`;
    return sourceTrouble({ code: 'tls', message: `no secure connection to ${label} (${code})`, hint, noEffect: true });
  }
  if (CUT.has(code) || /hang up|aborted/.test(text)) {
    return sourceTrouble({ code: 'connection-lost', message: `${label} closed the connection mid-call`, retry: true });
  }
  if (/^[A-Z_]{3,40}$/.test(code)) {
    return sourceTrouble({ code: 'network', message: `the connection to ${label} failed (${code})`, retry: true });
  }
  return unexpectedTrouble();
}

function look(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: '', text: '' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Several addresses were tried: the code of the first says enough.
  if (code === '' && error instanceof AggregateError) return look(error.errors[0]);
  return { code, text: error.message };
}
