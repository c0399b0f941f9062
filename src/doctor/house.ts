import { accessSync, constants, statfsSync } from 'node:fs';
import { type Clock, DAY, MINUTE } from '../clock.js';
import { humanSpan } from '../domain/span.js';
import { lastTickAt } from '../status.js';
import { listBackups } from '../store/backups.js';
import { databaseFaultOf } from '../store/faults.js';
import type { Store } from '../store/index.js';
import { bad, type Check, good } from './check.js';

/** What lies on this machine: the data directory, the database, its backups, the clock. */

const LEAST_FREE = 100 * 1024 ** 2;

export const dataDirectory = (dir: string): Check => {
  const code = 'data-directory';
  try {
    accessSync(dir, constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = (error as { code?: string }).code ?? String(error);
    return bad(
      code,
      `${dir} cannot be written to (${why})`,
      'Make the folder and give it to the user that fulfillarr runs as.',
    );
  }
  const { bavail, bsize } = statfsSync(dir);
  const free = Math.floor((bavail * bsize) / 1024 ** 2);
  return bavail * bsize < LEAST_FREE
    ? bad(code, `${dir} has only ${free} MB left`, 'Free some space on that disk, or move data.dir to a larger one.')
    : good(code, `${dir}: writable, ${free} MB free`);
};

/** `store` null = there is none yet. */
export const database = (store: Store | null): Check => {
  const code = 'database';
  if (store === null) {
    return good(code, 'there is none yet; it appears with the first run');
  }
  try {
    const faults = store.faults();
    return faults.length === 0
      ? good(code, `whole; ${store.requests.openCount()} open requests`)
      : bad(
          code,
          `damaged: ${faults.join('; ').slice(0, 300)}`,
          'Stop fulfillarr and put the newest backup in its place.',
        );
  } catch (error) {
    const fault = databaseFaultOf(error);
    if (fault === null) {
      throw error;
    }
    return bad(code, fault.message, fault.hint);
  }
};

const STALE_BACKUP = 3 * DAY;

export const backups = (dir: string, wanted: number, store: Store | null, now: number): Check => {
  const code = 'backups';
  if (wanted === 0) {
    return good(code, 'switched off (data.backups: 0)');
  }
  const [newest] = listBackups(dir, now);
  const last = store === null ? null : lastTickAt(store);
  if (newest === undefined || last === null) {
    return good(code, 'none yet; the first is made on the first day');
  }
  // Only time in which it ran counts.
  return last - newest.at > STALE_BACKUP && now >= last
    ? bad(
        code,
        `the newest is ${humanSpan(last - newest.at)} older than the last pass`,
        'See the log for why the daily backup fails.',
      )
    : good(code, `the newest is ${newest.file}`);
};

const MOST_SKEW = 5 * MINUTE;

/** What each service's clock says less ours (ms), as far as they tell. */
export const clockCheck = (skews: ReadonlyMap<string, number>, clock: Clock): Check => {
  const code = 'clock';
  const [worst] = [...skews].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]));
  if (worst === undefined) {
    return good(code, `${new Date(clock.now()).toISOString()}; no service to compare it with`);
  }
  const [name, skew] = worst;
  return Math.abs(skew) > MOST_SKEW
    ? bad(
        code,
        `this machine's clock and that of ${name} differ by ${humanSpan(Math.abs(skew))}`,
        'Set the clocks right, best by time synchronisation (NTP): dates decide what is fetched when.',
      )
    : good(code, `agrees with ${[...skews.keys()].join(', ')}`);
};
