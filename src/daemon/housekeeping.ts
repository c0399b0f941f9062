import { type Clock, DAY, HOUR } from '../clock.js';
import type { Config } from '../config/index.js';
import type { Log } from '../log/index.js';
import { messageOf } from '../messageOf.js';
import { storageFaultOf } from '../store/faults.js';
import type { Store } from '../store/index.js';
import type { TickReport } from '../tick/context.js';

export interface HousekeepingOptions {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
}

const PRUNED = 'pruned.at';
const BACKED_UP = 'backedUp.at';

/** After each tick: forgets what is long over, and backs the database up, once a day each. */
export const createHousekeeping = ({ store, clock, log, config }: HousekeepingOptions) => {
  /** A backup that failed is tried again in an hour. */
  let backUpAgainAt = 0;
  const isDue = (key: string): boolean => {
    const age = clock.now() - (store.state.get<number>(key) ?? 0);
    return age >= DAY || age < 0;
  };

  const backUp = (): void => {
    const { dir, backups } = config().data;
    const now = clock.now();
    if (backups === 0 || now < backUpAgainAt || !isDue(BACKED_UP)) {
      return;
    }
    try {
      store.backUp(dir, backups);
      store.state.set(BACKED_UP, now);
    } catch (error) {
      const fault = storageFaultOf(error);
      if (fault === null || fault.kind === 'damaged') {
        throw error;
      }
      backUpAgainAt = now + HOUR;
      const why = messageOf(error);
      log.warn(`the daily backup of the database failed: ${why}; tried again in an hour. Is there room in ${dir}?`, {
        code: 'backup-failed',
      });
    }
  };

  return (report: TickReport): void => {
    if (isDue(PRUNED)) {
      store.state.set(PRUNED, clock.now());
      store.prune(clock.now() - config().data.history, report.approved);
    }
    backUp();
  };
};
