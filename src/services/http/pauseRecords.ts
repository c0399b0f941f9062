import { createHash } from 'node:crypto';
import * as z from 'zod';
import { MINUTE } from '../../clock.js';
import type { StateStore } from './stores.js';
import type { Effect, Trouble } from './trouble.js';

/** What is remembered of a service's pauses, how long each lasts, and what it covers. */

export interface PauseView {
  kind: 'throttle' | 'source' | 'account' | 'slots' | 'budget';
  /** What it covers. */
  scope: 'service' | 'writes' | 'adds' | 'lists';
  code: string;
  message: string;
  hint: string | null;
  /** Epoch ms. */
  since: number;
  /** When calls go out again (epoch ms). In the past: the next call will show whether it is over. */
  until: number;
}

export interface PauseRules {
  /** After a 429 (ms): the first pause, doubling up to the longest while throttles keep coming. */
  throttle: { first: number; longest: number };
  /** After consecutive failures (ms), step by step; the last one repeats. */
  backoff: number[];
  /** Between looks at a refused account or key (ms). */
  recheck: number;
}

/** A throttle within this time of the end of the last one counts as its continuation. */
const THROTTLE_MEMORY = 10 * MINUTE;
const MOST_DOUBLINGS = 30;
/** A list that is not whole may be moving: for so long that is no trouble. */
const MOVING = 2 * MINUTE;

/** `list`: a source whose calls succeed, and whose list is not whole all the same. */
export const kinds = ['throttle', 'source', 'account', 'slots', 'list'] as const;
const recordSchema = z.object({
  scope: z.enum(['service', 'writes', 'adds', 'lists']),
  code: z.string(),
  message: z.string(),
  hint: z.string().nullable(),
  since: z.number(),
  until: z.number(),
  step: z.number().int().nonnegative(),
  /** It is no trouble any more, or none yet: a call has succeeded since, or its list may still be moving. */
  over: z.boolean(),
});
const savedSchema = z.object({ identity: z.string(), records: z.partialRecord(z.enum(kinds), recordSchema) });
export type Kind = (typeof kinds)[number];
export type PauseRecord = z.infer<typeof recordSchema>;
export type PauseRecords = Partial<Record<Kind, PauseRecord>>;

export const covers = (scope: PauseView['scope'], effect: Effect): boolean =>
  scope === 'lists'
    ? effect === 'list'
    : scope === 'service' || effect === 'add' || (scope === 'writes' && effect === 'write');

/** null = this failure pauses nothing. */
export function kindOf(trouble: Trouble): Kind | null {
  if (trouble.pause === 'none') return null;
  if (trouble.pause === 'adds') return 'slots';
  if (trouble.pause === 'lists') return 'list';
  if (trouble.failure === 'throttle' || trouble.failure === 'account') return trouble.failure;
  return 'source';
}

/** Nothing of it is left for a success to end. */
export const isSettled = (kind: Kind, { over }: PauseRecord): boolean => over && kind !== 'list';

/** Since when it is so: of a list the first time, of all else the last. */
export const sinceWhen = (kind: Kind, old: PauseRecord | undefined, now: number): number =>
  kind === 'list' ? Math.min(old?.since ?? now, now) : now;

export const mayBeMoving = (kind: Kind, since: number, now: number): boolean => kind === 'list' && now - since < MOVING;

export interface StepContext {
  rules: PauseRules;
  now: number;
  /** false = the failed call was already under way when the pause began: it says nothing new. */
  news: boolean;
}

/** [step, length in ms] of the pause that follows `old`. */
export function nextStep(kind: Kind, old: PauseRecord | undefined, context: StepContext): [number, number] {
  const { rules, now } = context;
  if (kind === 'account') return [0, rules.recheck];
  const news = context.news ? 1 : 0;
  if (kind === 'source' || kind === 'list') {
    const step = Math.min(old ? old.step + news : 0, Math.max(0, rules.backoff.length - 1));
    return [step, rules.backoff[step] ?? 0];
  }
  const goesOn = old !== undefined && now - old.until < THROTTLE_MEMORY;
  const step = goesOn ? Math.min(old.step + news, MOST_DOUBLINGS) : 0;
  return [step, Math.min(rules.throttle.first * 2 ** step, rules.throttle.longest)];
}

/** Steps of the clock below this only make a pause that much longer. */
const CLOCK_TOLERANCE = MINUTE;

export interface PauseStoreOptions {
  key: string;
  /** Address and key of the service. With others it is another party, that nothing is held against. */
  identity: string;
  now: () => number;
  state: StateStore;
}

export function pauseStore({ key, identity, now, state }: PauseStoreOptions) {
  // A hash: the key itself has no place in the database.
  const who = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return {
    read: (): PauseRecords => {
      const saved = savedSchema.safeParse(state.get(key));
      if (!saved.success || saved.data.identity !== who) return {};
      const { records } = saved.data;
      for (const record of Object.values(records)) {
        // Begun in the future: the clock was set back, and nobody knows how much of the pause is left.
        if (record.since > now() + CLOCK_TOLERANCE) record.until = Math.min(record.until, now());
      }
      return records;
    },
    write: (records: PauseRecords): void => state.set(key, { identity: who, records }),
  };
}
