import { MINUTE } from '../clock.js';
import { humanSpan } from '../domain/span.js';

export interface HealthAnswer {
  status: number;
  body: { status: string; reason?: string };
}

/** What no sign of life heals, each with its own end. */
export type Ailment = 'storage' | 'stuck';

/** Whether the loop does its work, for container platforms. A service that is away is no illness of ours. */
export interface Health {
  /** A sign of life from within a tick. */
  beat(): void;
  /** A tick has ended. */
  ticked(): void;
  /** null = it is over. */
  suffer(ailment: Ailment, reason: string | null): void;
  /** How far apart ticks are (ms): three of them without a sign of life are too long. */
  expectEvery(pollInterval: number): void;
  health(): HealthAnswer;
  readiness(): HealthAnswer;
}

const LEAST_SILENCE = 2 * MINUTE;

/** Measures on the monotonic clock: a jump of the wall clock is no illness. */
export const createHealth = (pollInterval: number): Health => {
  const limitFor = (interval: number) => Math.max(3 * interval, LEAST_SILENCE);
  const ailments = new Map<Ailment, string>();
  let limit = limitFor(pollInterval);
  let last = performance.now();
  let ready = false;
  return {
    beat: () => {
      last = performance.now();
    },
    ticked: () => {
      ready = true;
    },
    suffer: (ailment, reason) => {
      if (reason === null) {
        ailments.delete(ailment);
      } else {
        ailments.set(ailment, reason);
      }
    },
    expectEvery: (interval) => {
      limit = limitFor(interval);
    },
    health: () => {
      const silence = performance.now() - last;
      if (silence > limit) {
        const reason = `no progress for ${humanSpan(silence)}, expected within ${humanSpan(limit)}`;
        return { status: 503, body: { status: 'stalled', reason } };
      }
      const [reason] = ailments.values();
      return reason === undefined
        ? { status: 200, body: { status: 'ok' } }
        : { status: 503, body: { status: [...ailments.keys()][0] ?? '', reason } };
    },
    readiness: () =>
      ready
        ? { status: 200, body: { status: 'ready' } }
        : { status: 503, body: { status: 'starting', reason: 'the first tick has not ended yet' } },
  };
};
