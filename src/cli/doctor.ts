import { existsSync } from 'node:fs';
import { formatProblem } from '../config/index.js';
import { type Check, diagnose } from '../doctor/doctor.js';
import { oneLine } from '../log/redact.js';
import { databaseFile, StoreError } from '../store/database.js';
import { openStore, type Store } from '../store/index.js';
import { type CommonFlags, type ExitCode, exit, type Io, readSettings } from './io.js';
import { wrap } from './text.js';

export interface DoctorFlags extends CommonFlags {
  json?: boolean;
}

/** `doctor`: looks at everything that the program depends on; works beside a running daemon. */
export const doctor = async (io: Io, flags: DoctorFlags): Promise<ExitCode> => {
  const { checks, valid } = await examine(io, flags);
  const ok = checks.every((check) => check.ok);
  io.out(flags.json === true ? JSON.stringify({ ok, checks }) : describe(checks));
  if (!valid) {
    return exit.usage;
  }
  return ok ? exit.ok : exit.unhealthy;
};

/** Without a valid configuration there is nothing else to look at. */
const examine = async (io: Io, flags: DoctorFlags): Promise<{ checks: Check[]; valid: boolean }> => {
  const { loaded } = readSettings(io, flags);
  if (!loaded.ok) {
    const text = loaded.problems.map(formatProblem).join('; ');
    const remedy = 'Put right what is named; `config example` shows every key.';
    return { checks: [{ code: 'config', ok: false, text, remedy }], valid: false };
  }
  const { config, warnings } = loaded;
  const opened = open(config.data.dir, io);
  const store = opened instanceof StoreError ? null : opened;
  try {
    const source = loaded.file ?? 'the environment';
    const checks = await diagnose({ config, source, warnings, store, clock: io.clock, signal: io.stop });
    return { checks: opened instanceof StoreError ? withoutStore(checks, opened) : checks, valid: true };
  } finally {
    store?.close();
  }
};

const open = (dataDir: string, io: Io): Store | StoreError | null => {
  if (!existsSync(databaseFile(dataDir))) {
    return null;
  }
  try {
    return openStore(dataDir, io.clock);
  } catch (error) {
    if (error instanceof StoreError) {
      return error;
    }
    throw error;
  }
};

const withoutStore = (checks: Check[], { message, hint }: StoreError): Check[] =>
  checks.map((check) => (check.code === 'database' ? { ...check, ok: false, text: message, remedy: hint } : check));

const describe = (checks: readonly Check[]): string => {
  const lines = checks.flatMap(({ code, ok, text, remedy }) => [
    `${ok ? 'ok  ' : 'FAIL'}  ${code.padEnd(18)}  ${oneLine(text, 600)}`,
    ...(remedy === '' ? [] : [`      -> ${oneLine(remedy, 600)}`]),
  ]);
  const failed = checks.filter(({ ok }) => !ok).length;
  const sum = failed === 0 ? 'All is well.' : `${failed} of ${checks.length} checks failed.`;
  return [...lines.flatMap((line) => wrap(line)), '', sum].join('\n');
};
