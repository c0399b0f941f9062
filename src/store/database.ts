import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { migrate } from 'drizzle-orm/better-sqlite3/migrator';
import { projectRoot } from '../root.js';
import * as schema from './schema.js';
import { connect, setPragmas } from './sqlite.js';

export const databaseFile = (dataDir: string): string => join(dataDir, 'fulfillarr.db');

/** The store could not be opened or brought up to date; nothing in it was changed. */
export class StoreError extends Error {
  readonly hint: string;
  constructor(message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StoreError';
    this.hint = hint;
  }
}

export type Db = ReturnType<typeof attach>;

const attach = (sqlite: Database.Database) => drizzle(sqlite, { schema });

const openFile = (file: string): Database.Database => {
  try {
    mkdirSync(dirname(file), { recursive: true });
    const sqlite = connect(file);
    // FULL: an acknowledged row must survive a power cut; the row before addMagnet is what prevents a duplicate.
    setPragmas(sqlite, 'journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000');
    return sqlite;
  } catch (error) {
    throw new StoreError(
      `cannot open the database ${file}: ${error instanceof Error ? error.message : String(error)}`,
      'Check that data.dir exists, is writable for this user and has free space.',
      error,
    );
  }
};

const bringUpToDate = (sqlite: Database.Database, db: Db): void => {
  // A rebuilt table drops its rows' children while foreign keys are on; SQLite ignores the switch inside a transaction.
  setPragmas(sqlite, 'foreign_keys = OFF');
  try {
    migrate(db, { migrationsFolder: join(projectRoot(), 'migrations') });
  } catch (error) {
    throw new StoreError(
      `the database could not be brought up to date: ${error instanceof Error ? error.message : String(error)}`,
      'Your data was left as it was. Start the version you used before, or restore a backup.',
      error,
    );
  }
  const broken = sqlite.prepare('PRAGMA foreign_key_check').all();
  if (broken.length > 0) {
    throw new StoreError(
      `the database has ${broken.length} rows that point nowhere`,
      'Restore a backup, or move the file aside to start afresh: requests are found again, history is lost.',
    );
  }
  setPragmas(sqlite, 'foreign_keys = ON');
};

/** Opens (and creates) the database of a data directory and applies what migrations are missing. Throws `StoreError`. */
export const openDatabase = (dataDir: string): { sqlite: Database.Database; db: Db } => {
  const sqlite = openFile(databaseFile(dataDir));
  const db = attach(sqlite);
  try {
    bringUpToDate(sqlite, db);
  } catch (error) {
    sqlite.close();
    throw error;
  }
  return { sqlite, db };
};

/** A private copy in memory: what is written to it never reaches the file. For dry runs. */
export const copyInMemory = (dataDir: string): { sqlite: Database.Database; db: Db } => {
  const file = databaseFile(dataDir);
  const sqlite = connect(existsSync(file) ? snapshot(file) : ':memory:');
  const db = attach(sqlite);
  bringUpToDate(sqlite, db);
  return { sqlite, db };
};

/** Bytes of SQLite's file header: 1 = rollback journal, 2 = write-ahead log. */
const WRITE_VERSION = 18;
const READ_VERSION = 19;
const LEGACY_JOURNAL = 1;

const snapshot = (file: string): Buffer => {
  const source = connect(file, { readonly: true });
  try {
    const image = source.serialize();
    // A copy in memory has no write-ahead log: its header must not ask for one.
    image[WRITE_VERSION] = LEGACY_JOURNAL;
    image[READ_VERSION] = LEGACY_JOURNAL;
    return image;
  } finally {
    source.close();
  }
};
