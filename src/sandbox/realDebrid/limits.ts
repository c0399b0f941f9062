import type { SandboxClock } from '../kit/clock.js';
import type { RateLimits } from './settings.js';

/** Sliding windows over every call, refused ones included: hammering keeps an account throttled. */
export class RateGate {
  /** Calls refused so far. */
  throttled = 0;
  readonly #all: number[] = [];
  readonly #lists: number[] = [];
  readonly #adds: number[] = [];

  constructor(readonly clock: SandboxClock) {}

  /** Counts a call; false = too many. */
  admit(operation: string, limits: RateLimits | null): boolean {
    if (limits === null) return true;
    const verdicts = [this.#count(this.#all, 60_000, limits.perMinute)];
    if (operation === 'list') verdicts.push(this.#count(this.#lists, 60_000, limits.listPerMinute));
    if (operation === 'addMagnet') verdicts.push(this.#count(this.#adds, 10_000, limits.addMagnetPer10s));
    const admitted = verdicts.every(Boolean);
    if (!admitted) this.throttled += 1;
    return admitted;
  }

  #count(window: number[], lengthMs: number, most: number): boolean {
    const now = this.clock.now();
    const oldest = now - this.clock.scaled(lengthMs);
    let stale = 0;
    while (stale < window.length && (window[stale] ?? now) <= oldest) stale += 1;
    window.splice(0, stale);
    window.push(now);
    return window.length <= most;
  }
}
