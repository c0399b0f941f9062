import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { type App, createApp } from '../../src/app.js';
import { type Clock, systemClock } from '../../src/clock.js';
import { type Config, loadConfig } from '../../src/config/index.js';
import { createHealth } from '../../src/daemon/health.js';
import { createPass, type Pass } from '../../src/daemon/pass.js';
import { createMeters } from '../../src/http/metrics/meters.js';
import { createLog } from '../../src/log/index.js';
import { createRepeats } from '../../src/log/repeats.js';
import { openStore, type Store } from '../../src/store/index.js';
import type { Tick } from '../../src/tick/context.js';
import { quickDisk } from '../support/disk.js';
import { closedRequests } from './history.js';
import { profiled } from './profiler.js';
import { judgeRecorded, parseRecorded } from './recorded.js';
import { answer } from './remote.js';
import { stateWants } from './seed.js';
import type { Addresses } from './standIns.js';

/** The composed program in a process of its own: what a daemon does with each tick, whenever it is asked to. */

export interface HouseOptions {
  addresses: Addresses;
  /** Overrides by key path. */
  config?: Record<string, string>;
  /** A clock that stands still between ticks (epoch ms); absent = the wall clock. */
  startAt?: number;
  /** Requests that were closed long ago. */
  closed?: number;
}

export interface Figures {
  /** User and system time (ms). */
  cpu: number;
  /** ms. */
  wall: number;
}

const POLL = 30_000;

/** Time that passes between ticks, or when somebody waits. */
class SteppingClock implements Clock {
  #now: number;
  constructor(startAt: number) {
    this.#now = startAt;
  }
  now = (): number => this.#now;
  sleep = (ms: number): Promise<void> => {
    this.pass(ms);
    return Promise.resolve();
  };
  pass(ms: number): void {
    this.#now += ms;
  }
}

const configOf = (dataDir: string, addresses: Addresses, overrides: Record<string, string>): Config => {
  const loaded = loadConfig({
    env: {},
    cwd: dataDir,
    readFile: () => {
      throw Object.assign(new Error('no file'), { code: 'ENOENT' });
    },
    flags: {
      'seerr.url': addresses.seerr,
      'seerr.apiKey': addresses.seerrKey,
      'jellyfin.url': addresses.jellyfin,
      'jellyfin.apiKey': addresses.jellyfinKey,
      'torrentio.url': addresses.torrentio,
      'torrentio.minInterval': '0s',
      'torrentio.dailyBudget': '1000000',
      'realDebrid.url': addresses.realDebrid,
      'realDebrid.token': addresses.realDebridToken,
      'realDebrid.availability': 'probe',
      'realDebrid.requestsPerMinute': '100000',
      'realDebrid.addMagnetInterval': '0s',
      'data.dir': dataDir,
      'data.backups': '0',
      ...overrides,
    },
  });
  if (!loaded.ok) {
    throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  }
  return loaded.config;
};

interface Opened {
  config: Config;
  pass: Pass;
  store: Store;
  clock: Clock;
  app: App;
}

let current: Opened | null = null;

const opened = (): Opened => {
  if (current === null) {
    throw new Error('nothing is open');
  }
  return current;
};

const never = new AbortController().signal;

/** The log is written like any other, only to nowhere. */
const logOf = (config: Config) =>
  createLog({
    level: config.log.level,
    levels: {},
    redact: (text) => text,
    format: 'text',
    file: '',
    fileSize: 0,
    filesKept: 1,
    stream: new Writable({ write: (_chunk, _encoding, done) => done() }),
  });

const compose = (config: Config, clock: Clock): Opened => {
  const store = openStore(config.data.dir, clock);
  const log = logOf(config);
  const meters = createMeters();
  const app = createApp({ config, store, log, clock, onCall: meters.called });
  const pass = createPass({
    scene: { config, version: 'bench', log, clock },
    stop: never,
    store,
    current: { config, app, pollInterval: POLL, stale: false },
    health: createHealth(POLL),
    meters,
    repeats: createRepeats(log, clock),
    abort: never,
    recompose: () => undefined,
  });
  return { config, pass, store, clock, app };
};

const timed = async (work: () => Promise<unknown>): Promise<Figures> => {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1000, wall: performance.now() - began };
};

const context = (): Tick => opened().app.context({ stop: never, abort: never, timeBox: POLL });

const tick = async (): Promise<Figures> => {
  const { pass } = opened();
  const figures = await timed(async () => {
    await pass.pass();
    await pass.settled();
  });
  methods.pass(POLL);
  return figures;
};

/** Of the kind that a tick does: text becomes objects, they are found by key and put in order. */
const fixedWork = (): number => {
  const rows = JSON.parse(YARDSTICK) as { id: number; name: string }[];
  const byName = new Map(rows.map((row) => [row.name, row]));
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1)).length;
};

const YARDSTICK = JSON.stringify(
  [...Array(10_000).keys()].map((id) => ({ id, name: `${(id * 7_919) % 10_000} of many` })),
);

const methods = {
  open({ addresses, config = {}, startAt, closed = 0 }: HouseOptions): void {
    const dataDir = mkdtempSync(join(quickDisk(), 'fulfillarr-bench-'));
    const clock = startAt === undefined ? systemClock : new SteppingClock(startAt);
    if (closed > 0) {
      closedRequests(dataDir, clock.now(), closed);
    }
    current = compose(configOf(dataDir, addresses, config), clock);
  },

  /** One pass of the daemon, and half a minute until the next. */
  tick,

  /** A fixed piece of work that is none of the program's: what a tick costs can be told as a multiple of it. */
  yardstick: (): Promise<Figures> => timed(() => Promise.resolve(fixedWork())),

  /** So many of them under the profiler. */
  profile: (folder: string, name: string, ticks: number): Promise<void> =>
    profiled(folder, name, async () => {
      for (let i = 0; i < ticks; i += 1) {
        await tick();
      }
    }),

  /** Takes on what Seerr has approved, with the wants that its details would state. */
  seed: (): Promise<number> => stateWants(context()),

  openRequests: (): number => opened().store.requests.openCount(),

  /** Moves a clock that stands still (ms). */
  pass(ms: number): void {
    const { clock } = opened();
    if (clock instanceof SteppingClock) {
      clock.pass(ms);
    }
  },

  /** Brings the map of Jellyfin's library up to date. */
  refreshLibrary(): Promise<Figures> {
    const { catalogue, clock } = context();
    return timed(() => catalogue.refresh(clock.now()));
  },

  /** Reads and judges every recorded stream so many times; releases, and what it took. */
  judge: async (folder: string, rounds: number): Promise<Figures & { releases: number }> => {
    let releases = 0;
    const figures = await timed(async () => {
      releases = judgeRecorded(folder, rounds, opened().config);
    });
    return { ...figures, releases };
  },

  /** The library for names alone. */
  parse: async (folder: string, rounds: number): Promise<Figures & { releases: number }> => {
    let releases = 0;
    const figures = await timed(async () => {
      releases = parseRecorded(folder, rounds);
    });
    return { ...figures, releases };
  },

  profileJudging: (folder: string, name: string, recorded: string, rounds: number): Promise<unknown> =>
    profiled(folder, name, async () => judgeRecorded(recorded, rounds, opened().config)),

  /** Bytes: now, and the most there ever was. Collects garbage first where Node was told to allow it. */
  memory(): { rss: number; peak: number } {
    globalThis.gc?.();
    return { rss: process.memoryUsage.rss(), peak: process.resourceUsage().maxRSS * 1024 };
  },

  /** Closes the database; `keep` returns the folder it is in instead of removing it. */
  close(keep = false): string {
    const { store, config } = opened();
    const { dir } = config.data;
    store.close();
    if (!keep) {
      rmSync(dir, { recursive: true, force: true });
    }
    current = null;
    return dir;
  },
};

export type House = typeof methods;

answer(methods);
