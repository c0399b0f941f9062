import Gauge from 'prom-client/lib/gauge.js';
import Registry from 'prom-client/lib/registry.js';
import type { AttentionItem } from '../../attention.js';
import type { ServiceName } from '../../domain/errors.js';
import { openStates } from '../../domain/grab.js';
import type { Limits } from '../../overview/services.js';
import type { ServiceState } from '../../services/index.js';
import type { DescribedRequest } from '../../status.js';
import type { GrabRow } from '../../store/index.js';

/** What is read at the moment of a scrape. */
export interface Reading {
  version: string;
  /** Of the process (epoch ms). */
  startedAt: number;
  paused: boolean;
  requests: readonly DescribedRequest[];
  attention: readonly AttentionItem[];
  grabs: readonly GrabRow[];
  health: Record<ServiceName, ServiceState>;
  /** Epoch ms. */
  lastSuccess: Partial<Record<ServiceName, number>>;
  limits: Limits;
  /** Calls in the last minute. */
  realDebridCalls: number;
}

export const METRICS_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

const wantStates = ['unreleased', 'waiting', 'searching', 'in-flight', 'in-library'] as const;
const requestStates = ['active', 'attention', 'fulfilled'] as const;
const pauseKinds = ['throttle', 'source', 'account', 'slots', 'budget'] as const;

type Labels = Record<string, string>;
type Sample = [labels: Labels, value: number];

/** The text of the gauges. They are made anew each time, so that nothing lingers of what is over. */
export const gaugesText = (reading: Reading): Promise<string> => {
  const registry = new Registry();
  const gauge = (name: string, help: string, samples: readonly Sample[]) => {
    const labelNames = Object.keys(samples[0]?.[0] ?? {});
    const made = new Gauge({ name, help, labelNames, registers: [registry] });
    for (const [labels, value] of samples) {
      made.set(labels, value);
    }
  };
  ofWork(gauge, reading);
  ofServices(gauge, reading);
  ofProcess(gauge, reading);
  return registry.metrics();
};

type Declare = (name: string, help: string, samples: readonly Sample[]) => void;

const ofWork = (gauge: Declare, { requests, grabs, attention, paused }: Reading): void => {
  const documents = requests.map(({ document }) => document);
  // A movie that two requests ask for is one want.
  const wants = new Map(documents.flatMap((document) => document.wants.map((want) => [want.key, want.state])));
  gauge(
    'fulfillarr_requests',
    'Requests: the open ones, and those fulfilled in the last 24 hours.',
    tally(
      documents.map(({ state }) => state),
      requestStates,
    ).map(([state, n]) => [{ state }, n]),
  );
  gauge(
    'fulfillarr_wants',
    'Movies and episodes of these requests.',
    tally([...wants.values()], wantStates).map(([state, n]) => [{ state }, n]),
  );
  gauge(
    'fulfillarr_grabs',
    'Releases on their way into the library, or being removed.',
    tally(
      grabs.map(({ state }) => state),
      [...openStates, 'discarding'],
    ).map(([state, n]) => [{ state }, n]),
  );
  gauge(
    'fulfillarr_attention',
    'What only a person can put right, by what it is about.',
    tally(
      attention.map(({ code }) => code),
      [],
    ).map(([code, n]) => [{ code }, n]),
  );
  gauge('fulfillarr_paused', '1 while new grabs are paused by hand.', [[{}, paused ? 1 : 0]]);
};

/** How often each occurs; those of the list are there even if they do not. */
const tally = (words: readonly string[], list: readonly string[]): [string, number][] => {
  const counts = new Map(list.map((word) => [word, 0]));
  for (const word of words) {
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts];
};

const ofServices = (gauge: Declare, { health, lastSuccess, limits, realDebridCalls }: Reading): void => {
  gauge(
    'fulfillarr_service_paused',
    '1 while a service is left alone, by the kind of reason.',
    Object.values(health).flatMap(({ service, pauses }) =>
      pauseKinds.map((kind): Sample => [{ service, kind }, pauses.some((pause) => pause.kind === kind) ? 1 : 0]),
    ),
  );
  gauge(
    'fulfillarr_last_success_timestamp_seconds',
    'The last call to a service that worked.',
    Object.entries(lastSuccess).map(([service, at]) => [{ service }, at / 1000]),
  );
  gauge('fulfillarr_budget_used', 'Calls made in the window of a limit.', [
    [{ service: 'torrentio', window: 'day' }, limits.torrentio.used],
    [{ service: 'realDebrid', window: 'minute' }, realDebridCalls],
  ]);
  gauge('fulfillarr_budget_limit', 'Calls that the window allows.', [
    [{ service: 'torrentio', window: 'day' }, limits.torrentio.perDay],
    [{ service: 'realDebrid', window: 'minute' }, limits.realDebrid.perMinute],
  ]);
};

const ofProcess = (gauge: Declare, { version, startedAt }: Reading): void => {
  const { user, system } = process.cpuUsage();
  gauge('fulfillarr_build_info', 'Which version runs.', [[{ version }, 1]]);
  gauge('process_start_time_seconds', 'When the process started.', [[{}, startedAt / 1000]]);
  gauge('process_resident_memory_bytes', 'Memory in use.', [[{}, process.memoryUsage.rss()]]);
  gauge('process_cpu_seconds_total', 'Processor time used.', [[{}, (user + system) / 1e6]]);
};
