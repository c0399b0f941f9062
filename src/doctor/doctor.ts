import type { Clock } from '../clock.js';
import type { Config } from '../config/index.js';
import { createServices } from '../services/index.js';
import type { Store } from '../store/index.js';
import { withWork } from '../work.js';
import { type Check, good } from './check.js';
import { backups, clockCheck, database, dataDirectory } from './house.js';
import { linkChecks } from './links.js';
import { jellyfinChecks, realDebridChecks, seerrChecks, torrentioChecks } from './services.js';

export type { Check } from './check.js';

export interface DoctorOptions {
  config: Config;
  /** Where the configuration was read from, for people. */
  source: string;
  warnings: readonly string[];
  /** null = there is no database yet. */
  store: Store | null;
  clock: Clock;
  signal: AbortSignal;
}

/**
 * Looks at everything that the program depends on, and changes nothing. Asks the services afresh, whatever is
 * remembered of them.
 */
export const diagnose = async ({ config, source, warnings, store, clock, signal }: DoctorOptions): Promise<Check[]> => {
  const skews = new Map<string, number>();
  const noteTime = (service: string, serverTime: number | null) => {
    if (serverTime !== null) {
      skews.set(service, serverTime - clock.now());
    }
  };
  const services = servicesAfresh(config, clock);
  const answers = await withWork({ signal, shared: true }, () =>
    Promise.all([
      seerrChecks(services, noteTime),
      torrentioChecks(services),
      realDebridChecks(services, store, noteTime),
      jellyfinChecks(services, noteTime),
      linkChecks(config, services, clock),
    ]),
  );
  const { dir } = config.data;
  return [
    good('config', `${source}: valid${warnings.length === 0 ? '' : `; ${warnings.join('; ')}`}`),
    dataDirectory(dir),
    database(store),
    backups(dir, config.data.backups, store, clock.now()),
    clockCheck(skews, clock),
    ...answers.flat(),
  ];
};

/** Neither pauses nor answers of the daemon beside it count, and none are left behind. */
const servicesAfresh = (config: Config, clock: Clock) => {
  const state = new Map<string, unknown>();
  return createServices({
    ...config,
    services: { backoff: [...config.services.backoff] },
    clock,
    state: { get: (key) => state.get(key), set: (key, value) => void state.set(key, value) },
    cacheTable: { get: () => undefined, set: () => undefined, delete: () => undefined, clear: () => undefined },
    ledger: { record: () => undefined },
  });
};
