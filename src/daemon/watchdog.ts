import { STUCK, type Stuck } from '../attention.js';
import { count, humanSpan } from '../domain/span.js';
import type { Log } from '../log/index.js';
import type { Store } from '../store/index.js';
import type { TickReport } from '../tick/context.js';
import { shrunkLibrary } from '../tick/librarySize.js';
import { troublesOf } from '../troubles.js';
import type { Health } from './health.js';

/**
 * Notices what should not be possible: something is due, nothing explains a wait, and tick after tick nothing comes of
 * it, or none gets to its end. Said loudly, once; over with the first sign of progress.
 */
export interface Watchdog {
  /** After each tick, when the services' pauses are on record; `held` = a person or a limit holds new grabs. */
  look(report: TickReport, held: boolean): void;
  /** Instead of it, where a tick has not got to its end, at that time (epoch ms); `why` is told. */
  failed(why: string, startedAt: number): void;
}

export interface WatchdogOptions {
  store: Store;
  log: Log;
  health: Health;
  /** Ticks without progress. */
  limit: () => number;
  /** Usual time between two ticks (ms). */
  pollInterval: () => number;
}

export const createWatchdog = ({ store, log, health, limit, pollInterval }: WatchdogOptions): Watchdog => {
  let seen = '';
  let idle = 0;
  let alarmed = false;

  const allClear = (): void => {
    idle = 0;
    if (alarmed) {
      alarmed = false;
      health.suffer('stuck', null);
      log.info('there is progress again', { code: 'stuck-over' });
    }
    if (store.state.get(STUCK) !== undefined) {
      store.state.delete(STUCK);
    }
  };

  const passes = (): string => `${idle} passes (${humanSpan(idle * pollInterval())})`;

  const inVain = (tell: () => string, at: number): void => {
    idle += 1;
    if (idle >= limit() && !alarmed) {
      alarm(tell(), at);
    }
  };

  const alarm = (message: string, at: number): void => {
    alarmed = true;
    health.suffer('stuck', message);
    store.state.set(STUCK, { since: at, message } satisfies Stuck);
    log.error(
      `${message}. This is probably a fault of fulfillarr: see the errors above and \`explain\`, restart it, and report what you see`,
      { code: 'stuck' },
    );
  };

  return {
    look: (report, held) => {
      const now = traceOf(report, store);
      const open = openWork(report, store);
      if (open === null || held || isExplained(report, store) || now !== seen) {
        seen = now;
        allClear();
        return;
      }
      inVain(() => `${open}, and nothing has come of it for ${passes()}, without any known reason`, report.startedAt);
    },
    failed: (why, startedAt) => inVain(() => `no pass has got to its end for ${passes()}: ${why}`, startedAt),
  };
};

/** What is to be done by now; null = nothing. */
const openWork = (report: TickReport, store: Store): string | null => {
  if (report.approved === null) {
    return 'the requests in Seerr cannot be read';
  }
  if (report.dueIds.length > 0) {
    return `${count(report.dueIds.length, 'want')} due`;
  }
  const closing = notClosed(report, store);
  return closing.length > 0 ? `${count(closing.length, 'request')} to be closed` : null;
};

/** What Seerr or Jellyfin still work at may take its time; what trips over a fault of ours gets nowhere. */
const notClosed = ({ errors, startedAt }: TickReport, store: Store): number[] =>
  errors.some((error) => error.class === 'ours') ? store.requests.toClose(startedAt).map(({ id }) => id) : [];

/**
 * A failure is a known reason where it is told, and lasts, by itself: as a service's pause, or as trouble of a folder. A
 * list that is not whole becomes a pause when it lasts.
 */
const isExplained = ({ errors }: TickReport, store: Store): boolean => {
  const paused = new Set(troublesOf(store).map(({ service }) => service));
  return errors.some(
    ({ service, ...error }) =>
      error.class !== 'ours' &&
      (service === null ||
        paused.has(service) ||
        error.code === 'off-contract' ||
        (service === 'jellyfin' && shrunkLibrary(store.state) !== null)),
  );
};

/** Changes with every want that is searched, put off or served, and with every move of a grab. */
const traceOf = (report: TickReport, store: Store): string =>
  JSON.stringify([
    report.dueIds,
    notClosed(report, store),
    store.grabs.unended().map(({ id, state, status, progress }) => [id, state, status, progress]),
  ]);
