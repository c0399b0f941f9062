import type { Clock } from './clock.js';

/** Keeps the last answer for `ttl` ms. A failure is not kept. Concurrent callers share one call. */
export const memo = <T>(read: () => Promise<T>, ttl: number, clock: Clock): (() => Promise<T>) => {
  let kept: { at: number; value: Promise<T> } | null = null;
  return () => {
    if (kept !== null && clock.now() - kept.at < ttl) {
      return kept.value;
    }
    const value = read();
    kept = { at: clock.now(), value };
    value.catch(() => {
      kept = null;
    });
    return value;
  };
};
