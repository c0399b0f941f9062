import type { z } from 'zod';
import type { Clock } from '../../clock.js';
import type { ServiceName } from '../../domain/errors.js';
import type { RawAnswer } from './answer.js';
import type { CallBudget } from './budget.js';
import type { Limiter } from './limiter.js';
import type { Guard } from './pause.js';
import type { Ledger } from './stores.js';
import type { Effect, Trouble } from './trouble.js';

/** One outside call, in a client's words. */
export interface CallSpec<T> {
  /** Our word for it, in the ledger and in errors. */
  operation: string;
  method: 'GET' | 'POST' | 'DELETE';
  /** Below the base URL, with a leading slash, already encoded. */
  path: string;
  query?: Record<string, string | number | boolean>;
  /** Body, form-encoded. */
  form?: Record<string, string>;
  /** Body, as JSON. */
  json?: unknown;
  /** Checks the body of a 2xx answer; 'no-body' = it is not read, but a web page is no answer. */
  schema: z.ZodType<T> | 'no-body';
  effect: Effect;
  /** May be sent again when it is not known whether it arrived. */
  safe: boolean;
  /** Charged to the request it is made for. */
  counted?: boolean;
  /** Takes nothing of the service's daily budget. */
  exempt?: boolean;
  /** Longest silence (ms); the whole attempt may take twice as long. */
  timeoutMs?: number;
  maxBytes?: number;
  /** Tighter limits than the service's own, taken first. */
  lanes?: Limiter[];
  /** Statuses and bodies with a meaning of their own; undefined = judge it as usual. */
  special?: (answer: RawAnswer) => { value: T } | undefined;
  /** Refuses a well-formed answer. */
  refuse?: (value: T) => Trouble | undefined;
}

export interface Answer<T> {
  data: T;
  status: number;
  /** undefined = the answer has no such header. */
  header(name: string): string | undefined;
}

export interface Http {
  /** Throws only `ServiceError`. */
  call<T>(spec: CallSpec<T>): Promise<Answer<T>>;
}

export interface HttpOptions {
  service: ServiceName;
  /** The service's name in messages. */
  label: string;
  baseUrl: string;
  /** Sent with every call; where keys are. */
  headers: Record<string, string>;
  /** Masked in whatever the service says. */
  secrets: string[];
  /** The configuration keys of address and key, for hints. */
  urlKey: string;
  secretKey: string;
  timeoutMs: number;
  maxBytes: number;
  maxSockets?: number;
  proxy?: string;
  /** The proxy's configuration key, for hints. */
  proxyKey?: string;
  environmentProxy?: boolean;
  followRedirects?: boolean;
  /** First delay before a retry (ms), doubling, ±20 %. At most two retries. */
  retryDelay: number;
  limiter: Limiter;
  budget?: CallBudget;
  guard: Guard;
  clock: Clock;
  ledger: Ledger;
  /** Judges failures by the service's own codes; undefined = by status. */
  judge?: (answer: RawAnswer, call: { operation: string; effect: Effect }) => Trouble | undefined;
}
