import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Outpost } from '../support/outpost.js';
import type { Program } from '../support/program.js';
import type { Life } from './life.js';
import { DAY } from './time.js';

/** Sizes and counts over the days: memory, database, log, calls. */

const SERVICES = ['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const;
export type Calls = Record<(typeof SERVICES)[number], number>;

/** What the household does by itself. */
const BY_HAND = new Set(['createRequest', 'deleteRequest']);
const TAIL = 60;
/** A process that has just started has not seen everything yet. */
const GROWN_UP = DAY / 2;

export interface Sample {
  day: number;
  rssMb: number;
  bornAt: number;
}

export class Measures {
  readonly samples: Sample[] = [];
  readonly callsPerDay: Calls[] = [];
  readonly databaseMb: number[] = [];
  readonly logKbPerDay: number[] = [];
  /** Lines that must not be there. */
  readonly badLines: string[] = [];
  readonly #tail: string[] = [];
  readonly #read = new Map<Program, number>();
  #bytes = 0;

  constructor(
    readonly post: Outpost,
    readonly life: Life,
    readonly start: number,
  ) {}

  get tail(): string {
    return this.#tail.join('\n');
  }

  /** Reads on in the log. */
  readLog(): void {
    for (const program of new Set([...this.#read.keys(), this.post.program])) {
      const from = this.#read.get(program) ?? 0;
      const text = program.err.slice(from);
      if (program !== this.post.program) {
        this.#read.delete(program);
      } else {
        this.#read.set(program, from + text.length);
      }
      this.#bytes += text.length;
      const lines = text.split('\n').filter((line) => line !== '');
      this.#tail.push(...lines.slice(-TAIL));
      this.#tail.splice(0, this.#tail.length - TAIL);
      this.badLines.push(...lines.filter((line) => / ERROR .*unexpected/i.test(line)));
    }
  }

  /** Once in a while. */
  sample(): void {
    const now = this.post.clock.now();
    if (!this.life.isAway && now - this.life.bornAt >= GROWN_UP) {
      const rssMb = memoryOf(this.post.program.pid);
      this.samples.push({ day: (now - this.start) / DAY, rssMb, bornAt: this.life.bornAt });
    }
  }

  /** Once a day. */
  endDay(): void {
    const { sandbox, dir } = this.post;
    const counted = SERVICES.map((service) => {
      const counts = Object.entries(sandbox[service].counts()).filter(([operation]) => !BY_HAND.has(operation));
      return [service, counts.reduce((sum, [, count]) => sum + count, 0)] as const;
    });
    this.callsPerDay.push(Object.fromEntries(counted) as Calls);
    sandbox.clearLogs();
    const sizes = ['fulfillarr.db', 'fulfillarr.db-wal']
      .map((name) => join(dir, name))
      .map((path) => (existsSync(path) ? statSync(path).size : 0));
    this.databaseMb.push(sizes.reduce((sum, size) => sum + size, 0) / 1024 ** 2);
    this.logKbPerDay.push(this.#bytes / 1024);
    this.#bytes = 0;
  }
}

const memoryOf = (pid: number): number => {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
};

export const median = (numbers: readonly number[]): number => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
};

/** The first and the last third. */
export const thirds = <T>(of: readonly T[]): { first: T[]; last: T[] } => {
  const third = Math.max(1, Math.floor(of.length / 3));
  return { first: of.slice(0, third), last: of.slice(-third) };
};
