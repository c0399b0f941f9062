import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { quickDisk } from './disk.js';
import { FastClock } from './fastClock.js';
import { type Ended, type Program, run, type StartOptions, start } from './program.js';
import { sandboxEnv } from './sandboxEnv.js';
import { START } from './start.js';

export interface OutpostOptions {
  sandbox?: SandboxOptions;
  env?: Record<string, string>;
  /** How much faster than real time the program works; waits are skipped in any case. */
  pace?: number;
}

/** The built program as a child process on compressed time, with its default settings, against stand-ins of its own. */
export interface Outpost {
  sandbox: Sandbox;
  clock: FastClock;
  dir: string;
  env: Record<string, string>;
  /** The one that runs, or ran last. */
  readonly program: Program;
  /** What all of them have written to stderr. */
  readonly log: string;
  /** The same for stdout. */
  readonly out: string;
  start(env?: Record<string, string>): void;
  /** SIGKILL; resolves when it is dead. */
  die(): Promise<void>;
  /** SIGTERM. */
  stop(): Promise<Ended>;
  /** Another command beside it. */
  command(...args: string[]): Promise<Ended>;
  /** Resolves after the program's second look at Seerr: all that a start does is done. */
  awake(): Promise<void>;
  clear(): Promise<void>;
}

export const outpost = async (options: OutpostOptions = {}): Promise<Outpost> => {
  const clock = new FastClock(START, options.pace);
  const sandbox = await startSandbox({ now: clock.now, ...options.sandbox });
  const dir = mkdtempSync(join(quickDisk(), 'fulfillarr-outpost-'));
  const env: Record<string, string> = {
    ...sandboxEnv(sandbox),
    FULFILLARR_DATA_DIR: dir,
    FULFILLARR_HTTP_PORT: '0',
    ...options.env,
  };
  const programs: Program[] = [];
  const last = (): Program => {
    const program = programs.at(-1);
    if (program === undefined) {
      throw new Error('nothing was started yet');
    }
    return program;
  };
  const settings = (): StartOptions => ({ env, cwd: dir, clock });
  return {
    sandbox,
    clock,
    dir,
    env,
    get program() {
      return last();
    },
    get log() {
      return programs.map(({ err }) => err).join('');
    },
    get out() {
      return programs.map(({ out }) => out).join('');
    },
    start: (change = {}) => void programs.push(start(['run'], { ...settings(), env: { ...env, ...change } })),
    die: async () => {
      last().kill('SIGKILL');
      await last().ended;
    },
    stop: () => {
      last().kill('SIGTERM');
      return last().ended;
    },
    command: (...args) => run(args, settings()),
    awake: async () => {
      const before = sandbox.seerr.counts().approvedList ?? 0;
      const looked = () => (sandbox.seerr.counts().approvedList ?? 0) >= before + 2;
      if (!(await clock.until(looked, 10 * 60_000))) {
        throw new Error(`it does not come to life:\n${last().err}`);
      }
    },
    clear: async () => {
      clock.stop();
      for (const program of programs) {
        program.kill('SIGKILL');
      }
      await Promise.all(programs.map(({ ended }) => ended));
      await sandbox.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
