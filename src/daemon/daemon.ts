import { createApp } from '../app.js';
import type { Clock } from '../clock.js';
import { type Config, cronIntervals } from '../config/index.js';
import { createHttp } from '../http/index.js';
import { createMeters, type Meters } from '../http/metrics/meters.js';
import type { AdjustableLog, Verbosity } from '../log/index.js';
import { createRepeats } from '../log/repeats.js';
import { messageOf } from '../messageOf.js';
import { DAEMON } from '../status.js';
import { openStore, type Store } from '../store/index.js';
import { type Lock, takeLock } from '../store/lock.js';
import { greet } from './banner.js';
import { createHealth } from './health.js';
import { type Current, createPass } from './pass.js';
import { createRunner } from './runner.js';
import { startSchedule } from './schedule.js';
import { type Reading, watchSettings } from './settings.js';

export interface DaemonOptions {
  config: Config;
  /** Reads the configuration anew, after an edit. */
  read: () => Reading;
  /** How much is logged by a configuration. */
  verbosityOf: (config: Config) => Verbosity;
  version: string;
  log: AdjustableLog;
  clock: Clock;
  /** Asks for a graceful stop. */
  stop: AbortSignal;
}

/** Calls under way at a stop may finish within this; then they are broken off. The whole stop takes less than 10 s. */
const FINISH_WITHIN = 4_000;

/** Runs until `stop` aborts. Throws `LockedError`, `StoreError` or `ListenError`. */
export const runDaemon = async (options: DaemonOptions): Promise<void> => {
  const { config, clock, log } = options;
  const lock = takeLock(config.data.dir, clock.now());
  try {
    const store = openStore(config.data.dir, clock);
    try {
      await operate(options, store);
    } finally {
      quietly(log, 'the last row could not be written', () => store.state.delete(DAEMON));
      store.close();
    }
  } finally {
    releaseLock(lock, log);
  }
};

const releaseLock = (lock: Lock, log: AdjustableLog): void =>
  quietly(log, 'the lock file could not be removed', () => lock.release());

/** At the very end, where nothing depends on it any more. */
const quietly = (log: AdjustableLog, what: string, work: () => void): void => {
  try {
    work();
  } catch (error) {
    log.warn(`${what}: ${messageOf(error)}; it is harmless`);
  }
};

const operate = async (options: DaemonOptions, store: Store): Promise<void> => {
  const { clock, log, stop, version } = options;
  const startedAt = clock.now();
  const abort = new AbortController();
  const meters = createMeters();
  const current = compose(options, store, meters, options.config, store.state.get(DAEMON) !== undefined);
  const health = createHealth(current.pollInterval);
  const repeats = createRepeats(log, clock);
  const { pass, settled } = createPass({
    ...{ scene: options, stop, store, current, health, meters, repeats },
    abort: abort.signal,
    recompose: () => Object.assign(current, compose(options, store, meters, current.config)),
  });
  const runner = createRunner(pass, repeats);
  store.state.set(DAEMON, { startedAt, pid: process.pid });
  const http = await createHttp({
    ...{ store, clock, log, version, startedAt, meters },
    config: () => current.config,
    services: () => current.app.services,
    health: health.health,
    readiness: health.readiness,
    requestTick: runner.request,
  });
  try {
    greet(options, store, http);
    runner.request();
    let schedule = startSchedule(current.config, runner.request);
    const unwatch = watchSettings({
      ...options,
      onChange: (config, paths) => {
        log.adjust(options.verbosityOf(config));
        // Not here, where nothing would catch that the database cannot be read just now.
        Object.assign(current, { config, stale: current.stale || concernsServices(paths) });
        if (paths.some((path) => path.startsWith('schedule.'))) {
          void schedule.stop();
          schedule = startSchedule(config, runner.request);
          current.pollInterval = cronIntervals(config.schedule.poll).longest;
          health.expectEvery(current.pollInterval);
        }
        runner.request();
      },
    });
    await aborted(stop);
    log.info('stopping: finishing what is under way', { code: 'stopping' });
    unwatch();
    await schedule.stop();
    const limit = setTimeout(() => abort.abort(new Error('the program stops')), FINISH_WITHIN);
    await runner.stop();
    await settled();
    clearTimeout(limit);
  } finally {
    // Whatever fails: a server left open would keep the process alive, and nobody would start it anew.
    await http?.close();
  }
  log.info(`fulfillarr ${version} stopped; what is in flight is picked up at the next start`, { code: 'stopped' });
};

const compose = (
  { log, clock }: DaemonOptions,
  store: Store,
  meters: Meters,
  config: Config,
  afterKill = false,
): Current => ({
  config,
  app: createApp({ config, store, log, clock, afterKill, onCall: meters.called }),
  pollInterval: cronIntervals(config.schedule.poll).longest,
  stale: false,
});

/** Keys that no client, cache or tick goes by. */
const concernsServices = (paths: readonly string[]): boolean =>
  paths.some((path) => !/^(?:log|notify|data|http)\./.test(path));

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
