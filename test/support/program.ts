import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addOpenTitles, type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { quickDisk } from './disk.js';
import type { FastClock } from './fastClock.js';
import { sandboxEnv } from './sandboxEnv.js';

const BUNDLE = resolve('dist/main.js');

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** The built program as a child process. */
export interface Program {
  readonly out: string;
  readonly err: string;
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  ended: Promise<Ended>;
}

export interface StartOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** Its time is this clock's. */
  clock?: FastClock;
}

export const start = (args: string[], { env, cwd, clock }: StartOptions = {}): Program => {
  const launch = clock?.launch();
  const child: ChildProcess = spawn(process.execPath, [...(launch?.nodeArgs ?? []), BUNDLE, ...args], {
    cwd: cwd ?? tmpdir(),
    env: { PATH: process.env.PATH ?? '', ...launch?.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(clock === undefined ? [] : ['ipc' as const])],
  });
  clock?.attach(child);
  let out = '';
  let err = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const ended = new Promise<Ended>((done) => {
    child.once('close', (code) => done({ code, out, err }));
  });
  return {
    get out() {
      return out;
    },
    get err() {
      return err;
    },
    pid: child.pid ?? 0,
    kill: (signal) => void child.kill(signal),
    ended,
  };
};

export const run = (args: string[], options: StartOptions = {}): Promise<Ended> => start(args, options).ended;

/** Resolves as soon as `holds`; throws what `tell` says when it never does. */
export const until = async (
  holds: () => boolean | Promise<boolean>,
  tell: () => string,
  limitMs = 60_000,
): Promise<void> => {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`waited ${limitMs} ms in vain: ${tell()}`);
    }
    await new Promise((done) => setTimeout(done, 20));
  }
};

/** Stand-ins in this process, sixty times as fast as life, and a place for the program's data. */
export interface Ground {
  sandbox: Sandbox;
  dir: string;
  env: Record<string, string>;
  clear(): Promise<void>;
}

export const ground = async (options: SandboxOptions = {}): Promise<Ground> => {
  const sandbox = await startSandbox({
    compress: 60,
    ...options,
    realDebrid: { limits: null, ...options.realDebrid },
  });
  addOpenTitles(sandbox.world);
  const dir = mkdtempSync(join(quickDisk(), 'fulfillarr-e2e-'));
  return {
    sandbox,
    dir,
    env: {
      ...sandboxEnv(sandbox),
      FULFILLARR_SEERR_SCAN_TIMEOUT: '3s',
      FULFILLARR_SEERR_MARK_BACKOFF: '100ms',
      FULFILLARR_TORRENTIO_MIN_INTERVAL: '0s',
      FULFILLARR_REAL_DEBRID_AVAILABILITY: 'probe',
      FULFILLARR_REAL_DEBRID_REQUESTS_PER_MINUTE: '100000',
      FULFILLARR_REAL_DEBRID_ADD_MAGNET_INTERVAL: '0s',
      FULFILLARR_REAL_DEBRID_PROBE_WAIT: '100ms',
      FULFILLARR_REAL_DEBRID_ABSENT_AFTER: '1s',
      FULFILLARR_REAL_DEBRID_MOUNT_DELAY: '300ms',
      FULFILLARR_SCHEDULE_POLL: '* * * * * *',
      FULFILLARR_DATA_DIR: dir,
      FULFILLARR_HTTP_PORT: '0',
    },
    clear: async () => {
      await sandbox.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
