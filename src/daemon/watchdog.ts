import { STUCK, type Stuck } from '../attention.js';
import { count, humanSpan } from '../domain/span.js';
import type { Log } from '../log/index.js';
import type { Store } from '../store/index.js';
import type { TickReport } from '../tick/context.js';
import type { Health } from './health.js';

/**
 * Notices what should not be possible: something is due, nothing explains a wait, and tick after tick nothing comes of
 * it. Said loudly, once; over with the first sign of progress.
 */
export interface Watchdog {
  /** After each tick; `held` = a person or a limit holds new grabs. */
  look(report: TickReport, held: boolean): void;
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

  const alarm = (due: number, at: number): void => {
    const span = humanSpan(idle * pollInterval());
    const message = `${count(due, 'want')} due, and nothing has come of it for ${idle} passes (${span}), without any known reason`;
    alarmed = true;
    health.suffer('stuck', message);
    store.state.set(STUCK, { since: at, message } satisfies Stuck);
    log.error(
      `${message}. This is probably a fault of fulfillarr: see the errors above and \`explain\`, restart it, and report what you see`,
      { code: 'stuck', due },
    );
  };

  return {
    look: (report, held) => {
      const now = traceOf(report, store);
      const excused = held || report.errors.some((error) => error.class !== 'ours');
      if (report.dueIds.length === 0 || excused || now !== seen) {
        seen = now;
        allClear();
        return;
      }
      idle += 1;
      if (idle >= limit() && !alarmed) {
        alarm(report.dueIds.length, report.startedAt);
      }
    },
  };
};

/** Changes with every want that is searched, put off or served, and with every move of a grab. */
const traceOf = ({ dueIds }: TickReport, store: Store): string =>
  JSON.stringify([
    dueIds,
    store.grabs.unended().map(({ id, state, status, progress }) => [id, state, status, progress]),
  ]);
