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

  constructor(
    readonly clock: SandboxClock,
    readonly settings: JellyfinSettings,
    /** A scan that started at the first date has ended at the second. */
    readonly done: (startedAt: number, endedAt: number) => void,
    /** A scan starts: it covers every path that waits to be looked at. */
    readonly begins: () => void,
  ) {}

  get running(): boolean {
    return this.startedAt !== null;
  }

  /** Starts if idle; while running it has no effect. */
  start(): void {
    if (this.running) return;
    this.startedAt = this.clock.now();
    this.started += 1;
    this.begins();
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

  settle(): void {
    const now = this.clock.now();
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
