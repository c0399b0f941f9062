import type { ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

/** What every process of a world goes by; see `fastTime.mjs`. */
interface Segment {
  at: number;
  since: number;
  pace: number;
  slept: number;
  skew: number;
  /** Nothing happens before that but by the program's doing. */
  until: number;
}

/** What the program says about its time; `idleUntil`: it only waits, up to then. */
interface Word {
  at: number;
  since: number;
  idleUntil?: number;
}

interface Event {
  at: number;
  happen: () => void | Promise<void>;
}

/** While the program works, time runs this many times as fast as real time: its time limits of 15 s and more stay long. */
const PACE = 10;
const PRELOAD = resolve('test/support/fastTime.mjs');

const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/**
 * The time of one world: its stand-ins', and that of the built program as a child process. It runs `pace` times as fast
 * as real time, and where the program only waits, the wait is skipped, up to what the test has planned.
 */
export class FastClock {
  #segment: Segment;
  #events: Event[] = [];
  /** When each program's next timer is due, while it only waits for that; null = it works. */
  #children = new Map<ChildProcess, number | null>();
  #timer: NodeJS.Timeout | undefined;
  #happening = false;

  constructor(start: number, pace = PACE) {
    this.#segment = { at: start, since: monotonic(), pace, slept: 0, skew: 0, until: start };
  }

  /** Epoch ms. */
  now = (): number => {
    const { at, since, pace } = this.#segment;
    return at + (monotonic() - since) * pace;
  };

  /** For a program that is to start now: how Node is to be called, and its environment. */
  launch(): { nodeArgs: string[]; env: Record<string, string> } {
    const segment: Segment = { ...this.#segment, until: this.#segment.at };
    return { nodeArgs: ['--import', PRELOAD], env: { FAST_TIME: JSON.stringify(segment) } };
  }

  /** A child that was started by `launch`, with a channel. */
  attach(child: ChildProcess): void {
    this.#children.set(child, null);
    child.on('message', ({ at, since, idleUntil }: Word) => {
      // A last word may arrive behind the news of its end.
      if (!this.#children.has(child)) {
        return;
      }
      if (at > this.#segment.at && at + (monotonic() - since) * this.#segment.pace > this.now()) {
        this.#segment = { ...this.#segment, at, since };
      }
      this.#children.set(child, idleUntil ?? null);
      this.#skip();
    });
    child.once('exit', () => {
      this.#children.delete(child);
      this.#skip();
    });
    // It may have started from an older segment than the one that holds by now.
    this.#tell();
  }

  /** Calls `happen` when it is that time; the clock is not moved on before it has ended. */
  at(time: number, happen: () => void | Promise<void>): void {
    this.#events.push({ at: time, happen });
    this.#events.sort((a, b) => a.at - b.at);
    if (time < this.#segment.until) {
      this.#tell();
    }
    this.#skip();
  }

  /** Resolves so much later. */
  pass(ms: number): Promise<void> {
    return new Promise((done) => this.at(this.now() + ms, done));
  }

  /** Looks every `step` ms (of this clock) until `holds`; false = it did not within `limit` ms. */
  async until(holds: () => boolean, limit: number, step = 10_000): Promise<boolean> {
    const end = this.now() + limit;
    while (!holds()) {
      if (this.now() > end) {
        return false;
      }
      await this.pass(step);
    }
    return true;
  }

  /** The host sleeps: the world goes on, the program's timers stand still, its wall clock shows the gap afterwards. */
  suspend(ms: number): void {
    this.#segment = { ...this.#segment, at: this.now() + ms, since: monotonic(), slept: this.#segment.slept + ms };
    this.#tell();
  }

  /** Somebody sets the program's wall clock; 0 = right again. */
  misset(ms: number): void {
    this.#segment = { ...this.#segment, skew: ms };
    this.#tell();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#events = [];
    this.#children.clear();
  }

  #tell(): void {
    const [next] = this.#events;
    // With several at a time each has to wait for the others.
    const until = this.#children.size === 1 && next !== undefined ? next.at : this.#segment.at;
    this.#segment = { ...this.#segment, until };
    for (const child of this.#children.keys()) {
      this.#children.set(child, null);
      if (child.connected) {
        // A child that has just died cannot be told.
        child.send(this.#segment, () => undefined);
      }
    }
  }

  #skip(): void {
    clearTimeout(this.#timer);
    if (this.#happening) {
      return;
    }
    const now = this.now();
    const [next] = this.#events;
    if (next !== undefined && next.at <= now) {
      this.#happen(next);
      return;
    }
    const target = this.#target(next);
    if (target !== null && target > now) {
      this.#segment = { ...this.#segment, at: target, since: monotonic() };
      this.#tell();
    }
    if (next !== undefined) {
      this.#timer = setTimeout(() => this.#skip(), (next.at - this.now()) / this.#segment.pace);
    }
  }

  /** Where the clock may go at once; null = it has to run. */
  #target(next: Event | undefined): number | null {
    const idle = [...this.#children.values()];
    const dates = [...idle, next?.at].filter((date) => date != null);
    return idle.includes(null) || dates.length === 0 ? null : Math.min(...dates);
  }

  #happen(event: Event): void {
    this.#events.shift();
    this.#happening = true;
    void (async () => event.happen())().finally(() => {
      this.#happening = false;
      this.#skip();
    });
  }
}
