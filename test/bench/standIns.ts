import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { monotonic } from './program.js';
import { answer } from './remote.js';
import { addMovies, addShows, type Movies, type Shows } from './titles.js';

/** The stand-ins' own process: what they cost is nobody's figure. It can hold several sandboxes, by name. */

export interface Addresses {
  seerr: string;
  seerrKey: string;
  torrentio: string;
  realDebrid: string;
  realDebridToken: string;
  jellyfin: string;
  jellyfinKey: string;
}

/** One call as it was served. Times are of the system's monotonic clock (ms), which all processes share. */
export interface Served {
  service: string;
  operation: string;
  path: string;
  arrived: number;
  /** 0 = not yet. */
  answered: number;
}

interface House {
  sandbox: Sandbox;
  /** Sandbox time; null = the wall clock. */
  time: { now: number } | null;
  served: Served[];
}

const houses = new Map<string, House>();

const houseOf = (name: string): House => {
  const found = houses.get(name);
  if (found === undefined) {
    throw new Error(`there is no sandbox ${name}`);
  }
  return found;
};

const all = ({ sandbox }: House) => [sandbox.seerr, sandbox.torrentio, sandbox.realDebrid, sandbox.jellyfin];

const record = (house: House): void => {
  for (const standIn of all(house)) {
    const begun = new Map<object, Served>();
    standIn.tap((phase, entry) => {
      if (phase === 'before') {
        const { service, operation, path } = entry;
        const served = { service, operation, path, arrived: monotonic(), answered: 0 };
        begun.set(entry, served);
        house.served.push(served);
        return;
      }
      const served = begun.get(entry);
      begun.delete(entry);
      if (served !== undefined) {
        served.answered = monotonic();
      }
    });
  }
};

const methods = {
  /** `startAt` (epoch ms) gives it a clock that stands still. */
  async start(name: string, options: Omit<SandboxOptions, 'now' | 'world'> & { startAt?: number }): Promise<Addresses> {
    const { startAt, ...settings } = options;
    const time = startAt === undefined ? null : { now: startAt };
    const sandbox = await startSandbox({ ...settings, ...(time === null ? {} : { now: () => time.now }) });
    houses.set(name, { sandbox, time, served: [] });
    const { seerr, torrentio, realDebrid, jellyfin } = sandbox;
    return {
      seerr: seerr.url,
      seerrKey: seerr.apiKey,
      torrentio: torrentio.url,
      realDebrid: realDebrid.url,
      realDebridToken: realDebrid.token,
      jellyfin: jellyfin.url,
      jellyfinKey: jellyfin.apiKey,
    };
  },

  movies: (name: string, movies: Movies): void => addMovies(houseOf(name).sandbox, movies),
  shows: (name: string, shows: Shows): void => addShows(houseOf(name).sandbox, shows),

  /** Moves a clock that stands still (ms). */
  pass(name: string, ms: number): void {
    const { time } = houseOf(name);
    if (time !== null) {
      time.now += ms;
    }
  },

  /** Waits this long (ms) before each answer. */
  latency(name: string, ms: number): void {
    for (const standIn of all(houseOf(name))) {
      standIn.latencyMs = ms;
    }
  },

  /** Forgets all calls seen so far. */
  clear(name: string): void {
    const house = houseOf(name);
    house.sandbox.clearLogs();
    house.served.length = 0;
  },

  /** Calls since the last `clear`, per service and operation. */
  counts(name: string): Record<string, Record<string, number>> {
    return Object.fromEntries(all(houseOf(name)).map((standIn) => [standIn.service, standIn.counts()]));
  },

  /** From now on every call is put down with its times. */
  record: (name: string): void => record(houseOf(name)),
  /** Those of one operation, or all. */
  served: (name: string, operation?: string): Served[] =>
    houseOf(name).served.filter((one) => operation === undefined || one.operation === operation),

  /** Calls that Real-Debrid has refused as too many. */
  refused: (name: string): number => houseOf(name).sandbox.realDebrid.throttled,

  /** Requests that Seerr calls completed. */
  completed: (name: string): number =>
    houseOf(name)
      .sandbox.seerr.states()
      .filter(({ status }) => status === 5).length,

  async end(name: string): Promise<void> {
    await houseOf(name).sandbox.stop();
    houses.delete(name);
  },
};

export type StandIns = typeof methods;

answer(methods);
