import PQueue from 'p-queue';
import { MINUTE, systemClock } from '../../clock.js';

/** Hands out tokens, one per attempt. */
export interface Limiter {
  /** Resolves when a call may go out; rejects with the signal's reason when it aborts first. */
  take(signal?: AbortSignal): Promise<void>;
}

export interface Window {
  /** At most this many … */
  cap: number;
  /** … in any stretch of this many milliseconds. 0 = unlimited. */
  intervalMs: number;
}

/** Calls that may go out together, where the limit is wide enough to allow a small burst. */
const BURST = 5;

/**
 * Cuts "n per minute" into small windows, so that no sliding minute can hold more than n. One window of a whole minute
 * would let 2n through around its edge, and spend a minute's calls in the first second.
 */
export function perMinute(limit: number): Window {
  const cap = limit >= 10 * BURST ? BURST : 1;
  return { cap, intervalMs: Math.ceil(MINUTE / Math.max(1, Math.floor(limit / cap))) };
}

export const spaced = (intervalMs: number): Window => ({ cap: 1, intervalMs });

const free: Limiter = { take: () => Promise.resolve() };

/**
 * How long (ms) a limiter that begins now stays shut, so that no window holds calls of ours and of whoever made the last
 * one under the same limit (epoch ms; null = nobody).
 */
export function restAfter(calledAt: number | null, { intervalMs }: Window, now: number): number {
  // From the future: the clock was set back, and how long ago it was is not known.
  return calledAt === null ? 0 : Math.min(Math.max(calledAt + intervalMs - now, 0), intervalMs);
}

export function createLimiter(window: Window, restMs = 0): Limiter {
  if (window.intervalMs <= 0) return free;
  const openAt = performance.now() + restMs;
  const open = () => new PQueue({ interval: window.intervalMs, intervalCap: window.cap, strict: true });
  let queue = open();
  let waiting = 0;
  /** p-queue counts in wall-clock time: after a step back of the clock it would hold its tokens for that long. */
  const patience = () => Math.ceil((waiting + 1) / window.cap) * window.intervalMs + window.intervalMs + 1_000;

  return {
    async take(signal) {
      signal?.throwIfAborted();
      const rest = openAt - performance.now();
      if (rest > 0) await systemClock.sleep(rest, signal);
      const mine = queue;
      waiting += 1;
      let timer: NodeJS.Timeout | undefined;
      const overdue = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          if (queue === mine) queue = open();
          // Also ends its timer, which would keep the process alive. Others who wait in it have their own patience.
          mine.clear();
          resolve();
        }, patience());
      });
      try {
        await Promise.race([mine.add(() => undefined, signal ? { signal } : {}), overdue]);
      } finally {
        clearTimeout(timer);
        waiting -= 1;
      }
    },
  };
}
