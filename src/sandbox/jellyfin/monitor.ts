import { dirname } from 'node:path/posix';
import type { SandboxClock } from '../kit/clock.js';
import type { JellyfinSettings } from './settings.js';

/** A path that waits to be looked at. */
interface Refresher {
  path: string;
  dueAt: number;
}

const isBelow = (outer: string, inner: string): boolean => inner.startsWith(`${outer}/`);

/**
 * The library monitor: a reported path is looked at some time after the last report that concerns it. One below a
 * waiting path joins it, one above takes it in, and two beside each other become their parent; each begins the wait anew.
 */
export class LibraryMonitor {
  #waiting: Refresher[] = [];

  constructor(
    readonly clock: SandboxClock,
    readonly settings: JellyfinSettings,
    /** Looks at a path at that moment. */
    readonly look: (path: string, at: number) => void,
  ) {}

  report(path: string): void {
    const dueAt = this.clock.now() + this.clock.scaled(this.settings.monitorDelayMs);
    for (const waiting of this.#waiting) {
      const joined = joinedPath(waiting.path, path);
      if (joined !== null) {
        waiting.path = joined;
        waiting.dueAt = dueAt;
        return;
      }
    }
    this.#waiting.push({ path, dueAt });
  }

  /** A full scan covers all that waits. */
  clear(): void {
    this.#waiting = [];
  }

  settle(): void {
    const now = this.clock.now();
    const due = this.#waiting.filter(({ dueAt }) => dueAt <= now);
    this.#waiting = this.#waiting.filter(({ dueAt }) => dueAt > now);
    for (const { path, dueAt } of due) this.look(path, dueAt);
  }
}

/** What a waiting path becomes by a report; null = it has nothing to do with it. */
function joinedPath(waiting: string, reported: string): string | null {
  if (waiting === reported || isBelow(waiting, reported)) return waiting;
  if (isBelow(reported, waiting)) return reported;
  return dirname(waiting) === dirname(reported) ? dirname(reported) : null;
}
