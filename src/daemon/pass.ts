import type { App } from '../app.js';
import type { Config } from '../config/index.js';
import { humanSpan } from '../domain/span.js';
import type { Meters } from '../http/metrics/meters.js';
import type { Repeats } from '../log/repeats.js';
import { messageOf } from '../messageOf.js';
import type { Notice } from '../notify/notice.js';
import { createNotifier } from '../notify/notifier.js';
import { followClock } from '../setBack.js';
import { recordFailedTick, recordTick } from '../status.js';
import { databaseFaultOf, type StorageFault } from '../store/faults.js';
import type { Store } from '../store/index.js';
import { withWork } from '../work.js';
import { createAccountWatch } from './account.js';
import { type Scene, sayBacklog, sayReady } from './banner.js';
import { tickSignals } from './deadline.js';
import type { Health } from './health.js';
import { createHousekeeping } from './housekeeping.js';
import { createStorageWatch } from './storageWatch.js';
import { createWatchdog } from './watchdog.js';

/** What the daemon works by; replaced between two ticks when the configuration is edited. */
export interface Current {
  config: Config;
  app: App;
  pollInterval: number;
  /** The configuration was edited since `app` was built: it is built anew at the next tick. */
  stale: boolean;
}

export interface PassOptions {
  scene: Scene;
  /** Asks for a graceful stop. */
  stop: AbortSignal;
  store: Store;
  current: Current;
  health: Health;
  meters: Meters;
  repeats: Repeats;
  /** Breaks off what is under way. */
  abort: AbortSignal;
  /** Builds the program anew: nothing is remembered but what is on record. */
  recompose: () => void;
}

export interface Pass {
  /** A tick, and what has to be looked after behind it. */
  pass(): Promise<void>;
  /** Resolves when nothing that a pass has begun goes on beside it. */
  settled(): Promise<unknown>;
}

/** What is done each time: beside the tick, everything that has to be looked after. */
export const createPass = (options: PassOptions): Pass => {
  const { scene, stop, store, current, health, meters, repeats, abort, recompose } = options;
  const { clock, log } = scene;
  const notifier = createNotifier({ store, clock, log, config: () => current.config, signal: abort });
  const storage = createStorageWatch({
    dataDir: scene.config.data.dir,
    clock,
    log,
    health,
    tell: (fault) => beside('a message to you', notifier.tell(storageNotice(fault, clock.now()))),
  });
  const pollInterval = () => current.pollInterval;
  const limit = () => current.config.schedule.alarmAfter;
  const watchdog = createWatchdog({ store, log, health, limit, pollInterval });
  const housekeep = createHousekeeping({ store, clock, log, config: () => current.config });
  const lookAtAccount = createAccountWatch({ store, clock, log });
  let first = true;
  let aside: Promise<unknown> = Promise.resolve();
  /** Must hold up neither a tick nor a stop. */
  const beside = (what: string, work: Promise<unknown>): void => {
    const quiet = work.catch((error: unknown) => {
      repeats.error(`${what} failed: ${messageOf(error)}; tried again later`);
    });
    aside = Promise.all([aside, quiet]);
  };

  const tick = async (): Promise<void> => {
    if (followClock(store, clock, log) || current.stale) {
      recompose();
    }
    const { app, config } = current;
    const signals = tickSignals({ stop, abort }, config.schedule.tickDeadline);
    try {
      beside('the look at the Real-Debrid account', lookAtAccount(app.services.realDebrid, abort));
      const timeBox = Math.max(current.pollInterval, 2 * config.realDebrid.probeWait);
      const report = await app.tick({ ...signals, timeBox, onProgress: health.beat });
      recordTick(store, report, app.services.health());
      meters.ticked(report);
      watchdog.look(report, app.held());
      housekeep(report);
      beside('sending messages to you', notifier.look());
      health.ticked();
      if (first) {
        first = false;
        sayBacklog(scene, store, report);
        await withWork({ signal: signals.abort }, () => sayReady(scene, store, app));
      }
    } catch (error) {
      throw signals.expired() ? new TickTooLong(config.schedule.tickDeadline) : error;
    } finally {
      signals.done();
    }
  };

  /** A tick that does not get to its end is said, and noticed when it is not the only one; the next one goes on. */
  const guarded = async (): Promise<void> => {
    const startedAt = clock.now();
    try {
      await tick();
    } catch (error) {
      // What the database's own trouble is told by itself; a stop is none.
      if (stop.aborted) {
        return;
      }
      if (databaseFaultOf(error) === null) {
        recordFailedTick(store, startedAt, error);
        watchdog.failed(messageOf(error), startedAt);
      }
      if (!(error instanceof TickTooLong)) {
        throw error;
      }
      log.error(
        `${error.message}; the next one goes on where it stood. What it hung on stands above, or in \`status\``,
        {
          code: 'tick-broken-off',
        },
      );
    }
  };

  return {
    pass: async () => {
      health.beat();
      await storage.run(guarded);
      health.beat();
    },
    settled: () => aside,
  };
};

class TickTooLong extends Error {
  constructor(deadline: number) {
    super(`the tick did not end within ${humanSpan(deadline)} and was broken off`);
  }
}

/** The one thing that cannot be put down before it is told. */
const storageNotice = (fault: StorageFault | null, now: number): Notice => ({
  event: fault === null ? 'settled' : 'needs-you',
  code: 'storage',
  requestId: null,
  title: fault === null ? 'Settled: the database is well again' : fault.message,
  text: fault === null ? '' : `${fault.message}; nothing is done until that is over. ${fault.hint}`,
  at: new Date(now).toISOString(),
});
