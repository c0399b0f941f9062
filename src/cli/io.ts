import { readFileSync } from 'node:fs';
import type { Clock } from '../clock.js';
import { type Config, formatProblems, type Loaded, loadConfig, secretValues } from '../config/index.js';
import { type AdjustableLog, createLog, type LogOptions, type Verbosity } from '../log/index.js';
import { redactor } from '../log/redact.js';
import { messageOf } from '../messageOf.js';

/** The process as the commands see it. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  env: Record<string, string | undefined>;
  cwd: string;
  clock: Clock;
  /** Aborts on SIGTERM and SIGINT. */
  stop: AbortSignal;
  colour: boolean;
  /** What `err` must not print from now on. Of what goes to `out` nothing comes from outside as it is. */
  hide(secrets: readonly string[]): void;
}

/** Flags that every command takes. */
export interface CommonFlags {
  config?: string;
  data?: string;
  logLevel?: string;
}

export const exit = {
  ok: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  locked: 4,
  unhealthy: 5,
} as const;
export type ExitCode = (typeof exit)[keyof typeof exit];

/** The command line or the configuration is wrong; the message says where and what to do. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Reads the configuration; `files` are all that were looked for, absolute. Tells no problems. */
export const readSettings = (io: Io, flags: CommonFlags): { loaded: Loaded; files: string[] } => {
  const files: string[] = [];
  const loaded = loadConfig({
    ...(flags.config === undefined ? {} : { path: flags.config }),
    env: io.env,
    flags: { 'data.dir': flags.data, 'log.level': flags.logLevel },
    cwd: io.cwd,
    readFile: (path) => {
      files.push(path);
      return readFileSync(path, 'utf8');
    },
  });
  if (loaded.ok) {
    io.hide(secretValues(loaded.config));
  }
  return { loaded, files };
};

/** The configuration and where each value comes from. Throws `UsageError` with every problem of it. */
export const loadSettings = (io: Io, flags: CommonFlags): Extract<Loaded, { ok: true }> => {
  const { loaded } = readSettings(io, flags);
  for (const warning of loaded.warnings) {
    io.err(`warning: ${warning}`);
  }
  if (!loaded.ok) {
    throw new UsageError(formatProblems(loaded.problems));
  }
  return loaded;
};

/** The effective configuration. Throws `UsageError` with every problem of it. */
export const settle = (io: Io, flags: CommonFlags): Config => loadSettings(io, flags).config;

/** How much is logged by this configuration, and what is masked in it. */
export const verbosityOf = (config: Config): Verbosity => ({
  level: config.log.level,
  levels: Object.fromEntries(config.log.levels.map((pair) => pair.split('='))),
  redact: redactor(secretValues(config)),
});

/** A log that knows the configuration's secrets. Throws `UsageError` when its file cannot be made. */
export const openLog = (config: Config, change: Partial<LogOptions> = {}): AdjustableLog => {
  const { format, file, fileSizeMb, filesKept } = config.log;
  try {
    return createLog({
      ...verbosityOf(config),
      format,
      file,
      fileSize: fileSizeMb * 1024 ** 2,
      filesKept,
      ...change,
    });
  } catch (error) {
    const why = messageOf(error);
    throw new UsageError(`log.file: ${file} cannot be written: ${why}`);
  }
};
