import Counter from 'prom-client/lib/counter.js';
import Gauge from 'prom-client/lib/gauge.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';
import type { ServiceName } from '../../domain/errors.js';
import type { LedgerRow } from '../../services/index.js';

/** What is counted as it happens, since the start of the process. */
export interface Meters {
  /** An outside call has ended. */
  called(call: LedgerRow): void;
  /** A tick has ended; it began then (epoch ms) and took so long (ms). */
  ticked(tick: { startedAt: number; durationMs: number }): void;
  /** The last call to each service that worked (epoch ms). */
  lastSuccess: Partial<Record<ServiceName, number>>;
  text(): Promise<string>;
}

const TICK_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export const createMeters = (): Meters => {
  const registry = new Registry();
  const registers = [registry];
  const calls = new Counter({
    name: 'fulfillarr_calls_total',
    help: 'Calls to a service, retries included.',
    labelNames: ['service', 'operation', 'outcome'],
    registers,
  });
  const ticks = new Histogram({
    name: 'fulfillarr_tick_duration_seconds',
    help: 'How long a pass of the loop took.',
    buckets: TICK_SECONDS,
    registers,
  });
  const lastTick = new Gauge({
    name: 'fulfillarr_last_tick_timestamp_seconds',
    help: 'When the last pass of the loop that came to its end began.',
    registers,
  });
  const lastSuccess: Meters['lastSuccess'] = {};
  return {
    called: (call) => {
      calls.inc({ service: call.service, operation: call.operation, outcome: outcomeOf(call) });
      if (call.failure === null) {
        lastSuccess[call.service] = call.at;
      }
    },
    ticked: ({ startedAt, durationMs }) => {
      ticks.observe(durationMs / 1000);
      lastTick.set(startedAt / 1000);
    },
    lastSuccess,
    text: () => registry.metrics(),
  };
};

/** Few and fixed: the codes of failures hold numbers that a service may choose. */
const outcomeOf = ({ failure, status }: LedgerRow): string => {
  if (failure === null) {
    return 'ok';
  }
  if (status === null) {
    return 'no-answer';
  }
  if (status === 401 || status === 403) {
    return 'refused';
  }
  if (status === 429) {
    return 'throttled';
  }
  if (status >= 500) {
    return 'server-error';
  }
  return status >= 400 ? 'client-error' : 'unusable';
};
