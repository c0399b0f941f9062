import type { SandboxClock } from '../kit/clock.js';
import { iso } from '../kit/clock.js';

export interface JobSpec {
  id: string;
  name: string;
  interval: 'minutes' | 'hours' | 'seconds' | 'fixed';
  cronSchedule: string;
  everyMs: number;
  /** Called when it starts; what it returns is done when it ends, unless it was aborted. */
  begin: () => () => void;
  lengthMs: number;
}

interface Running {
  endsAt: number;
  finish: () => void;
}

/** Seerr's jobs. Starting one that runs aborts the running one and begins again. */
export class Jobs {
  /** Runs aborted by a second start. */
  aborted = 0;
  readonly #running = new Map<string, Running>();

  constructor(
    readonly specs: readonly JobSpec[],
    readonly clock: SandboxClock,
  ) {}

  start(id: string): JobSpec | null {
    const spec = this.specs.find((job) => job.id === id);
    if (spec === undefined) return null;
    if (this.#running.has(id)) this.aborted += 1;
    this.#running.set(id, { endsAt: this.clock.now() + this.clock.scaled(spec.lengthMs), finish: spec.begin() });
    return spec;
  }

  cancel(id: string): JobSpec | null {
    this.#running.delete(id);
    return this.specs.find((job) => job.id === id) ?? null;
  }

  isRunning(id: string): boolean {
    return this.#running.has(id);
  }

  settle(): void {
    const now = this.clock.now();
    for (const [id, job] of this.#running) {
      if (now < job.endsAt) continue;
      this.#running.delete(id);
      job.finish();
    }
  }

  dto(spec: JobSpec): Record<string, unknown> {
    const next = (Math.floor(this.clock.now() / spec.everyMs) + 1) * spec.everyMs;
    return {
      id: spec.id,
      name: spec.name,
      type: 'process',
      interval: spec.interval,
      cronSchedule: spec.cronSchedule,
      nextExecutionTime: iso(next).replace('Z', '+00:00'),
      running: this.isRunning(spec.id),
    };
  }
}
