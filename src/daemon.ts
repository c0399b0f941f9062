import cron from 'node-cron';
import { createApp } from './app.js';
import { type Clock, DAY, MINUTE } from './clock.js';
import { type Config, cronIntervals } from './config/index.js';
import { isServiceError } from './domain/errors.js';
import { count, humanSpan } from './domain/span.js';
import { type HttpServer, serve } from './http/server.js';
import type { Log } from './log/index.js';
import { createRunner } from './runner.js';
import { DAEMON, recordTick, statusDocument } from './status.js';
import { openStore, type Store } from './store/index.js';
import { type Lock, takeLock } from './store/lock.js';
import type { TickReport } from './tick/context.js';
import { withWork } from './work.js';

export interface DaemonOptions {
  config: Config;
  version: string;
  log: Log;
  clock: Clock;
  /** Asks for a graceful stop. */
  stop: AbortSignal;
}

/** Calls under way at a stop may finish within this; then they are broken off. The whole stop takes less than 10 s. */
const FINISH_WITHIN = 4_000;
/** How much of the journal and the ledger is kept. */
const HISTORY = 90 * DAY;
const LEAST_HEALTHY_SILENCE = 2 * MINUTE;

/** Runs until `stop` aborts. Throws `LockedError`, `StoreError` or `ListenError`. */
export const runDaemon = async (options: DaemonOptions): Promise<void> => {
  const { config, clock, log } = options;
  const lock = takeLock(config.data.dir, clock.now());
  try {
    const store = openStore(config.data.dir, clock);
    try {
      await operate(options, store);
    } finally {
      store.state.delete(DAEMON);
      store.close();
    }
  } finally {
    releaseQuietly(lock, log);
  }
};

const releaseQuietly = (lock: Lock, log: Log): void => {
  try {
    lock.release();
  } catch (error) {
    log.warn(
      `the lock file could not be removed: ${error instanceof Error ? error.message : String(error)}; it is harmless`,
    );
  }
};

const operate = async (options: DaemonOptions, store: Store): Promise<void> => {
  const { config, clock, log, stop, version } = options;
  const app = createApp({ config, store, log, clock });
  const startedAt = clock.now();
  const abort = new AbortController();
  const pulse = createPulse(config);
  const { longest } = cronIntervals(config.schedule.poll);
  const timeBox = Math.max(longest, 2 * config.realDebrid.probeWait);

  const job = async () => {
    pulse.beat();
    const report = await quietWhenStopped(stop, () =>
      app.tick({ stop, abort: abort.signal, timeBox, onProgress: pulse.beat }),
    );
    if (report !== null) {
      recordTick(store, report, app.services.health());
      sayBacklog(options, store, report);
      pulse.ticked();
      housekeep(store, clock);
    }
    pulse.beat();
  };

  const runner = createRunner(job, log);
  const http = await startHttp(options, store, pulse, startedAt);
  store.state.set(DAEMON, { startedAt, pid: process.pid });
  greet(options, store, http);
  // Beside the first tick: a Real-Debrid that does not answer must hold up neither that nor a stop.
  const accountCheck = checkAccount(options, app.services.realDebrid, abort.signal);
  runner.request();
  const schedule = startSchedule(config, log, () => runner.request());
  await aborted(stop);
  log.info('stopping: finishing what is under way', { code: 'stopping' });
  await schedule.stop();
  const limit = setTimeout(() => abort.abort(new Error('the program stops')), FINISH_WITHIN);
  await Promise.all([runner.stop(), accountCheck]);
  clearTimeout(limit);
  await http?.close();
  log.info(`fulfillarr ${version} stopped; what is in flight is picked up at the next start`, { code: 'stopped' });
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** A tick that ends because the program stops is no failure. */
const quietWhenStopped = async (stop: AbortSignal, work: () => Promise<TickReport>): Promise<TickReport | null> => {
  try {
    return await work();
  } catch (error) {
    if (stop.aborted) {
      return null;
    }
    throw error;
  }
};

const BACKLOG_SAID = 'backlog.said';

/** At the very first start: how much there is to do, and the brake for those who find it too much. */
const sayBacklog = ({ log }: DaemonOptions, store: Store, report: TickReport): void => {
  if (store.state.get(BACKLOG_SAID) === true) {
    return;
  }
  store.state.set(BACKLOG_SAID, true);
  log.info(
    `first start: ${count(report.requests, 'open request')}, ${count(report.due, 'want')} due now; limits.newGrabsPerHour spreads them out, and \`pause\` holds them`,
    { code: 'backlog', requests: report.requests, due: report.due },
  );
};

const PRUNED = 'pruned.at';

const housekeep = (store: Store, clock: Clock): void => {
  const now = clock.now();
  if (now - (store.state.get<number>(PRUNED) ?? 0) < DAY) {
    return;
  }
  store.state.set(PRUNED, now);
  store.journal.prune(now - HISTORY);
  store.grabs.pruneFacts(now);
  store.cache.prune();
};

interface Pulse {
  beat(): void;
  ticked(): void;
  health(): { status: number; body: unknown };
  readiness(): { status: number; body: unknown };
}

/** Measures on the monotonic clock: a jump of the wall clock is no illness. */
const createPulse = (config: Config): Pulse => {
  const limit = Math.max(3 * cronIntervals(config.schedule.poll).longest, LEAST_HEALTHY_SILENCE);
  let last = performance.now();
  let first = false;
  return {
    beat: () => {
      last = performance.now();
    },
    ticked: () => {
      first = true;
    },
    health: () => {
      const silence = performance.now() - last;
      return silence <= limit
        ? { status: 200, body: { status: 'ok' } }
        : {
            status: 503,
            body: {
              status: 'stalled',
              reason: `no progress for ${humanSpan(silence)}, expected within ${humanSpan(limit)}`,
            },
          };
    },
    readiness: () =>
      first
        ? { status: 200, body: { status: 'ready' } }
        : { status: 503, body: { status: 'starting', reason: 'the first tick has not ended yet' } },
  };
};

const startHttp = async (
  { config, clock, version }: DaemonOptions,
  store: Store,
  pulse: Pulse,
  startedAt: number,
): Promise<HttpServer | null> => {
  if (!config.http.enabled) {
    return null;
  }
  return serve({
    host: config.http.host,
    port: config.http.port,
    routes: {
      '/healthz': pulse.health,
      '/readyz': pulse.readiness,
      '/api/status': () => ({ status: 200, body: statusDocument(store, version, clock.now(), startedAt) }),
    },
  });
};

const greet = ({ config, log, version }: DaemonOptions, store: Store, http: HttpServer | null): void => {
  const open = store.requests.open().length;
  const flying = store.grabs.unended().length;
  log.info(
    `fulfillarr ${version} started; data in ${config.data.dir}, Seerr polled at "${config.schedule.poll}", ${count(open, 'open request')}, ${count(flying, 'grab')} in flight`,
    {
      code: 'started',
    },
  );
  if (http !== null) {
    log.info(`health at http://${config.http.host}:${http.port}/healthz`, { code: 'http', port: http.port });
  }
};

/** Says at once when the account cannot be used; nothing depends on the answer. */
const checkAccount = async (
  { log, stop }: DaemonOptions,
  realDebrid: { account(): Promise<{ premium: boolean; premiumSeconds: number }> },
  signal: AbortSignal,
): Promise<void> => {
  try {
    const { premium, premiumSeconds } = await withWork({ signal }, () => realDebrid.account());
    if (premium) {
      log.info(`Real-Debrid: premium for ${Math.floor(premiumSeconds / 86_400)} more days`, { code: 'account' });
    } else {
      log.error(
        'Real-Debrid: the account is not premium, so nothing can be added. Renew it at real-debrid.com/premium',
        { code: 'not-premium' },
      );
    }
  } catch (error) {
    // A service's failure was announced where its state changed.
    if (!isServiceError(error) && !stop.aborted) {
      log.error(
        `the look at the Real-Debrid account failed: ${error instanceof Error ? error.message : String(error)}`,
        {
          stack: error instanceof Error ? error.stack : undefined,
        },
      );
    }
  }
};

const startSchedule = (config: Config, log: Log, run: () => void): { stop(): Promise<void> } => {
  const quiet = (message: unknown) => log.debug(String(message));
  cron.setLogger({ info: quiet, warn: quiet, error: quiet, debug: quiet });
  const task = cron.schedule(config.schedule.poll, run, {
    ...(config.schedule.timezone === '' ? {} : { timezone: config.schedule.timezone }),
    name: 'poll',
    // After a suspend it would otherwise say each of thousands of missed slots.
    suppressMissedWarning: true,
  });
  return { stop: async () => void (await task.destroy()) };
};
