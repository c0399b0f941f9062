import type { Clock } from '../clock.js';
import { wantKey } from '../domain/want.js';
import { backUp, isBackedUp } from './backups.js';
import { copyInMemory, openDatabase } from './database.js';
import { grabStore } from './grabs.js';
import { journalStore } from './journal.js';
import { linkStore } from './links.js';
import { prune } from './prune.js';
import { requestStore } from './requests.js';
import { rewindAll } from './rewind.js';
import { searchStore } from './searches.js';
import { cacheTable, stateStore } from './state.js';
import { viewStore } from './views.js';
import { type WantRow, wantStore } from './wants.js';

const build = ({ sqlite, db }: ReturnType<typeof openDatabase>, clock: Clock) => ({
  requests: requestStore(db),
  wants: wantStore(db),
  grabs: grabStore(db),
  links: linkStore(db),
  journal: journalStore(db),
  searches: searchStore(db),
  views: viewStore(db),
  state: stateStore(db),
  cache: cacheTable(db, clock.now),
  /** The want's public key. */
  keyOf: (want: WantRow): string => wantKey(want),
  /** All or nothing; `work` must be synchronous. */
  transaction: <T>(work: () => T): T => db.transaction(work),
  /** Forgets what ended before `before` (epoch ms); of requests only those that Seerr lists no more. */
  prune: (before: number, approved: ReadonlySet<number> | null): void =>
    prune(db, { now: clock.now(), before, approved }),
  /** Makes today's backup unless it is there, and keeps the newest `keep`. Throws what SQLite throws. */
  backUp: (dataDir: string, keep: number): void => {
    const now = clock.now();
    if (!isBackedUp(dataDir, now)) {
      backUp(sqlite, dataDir, { now, keep });
    }
  },
  /** What SQLite finds wrong with the file; empty = nothing. Reads all of it. */
  faults: (): string[] => {
    const found = sqlite.prepare('PRAGMA quick_check(5)').all() as { quick_check: string }[];
    return found.map(({ quick_check: text }) => text).filter((text) => text !== 'ok');
  },
  /** The wall clock was set back by `ms`: what is on record as later than now is moved back with it. */
  rewind: (ms: number): void => rewindAll(db, ms, clock.now()),
  close: (): void => {
    sqlite.close();
  },
});

export type Store = ReturnType<typeof build>;

/** Opens the data directory's database, migrated. Throws `StoreError`. */
export const openStore = (dataDir: string, clock: Clock): Store => build(openDatabase(dataDir, clock.now()), clock);

/** A throw-away copy in memory of the data directory's database. */
export const openCopy = (dataDir: string, clock: Clock): Store => build(copyInMemory(dataDir), clock);

export type { GrabRow, GrabStore } from './grabs.js';
export type { CallCounts, JournalStore } from './journal.js';
export type { LinkRow, LinkStore } from './links.js';
export type { Attention, ListedRequest, RequestRow, RequestStore } from './requests.js';
export type { SearchRow } from './searches.js';
export type { HourOfCalls, JournaledSearch } from './views.js';
export type { RequestedWant, StatedWant, WantRow, WantStore } from './wants.js';
