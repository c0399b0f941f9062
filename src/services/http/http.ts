import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import axiosRetry from 'axios-retry';
import { ServiceError } from '../../domain/errors.js';
import { currentWork } from '../../work.js';
import { type AnswerContext, type RawAnswer, rawAnswer, readBody, statusTrouble } from './answer.js';
import type { Answer, CallSpec, Http, HttpOptions } from './call.js';
import { abortTrouble, networkTrouble, unexpectedTrouble } from './network.js';
import { type TimeLimit, timeLimit } from './timeLimit.js';
import { createTransports } from './transport.js';
import type { Trouble } from './trouble.js';

const RETRIES = 2;
const httpAdapter = axios.getAdapter('http');

/** Carries a judged failure through axios-retry, which wants to see the config. Never leaves this file. */
class FailedAttempt extends Error {
  constructor(
    readonly trouble: Trouble,
    readonly config: InternalAxiosRequestConfig,
    readonly status: number | null,
    /** What the guard called this attempt. */
    readonly attempt: number,
  ) {
    super(trouble.code);
  }
}

type Judged<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

/** One attempt's end: a value, or why not; null = there was no answer. */
type Sent<T> =
  | { ok: true; value: T; status: number; header: RawAnswer['header']; response: AxiosResponse }
  | { ok: false; trouble: Trouble; status: number | null };

/** What happens to one call over its attempts. */
interface Run<T> {
  spec: CallSpec<T>;
  attempt: number;
  /** An attempt failed in a way that leaves open whether it arrived. */
  doubt: boolean;
  /** Set by the attempt that succeeded. */
  answer?: Answer<T>;
}

/**
 * The one way out to a service. Each attempt takes its token, is looked at by the guard, gets a deadline, is judged and
 * leaves one ledger row; axios-retry repeats those that may be repeated.
 */
export function createHttp(options: HttpOptions): Http {
  const { service, label, guard, clock, budget, limiter } = options;
  const base = options.baseUrl.replace(/\/+$/, '');
  const transports = createTransports({
    baseUrl: base,
    maxSockets: options.maxSockets ?? 4,
    proxy: options.proxy ?? '',
    environmentProxy: options.environmentProxy ?? false,
    followRedirects: options.followRedirects ?? false,
  });
  const client = axios.create({ headers: options.headers, transformRequest: [(data) => data], transformResponse: [] });
  axiosRetry(client, {
    retries: RETRIES,
    retryCondition: (error: unknown) => error instanceof FailedAttempt && error.trouble.retry,
    retryDelay: (count) => options.retryDelay * 2 ** (count - 1) * (0.8 + Math.random() * 0.4),
    shouldResetTimeout: true,
  });

  const context = (): AnswerContext => ({
    label,
    urlKey: options.urlKey,
    secretKey: options.secretKey,
    secrets: options.secrets,
    now: clock.now(),
  });

  const judge = <T>(answer: RawAnswer, spec: CallSpec<T>): Judged<T> => {
    const special = spec.special?.(answer);
    if (special) return { ok: true, value: special.value };
    if (answer.status < 200 || answer.status > 299) {
      return { ok: false, trouble: options.judge?.(answer, spec) ?? statusTrouble(answer, context()) };
    }
    const body = readBody(answer, spec.schema, context());
    const refused = body.ok ? spec.refuse?.(body.value) : undefined;
    return refused ? { ok: false, trouble: refused } : body;
  };

  const send = async <T>(config: InternalAxiosRequestConfig, spec: CallSpec<T>, limit: TimeLimit): Promise<Sent<T>> => {
    const idleMs = spec.timeoutMs ?? options.timeoutMs;
    const maxBytes = spec.maxBytes ?? options.maxBytes;
    let response: AxiosResponse;
    try {
      const { kept, fresh } = await transports;
      response = await httpAdapter({
        ...config,
        ...(spec.safe ? kept : fresh),
        signal: limit.signal,
        timeout: idleMs,
        maxContentLength: maxBytes,
        responseType: 'text',
        validateStatus: () => true,
      });
    } catch (error) {
      const { urlKey, proxy, proxyKey } = options;
      const used = proxy ? proxyKey : undefined;
      const limits = { limit, idleMs, totalMs: idleMs * 2, maxBytes };
      return { ok: false, trouble: networkTrouble(error, { label, urlKey, proxyKey: used, ...limits }), status: null };
    }
    const { status } = response;
    const header = headerReader(response);
    const judged = judge(rawAnswer(status, header, String(response.data ?? '')), spec);
    return judged.ok ? { ...judged, status, header, response } : { ...judged, status };
  };

  const record = <T>(run: Run<T>, at: number, durationMs: number, sent: Sent<T>) => {
    const { requestId, plan, grabId, shared } = currentWork();
    options.ledger.record({
      at,
      service,
      operation: run.spec.operation,
      requestId: requestId ?? null,
      plan: plan ?? null,
      grabId: grabId ?? null,
      attempt: run.attempt,
      status: sent.status,
      durationMs,
      failure: sent.ok ? null : sent.trouble.code,
      counted: run.spec.counted === true && shared !== true && run.attempt === 1,
    });
  };

  /** Waits for its turn; another call may have been told to stop meanwhile. */
  const admit = async <T>({ lanes = [], effect, operation, exempt }: CallSpec<T>, signal: AbortSignal | undefined) => {
    for (const lane of [...lanes, limiter]) await lane.take(signal);
    guard.check(effect, operation);
    if (exempt !== true) budget?.spend();
  };

  const attempt = async <T>(config: InternalAxiosRequestConfig, run: Run<T>): Promise<AxiosResponse> => {
    const { spec } = run;
    const { signal } = currentWork();
    await admit(spec, signal);
    run.attempt += 1;
    const number = guard.begin();
    const startedAt = clock.now();
    const began = performance.now();
    const limit = timeLimit(2 * (spec.timeoutMs ?? options.timeoutMs), signal);
    const sent = await send(config, spec, limit).finally(limit.done);
    // What happened is kept before anything else can fail: a lost id would be a second torrent.
    if (sent.ok) run.answer = { data: sent.value, status: sent.status, header: sent.header };
    else run.doubt ||= spec.effect !== 'read' && !sent.trouble.noEffect;
    record(run, startedAt, Math.round(performance.now() - began), sent);
    if (!sent.ok) {
      const trouble = { ...sent.trouble, retry: sent.trouble.retry && spec.safe };
      throw new FailedAttempt(trouble, config, sent.status, number);
    }
    guard.succeeded(spec.effect);
    return sent.response;
  };

  const serviceError = <T>(trouble: Trouble, run: Run<T>, failed?: FailedAttempt): ServiceError =>
    new ServiceError({
      service,
      operation: run.spec.operation,
      failure: trouble.failure,
      code: trouble.code,
      message: trouble.message,
      hint: trouble.hint,
      status: failed?.status ?? undefined,
      retryAt: failed ? guard.failed(trouble, failed.attempt) : undefined,
      ambiguous: run.doubt,
    });

  /** What the caller gets to see. Errors of our own making (a full disk, a bug) pass as they are. */
  const failure = <T>(error: unknown, run: Run<T>, signal: AbortSignal | undefined): unknown => {
    if (error instanceof FailedAttempt) return serviceError(error.trouble, run, error);
    // Before the first attempt, in a queue, or between two attempts.
    if (signal?.aborted) return serviceError(abortTrouble(), run);
    return axios.isAxiosError(error) ? serviceError(unexpectedTrouble(), run) : error;
  };

  return {
    async call<T>(spec: CallSpec<T>): Promise<Answer<T>> {
      guard.check(spec.effect, spec.operation);
      const run: Run<T> = { spec, attempt: 0, doubt: false };
      const { signal } = currentWork();
      const adapter: AxiosAdapter = (config) => attempt(config, run);
      try {
        await client.request({
          method: spec.method,
          url: base + spec.path + queryText(spec.query),
          ...body(spec),
          ...(signal ? { signal } : {}),
          adapter,
        });
      } catch (error) {
        // An abort in the same moment as the answer does not undo what the answer says.
        if (!run.answer) throw failure(error, run, signal);
      }
      if (!run.answer) throw serviceError(unexpectedTrouble(), run);
      return run.answer;
    },
  };
}

function queryText(query: CallSpec<unknown>['query']): string {
  if (!query) return '';
  const pairs = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  return `?${new URLSearchParams(pairs)}`;
}

interface Body {
  data?: string;
  headers: Record<string, string | false>;
}

function body(spec: Pick<CallSpec<unknown>, 'form' | 'json'>): Body {
  if (spec.form) {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    return { data: new URLSearchParams(spec.form).toString(), headers };
  }
  // false: axios would call the body of an empty POST a form, which Seerr's request validation may refuse.
  if (spec.json === undefined) return { headers: { 'Content-Type': false } };
  return { data: JSON.stringify(spec.json), headers: { 'Content-Type': 'application/json' } };
}

function headerReader({ headers }: AxiosResponse): RawAnswer['header'] {
  return (name) => {
    const value: unknown = headers[name.toLowerCase()];
    if (Array.isArray(value)) return value.join(', ');
    return typeof value === 'string' ? value : undefined;
  };
}
