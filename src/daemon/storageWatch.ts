import type { Clock } from '../clock.js';
import type { Log } from '../log/index.js';
import { messageOf } from '../messageOf.js';
import { keepAside, restoreHint } from '../store/backups.js';
import { databaseFile } from '../store/database.js';
import { databaseFaultOf, type StorageFault } from '../store/faults.js';
import type { Health } from './health.js';

/**
 * Runs what needs the database. What is wrong with the place it lies in is said once, and once when it is over;
 * meanwhile health is red and each tick tries again: what cannot be remembered is not done.
 */
export interface StorageWatch {
  /** true = it went through. Other errors pass. */
  run(work: () => Promise<void>): Promise<boolean>;
}

export interface StorageWatchOptions {
  dataDir: string;
  clock: Clock;
  log: Log;
  health: Health;
  /** Tells a person; `fault` null = it is over. */
  tell: (fault: StorageFault | null) => void;
}

export const createStorageWatch = ({ dataDir, clock, log, health, tell }: StorageWatchOptions): StorageWatch => {
  let kind: StorageFault['kind'] | null = null;

  const begin = (fault: StorageFault, error: unknown): void => {
    if (kind === fault.kind) {
      return;
    }
    kind = fault.kind;
    health.suffer('storage', fault.message);
    const why = messageOf(error);
    log.error(`${fault.message} (${why}); nothing is done until that is over. ${remedy(fault)}`, {
      code: `storage-${fault.kind}`,
    });
    tell(fault);
  };

  const remedy = (fault: StorageFault): string => {
    if (fault.kind !== 'damaged') {
      return fault.hint;
    }
    const file = databaseFile(dataDir);
    const aside = keepAside(file, dataDir);
    const hint = restoreHint(file, dataDir, { now: clock.now(), isKept: aside.isKept });
    return `${aside.said[0]?.toUpperCase()}${aside.said.slice(1)}. ${hint}`;
  };

  const end = (): void => {
    if (kind !== null) {
      kind = null;
      health.suffer('storage', null);
      log.info('the database is well again; going on', { code: 'storage-well' });
      tell(null);
    }
  };

  return {
    run: async (work) => {
      try {
        await work();
      } catch (error) {
        const fault = databaseFaultOf(error);
        if (fault === null) {
          throw error;
        }
        begin(fault, error);
        return false;
      }
      end();
      return true;
    },
  };
};
