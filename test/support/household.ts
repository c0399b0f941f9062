import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../src/app.js';
import type { Clock } from '../../src/clock.js';
import { type Config, loadConfig } from '../../src/config/index.js';
import type { Log } from '../../src/log/index.js';
import { addOpenTitles, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { openStore, type Store } from '../../src/store/index.js';
import type { TickReport } from '../../src/tick/context.js';
import { quickDisk } from './disk.js';
import { START } from './start.js';

export { START } from './start.js';

/** Time that passes only when somebody waits or a test says so. */
export class VirtualClock implements Clock {
  #now = START;
  now = (): number => this.#now;
  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    signal?.throwIfAborted();
    this.#now += ms;
    return Promise.resolve();
  };
  pass(ms: number): void {
    this.#now += ms;
  }
}

export interface LoggedLine {
  level: string;
  message: string;
}

export interface HouseholdOptions {
  sandbox?: SandboxOptions;
  /** Overrides by key path, as text. */
  config?: Record<string, string>;
  onCall?: AppOptions['onCall'];
}

/** The composed program in this process, against the four stand-ins, on virtual time. */
export interface Household {
  sandbox: Sandbox;
  clock: VirtualClock;
  config: Config;
  dataDir: string;
  log: LoggedLine[];
  readonly store: Store;
  readonly app: App;
  /** One tick. */
  tick(): Promise<TickReport>;
  /** Ticks every `step` (30 s unless told) of virtual time for so long. */
  live(ms: number, step?: number): Promise<TickReport[]>;
  /** As a restart of the process: memory is gone, the database stays. */
  restart(): void;
  stop(): Promise<void>;
}

const POLL = 30_000;

export const configFor = (sandbox: Sandbox, dataDir: string, overrides: Record<string, string> = {}): Config => {
  const loaded = loadConfig({
    env: {},
    cwd: dataDir,
    readFile: () => {
      throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    },
    flags: {
      'seerr.url': sandbox.seerr.url,
      'seerr.apiKey': sandbox.seerr.apiKey,
      'jellyfin.url': sandbox.jellyfin.url,
      'jellyfin.apiKey': sandbox.jellyfin.apiKey,
      'torrentio.url': sandbox.torrentio.url,
      'torrentio.minInterval': '0s',
      'realDebrid.url': sandbox.realDebrid.url,
      'realDebrid.token': sandbox.realDebrid.token,
      'realDebrid.availability': 'probe',
      'realDebrid.requestsPerMinute': '100000',
      'realDebrid.addMagnetInterval': '0s',
      'data.dir': dataDir,
      ...overrides,
    },
  });
  if (!loaded.ok) {
    throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  }
  return loaded.config;
};

/** A log that keeps its lines. */
export const recorder = (lines: LoggedLine[]): Log => {
  const write = (level: string) => (message: string) => void lines.push({ level, message });
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    close: async () => undefined,
  };
};

/** Ticks every `step` ms of virtual time for so long. */
export const living = async (
  home: { clock: VirtualClock; sandbox: Sandbox; tick: () => Promise<TickReport> },
  ms: number,
  step = POLL,
): Promise<TickReport[]> => {
  const { clock, sandbox, tick } = home;
  const reports: TickReport[] = [];
  const until = clock.now() + ms;
  while (clock.now() < until) {
    reports.push(await tick());
    clock.pass(step);
    // What was to happen by itself in that time has happened now, not when somebody next looks.
    sandbox.jellyfin.settle();
  }
  return reports;
};

export const household = async (options: HouseholdOptions = {}): Promise<Household> => {
  const clock = new VirtualClock();
  const sandbox = await startSandbox({
    now: clock.now,
    ...options.sandbox,
    realDebrid: { limits: null, ...options.sandbox?.realDebrid },
  });
  if (sandbox.world.titles.length === 0) {
    addOpenTitles(sandbox.world);
  }
  const dataDir = mkdtempSync(join(quickDisk(), 'fulfillarr-'));
  const config = configFor(sandbox, dataDir, options.config);
  const log: LoggedLine[] = [];
  let store = openStore(dataDir, clock);
  const compose = () =>
    createApp({
      ...{ config, store, clock, tempo: { retryDelay: 1, houseCallsPerMinute: Infinity } },
      log: recorder(log),
      ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
    });
  let app = compose();
  const never = new AbortController().signal;

  const tick = () => app.tick({ stop: never, abort: never, timeBox: POLL });
  return {
    sandbox,
    clock,
    config,
    dataDir,
    log,
    get store() {
      return store;
    },
    get app() {
      return app;
    },
    tick,
    live: (ms, step) => living({ clock, tick, sandbox }, ms, step),
    restart: () => {
      store.close();
      store = openStore(dataDir, clock);
      app = compose();
    },
    stop: async () => {
      store.close();
      await sandbox.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
