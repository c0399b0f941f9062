import type { Clock } from '../clock.js';
import type { Config } from '../config/index.js';
import type { FailureClass, ServiceName } from '../domain/errors.js';
import type { Links } from '../links/index.js';
import type { Log } from '../log/index.js';
import type { Repeats } from '../log/repeats.js';
import type { JellyfinPort, RealDebridPort, SeerrPort, StreamsPort } from '../services/ports.js';
import type { CallCounts, Store } from '../store/index.js';
import type { Account } from './account.js';
import type { Catalogue } from './catalogue.js';

/** What one tick did, in numbers and names. */
export interface TickReport {
  startedAt: number;
  durationMs: number;
  /** Open requests. */
  requests: number;
  /** Wants that were due. */
  due: number;
  /** Their ids; of a finished report those that are due still. */
  dueIds: number[];
  /** Requests that Seerr calls approved; null = unknown. */
  approved: ReadonlySet<number> | null;
  grabbed: { want: string; release: string; infoHash: string }[];
  /** Requests that became fulfilled. */
  closed: number[];
  /** Wants for which nothing acceptable was found. */
  nothing: { want: string; code: string; nextActionAt: number }[];
  calls: CallCounts;
  errors: { service: ServiceName | null; class: FailureClass; code: string; text: string }[];
}

/** Everything a tick works with. */
export interface Tick {
  readonly clock: Clock;
  readonly log: Log;
  readonly config: Config;
  readonly store: Store;
  readonly seerr: SeerrPort;
  readonly streams: StreamsPort;
  readonly realDebrid: RealDebridPort;
  readonly jellyfin: JellyfinPort;
  readonly account: Account;
  readonly catalogue: Catalogue;
  /** null = what is ready is seen in the mount itself. */
  readonly links: Links | null;
  /** When new work of this tick is to stop, so that what is in flight is looked at on time (epoch ms). */
  readonly workUntil: number;
  /** Aborted when the program stops. */
  readonly signal: AbortSignal;
  /** Why nothing may be added to the account just now, and until when (epoch ms); null = it may. */
  readonly addsPaused: () => { until: number; why: string } | null;
  /** Usual time between two ticks (ms). */
  readonly pollInterval: number;
  /** The user has paused new grabs, or this hour's share of them is used up. */
  readonly grabsHeld: () => boolean;
  /** For failures of our own, which may come with every tick. */
  readonly repeats: Repeats;
  /** Calls made since the tick began. */
  readonly callsThisTick: () => CallCounts;
  readonly report: TickReport;
}

export const newReport = (startedAt: number): TickReport => ({
  startedAt,
  durationMs: 0,
  requests: 0,
  due: 0,
  dueIds: [],
  approved: null,
  grabbed: [],
  closed: [],
  nothing: [],
  calls: { seerr: 0, torrentio: 0, realDebrid: 0, jellyfin: 0 },
  errors: [],
});
