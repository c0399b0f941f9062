import type { Clock } from '../../clock.js';
import { ServiceError, type ServiceName } from '../../domain/errors.js';
import type { CallBudget } from './budget.js';
import {
  covers,
  isSettled,
  type Kind,
  kindOf,
  kinds,
  mayBeMoving,
  nextStep,
  type PauseRecords,
  type PauseRules,
  type PauseView,
  pauseStore,
  sinceWhen,
} from './pauseRecords.js';
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
  /** Takes in a failure that no answer has told, found out by ourselves, and throws it as `ServiceError`. */
  stop(trouble: Trouble, operation: string): never;
  /** Whether the service told us to slow down, or the pause after that ended, within the last `ms`; `otherThan` does not count. */
  throttledWithin(ms: number, otherThan: string): boolean;
  state(): ServiceState;
}

export interface ServiceState {
  service: ServiceName;
  /** Empty = well. */
  pauses: PauseView[];
}

export interface GuardOptions {
  service: ServiceName;
  /** The service's name in messages. */
  label: string;
  /** Address and key: with others, old pauses do not count. Hashed before it is stored. */
  identity: string;
  rules: PauseRules;
  clock: Clock;
  state: StateStore;
  budget?: CallBudget | undefined;
  /** Once per change: a new pause, another reason, well again. Not per attempt. */
  onStateChange?: ((service: ServiceName, state: ServiceState) => void) | undefined;
}

const failureOf: Record<PauseView['kind'], 'throttle' | 'source' | 'account'> = {
  throttle: 'throttle',
  slots: 'throttle',
  budget: 'throttle',
  source: 'source',
  account: 'account',
};

export function createGuard(options: GuardOptions): Guard {
  const { service, label, identity, rules, clock, state, budget, onStateChange } = options;
  const store = pauseStore({ key: `pause:${service}`, identity, now: clock.now, state });
  let begun = 0;
  /** The last attempt that had begun when this kind of pause did. */
  const lastBefore: Partial<Record<Kind, number>> = {};

  const views = (): PauseView[] => {
    const records = store.read();
    const found: PauseView[] = [];
    for (const kind of kinds) {
      const record = records[kind];
      if (record && !record.over) {
        const { step: _step, over: _over, ...shown } = record;
        found.push({ kind: kind === 'list' ? 'source' : kind, ...shown });
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

  const write = (records: PauseRecords) => {
    store.write(records);
    tell();
  };

  const self: Guard = {
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
      const records = store.read();
      const now = clock.now();
      let changed = false;
      for (const kind of kinds) {
        const record = records[kind];
        if (!record || isSettled(kind, record) || record.until > now || !covers(record.scope, effect)) continue;
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
      const records = store.read();
      const old = records[kind];
      const now = clock.now();
      const since = sinceWhen(kind, old, now);
      const moving = mayBeMoving(kind, since, now);
      const news = attempt > (lastBefore[kind] ?? 0);
      const [step, length] = moving ? [0, 0] : nextStep(kind, old, { rules, now, news });
      lastBefore[kind] = begun;
      const until = now + Math.max(length, trouble.retryAfterMs ?? 0);
      records[kind] = {
        scope: trouble.pause,
        code: trouble.code,
        message: trouble.message,
        hint: trouble.hint ?? null,
        since,
        until: old && !old.over ? Math.max(until, old.until) : until,
        step,
        over: moving,
      };
      write(records);
      return records[kind].until > now ? records[kind].until : undefined;
    },

    stop(trouble, operation) {
      const retryAt = self.failed(trouble, self.begin());
      const { failure, code, message, hint } = trouble;
      throw new ServiceError({ service, operation, failure, code, message, hint, retryAt });
    },

    throttledWithin(ms, otherThan) {
      const record = store.read().throttle;
      if (record === undefined || record.code === otherThan) return false;
      const now = clock.now();
      return [record.since, record.until].some((time) => Math.abs(now - time) <= ms);
    },

    state: () => ({ service, pauses: views() }),
  };
  return self;
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
