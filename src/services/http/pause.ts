import { z } from 'zod';
import { type Clock, MINUTE } from '../../clock.js';
import { ServiceError, type ServiceName } from '../../domain/errors.js';
import type { CallBudget } from './budget.js';
import type { StateStore } from './stores.js';
import type { Effect, Trouble } from './trouble.js';

/**
 * When a service is left alone, and for how long. While it is, a call fails at once with code `paused`, without
 * network and without a ledger row. Kept in the state store, so that a restart does not begin to hammer again.
 */
export interface Guard {
  /** Throws `ServiceError` (`paused`, or `budget-spent`) while a call of this effect may not go out. */
  check(effect: Effect, operation: string): void;
  /** Before each attempt: a number that tells later which failures were already under way together. */
  begin(): number;
  succeeded(effect: Effect): void;
  /** Takes a failure in; `attempt` is what `begin` gave to it. Returns when to come back (epoch ms). */
  failed(trouble: Trouble, attempt: number): number | undefined;
  /** Whether the service told us to slow down within the last `ms`. */
  throttledWithin(ms: number): boolean;
  state(): ServiceState;
}

export interface PauseView {
  kind: 'throttle' | 'source' | 'account' | 'slots' | 'budget';
  /** What it covers. */
  scope: 'service' | 'writes' | 'adds';
  code: string;
  message: string;
  hint: string | null;
  /** Epoch ms. */
  since: number;
  /** When calls go out again (epoch ms). In the past: the next call will show whether it is over. */
  until: number;
}

export interface ServiceState {
  service: ServiceName;
  /** Empty = well. */
  pauses: PauseView[];
}

export interface PauseRules {
  /** After a 429 (ms): the first pause, doubling up to the longest while throttles keep coming. */
  throttle: { first: number; longest: number };
  /** After consecutive failures (ms), step by step; the last one repeats. */
  backoff: number[];
  /** Between looks at a refused account or key (ms). */
  recheck: number;
}

export interface GuardOptions {
  service: ServiceName;
  /** The service's name in messages. */
  label: string;
  rules: PauseRules;
  clock: Clock;
  state: StateStore;
  budget?: CallBudget | undefined;
  /** Once per change: a new pause, another reason, well again. Not per attempt. */
  onStateChange?: ((service: ServiceName, state: ServiceState) => void) | undefined;
}

/** A throttle within this time of the end of the last one counts as its continuation. */
const THROTTLE_MEMORY = 10 * MINUTE;
const MOST_DOUBLINGS = 30;

const kinds = ['throttle', 'source', 'account', 'slots'] as const;
const recordSchema = z.object({
  scope: z.enum(['service', 'writes', 'adds']),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  since: z.number(),
  until: z.number(),
  step: z.number().int().nonnegative(),
  /** A call has succeeded since; only the step is still remembered. */
  over: z.boolean(),
});
const savedSchema = z.partialRecord(z.enum(kinds), recordSchema);
type Kind = (typeof kinds)[number];
type PauseRecord = z.infer<typeof recordSchema>;

const covers = (scope: PauseView['scope'], effect: Effect): boolean =>
  scope === 'service' || effect === 'add' || (scope === 'writes' && effect === 'write');

function kindOf(trouble: Trouble): Kind | null {
  if (trouble.pause === 'none') return null;
  if (trouble.pause === 'adds') return 'slots';
  if (trouble.failure === 'throttle' || trouble.failure === 'account') return trouble.failure;
  return 'source';
}

interface StepContext {
  rules: PauseRules;
  now: number;
  /** false = the failed call was already under way when the pause began: it says nothing new. */
  news: boolean;
}

/** [step, length in ms] of the pause that follows `old`. */
function nextStep(kind: Kind, old: PauseRecord | undefined, context: StepContext): [number, number] {
  const { rules, now } = context;
  if (kind === 'account') return [0, rules.recheck];
  const news = context.news ? 1 : 0;
  if (kind === 'source') {
    const step = Math.min(old ? old.step + news : 0, Math.max(0, rules.backoff.length - 1));
    return [step, rules.backoff[step] ?? 0];
  }
  const goesOn = old !== undefined && now - old.until < THROTTLE_MEMORY;
  const step = goesOn ? Math.min(old.step + news, MOST_DOUBLINGS) : 0;
  return [step, Math.min(rules.throttle.first * 2 ** step, rules.throttle.longest)];
}

const failureOf: Record<PauseView['kind'], 'throttle' | 'source' | 'account'> = {
  throttle: 'throttle',
  slots: 'throttle',
  budget: 'throttle',
  source: 'source',
  account: 'account',
};

export function createGuard({ service, label, rules, clock, state, budget, onStateChange }: GuardOptions): Guard {
  const key = `pause:${service}`;
  const longest = Math.max(rules.throttle.longest, rules.recheck, ...rules.backoff, 60 * MINUTE);

  let begun = 0;
  /** The last attempt that had begun when this kind of pause did. */
  const lastBefore: Partial<Record<Kind, number>> = {};

  const read = (): Partial<Record<Kind, PauseRecord>> => {
    const parsed = savedSchema.safeParse(state.get(key));
    const records = parsed.success ? parsed.data : {};
    for (const record of Object.values(records)) {
      // The clock was set back: nothing may be paused for longer than the longest pause there is.
      record.until = Math.min(record.until, clock.now() + longest);
    }
    return records;
  };

  const views = (): PauseView[] => {
    const records = read();
    const found: PauseView[] = [];
    for (const kind of kinds) {
      const record = records[kind];
      if (record && !record.over) {
        const { step: _step, over: _over, ...shown } = record;
        found.push({ kind, ...shown });
      }
    }
    const spentUntil = budget?.spentUntil() ?? null;
    if (spentUntil !== null) found.push(budgetView(spentUntil, clock.now()));
    return found;
  };

  const signature = () =>
    views()
      .map(({ kind, code }) => `${kind}/${code}`)
      .join(' ');
  let told = signature();
  const tell = () => {
    const now = signature();
    if (now === told) return;
    told = now;
    onStateChange?.(service, { service, pauses: views() });
  };

  const write = (records: Partial<Record<Kind, PauseRecord>>) => {
    state.set(key, records);
    tell();
  };

  return {
    check(effect, operation) {
      const now = clock.now();
      const pause = views()
        .filter((view) => view.until > now && covers(view.scope, effect))
        .sort((a, b) => b.until - a.until)[0];
      // The budget runs out without a failure.
      tell();
      if (!pause) return;
      throw new ServiceError({
        service,
        operation,
        failure: failureOf[pause.kind],
        code: pause.kind === 'budget' ? 'budget-spent' : 'paused',
        message: `${label} is left alone until ${new Date(pause.until).toISOString()}: ${pause.message}`,
        hint: pause.hint ?? undefined,
        retryAt: pause.until,
      });
    },

    succeeded(effect) {
      const records = read();
      const now = clock.now();
      let changed = false;
      for (const kind of kinds) {
        const record = records[kind];
        if (!record || record.over || record.until > now || !covers(record.scope, effect)) continue;
        if (kind === 'throttle' || kind === 'slots') record.over = true;
        else delete records[kind];
        changed = true;
      }
      if (changed) write(records);
    },

    begin: () => {
      begun += 1;
      return begun;
    },

    failed(trouble, attempt) {
      const kind = kindOf(trouble);
      if (kind === null || trouble.pause === 'none') return undefined;
      const records = read();
      const old = records[kind];
      const now = clock.now();
      const [step, length] = nextStep(kind, old, { rules, now, news: attempt > (lastBefore[kind] ?? 0) });
      lastBefore[kind] = begun;
      const until = now + Math.max(length, trouble.retryAfterMs ?? 0);
      records[kind] = {
        scope: trouble.pause,
        code: trouble.code,
        message: trouble.message,
        hint: trouble.hint ?? null,
        since: now,
        until: old && !old.over ? Math.max(until, old.until) : until,
        step,
        over: false,
      };
      write(records);
      return records[kind].until > now ? records[kind].until : undefined;
    },

    throttledWithin(ms) {
      const record = read().throttle;
      return record !== undefined && clock.now() - record.since <= ms;
    },

    state: () => ({ service, pauses: views() }),
  };
}

const budgetView = (until: number, now: number): PauseView => ({
  kind: 'budget',
  scope: 'service',
  code: 'budget-spent',
  message: 'the calls allowed per 24 hours are spent',
  hint: 'Raise torrentio.dailyBudget, or poll for fewer titles.',
  since: now,
  until,
});
