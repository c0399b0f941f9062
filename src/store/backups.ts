import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { makeFolder } from '../folder.js';
import { messageOf } from '../messageOf.js';

export interface Backup {
  file: string;
  /** Of its name, as `2026-11-22`. */
  day: string;
  /** Epoch ms. */
  at: number;
  bytes: number;
}

const FOLDER = 'backups';
const NAME = /^fulfillarr-(\d{4}-\d{2}-\d{2})(?:-before-[\w-]+)?\.db$/;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Files may have been copied, and their times with them: the day in the name is when it was made. */
const byDay = (a: Backup, b: Backup): number => b.day.localeCompare(a.day) || b.at - a.at;

/** Of a data directory, newest first. What a clock that was ahead has left is older than all others. */
export const listBackups = (dataDir: string, now: number): Backup[] => {
  const folder = join(dataDir, FOLDER);
  if (!existsSync(folder)) {
    return [];
  }
  const today = dayOf(now);
  const isAhead = ({ day }: Backup): boolean => day > today;
  return readdirSync(folder)
    .flatMap((name) => {
      const [, day] = NAME.exec(name) ?? [];
      const file = join(folder, name);
      return day === undefined ? [] : [{ file, day, ...timeAndSize(file) }];
    })
    .sort((a, b) => Number(isAhead(a)) - Number(isAhead(b)) || byDay(a, b));
};

const timeAndSize = (file: string): Pick<Backup, 'at' | 'bytes'> => {
  const { mtimeMs, size } = statSync(file);
  return { at: mtimeMs, bytes: size };
};

/**
 * Writes a compact copy of the whole database beside it, one a day (or `before` a change of its layout), and keeps the
 * newest `keep`. It appears under its name only when it is whole. Throws what SQLite throws: a damaged database cannot
 * be copied like that.
 */
export const backUp = (
  sqlite: Database.Database,
  dataDir: string,
  { now, keep = Number.POSITIVE_INFINITY, before }: { now: number; keep?: number; before?: string },
): void => {
  const folder = join(dataDir, FOLDER);
  makeFolder(folder);
  const unfinished = join(folder, 'unfinished.tmp');
  rmSync(unfinished, { force: true });
  try {
    sqlite.prepare('VACUUM INTO ?').run(unfinished);
    const end = before === undefined ? '' : `-before-${before}`;
    renameSync(unfinished, join(folder, `fulfillarr-${dayOf(now)}${end}.db`));
  } finally {
    rmSync(unfinished, { force: true });
  }
  for (const { file } of listBackups(dataDir, now).slice(keep)) {
    rmSync(file, { force: true });
  }
};

/** Whether today's is there already. */
export const isBackedUp = (dataDir: string, now: number): boolean =>
  existsSync(join(dataDir, FOLDER, `fulfillarr-${dayOf(now)}.db`));

export interface Aside {
  isKept: boolean;
  /** What has become of it, as the end of a sentence. */
  said: string;
}

/** Copies a damaged database aside, once for each state it was found in. The folder appears when the copy is whole. */
export const keepAside = (file: string, dataDir: string): Aside => {
  const unfinished = join(dataDir, 'damaged-unfinished');
  try {
    const stamp = new Date(statSync(file).mtimeMs).toISOString().slice(0, 19).replaceAll(':', '');
    const folder = join(dataDir, `damaged-${stamp}`);
    if (!existsSync(folder)) {
      rmSync(unfinished, { recursive: true, force: true });
      makeFolder(unfinished);
      for (const end of ['', '-wal'].filter((one) => existsSync(`${file}${one}`))) {
        copyFileSync(`${file}${end}`, join(unfinished, `fulfillarr.db${end}`));
      }
      renameSync(unfinished, folder);
    }
    return { isKept: true, said: `a copy of it as it is was put into ${folder}` };
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    return { isKept: false, said: `a copy of it could not be put aside (${messageOf(error)})` };
  }
};

/** What to do about a damaged database, with the newest backup named. */
export const restoreHint = (
  file: string,
  dataDir: string,
  { now, isKept }: { now: number; isKept: boolean },
): string => {
  const [newest] = listBackups(dataDir, now);
  if (newest === undefined) {
    return `Move ${file} away to start afresh, as there is no backup: requests are found again, and what is in the account is used as it is.`;
  }
  const first = isKept ? 'Stop fulfillarr' : `Stop fulfillarr, copy ${file} to another disk if you want to keep it`;
  const made = new Date(newest.at).toISOString().slice(0, 16).replace('T', ' ');
  return `${first}, remove ${file}-wal and ${file}-shm, copy the newest backup, of ${made} UTC, over it (cp ${newest.file} ${file}) and start again.`;
};
