import type { SandboxClock } from '../kit/clock.js';
import type { JellyfinSettings } from './settings.js';

export interface FinishedScan {
  startedAt: number;
  endedAt: number;
  status: 'Completed' | 'Cancelled';
}

/** The RefreshLibrary task. Time alone moves it: `settle` says which scans have ended by now. */
export class ScanTask {
  startedAt: number | null = null;
  last: FinishedScan | null = null;
  /** Scans begun so far. */
  started = 0;
  /** When the paths reported by Library/Media/Updated will be looked at. */
  #reportDueAt: number | null = null;

  constructor(
    readonly clock: SandboxClock,
    readonly settings: JellyfinSettings,
    /** A scan that started at the first date has ended at the second. */
    readonly done: (startedAt: number, endedAt: number) => void,
  ) {}

  get running(): boolean {
    return this.startedAt !== null;
  }

  /** Starts if idle; while running it has no effect. */
  start(): void {
    if (this.running) return;
    this.startedAt = this.clock.now();
    this.started += 1;
    // A full scan disposes of the paths waiting to be looked at: it covers them.
    this.#reportDueAt = null;
  }

  /** Library/Refresh cancels a running scan and begins again. */
  restart(): void {
    this.cancel();
    this.start();
  }

  cancel(): void {
    if (this.startedAt === null) return;
    this.last = { startedAt: this.startedAt, endedAt: this.clock.now(), status: 'Cancelled' };
    this.startedAt = null;
  }

  /** A path was reported; further reports put it off. */
  report(): void {
    this.#reportDueAt = this.clock.now() + this.clock.scaled(this.settings.monitorDelayMs);
  }

  settle(): void {
    const now = this.clock.now();
    if (this.#reportDueAt !== null && now >= this.#reportDueAt) {
      const dueAt = this.#reportDueAt;
      this.#reportDueAt = null;
      this.done(dueAt, dueAt);
    }
    if (this.startedAt === null) return;
    const endsAt = this.startedAt + this.clock.scaled(this.settings.scanMs);
    if (now < endsAt) return;
    this.last = { startedAt: this.startedAt, endedAt: endsAt, status: 'Completed' };
    this.startedAt = null;
    this.done(this.last.startedAt, this.last.endedAt);
  }

  progress(): number {
    if (this.startedAt === null) return 0;
    const length = this.clock.scaled(this.settings.scanMs);
    return length === 0 ? 100 : Math.min(99, Math.floor(((this.clock.now() - this.startedAt) / length) * 100));
  }
}
