import { type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Db } from './database.js';
import {
  cacheEntry,
  decision,
  grab,
  grabWant,
  ledger,
  libraryLink,
  rdEntry,
  releaseFact,
  request,
  requestWant,
  searchInput,
  state,
  want,
} from './schema.js';

/** Times by our own clock. Dates of the world, as of a release, are none. */
export const ownTimes: [SQLiteTable, SQLiteColumn[]][] = [
  [
    request,
    [
      request.firstSeenAt,
      request.expandAt,
      request.fulfilledAt,
      request.withdrawnAt,
      request.completedBySeerrAt,
      request.closeNextAt,
      request.attentionAt,
    ],
  ],
  [want, [want.searchedAt, want.retriedAt, want.rejectedAt]],
  [requestWant, [requestWant.seenAt, requestWant.releasedAt]],
  [
    grab,
    [
      grab.addSentAt,
      grab.selectSentAt,
      grab.progressAt,
      grab.missingSince,
      grab.lookAt,
      grab.expiresAt,
      grab.readyAt,
      grab.scanAskedAt,
      grab.createdAt,
      grab.endedAt,
    ],
  ],
  [grabWant, [grabWant.releasedAt]],
  [libraryLink, [libraryLink.madeAt, libraryLink.reportedAt, libraryLink.missingSince, libraryLink.removedAt]],
  [rdEntry, [rdEntry.createdAt, rdEntry.removedAt]],
  [releaseFact, [releaseFact.at, releaseFact.until]],
  [decision, [decision.at]],
  [searchInput, [searchInput.at]],
  [ledger, [ledger.at]],
];

/**
 * The wall clock was set back by `ms`, and it is `now`: what is on record as later than that is moved back as well, so
 * that no wait becomes longer by it. What was cached is forgotten.
 */
export const rewindAll = (db: Db, ms: number, now: number): void => {
  const earlier = (column: SQLiteColumn, unless: SQL = sql`0`): SQL =>
    sql`${sql.identifier(column.name)} = case when ${column} > ${now} and not (${unless}) then ${column} - ${ms} else ${column} end`;
  db.transaction((tx) => {
    for (const [table, columns] of ownTimes) {
      tx.run(
        sql`update ${table} set ${sql.join(
          columns.map((column) => earlier(column)),
          sql`, `,
        )}`,
      );
    }
    // Not before its date, which is one of the world.
    const waitsForItsDate = sql`${want.nextActionAt} is ${want.dueAt}`;
    const isYetToCome = sql`${want.dueAt} > ${now}`;
    tx.run(
      sql`update ${want} set ${earlier(want.nextActionAt, waitsForItsDate)}, ${earlier(want.firstDueAt, isYetToCome)}`,
    );
    for (const { key, value } of tx.select().from(state).all()) {
      tx.run(sql`update ${state} set value = ${JSON.stringify(rewound(value, ms, now))} where ${state.key} = ${key}`);
    }
    tx.delete(cacheEntry).run();
  });
};

/** Whatever is kept there, a number as large as that is a time. */
const rewound = (value: unknown, ms: number, now: number): unknown => {
  if (Array.isArray(value)) {
    return value.map((one) => rewound(one, ms, now));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, rewound(one, ms, now)]));
  }
  return typeof value === 'number' && value > now ? value - ms : value;
};
