import { and, asc, eq, exists, isNotNull, isNull, lte, not, sql } from 'drizzle-orm';
import type { WantIdentity } from '../domain/want.js';
import { among } from './among.js';
import type { Db } from './database.js';
import { prepared } from './prepared.js';
import { grab, grabWant, request, requestWant, want } from './schema.js';

export type WantRow = typeof want.$inferSelect;

/** A want as a request's details state it. */
export interface StatedWant {
  identity: WantIdentity;
  imdbId: string | null;
  /** null = not released or aired, and no date known. */
  dueAt: number | null;
}

export interface RequestedWant {
  want: WantRow;
  requestId: number;
  seenAt: number | null;
}

const NO_NUMBER = -1;

const columnsOf = (identity: WantIdentity) => ({
  type: identity.type,
  tmdbId: identity.tmdbId,
  tier: identity.tier,
  season: identity.type === 'movie' ? NO_NUMBER : identity.season,
  episode: identity.type === 'movie' ? NO_NUMBER : identity.episode,
});

/** Nobody has waited for it before it was asked for. */
const dueFrom = (dueAt: number | null, now: number): number | null => (dueAt === null ? null : Math.max(dueAt, now));

const liveLink = and(isNull(requestWant.seenAt), isNull(requestWant.releasedAt));

const statements = (db: Db) => {
  const wantId = sql.placeholder('wantId');
  const chosenOpen = db
    .select({ one: sql`1` })
    .from(grabWant)
    .innerJoin(grab, eq(grab.id, grabWant.grabId))
    .where(and(eq(grabWant.wantId, want.id), eq(grabWant.role, 'chosen'), isNull(grabWant.releasedAt)));
  return prepared({
    upsert: () =>
      db
        .insert(want)
        .values({
          type: sql.placeholder('type'),
          tmdbId: sql.placeholder('tmdbId'),
          season: sql.placeholder('season'),
          episode: sql.placeholder('episode'),
          tier: sql.placeholder('tier'),
          imdbId: sql.placeholder('imdbId'),
          dueAt: sql.placeholder('dueAt'),
          nextActionAt: sql.placeholder('dueAt'),
          firstDueAt: sql.placeholder('firstDueAt'),
        })
        .onConflictDoUpdate({
          target: [want.type, want.tmdbId, want.season, want.episode, want.tier],
          set: {
            imdbId: sql`excluded.imdb_id`,
            dueAt: sql`excluded.due_at`,
            // A back-off in force is kept; a date that moves into or within the future moves the next action.
            nextActionAt: sql`case when excluded.due_at is null then null
              when ${want.nextActionAt} is null then excluded.due_at
              when ${want.imdbId} is null and excluded.imdb_id is not null then excluded.due_at
              when ${want.dueAt} is not excluded.due_at and max(${want.dueAt}, excluded.due_at) > ${sql.placeholder('now')} then excluded.due_at
              else ${want.nextActionAt} end`,
            firstDueAt: sql`coalesce(${want.firstDueAt}, excluded.first_due_at)`,
          },
        })
        .returning({ id: want.id })
        .prepare(),
    link: () =>
      db
        .insert(requestWant)
        .values({ requestId: sql.placeholder('requestId'), wantId: sql.placeholder('wantId') })
        .onConflictDoUpdate({ target: [requestWant.requestId, requestWant.wantId], set: { releasedAt: null } })
        .prepare(),
    due: () =>
      db
        .select({ want, requestId: requestWant.requestId, seenAt: requestWant.seenAt })
        .from(want)
        .innerJoin(requestWant, and(eq(requestWant.wantId, want.id), liveLink))
        .innerJoin(request, eq(request.id, requestWant.requestId))
        .where(
          and(
            lte(want.nextActionAt, sql.placeholder('now')),
            isNull(request.fulfilledAt),
            isNull(request.withdrawnAt),
            sql`not exists ${chosenOpen}`,
          ),
        )
        .orderBy(asc(want.searchedAt), asc(requestWant.requestId), asc(want.season), asc(want.episode))
        .prepare(),
    ofRequest: () =>
      db
        .select({ want, requestId: requestWant.requestId, seenAt: requestWant.seenAt })
        .from(requestWant)
        .innerJoin(want, eq(want.id, requestWant.wantId))
        .where(and(eq(requestWant.requestId, sql.placeholder('requestId')), isNull(requestWant.releasedAt)))
        .orderBy(asc(want.season), asc(want.episode))
        .prepare(),
    byId: () => db.select().from(want).where(eq(want.id, wantId)).prepare(),
    seen: () =>
      db
        .select({ requestId: requestWant.requestId })
        .from(requestWant)
        .where(and(eq(requestWant.wantId, wantId), isNotNull(requestWant.seenAt), isNull(requestWant.releasedAt)))
        .limit(1)
        .prepare(),
    asking: () =>
      db
        .select({ id: requestWant.requestId })
        .from(requestWant)
        .innerJoin(request, eq(request.id, requestWant.requestId))
        .where(and(eq(requestWant.wantId, wantId), liveLink, isNull(request.fulfilledAt), isNull(request.withdrawnAt)))
        .prepare(),
  });
};

/** The wants, and which request asks for which. */
export const wantStore = (db: Db) => {
  const run = statements(db);

  const upsert = ({ identity, imdbId, dueAt }: StatedWant, now: number): number =>
    run.upsert.get({ ...columnsOf(identity), imdbId, dueAt, firstDueAt: dueFrom(dueAt, now), now }).id;

  /** Nothing left to do for wants that no open request asks for any more. */
  const settle = (wantIds: number[]): void => {
    if (wantIds.length === 0) {
      return;
    }
    const stillAsked = db
      .select({ one: sql`1` })
      .from(requestWant)
      .where(and(eq(requestWant.wantId, want.id), liveLink));
    db.update(want)
      .set({ nextActionAt: null, backoffStep: 0, firstDueAt: null, waitCode: null })
      .where(and(among(want.id, wantIds), sql`not exists ${stillAsked}`))
      .run();
  };

  return {
    /** Makes the request's wants exactly these; returns ids of wants that it no longer asks for. */
    state: (requestId: number, stated: StatedWant[], now: number): number[] =>
      db.transaction((tx) => {
        const ids = stated.map((one) => upsert(one, now));
        for (const wantId of ids) {
          run.link.run({ requestId, wantId });
        }
        const dropped = tx
          .update(requestWant)
          .set({ releasedAt: now })
          .where(
            and(
              eq(requestWant.requestId, requestId),
              isNull(requestWant.releasedAt),
              not(among(requestWant.wantId, ids)),
            ),
          )
          .returning({ id: requestWant.wantId })
          .all()
          .map((row) => row.id);
        settle([...ids, ...dropped]);
        return dropped;
      }),

    /** Due, asked for by an open request, not in flight. Never searched first. */
    due: (now: number): RequestedWant[] => run.due.all({ now }),

    ofRequest: (requestId: number): RequestedWant[] => run.ofRequest.all({ requestId }),

    get: (id: number): WantRow | undefined => run.byId.get({ wantId: id }),

    /** Whether some request has seen it in the library. */
    isSeen: (id: number): boolean => run.seen.get({ wantId: id }) !== undefined,

    /** The requests that still wait for this want. */
    askedBy: (id: number): number[] => run.asking.all({ wantId: id }).map((row) => row.id),

    /** Latches "seen in Jellyfin" for every request that waits for it. */
    markSeen: (wantId: number, now: number): void =>
      db.transaction((tx) => {
        tx.update(requestWant)
          .set({ seenAt: now })
          .where(and(eq(requestWant.wantId, wantId), liveLink))
          .run();
        tx.update(want).set({ rejectedAt: null }).where(eq(want.id, wantId)).run();
        settle([wantId]);
      }),

    /** The request lets go of all its wants; returns their ids. */
    releaseAll: (requestId: number, now: number): number[] =>
      db.transaction((tx) => {
        const released = tx
          .update(requestWant)
          .set({ releasedAt: now })
          .where(and(eq(requestWant.requestId, requestId), isNull(requestWant.releasedAt)))
          .returning({ id: requestWant.wantId })
          .all()
          .map((row) => row.id);
        settle(released);
        return released;
      }),

    /** The request asks for these seasons only, whatever else is known of them. What it lets go starts clean when asked for again. */
    keepSeasons: (requestId: number, seasons: readonly number[], now: number): void =>
      db.transaction((tx) => {
        const others = tx
          .select({ id: want.id })
          .from(want)
          .where(and(eq(want.id, requestWant.wantId), not(among(want.season, seasons))));
        const released = tx
          .update(requestWant)
          .set({ releasedAt: now, seenAt: null })
          .where(and(eq(requestWant.requestId, requestId), isNull(requestWant.releasedAt), exists(others)))
          .returning({ id: requestWant.wantId })
          .all()
          .map((row) => row.id);
        settle(released);
      }),

    /** The request starts clean: what it has seen counts no more. */
    forgetSeen: (requestId: number): void => {
      db.update(requestWant).set({ seenAt: null }).where(eq(requestWant.requestId, requestId)).run();
    },

    /** A person asks for another try: due now, from the first step of the back-off. */
    retry: (wantIds: number[], now: number): void => {
      db.update(want)
        .set({ nextActionAt: now, backoffStep: 0, waitCode: null, retriedAt: now })
        .where(
          and(
            among(want.id, wantIds),
            exists(
              db
                .select({ one: sql`1` })
                .from(requestWant)
                .where(and(eq(requestWant.wantId, want.id), liveLink)),
            ),
          ),
        )
        .run();
    },

    /** The copy that was seen is no good: unseen again for whoever asked for it, and due now. */
    reject: (wantId: number, now: number): void =>
      db.transaction((tx) => {
        tx.update(requestWant)
          .set({ seenAt: null })
          .where(and(eq(requestWant.wantId, wantId), isNull(requestWant.releasedAt)))
          .run();
        tx.update(want)
          .set({ nextActionAt: now, backoffStep: 0, firstDueAt: now, waitCode: null, rejectedAt: now })
          .where(eq(want.id, wantId))
          .run();
      }),

    /** Puts wants off until then. `searched` when a search reached a decision about them. */
    postpone: (
      wantIds: number[],
      change: {
        nextActionAt: number;
        waitCode: string | null;
        backoffStep?: number;
        searchedAt?: number;
        offers?: number;
      },
    ): void => {
      db.update(want).set(change).where(among(want.id, wantIds)).run();
    },

    /** It was asked for, whatever came of it: of what is due, others go first. */
    searched: (wantIds: number[], now: number): void => {
      db.update(want).set({ searchedAt: now }).where(among(want.id, wantIds)).run();
    },

    /** A search for it alone had releases on offer. */
    offered: (wantId: number, offers: number): void => {
      db.update(want).set({ offers }).where(eq(want.id, wantId)).run();
    },

    /** Makes wants due at once (a grab ended without bringing them). */
    reopen: (wantIds: number[], now: number): void => {
      if (wantIds.length > 0) {
        db.update(want).set({ nextActionAt: now, waitCode: null }).where(among(want.id, wantIds)).run();
      }
    },
  };
};

export type WantStore = ReturnType<typeof wantStore>;
