import * as z from 'zod';
import { type Clock, HOUR } from '../../clock.js';
import type { StateStore } from './stores.js';

/** A number of calls per sliding 24 h, remembered over restarts. */
export interface CallBudget {
  /** When a call may be made again (epoch ms); null = now. */
  spentUntil(): number | null;
  spend(): void;
  /** Calls in the window. */
  used(): number;
}

/** 24 whole hours and the one that is running: never less than the last 24 h. */
const BUCKETS = 25;
const saved = z.record(z.string().regex(/^\d+$/), z.number().int().nonnegative());

export interface CallBudgetOptions {
  limit: number;
  key: string;
  clock: Clock;
  state: StateStore;
}

/** Counts by the hour, so that the memory of a day is 25 numbers and a restart forgets none of them. */
export function createCallBudget({ limit, key, clock, state }: CallBudgetOptions): CallBudget {
  const read = (): Map<number, number> => {
    const current = Math.floor(clock.now() / HOUR);
    const parsed = saved.safeParse(state.get(key));
    const buckets = new Map<number, number>();
    for (const [hour, count] of Object.entries(parsed.success ? parsed.data : {})) {
      // A clock that was set back leaves hours of the future: those calls were made lately, too.
      const at = Math.min(Number(hour), current);
      if (at > current - BUCKETS) buckets.set(at, (buckets.get(at) ?? 0) + count);
    }
    return buckets;
  };
  const total = (buckets: Map<number, number>) => [...buckets.values()].reduce((sum, count) => sum + count, 0);

  return {
    used: () => total(read()),
    spend: () => {
      const buckets = read();
      const current = Math.floor(clock.now() / HOUR);
      buckets.set(current, (buckets.get(current) ?? 0) + 1);
      state.set(key, Object.fromEntries(buckets));
    },
    spentUntil: () => {
      const buckets = read();
      let left = total(buckets);
      if (left < limit) return null;
      for (const [hour, count] of [...buckets].sort(([a], [b]) => a - b)) {
        left -= count;
        if (left < limit) return (hour + BUCKETS) * HOUR;
      }
      // A budget of nothing: asked again every hour, in case the configuration changes.
      return clock.now() + HOUR;
    },
  };
}
