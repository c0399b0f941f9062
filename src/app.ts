import { type Clock, HOUR } from './clock.js';
import { type Config, cronIntervals } from './config/index.js';
import { serviceLabels } from './domain/errors.js';
import { withoutLinking, withoutWrites } from './dryRun.js';
import { createLinks } from './links/index.js';
import { announceLinks, keepTroublesOf } from './linkTroubles.js';
import type { Fields, Level, Log } from './log/index.js';
import { createRepeats } from './log/repeats.js';
import { memo } from './memo.js';
import { createServices, type LedgerRow, type Services, type ServicesOptions } from './services/index.js';
import { createServiceTroubles } from './serviceTroubles.js';
import type { CallCounts, Store } from './store/index.js';
import { createAccount } from './tick/account.js';
import { availabilityMode } from './tick/availability.js';
import { type Catalogue, createCatalogue } from './tick/catalogue.js';
import { newReport, type Tick, type TickReport } from './tick/context.js';
import { isShareUsed } from './tick/hourlyShare.js';
import { lossText } from './tick/librarySize.js';
import { runTick } from './tick/tick.js';
import { withWork } from './work.js';

export interface AppOptions {
  config: Config;
  store: Store;
  log: Log;
  clock: Clock;
  /** Decide everything, change nothing outside. Give it a copy of the store. */
  dryRun?: boolean;
  /** The process before was killed: what it had under way is not on record. */
  afterKill?: boolean;
  /** Shorter waits inside the clients, for tests. */
  tempo?: ServicesOptions['tempo'];
  /** Called with every outside call. */
  onCall?: (call: LedgerRow) => void;
}

export interface TickOptions {
  /** Stops between two steps when aborted. */
  stop: AbortSignal;
  /** Breaks off calls under way when aborted. */
  abort: AbortSignal;
  /** Time for new work (ms); the next tick goes on with the rest. */
  timeBox: number;
  /** Called at every outside call: a sign of life. */
  onProgress?: () => void;
}

/** The composed program, without a schedule: what `run`, `once`, `check` and the demo have in common. */
export interface App {
  readonly services: Services;
  tick(options: TickOptions): Promise<TickReport>;
  /** A tick's surroundings without running one; for commands that use single steps. */
  context(options: TickOptions): Tick;
  /** New grabs are held: by a person, by a limit, or because Real-Debrid takes none. */
  held(): boolean;
  /** How it learns what is cached. */
  availabilityMode(): ReturnType<typeof availabilityMode>;
}

/** Each call, for whoever asks for that service's lines at level debug. */
const traceCall = (log: Log, { service, operation, attempt, status, durationMs, failure }: LedgerRow): void =>
  log.debug(
    `${serviceLabels[service]} ${operation}${attempt === 1 ? '' : ` (attempt ${attempt})`}: ${failure ?? status ?? 'no answer'} in ${durationMs} ms`,
    { component: service, code: 'call' },
  );

/** In a dry run every line says so: what it tells of was not done. */
const labelled = (log: Log): Log => {
  const say = (level: Level) => (message: string, fields?: Fields) => log[level](`dry run: ${message}`, fields);
  return { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug'), close: log.close };
};

const noCalls = (): CallCounts => ({ seerr: 0, torrentio: 0, realDebrid: 0, jellyfin: 0 });

const announceLoss = (log: Log, loss: ReturnType<Catalogue['shrunk']>): void => {
  if (loss === null) {
    log.info('Jellyfin: what its library shows is believed again', { code: 'library-well' });
    return;
  }
  log.warn(
    `${lossText(loss)}, so nothing is fetched or closed until they are back. ` +
      'Check the mount and the library; if the titles were removed on purpose, a smaller library is believed after a day',
    { code: 'library-shrunk' },
  );
};

/** The composition root: configuration → services → tick. Makes no call. */
export const createApp = ({
  config,
  store,
  clock,
  dryRun = false,
  afterKill = false,
  tempo,
  ...options
}: AppOptions): App => {
  const log = dryRun ? labelled(options.log) : options.log;
  const repeats = createRepeats(log, clock);
  const troubles = createServiceTroubles(log, clock);
  let calls = noCalls();
  let onProgress: () => void = () => undefined;
  const real = createServices({
    ...config,
    services: { backoff: [...config.services.backoff] },
    clock,
    tempo,
    state: store.state,
    cacheTable: store.cache,
    ledger: {
      record: (row) => {
        store.journal.call(row);
        calls[row.service] += 1;
        options.onCall?.(row);
        onProgress();
        traceCall(log, row);
      },
    },
    calledBefore: (service) => (afterKill ? clock.now() : store.journal.lastCallEndedAt(service, clock.now() - HOUR)),
    onServiceState: troubles.changed,
    onCacheError: (message) => log.warn(`the cache could not be kept on disk: ${message}; calls may be repeated`),
  });
  troubles.known(real.health());
  const services = dryRun ? withoutWrites(real) : real;
  const seerr = {
    ...services.seerr,
    settings: memo(services.seerr.settings, HOUR, clock),
    arr: memo(services.seerr.arr, HOUR, clock),
  };
  const realDebrid = { ...services.realDebrid, activeSlots: memo(services.realDebrid.activeSlots, HOUR, clock) };
  const account = createAccount(realDebrid, clock);
  const catalogue = createCatalogue({
    jellyfin: services.jellyfin,
    clock,
    memory: store.state,
    onLoss: (loss) => announceLoss(log, loss),
  });
  const realLinks = createLinks(config.library.links, {
    clock,
    onTrouble: announceLinks({ log, clock, state: store.state }),
  });
  keepTroublesOf(store.state, realLinks?.folders ?? []);
  const links = dryRun && realLinks !== null ? withoutLinking(realLinks) : realLinks;
  const pollInterval = cronIntervals(config.schedule.poll).longest;

  const addsPaused = () => {
    const now = clock.now();
    const pause = services.health().realDebrid.pauses.find(({ until }) => until > now);
    return pause === undefined ? null : { until: pause.until, why: pause.message };
  };

  const grabsHeld = () => store.state.get('paused') === true || isShareUsed({ config, store, clock });

  const context = ({ stop, timeBox }: TickOptions): Tick => {
    const startedAt = clock.now();
    return {
      clock,
      log,
      repeats,
      config,
      store,
      seerr,
      streams: services.torrentio,
      realDebrid,
      jellyfin: services.jellyfin,
      account,
      catalogue,
      links,
      workUntil: startedAt + timeBox,
      signal: stop,
      addsPaused,
      pollInterval,
      grabsHeld,
      callsThisTick: () => ({ ...calls }),
      report: newReport(startedAt),
    };
  };

  return {
    services,
    context,
    held: () => grabsHeld() || addsPaused() !== null,
    availabilityMode: () => availabilityMode({ config, store }),
    tick: async (options) => {
      calls = noCalls();
      onProgress = options.onProgress ?? (() => undefined);
      try {
        return await withWork({ signal: options.abort }, () => runTick(context(options)));
      } finally {
        troubles.lasting(services.health);
      }
    },
  };
};
