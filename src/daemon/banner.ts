import type { App } from '../app.js';
import type { Clock } from '../clock.js';
import type { Config } from '../config/index.js';
import { isServiceError } from '../domain/errors.js';
import { count, humanSpan } from '../domain/span.js';
import type { HttpServer } from '../http/server.js';
import type { Log } from '../log/index.js';
import { statusDocument, type WantState } from '../status.js';
import type { Store } from '../store/index.js';
import type { TickReport } from '../tick/context.js';

export interface Scene {
  config: Config;
  version: string;
  log: Log;
  clock: Clock;
}

/** The first line of a run, and where it can be asked. */
export const greet = ({ config, log, version }: Scene, store: Store, http: HttpServer | null): void => {
  const { data, schedule } = config;
  const zone = schedule.timezone === '' ? '' : ` ${schedule.timezone}`;
  const open = count(store.requests.openCount(), 'open request');
  const flying = count(store.grabs.unended().length, 'grab');
  log.info(
    `fulfillarr ${version} started; data in ${data.dir}, Seerr polled at "${schedule.poll}"${zone}, ${open}, ${flying} in flight`,
    { code: 'started' },
  );
  if (http !== null) {
    const base = `http://${config.http.host}:${http.port}`;
    log.info(`status page at ${base}/, health at ${base}/healthz`, { code: 'http', port: http.port });
  }
};

const BACKLOG_SAID = 'backlog.said';

/** At the very first start: how much there is to do, and the brake for those who find it too much. */
export const sayBacklog = ({ log }: Scene, store: Store, report: TickReport): void => {
  if (store.state.get(BACKLOG_SAID) === true) {
    return;
  }
  store.state.set(BACKLOG_SAID, true);
  log.info(
    `first start: ${count(report.requests, 'open request')}, ${count(report.due, 'want')} due now; limits.newGrabsPerHour spreads them out, and \`pause\` holds them`,
    { code: 'backlog', requests: report.requests, due: report.due },
  );
};

/** After the first tick: what it works with, and what comes next. */
export const sayReady = async (scene: Scene, store: Store, app: App): Promise<void> => {
  const { log, clock, version } = scene;
  const parts = [await libraries(app), modes[app.availabilityMode()], outlook(store, version, clock.now())];
  log.info(`ready: ${parts.join('; ')}`, { code: 'ready' });
};

const modes: Record<ReturnType<App['availabilityMode']>, string> = {
  instant: 'Real-Debrid says what it has cached (instant mode)',
  probe: 'what Real-Debrid has cached is found out by adding it (probe mode)',
  unasked: 'whether Real-Debrid says what it has cached is asked with the first search',
};

const libraries = async (app: App): Promise<string> => {
  try {
    const found = await app.services.jellyfin.libraries();
    const names = found.map(({ name, type }) => `${name} (${type ?? 'mixed'})`);
    return names.length === 0 ? 'Jellyfin has no libraries' : `Jellyfin libraries ${names.join(', ')}`;
  } catch (error) {
    if (isServiceError(error)) {
      return 'Jellyfin cannot be asked for its libraries';
    }
    throw error;
  }
};

const words: Record<WantState, string> = {
  searching: 'due now',
  'in-flight': 'in flight',
  waiting: 'waiting',
  unreleased: 'not out yet',
  'in-library': 'in the library',
};

/** How many wants are where, and when the next of them is looked at. */
const outlook = (store: Store, version: string, now: number): string => {
  const open = statusDocument(store, version, now, null).requests.filter(({ state }) => state !== 'fulfilled');
  const wants = open.flatMap((request) => request.wants);
  const counted = (Object.keys(words) as WantState[]).flatMap((state) => {
    const n = wants.filter((want) => want.state === state).length;
    return n === 0 ? [] : [`${n} ${words[state]}`];
  });
  const times = wants.flatMap(({ nextActionAt }) => (nextActionAt === null ? [] : [Date.parse(nextActionAt) - now]));
  const next = times.length === 0 ? [] : [Math.max(0, Math.min(...times))];
  const when = next.map((ms) => (ms === 0 ? 'the next with this pass' : `the next in ${humanSpan(ms)}`));
  return counted.length === 0 ? 'nothing to do' : [`wants: ${counted.join(', ')}`, ...when].join('; ');
};
