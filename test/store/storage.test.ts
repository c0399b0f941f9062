import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { listBackups, restoreHint } from '../../src/store/backups.js';
import { databaseFile, StoreError } from '../../src/store/database.js';
import { openStore, type Store } from '../../src/store/index.js';
import { takeLock } from '../../src/store/lock.js';
import { quickDisk } from '../support/disk.js';
import { START, VirtualClock } from '../support/household.js';
import { canMount, type SmallDisk, smallDisk } from '../support/smallDisk.js';

/** The database file and the place it lies in: what happens when something is wrong with them. */

const DAY = 86_400_000;

let dir: string;
let clock: VirtualClock;
let opened: Store[];
beforeEach(() => {
  dir = mkdtempSync(join(quickDisk(), 'fulfillarr-store-'));
  clock = new VirtualClock();
  opened = [];
});
afterEach(() => {
  for (const store of opened) store.close();
  rmSync(dir, { recursive: true, force: true });
});

const open = (dataDir = dir): Store => {
  const store = openStore(dataDir, clock);
  opened.push(store);
  return store;
};
const close = (store: Store) => {
  store.close();
  opened = opened.filter((one) => one !== store);
};
const failure = (work: () => unknown): StoreError => {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) return error;
    throw error;
  }
  throw new Error('it went through');
};
const raw = <T>(file: string, work: (db: Database.Database) => T): T => {
  const db = new Database(file);
  try {
    return work(db);
  } finally {
    db.close();
  }
};

describe('a damaged database', () => {
  const damage = () => writeFileSync(databaseFile(dir), 'this was a database once, and is none now '.repeat(200));

  test('is kept aside as it is, once, and the newest backup is offered', () => {
    const store = open();
    store.state.set('mine', 'kept');
    store.backUp(dir, 7);
    close(store);
    damage();
    const error = failure(() => open());
    // Jest gives each file an Error of its own, the driver keeps that of the first: from others it comes with its name.
    expect(error.message).toMatch(
      /the database \S+fulfillarr\.db is damaged \((?:SqliteError: )?file is not a database\); a copy/,
    );
    expect(error.hint).toMatch(
      /copy the newest backup, of [-\d]+ [:\d]+ UTC, over it \(cp \S+fulfillarr-2026-11-22\.db \S+fulfillarr\.db\)/,
    );
    failure(() => open());
    const aside = readdirSync(dir).filter((name) => name.startsWith('damaged-'));
    expect(aside).toHaveLength(1);
    expect(readFileSync(join(dir, aside[0] ?? '', 'fulfillarr.db')).equals(readFileSync(databaseFile(dir)))).toBe(true);

    // What the message says to do, works.
    const [, from = '', to = ''] = /\(cp (\S+) (\S+)\)/.exec(error.hint) ?? [];
    for (const end of ['-wal', '-shm']) rmSync(`${to}${end}`, { force: true });
    writeFileSync(to, readFileSync(from));
    expect(open().state.get('mine')).toBe('kept');
  });

  test('without a backup: how to start afresh', () => {
    close(open());
    damage();
    expect(failure(() => open()).hint).toMatch(/^Move \S+ away to start afresh, as there is no backup/);
  });
});

describe('another version', () => {
  test('a database of a newer one is left alone', () => {
    close(open());
    raw(databaseFile(dir), (db) =>
      db.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('of tomorrow', 9999999999999)"),
    );
    expect(failure(() => open()).message).toContain('written by a newer version');
  });

  /** All that is in a database, but for pages and free space. */
  const contents = (file: string) =>
    raw(file, (db) => {
      const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").pluck().all();
      return {
        schema: db.prepare('SELECT type, name, sql FROM sqlite_master ORDER BY type, name').all(),
        rows: names.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]),
      };
    });
  /** As if the last two migrations were yet to come. */
  const LAST_TWO = `
    DELETE FROM __drizzle_migrations
      WHERE created_at IN (SELECT created_at FROM __drizzle_migrations ORDER BY created_at DESC LIMIT 2);
    DROP TABLE library_folder;
    DROP TABLE library_link;
    DROP INDEX grab_ended;
    DROP INDEX grab_want_rejected;
    DROP INDEX rd_entry_removed;
    DROP INDEX release_fact_want;
    DROP INDEX request_fulfilled_alone;
  `;
  const refused = (change: string) => {
    const store = open();
    store.state.set('mine', 'kept');
    close(store);
    raw(databaseFile(dir), (db) => {
      db.pragma('foreign_keys = OFF');
      db.exec(change);
    });
    const before = contents(databaseFile(dir));
    const errors = [failure(() => open()), failure(() => open())];
    expect(contents(databaseFile(dir))).toEqual(before);
    const [backup] = listBackups(dir, clock.now());
    expect(backup?.file).toMatch(/fulfillarr-2026-11-22-before-0001_\w+\.db$/);
    expect(contents(backup?.file ?? '')).toEqual(before);
    for (const { message, hint } of errors) {
      expect(message).toContain('could not be brought up to date');
      expect(hint).toContain('Your data was left as it was');
    }
  };

  test('a migration that fails half way leaves everything as it was, and a backup from before it', () =>
    refused(`${LAST_TWO} CREATE INDEX rd_entry_removed ON rd_entry (info_hash)`));

  test('so does one behind which rows point nowhere, each time', () =>
    refused(`${LAST_TWO} INSERT INTO request_want (request_id, want_id) VALUES (77, 78)`));
});

describe('backups', () => {
  test('one a day, whole, and the newest are kept', () => {
    const store = open();
    for (let day = 0; day < 5; day += 1) {
      store.state.set('day', day);
      store.backUp(dir, 3);
      store.backUp(dir, 3);
      clock.pass(DAY);
    }
    const names = readdirSync(join(dir, 'backups')).sort();
    expect(names).toEqual(['fulfillarr-2026-11-24.db', 'fulfillarr-2026-11-25.db', 'fulfillarr-2026-11-26.db']);
    const newest = join(dir, 'backups', names[2] ?? '');
    expect(raw(newest, (db) => db.prepare("SELECT value FROM state WHERE key = 'day'").get())).toEqual({ value: '4' });
    expect(raw(newest, (db) => db.pragma('integrity_check'))).toEqual([{ integrity_check: 'ok' }]);
  });

  test('one of a clock that was ahead is the oldest: it pushes out none, and another is offered', () => {
    const store = open();
    clock.pass(3_650 * DAY);
    store.backUp(dir, 2);
    const ahead = clock.now() / 1_000;
    utimesSync(listBackups(dir, clock.now())[0]?.file ?? '', ahead, ahead);
    clock.pass(-3_650 * DAY);
    store.backUp(dir, 2);
    expect(restoreHint(databaseFile(dir), dir, { now: clock.now(), isKept: true })).toContain(
      'fulfillarr-2026-11-22.db ',
    );
    clock.pass(DAY);
    store.backUp(dir, 2);
    clock.pass(DAY);
    store.backUp(dir, 1);
    expect(readdirSync(join(dir, 'backups'))).toEqual(['fulfillarr-2026-11-24.db']);
  });
});

describe('what is over is forgotten', () => {
  const request = (id: number) => ({
    id,
    mediaId: id,
    type: 'movie' as const,
    tmdbId: id,
    tvdbId: null,
    imdbId: `tt${9_000_000 + id}`,
    tier: 'standard' as const,
    seasons: [],
    requestedBy: null,
    handledByArr: false,
    status: 'approved',
    firstSeenAt: START,
  });
  const grabFor = (store: Store, wantId: number, infoHash: string) => {
    const times = { addSentAt: START, progressAt: START, lookAt: START, expiresAt: START, createdAt: START };
    const base = { infoHash, release: 'A release', plan: 'p', rank: 0, ours: true, knownIds: [], ...times };
    return store.grabs.begin({ ...base, role: 'chosen', wantIds: [wantId] });
  };
  const asked = (store: Store, id: number): number => {
    store.requests.take(request(id));
    const identity = { type: 'movie' as const, tmdbId: id, tier: 'standard' as const };
    store.wants.state(id, [{ identity, imdbId: request(id).imdbId, dueAt: START }], START);
    return store.wants.ofRequest(id)[0]?.want.id ?? 0;
  };

  test('requests that ended long ago and that Seerr lists no more, with all that was only theirs', () => {
    const store = open();
    const [open1, listed, gone, recent, withdrawn] = [1, 2, 3, 4, 5].map((id) => asked(store, id));
    for (const [i, wantId] of [listed, gone, recent].entries()) {
      const grab = grabFor(store, wantId ?? 0, String(i).repeat(40));
      store.grabs.setEntry({ rdId: `R${i}`, infoHash: grab.infoHash, grabId: grab.id, ours: true, createdAt: START });
      store.grabs.move(grab.id, 'failed', START, { reason: 'dead' });
    }
    store.requests.update(2, { fulfilledAt: START });
    store.requests.update(3, { fulfilledAt: START });
    store.requests.update(4, { fulfilledAt: START + 80 * DAY });
    store.requests.update(5, { withdrawnAt: START });
    store.grabs.remember({ infoHash: 'a'.repeat(40), wantId: withdrawn ?? 0, code: 'rejected', until: null }, START);
    clock.pass(100 * DAY);
    store.prune(clock.now() - 90 * DAY, new Set([1, 2]));
    expect([1, 2, 3, 4, 5].filter((id) => store.requests.get(id) !== undefined)).toEqual([1, 2, 4]);
    expect([open1, listed, gone, recent].map((id) => store.wants.get(id ?? 0) !== undefined)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    // A copy that was called bad stays so, whoever asks for the title again.
    expect(store.wants.get(withdrawn ?? 0)).toBeDefined();
    expect(store.grabs.get(1)).toBeDefined();
    expect(store.grabs.get(2)).toBeUndefined();
    // Still in the account, and still ours.
    expect(store.grabs.entry('R1')).toMatchObject({ ours: true, grabId: null });
  });

  test('nothing of it while it is unknown what Seerr lists', () => {
    const store = open();
    asked(store, 1);
    store.requests.update(1, { fulfilledAt: START });
    clock.pass(100 * DAY);
    store.prune(clock.now() - 90 * DAY, null);
    expect(store.requests.get(1)).toBeDefined();
  });
});

test('a data directory that cannot be made is said at once', () => {
  expect(failure(() => open('/proc/nowhere/data')).message).toContain('the database cannot be reached');
  expect(failure(() => takeLock('/proc/nowhere/data', START)).hint).toContain('Check that data.dir exists');
});

test('a file where the folder should be', () => {
  const file = join(dir, 'file');
  writeFileSync(file, '');
  expect(failure(() => open(join(file, 'data'))).message).toContain('cannot be reached');
});

const mounting = canMount() ? describe : describe.skip;
mounting('a disk', () => {
  let disk: SmallDisk;
  afterEach(() => {
    for (const store of opened) store.close();
    opened = [];
    disk.remove();
  });

  test('that is read-only', () => {
    disk = smallDisk(4_000);
    close(open(disk.dir));
    disk.readOnly(true);
    const error = failure(() => takeLock(disk.dir, START));
    expect(`${error.message} ${error.hint}`).toMatch(/cannot be (?:written to|reached).*data\.dir/);
    disk.readOnly(false);
  });

  test('without room for a copy of a damaged database: that is said, and no part of a copy is taken for one', () => {
    disk = smallDisk(1_000);
    writeFileSync(databaseFile(disk.dir), 'this was a database once, and is none now '.repeat(15_000));
    for (const error of [failure(() => open(disk.dir)), failure(() => open(disk.dir))]) {
      expect(error.message).toMatch(/is damaged .*; a copy of it could not be put aside \(ENOSPC/);
      expect(error.hint).toMatch(/^Move \S+ away to start afresh/);
    }
    expect(readdirSync(disk.dir).filter((name) => name.startsWith('damaged'))).toEqual([]);
    mkdirSync(join(disk.dir, 'backups'));
    writeFileSync(join(disk.dir, 'backups', 'fulfillarr-2026-11-20.db'), '');
    expect(failure(() => open(disk.dir)).hint).toMatch(
      /^Stop fulfillarr, copy \S+ to another disk if you want to keep it/,
    );
  });

  test('that is full: at the start it is said; a backup that does not fit leaves nothing behind', () => {
    disk = smallDisk(4_000);
    const store = open(disk.dir);
    disk.fill();
    expect(() => store.backUp(disk.dir, 3)).toThrow(/full/);
    expect(readdirSync(join(disk.dir, 'backups'))).toEqual([]);
    disk.free();
    store.backUp(disk.dir, 3);
    expect(statSync(listBackups(disk.dir, clock.now())[0]?.file ?? '').size).toBeGreaterThan(0);
    const fresh = join(disk.dir, 'fresh');
    disk.fill();
    expect(failure(() => open(fresh)).message).toMatch(/the disk that holds the database is full|cannot be reached/);
    expect(existsSync(databaseFile(disk.dir))).toBe(true);
  });
});
