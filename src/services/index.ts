import { type Clock, HOUR, MINUTE } from '../clock.js';
import type { ServiceName } from '../domain/errors.js';
import { type CacheTable, createServiceCache } from './cache.js';
import { createCallBudget } from './http/budget.js';
import { createLimiter, perMinute, restAfter, spaced, type Window } from './http/limiter.js';
import { createGuard, type Guard, type ServiceState } from './http/pause.js';
import type { PauseRules } from './http/pauseRecords.js';
import type { Ledger, StateStore } from './http/stores.js';
import { createJellyfin } from './jellyfin/client.js';
import type { JellyfinPort, RealDebridPort, SeerrPort, StreamsPort } from './ports.js';
import { createRealDebrid } from './realDebrid/client.js';
import { createSeerr } from './seerr/client.js';
import { createTorrentio } from './torrentio/client.js';

/** The parts of the configuration that the services need, under its names. All durations in ms. */
export interface ServicesOptions {
  seerr: { url: string; apiKey: string };
  jellyfin: { url: string; apiKey: string };
  torrentio: {
    url: string;
    options: string;
    cachedHints: 'off' | 'own-token';
    userAgent: string;
    proxy: string;
    minInterval: number;
    dailyBudget: number;
  };
  realDebrid: {
    url: string;
    token: string;
    requestsPerMinute: number;
    addMagnetInterval: number;
    accountRecheck: number;
  };
  services: { backoff: number[] };
  cache: { streamsTtl: number; availabilityTtl: number };
  clock: Clock;
  ledger: Ledger;
  state: StateStore;
  cacheTable: CacheTable;
  /** When a process before this one may have made its last call to a service (epoch ms); null = never. */
  calledBefore?: ((service: ServiceName) => number | null) | undefined;
  /** Once per change of a service's state, not per attempt. */
  onServiceState?: ((service: ServiceName, state: ServiceState) => void) | undefined;
  /** The cache's disk layer failed; calls go on. */
  onCacheError?: ((message: string) => void) | undefined;
  /** For tests and demos that cannot wait for real ones. */
  tempo?: Partial<Tempo> | undefined;
}

/** Waits that are not for users to choose. Milliseconds, but for the last one. */
export interface Tempo {
  /** Before the first retry within a call; doubles. */
  retryDelay: number;
  /** Pause after a 429 without Retry-After: the first one and, doubling, the longest. */
  throttle: { first: number; longest: number };
  /** The addon host names no time and bans those who go on. */
  torrentioThrottle: number;
  /** Longest silence, for all services; undefined = each one's own. */
  timeout: number | undefined;
  /** Calls to each of Seerr and Jellyfin, which name no limit: only against a loop gone wild. */
  houseCallsPerMinute: number;
}

const realTempo: Tempo = {
  retryDelay: 300,
  throttle: { first: MINUTE, longest: 10 * MINUTE },
  torrentioThrottle: HOUR,
  timeout: undefined,
  houseCallsPerMinute: 6_000,
};

export interface Services {
  seerr: SeerrPort;
  torrentio: StreamsPort;
  realDebrid: RealDebridPort;
  jellyfin: JellyfinPort;
  /** For status, metrics and doctor; no calls. */
  health(): Record<ServiceName, ServiceState>;
  stats(): {
    cache: { hits: number; misses: number };
    /** Stream calls in the last 24 h, of `torrentio.dailyBudget`. */
    torrentioCallsUsed: number;
  };
}

/** Of Real-Debrid's `GET /torrents`, at its usual limit of 250 calls a minute in all. */
const LISTS_PER_MINUTE = 75;
const LIST_SHARE = 0.3;

const identity = (...parts: string[]): string => JSON.stringify(parts);

/** The four services over one cache, one ledger and one state store. Nothing is called until a method is. */
export function createServices(options: ServicesOptions): Services {
  const { clock, ledger, state } = options;
  const { seerr, torrentio, realDebrid, jellyfin } = options;
  const tempo: Tempo = { ...realTempo, ...options.tempo };
  const cache = createServiceCache({
    table: options.cacheTable,
    clock,
    ...(options.onCacheError ? { onError: options.onCacheError } : {}),
  });
  const rules: PauseRules = {
    throttle: tempo.throttle,
    backoff: options.services.backoff,
    recheck: realDebrid.accountRecheck,
  };
  const addonToken = torrentio.cachedHints === 'own-token' ? realDebrid.token : '';
  const dailyCalls = createCallBudget({ limit: torrentio.dailyBudget, key: 'budget:torrentio', clock, state });
  const base = { clock, state, onStateChange: options.onServiceState };
  const guards: Record<ServiceName, Guard> = {
    seerr: createGuard({
      ...base,
      service: 'seerr',
      label: 'Seerr',
      identity: identity(seerr.url, seerr.apiKey),
      rules,
    }),
    torrentio: createGuard({
      ...base,
      service: 'torrentio',
      label: 'Torrentio',
      identity: identity(torrentio.url, torrentio.options, torrentio.proxy, addonToken),
      rules: { ...rules, throttle: { first: tempo.torrentioThrottle, longest: tempo.torrentioThrottle } },
      budget: dailyCalls,
    }),
    realDebrid: createGuard({
      ...base,
      service: 'realDebrid',
      label: 'Real-Debrid',
      identity: identity(realDebrid.url, realDebrid.token),
      rules,
    }),
    jellyfin: createGuard({
      ...base,
      service: 'jellyfin',
      label: 'Jellyfin',
      identity: identity(jellyfin.url, jellyfin.apiKey),
      rules,
    }),
  };
  const shared = { clock, ledger, retryDelay: tempo.retryDelay, timeoutMs: tempo.timeout };
  const houseLimiter = () => createLimiter(perMinute(tempo.houseCallsPerMinute));
  /** Holds over a restart, too. */
  const limiterFor = (service: ServiceName, window: Window) =>
    createLimiter(window, restAfter(options.calledBefore?.(service) ?? null, window, clock.now()));

  return {
    seerr: createSeerr({ ...shared, ...seerr, guard: guards.seerr, limiter: houseLimiter(), cache }),
    torrentio: createTorrentio({
      ...shared,
      ...torrentio,
      token: addonToken,
      streamsTtl: options.cache.streamsTtl,
      guard: guards.torrentio,
      budget: dailyCalls,
      limiter: limiterFor('torrentio', spaced(torrentio.minInterval)),
      cache,
    }),
    realDebrid: createRealDebrid({
      ...shared,
      url: realDebrid.url,
      token: realDebrid.token,
      availabilityTtl: options.cache.availabilityTtl,
      guard: guards.realDebrid,
      limiter: limiterFor('realDebrid', perMinute(realDebrid.requestsPerMinute)),
      addLimiter: limiterFor('realDebrid', spaced(realDebrid.addMagnetInterval)),
      // A higher total (a stand-in, another limit) raises the limit on lists with it.
      listLimiter: limiterFor(
        'realDebrid',
        perMinute(Math.max(LISTS_PER_MINUTE, realDebrid.requestsPerMinute * LIST_SHARE)),
      ),
      cache,
    }),
    jellyfin: createJellyfin({ ...shared, ...jellyfin, guard: guards.jellyfin, limiter: houseLimiter() }),
    health: () => ({
      seerr: guards.seerr.state(),
      torrentio: guards.torrentio.state(),
      realDebrid: guards.realDebrid.state(),
      jellyfin: guards.jellyfin.state(),
    }),
    stats: () => ({ cache: cache.stats(), torrentioCallsUsed: dailyCalls.used() }),
  };
}

export type { CacheTable } from './cache.js';
export type { ServiceState } from './http/pause.js';
export type { PauseView } from './http/pauseRecords.js';
export type { Ledger, LedgerRow, StateStore } from './http/stores.js';
export type * from './ports.js';
