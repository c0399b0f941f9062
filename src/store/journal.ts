import { and, desc, eq, gte, type SQL, sql } from 'drizzle-orm';
import type { ServiceName } from '../domain/errors.js';
import type { Db } from './database.js';
import { prepared } from './prepared.js';
import { decision, ledger } from './schema.js';

export type DecisionRow = typeof decision.$inferSelect;
export type CallRow = typeof ledger.$inferSelect;
export type NewDecision = Omit<typeof decision.$inferInsert, 'id'>;
export type NewCall = Omit<typeof ledger.$inferInsert, 'id'>;

export type CallCounts = Record<ServiceName, number>;

/** Calls that count against a budget. */
export interface Charge {
  torrentio: number;
  realDebrid: number;
}

const none = (): CallCounts => ({ seerr: 0, torrentio: 0, realDebrid: 0, jellyfin: 0 });

/** What was decided and why, and what every outside call cost. Both bounded, both for people. */
export const journalStore = (db: Db) => {
  const run = prepared({
    call: () =>
      db
        .insert(ledger)
        .values({
          at: sql.placeholder('at'),
          service: sql.placeholder('service'),
          operation: sql.placeholder('operation'),
          requestId: sql.placeholder('requestId'),
          plan: sql.placeholder('plan'),
          grabId: sql.placeholder('grabId'),
          attempt: sql.placeholder('attempt'),
          status: sql.placeholder('status'),
          durationMs: sql.placeholder('durationMs'),
          failure: sql.placeholder('failure'),
          counted: sql.placeholder('counted'),
        })
        .prepare(),
    note: () =>
      db
        .insert(decision)
        .values({
          at: sql.placeholder('at'),
          requestId: sql.placeholder('requestId'),
          want: sql.placeholder('want'),
          kind: sql.placeholder('kind'),
          code: sql.placeholder('code'),
          text: sql.placeholder('text'),
          // As it is: drizzle would write a null as the JSON text.
          data: sql`${sql.placeholder('data')}`,
        })
        .prepare(),
  });

  const charge = (whose: SQL): Charge => {
    const rows = db
      .select({ service: ledger.service, n: sql<number>`count(*)` })
      .from(ledger)
      .where(and(whose, eq(ledger.counted, true)))
      .groupBy(ledger.service)
      .all();
    const of = (service: ServiceName) => rows.find((row) => row.service === service)?.n ?? 0;
    return { torrentio: of('torrentio'), realDebrid: of('realDebrid') };
  };

  return {
    note: (row: NewDecision): void => {
      run.note.run({
        requestId: null,
        want: null,
        ...row,
        data: row.data == null ? null : JSON.stringify(row.data),
      });
    },

    call: (row: NewCall): void => {
      run.call.run({
        requestId: null,
        plan: null,
        grabId: null,
        status: null,
        failure: null,
        ...row,
        counted: row.counted ? 1 : 0,
      });
    },

    ofRequest: (requestId: number, limit: number): DecisionRow[] =>
      db.select().from(decision).where(eq(decision.requestId, requestId)).orderBy(desc(decision.id)).limit(limit).all(),

    /** The calls made for one request, newest first. */
    callsFor: (requestId: number, limit: number): CallRow[] =>
      db.select().from(ledger).where(eq(ledger.requestId, requestId)).orderBy(desc(ledger.id)).limit(limit).all(),

    /** All attempts since then, per service. */
    callsSince: (since: number): CallCounts => {
      const counts = none();
      const rows = db
        .select({ service: ledger.service, n: sql<number>`count(*)` })
        .from(ledger)
        .where(gte(ledger.at, since))
        .groupBy(ledger.service)
        .all();
      for (const row of rows) {
        counts[row.service as ServiceName] = row.n;
      }
      return counts;
    },

    /** When the last call to a service since then ended, as far as it is on record (epoch ms). */
    lastCallEndedAt: (service: ServiceName, since: number): number | null => {
      const last = db
        .select({ at: ledger.at, durationMs: ledger.durationMs })
        .from(ledger)
        .where(and(gte(ledger.at, since), eq(ledger.service, service)))
        .orderBy(desc(ledger.at))
        .limit(1)
        .get();
      return last === undefined ? null : last.at + last.durationMs;
    },

    /** What one request was charged: the counted calls only. */
    chargedTo: (requestId: number): Charge => charge(eq(ledger.requestId, requestId)),

    /** What one plan (or check) was charged. */
    chargedToPlan: (plan: string): Charge => charge(eq(ledger.plan, plan)),
  };
};

export type JournalStore = ReturnType<typeof journalStore>;
