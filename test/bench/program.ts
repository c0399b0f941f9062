import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { quickDisk } from '../support/disk.js';
import { environment, nodeFlags } from './processes.js';
import type { Addresses } from './standIns.js';

/** The built program as a process, started as the image does it, with a file for its configuration. */
export interface Program {
  /** The system's monotonic clock (ms) right before it was started. */
  startedAt: number;
  /** What it has logged so far. */
  readonly log: string;
  /** Resident memory (bytes), now and at its highest. */
  rss(): number;
  peak(): number;
  /** The address that it serves HTTP at; undefined = it has not said yet. */
  http(): string | undefined;
  stop(): Promise<void>;
}

/** A folder with its configuration and its database. */
export interface Place {
  folder: string;
  clear(): void;
}

/** By key path. */
export type Settings = Record<string, string>;

export const configFor = (addresses: Addresses): Settings => ({
  'seerr.url': addresses.seerr,
  'seerr.apiKey': addresses.seerrKey,
  'jellyfin.url': addresses.jellyfin,
  'jellyfin.apiKey': addresses.jellyfinKey,
  'torrentio.url': addresses.torrentio,
  'realDebrid.url': addresses.realDebrid,
  'realDebrid.token': addresses.realDebridToken,
  'realDebrid.availability': 'probe',
  'http.port': '0',
});

/** What takes the pace out of the calls: for measures that are not about pace. */
export const unlimited: Settings = {
  'torrentio.minInterval': '0s',
  'torrentio.dailyBudget': '1000000',
  'realDebrid.requestsPerMinute': '100000',
  'realDebrid.addMagnetInterval': '0s',
};

/** A new one, or one around the database that is in `folder`. */
export const placeOf = (settings: Settings, folder = mkdtempSync(join(quickDisk(), 'fulfillarr-bench-'))): Place => {
  writeFileSync(join(folder, 'config.yaml'), asYaml({ ...settings, 'data.dir': folder }));
  return { folder, clear: () => rmSync(folder, { recursive: true, force: true }) };
};

const asYaml = (settings: Settings): string => {
  const sections = new Map<string, string[]>();
  for (const [path, value] of Object.entries(settings)) {
    const [section = '', key = ''] = path.split('.');
    const text = /^(?:\d+|true|false)$/.test(value) ? value : JSON.stringify(value);
    sections.set(section, [...(sections.get(section) ?? []), `  ${key}: ${text}`]);
  }
  return [...sections].map(([section, lines]) => `${section}:\n${lines.join('\n')}\n`).join('');
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) {
    child.kill('SIGKILL');
  }
});

/** The system's clock that never steps back (ms); all processes share it. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

const memoryOf = ({ pid }: ChildProcess, what: string): number => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
};

export interface Start {
  /** Default: the Node that runs this. */
  node?: string;
  /** Where `dist/main.js` is; default: this checkout. */
  project?: string;
}

export const start = ({ folder }: Place, options: Start = {}): Program => {
  const { node = process.execPath, project = '.' } = options;
  const script = [...nodeFlags, resolve(project, 'dist/main.js')];
  const startedAt = monotonic();
  const child = spawn(node, [...script, 'run', '--config', join(folder, 'config.yaml')], {
    cwd: folder,
    env: { ...environment, PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  return {
    startedAt,
    get log() {
      return log;
    },
    rss: () => memoryOf(child, 'VmRSS'),
    peak: () => memoryOf(child, 'VmHWM'),
    http: () => /(http:\/\/[^/\s]+)\/healthz/.exec(log)?.[1],
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      running.delete(child);
    },
  };
};

export const seconds = (n: number): Promise<void> => new Promise((done) => setTimeout(done, n * 1000));

/** What `look` returns as soon as it is not undefined. Throws, with the program's log, when it stays so. */
export const eventually = async <T>(
  program: Program,
  look: () => T | undefined | Promise<T | undefined>,
  limitMs = 60_000,
): Promise<T> => {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) {
      return found;
    }
    if (performance.now() > end) {
      throw new Error(`waited ${limitMs} ms in vain; the program said:\n${program.log.slice(-2_000)}`);
    }
    await seconds(0.005);
  }
};
