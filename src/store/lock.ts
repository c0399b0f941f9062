import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { makeFolder } from '../folder.js';
import { inDataDir } from './database.js';
import { connect } from './sqlite.js';

/** Another instance holds the data directory. */
export class LockedError extends Error {
  readonly hint = 'Stop it first, or give this one its own data directory (--data DIR).';
  constructor(dataDir: string, holder: string) {
    super(`the data directory ${dataDir} is held by ${holder}`);
    this.name = 'LockedError';
  }
}

export interface Lock {
  release(): void;
}

/** `status` tries the lock for a moment to see whether it is held: that must not turn a start away (ms). */
const BRIEFLY = 250;

const lockFile = (dataDir: string) => join(dataDir, 'lock.db');
const holderFile = (dataDir: string) => join(dataDir, 'lock.json');

const describeHolder = (dataDir: string): string => {
  try {
    const holder = JSON.parse(readFileSync(holderFile(dataDir), 'utf8')) as {
      pid: number;
      host: string;
      since: string;
    };
    return `process ${holder.pid} on ${holder.host}, since ${holder.since}`;
  } catch {
    return 'another instance';
  }
};

const tryExclusive = (dataDir: string): Database.Database | null => {
  const connection = connect(lockFile(dataDir), { timeout: BRIEFLY });
  try {
    connection.exec('BEGIN EXCLUSIVE');
    return connection;
  } catch (error) {
    connection.close();
    if ((error as { code?: string }).code === 'SQLITE_BUSY') {
      return null;
    }
    throw error;
  }
};

/**
 * Takes the data directory for this process. The kernel gives it back when the process dies, however it dies.
 * Throws `LockedError` with the holder named, or `StoreError` when the folder cannot be used.
 */
export const takeLock = (dataDir: string, now: number): Lock =>
  inDataDir(dataDir, now, () => {
    makeFolder(dataDir);
    const connection = tryExclusive(dataDir);
    if (connection === null) {
      throw new LockedError(dataDir, describeHolder(dataDir));
    }
    const holder = { pid: process.pid, host: hostname(), since: new Date(now).toISOString() };
    writeFileSync(holderFile(dataDir), `${JSON.stringify(holder)}\n`);
    return {
      release: () => {
        rmSync(holderFile(dataDir), { force: true });
        connection.close();
      },
    };
  });

/** Whether some live process holds the data directory. */
export const isLocked = (dataDir: string): boolean => {
  const connection = tryExclusive(dataDir);
  connection?.close();
  return connection === null;
};
