import { and, asc, desc, eq, gt, isNotNull, isNull, lte, or, sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { request, requestWant } from './schema.js';

export type RequestRow = typeof request.$inferSelect;
export type NewRequest = Pick<
  RequestRow,
  | 'id'
  | 'mediaId'
  | 'type'
  | 'tmdbId'
  | 'tvdbId'
  | 'imdbId'
  | 'tier'
  | 'seasons'
  | 'requestedBy'
  | 'handledByArr'
  | 'status'
  | 'firstSeenAt'
>;

export interface Attention {
  code: string;
  message: string;
  hint: string;
}

const openRequest = and(isNull(request.fulfilledAt), isNull(request.withdrawnAt));

/** Seerr's requests as we have taken them on. */
export const requestStore = (db: Db) => {
  const openQuery = db.select().from(request).where(openRequest).orderBy(asc(request.id)).prepare();
  const byId = db
    .select()
    .from(request)
    .where(eq(request.id, sql.placeholder('id')))
    .prepare();

  return {
    open: (): RequestRow[] => openQuery.all(),

    get: (id: number): RequestRow | undefined => byId.get({ id }),

    /** All that were ever taken on for a title, newest first. */
    ofTitle: (imdbId: string): RequestRow[] =>
      db.select().from(request).where(eq(request.imdbId, imdbId)).orderBy(desc(request.id)).all(),

    /** Open ones, and those fulfilled after `since`. */
    listed: (since: number): RequestRow[] =>
      db
        .select()
        .from(request)
        .where(or(openRequest, gt(request.fulfilledAt, since)))
        .orderBy(asc(request.id))
        .all(),

    /** Those that became fulfilled after `since`, up to `until` (epoch ms). */
    fulfilledBetween: (since: number, until: number): RequestRow[] =>
      db
        .select()
        .from(request)
        .where(and(gt(request.fulfilledAt, since), lte(request.fulfilledAt, until)))
        .orderBy(asc(request.fulfilledAt))
        .all(),

    /** Fulfilled as far as we can tell, without that Seerr had closed them. */
    fulfilledAlone: (): RequestRow[] =>
      db
        .select()
        .from(request)
        .where(and(isNotNull(request.fulfilledAt), isNull(request.completedBySeerrAt), isNull(request.withdrawnAt)))
        .all(),

    /** Takes a request on; one that was fulfilled or withdrawn before starts clean. */
    take: (row: NewRequest): void =>
      db.transaction((tx) => {
        tx.delete(requestWant).where(eq(requestWant.requestId, row.id)).run();
        tx.delete(request).where(eq(request.id, row.id)).run();
        tx.insert(request).values(row).run();
      }),

    update: (id: number, change: Partial<Omit<RequestRow, 'id'>>): void => {
      db.update(request).set(change).where(eq(request.id, id)).run();
    },

    setAttention: (id: number, attention: Attention | null, now: number): void => {
      db.update(request)
        .set({
          attentionCode: attention?.code ?? null,
          attentionMessage: attention?.message ?? null,
          attentionHint: attention?.hint ?? null,
          attentionAt: attention === null ? null : now,
        })
        .where(eq(request.id, id))
        .run();
    },
  };
};

export type RequestStore = ReturnType<typeof requestStore>;
