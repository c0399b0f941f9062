import { and, asc, desc, eq, exists, gt, isNotNull, isNull, lte, notExists, or, sql } from 'drizzle-orm';
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

/** What Seerr's list may change of a request. */
const listedColumns = {
  id: request.id,
  mediaId: request.mediaId,
  imdbId: request.imdbId,
  seasons: request.seasons,
  requestedBy: request.requestedBy,
  handledByArr: request.handledByArr,
  status: request.status,
  completedBySeerrAt: request.completedBySeerrAt,
};

/** A request as far as Seerr's list tells of it: of thousands, each tick reads no more than that. */
export type ListedRequest = Pick<RequestRow, keyof typeof listedColumns>;

/** Seerr's requests as we have taken them on. */
export const requestStore = (db: Db) => {
  const openQuery = db.select().from(request).where(openRequest).orderBy(asc(request.id)).prepare();
  const listedQuery = db.select(listedColumns).from(request).where(openRequest).orderBy(asc(request.id)).prepare();
  const countQuery = db.select({ n: sql<number>`count(*)` }).from(request).where(openRequest).prepare();
  const byId = db
    .select()
    .from(request)
    .where(eq(request.id, sql.placeholder('id')))
    .prepare();
  const now = sql.placeholder('now');
  const toExpand = db
    .select()
    .from(request)
    .where(and(openRequest, or(isNull(request.expandAt), lte(request.expandAt, now))))
    .orderBy(asc(request.expandAt), asc(request.id))
    .prepare();

  const aloneQuery = db
    .select({ id: request.id, closeNextAt: request.closeNextAt })
    .from(request)
    .where(and(isNotNull(request.fulfilledAt), isNull(request.completedBySeerrAt), isNull(request.withdrawnAt)))
    .prepare();

  const wants = db
    .select({ one: sql`1` })
    .from(requestWant)
    .where(and(eq(requestWant.requestId, request.id), isNull(requestWant.releasedAt)));
  const unseenWants = db
    .select({ one: sql`1` })
    .from(requestWant)
    .where(and(eq(requestWant.requestId, request.id), isNull(requestWant.releasedAt), isNull(requestWant.seenAt)));
  const toClose = db
    .select()
    .from(request)
    .where(
      and(
        openRequest,
        eq(request.expandedFully, true),
        or(isNull(request.closeNextAt), lte(request.closeNextAt, now)),
        notExists(unseenWants),
        exists(wants),
      ),
    )
    .orderBy(asc(request.id))
    .prepare();

  return {
    open: (): RequestRow[] => openQuery.all(),

    /** The open ones, abridged. */
    openListed: (): ListedRequest[] => listedQuery.all(),

    openCount: (): number => countQuery.get()?.n ?? 0,

    /** Open ones whose wants are to be worked out by now, those never looked at first. */
    toExpand: (at: number): RequestRow[] => toExpand.all({ now: at }),

    /** Open ones of which everything was seen, the wants not aired yet included, where the next step of closing is due. */
    toClose: (at: number): RequestRow[] => toClose.all({ now: at }),

    /** Open ones that need a person. */
    needingAttention: (): RequestRow[] =>
      db
        .select()
        .from(request)
        .where(and(openRequest, isNotNull(request.attentionCode)))
        .orderBy(asc(request.id))
        .all(),

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
    fulfilledAlone: (): Pick<RequestRow, 'id' | 'closeNextAt'>[] => aloneQuery.all(),

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
