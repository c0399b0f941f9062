import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { count } from '../domain/span.js';
import { makeFolder } from '../folder.js';
import { messageOf } from '../messageOf.js';
import { projectRoot } from '../root.js';
import { backUp, keepAside, restoreHint } from './backups.js';
import { storageFaultOf } from './faults.js';
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

/** Runs what needs the data directory, at that time (epoch ms); its refusal becomes a `StoreError` that says what to do. */
export const inDataDir = <T>(dataDir: string, now: number, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    const fault = storageFaultOf(error);
    if (fault === null) {
      throw error;
    }
    const file = databaseFile(dataDir);
    if (fault.kind !== 'damaged') {
      throw new StoreError(`${fault.message} (${file}: ${messageOf(error)})`, fault.hint, error);
    }
    throw damaged(dataDir, now, error);
  }
};

/** Keeps what is left of it, and offers the newest backup. */
const damaged = (dataDir: string, now: number, error: unknown): StoreError => {
  const file = databaseFile(dataDir);
  const aside = keepAside(file, dataDir);
  const message = `the database ${file} is damaged (${messageOf(error)}); ${aside.said}`;
  return new StoreError(message, restoreHint(file, dataDir, { now, isKept: aside.isKept }), error);
};

const openFile = (dataDir: string): Database.Database => {
  makeFolder(dataDir);
  const sqlite = connect(databaseFile(dataDir));
  // FULL: an acknowledged row must survive a power cut; the row before addMagnet is what prevents a duplicate.
  setPragmas(sqlite, 'journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000');
  return sqlite;
};

const migrationsFolder = (): string => join(projectRoot(), 'migrations');

interface Migration {
  when: number;
  tag: string;
}

/** In the order in which they are applied. */
const knownMigrations = (): Migration[] =>
  (JSON.parse(readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8')) as { entries: Migration[] })
    .entries;

/** `when` of the newest migration that was applied; null = a new database. */
const appliedMigration = (sqlite: Database.Database): number | null => {
  const table = sqlite.prepare("SELECT 1 FROM sqlite_master WHERE name = '__drizzle_migrations'").get();
  if (table === undefined) {
    return null;
  }
  const row = sqlite.prepare('SELECT max(created_at) AS at FROM __drizzle_migrations').get() as { at: number | null };
  return row.at === null ? null : Number(row.at);
};

/** `backUpTo`: before the layout of a database in use is changed, a copy is made there. */
const bringUpToDate = (sqlite: Database.Database, backUpTo: { dataDir: string; now: number } | null): void => {
  const applied = appliedMigration(sqlite);
  const known = knownMigrations();
  const newest = known.at(-1)?.when ?? 0;
  if (applied !== null && applied > newest) {
    throw new StoreError(
      'the database was written by a newer version of fulfillarr',
      'Start that version, or restore a backup from before the update.',
    );
  }
  const pending = known.filter(({ when }) => when > (applied ?? 0));
  const [first] = pending;
  if (first !== undefined) {
    if (applied !== null && backUpTo !== null) {
      backUp(sqlite, backUpTo.dataDir, { now: backUpTo.now, before: first.tag });
    }
    applyMigrations(sqlite, applied ?? 0);
  }
  setPragmas(sqlite, 'foreign_keys = ON');
};

/** As Drizzle makes it. */
const MIGRATIONS_TABLE =
  'CREATE TABLE IF NOT EXISTS __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)';

const applyMigrations = (sqlite: Database.Database, applied: number): void => {
  const pending = readMigrationFiles({ migrationsFolder: migrationsFolder() }).filter(
    ({ folderMillis }) => folderMillis > applied,
  );
  // A rebuilt table drops its rows' children while foreign keys are on; SQLite ignores the switch inside a transaction.
  setPragmas(sqlite, 'foreign_keys = OFF');
  try {
    // By hand, as Drizzle's own commits before anybody can look at what has come of it.
    sqlite.transaction(() => {
      sqlite.exec(MIGRATIONS_TABLE);
      for (const { sql, hash, folderMillis } of pending) {
        for (const statement of sql) {
          sqlite.exec(statement);
        }
        sqlite.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)').run(hash, folderMillis);
      }
      const lost = sqlite.prepare('PRAGMA foreign_key_check').all().length;
      if (lost > 0) {
        throw new Error(`${count(lost, 'row')} would point nowhere`);
      }
    })();
  } catch (error) {
    if (storageFaultOf(error) !== null) {
      throw error;
    }
    throw new StoreError(
      `the database could not be brought up to date: ${messageOf(error)}`,
      'Your data was left as it was: start the version you used before, or restore a backup.',
      error,
    );
  }
};

/**
 * Opens (and creates) the database of a data directory and applies what migrations are missing. `now` is epoch ms.
 * Throws `StoreError`.
 */
export const openDatabase = (dataDir: string, now: number): { sqlite: Database.Database; db: Db } =>
  inDataDir(dataDir, now, () => {
    const sqlite = openFile(dataDir);
    const db = attach(sqlite);
    try {
      bringUpToDate(sqlite, { dataDir, now });
    } catch (error) {
      sqlite.close();
      throw error;
    }
    return { sqlite, db };
  });

/** A private copy in memory: what is written to it never reaches the file. For dry runs. */
export const copyInMemory = (dataDir: string): { sqlite: Database.Database; db: Db } => {
  const file = databaseFile(dataDir);
  const sqlite = connect(existsSync(file) ? snapshot(file) : ':memory:');
  const db = attach(sqlite);
  bringUpToDate(sqlite, null);
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
