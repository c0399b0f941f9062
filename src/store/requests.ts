import { and, asc, desc, eq, exists, gt, isNotNull, isNull, lte, notExists, or, type SQL, sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { prepared } from './prepared.js';
import { decision, grab, ledger, request, requestWant, searchInput } from './schema.js';

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

/** What Seerr's list may change of a request, and what it is for. */
const listedColumns = {
  id: request.id,
  mediaId: request.mediaId,
  type: request.type,
  tmdbId: request.tmdbId,
  tier: request.tier,
  imdbId: request.imdbId,
  seasons: request.seasons,
  requestedBy: request.requestedBy,
  handledByArr: request.handledByArr,
  status: request.status,
  completedBySeerrAt: request.completedBySeerrAt,
};

/** A request as far as Seerr's list tells of it: of thousands, each tick reads no more than that. */
export type ListedRequest = Pick<RequestRow, keyof typeof listedColumns>;

const statements = (db: Db) => {
  const now = sql.placeholder('now');
  const inOrder = [asc(request.id)];
  const wantsOf = (which: SQL | undefined) =>
    db
      .select({ one: sql`1` })
      .from(requestWant)
      .where(and(eq(requestWant.requestId, request.id), isNull(requestWant.releasedAt), which));
  const allSeen = and(notExists(wantsOf(isNull(requestWant.seenAt))), exists(wantsOf(undefined)));
  const isAlone = and(isNotNull(request.fulfilledAt), isNull(request.completedBySeerrAt), isNull(request.withdrawnAt));
  const whenDue = (at: typeof request.expandAt | typeof request.closeNextAt) => or(isNull(at), lte(at, now));
  return prepared({
    byId: () =>
      db
        .select()
        .from(request)
        .where(eq(request.id, sql.placeholder('id')))
        .prepare(),
    open: () =>
      db
        .select()
        .from(request)
        .where(openRequest)
        .orderBy(...inOrder)
        .prepare(),
    listed: () =>
      db
        .select(listedColumns)
        .from(request)
        .where(openRequest)
        .orderBy(...inOrder)
        .prepare(),
    count: () => db.select({ n: sql<number>`count(*)` }).from(request).where(openRequest).prepare(),
    toExpand: () =>
      db
        .select()
        .from(request)
        .where(and(openRequest, whenDue(request.expandAt)))
        .orderBy(asc(request.expandAt), ...inOrder)
        .prepare(),
    toClose: () =>
      db
        .select()
        .from(request)
        .where(and(openRequest, eq(request.expandedFully, true), whenDue(request.closeNextAt), allSeen))
        .orderBy(...inOrder)
        .prepare(),
    alone: () =>
      db
        .select({ ...listedColumns, closeNextAt: request.closeNextAt })
        .from(request)
        .where(isAlone)
        .prepare(),
  });
};

/** Seerr's requests as we have taken them on. */
export const requestStore = (db: Db) => {
  const run = statements(db);
  return {
    open: (): RequestRow[] => run.open.all(),

    /** The open ones, abridged. */
    openListed: (): ListedRequest[] => run.listed.all(),

    openCount: (): number => run.count.get()?.n ?? 0,

    /** Open ones whose wants are to be worked out by now, those never looked at first. */
    toExpand: (at: number): RequestRow[] => run.toExpand.all({ now: at }),

    /** Open ones of which everything was seen, the wants not aired yet included, where the next step of closing is due. */
    toClose: (at: number): RequestRow[] => run.toClose.all({ now: at }),

    /** Open ones that need a person. */
    needingAttention: (): RequestRow[] =>
      db
        .select()
        .from(request)
        .where(and(openRequest, isNotNull(request.attentionCode)))
        .orderBy(asc(request.id))
        .all(),

    get: (id: number): RequestRow | undefined => run.byId.get({ id }),

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
    fulfilledAlone: (): (ListedRequest & Pick<RequestRow, 'closeNextAt'>)[] => run.alone.all(),

    /** Takes a request on; one that was fulfilled or withdrawn before starts clean. */
    take: (row: NewRequest): void =>
      db.transaction((tx) => {
        tx.delete(requestWant).where(eq(requestWant.requestId, row.id)).run();
        tx.delete(request).where(eq(request.id, row.id)).run();
        tx.insert(request).values(row).run();
      }),

    /** Its id is to be another request's: nothing that was done or said for this one is that one's. */
    disown: (id: number): void =>
      db.transaction((tx) => {
        const nobody = { requestId: null };
        tx.update(grab).set(nobody).where(eq(grab.requestId, id)).run();
        tx.update(decision).set(nobody).where(eq(decision.requestId, id)).run();
        tx.update(ledger).set(nobody).where(eq(ledger.requestId, id)).run();
        tx.delete(searchInput).where(eq(searchInput.requestId, id)).run();
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
