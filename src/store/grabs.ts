import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { GrabReason, GrabRole, GrabState } from '../domain/grab.js';
import { isEnded, isOpen, mayMove } from '../domain/grab.js';
import { among } from './among.js';
import type { Db } from './database.js';
import { type EntryRow, type GrabRow, grabReads, isServing } from './grabReads.js';
import { grab, grabWant, rdEntry, releaseFact, want } from './schema.js';

export type NewGrab = Omit<
  typeof grab.$inferInsert,
  'id' | 'state' | 'endedAt' | 'reason' | 'progress' | 'scans' | 'missingSince'
> & { wantIds: number[]; state?: GrabState };
export type GrabChange = Partial<Omit<GrabRow, 'id' | 'state' | 'role' | 'endedAt'>>;

/** A release is remembered with a reason, for one want or for all, until a time or for ever. */
export interface NewFact {
  infoHash: string;
  wantId: number | null;
  fileIds?: readonly number[] | null;
  code: string;
  /** null = for ever. */
  until: number | null;
}

/** Grabs, what they serve, the account entries behind them, and what is remembered about releases. */
export const grabStore = (db: Db) => {
  const reads = grabReads(db);

  const must = (id: number): GrabRow => {
    const row = reads.get(id);
    if (row === undefined) {
      throw new Error(`grab ${id} is not in the database`);
    }
    return row;
  };

  const releaseLinks = (grabId: number, outcome: string | null, now: number): void => {
    db.update(grabWant)
      .set({ releasedAt: now, ...(outcome === null ? {} : { outcome }) })
      .where(and(eq(grabWant.grabId, grabId), isNull(grabWant.releasedAt)))
      .run();
  };

  /** The only way to change a grab's state. Links are let go of in the same breath when it stops covering its wants. */
  const move = (id: number, to: GrabState, now: number, change: GrabChange = {}): GrabRow =>
    db.transaction((tx) => {
      const row = must(id);
      if (row.state !== to && !mayMove(row.state, to)) {
        throw new Error(`grab ${id} cannot go from ${row.state} to ${to}`);
      }
      tx.update(grab)
        .set({ ...change, state: to, endedAt: isEnded(to) ? now : null })
        .where(eq(grab.id, id))
        .run();
      if (!isOpen(to)) {
        releaseLinks(id, to === 'discarding' ? (change.reason ?? row.reason) : to, now);
      }
      return must(id);
    });

  return {
    ...reads,

    /** Writes down the intent before the first call. Throws SQLITE_CONSTRAINT_UNIQUE when a want is already served. */
    begin: ({ wantIds, ...values }: NewGrab): GrabRow =>
      db.transaction((tx) => {
        const { id } = tx
          .insert(grab)
          .values({ ...values, state: values.state ?? 'adding' })
          .returning({ id: grab.id })
          .get();
        for (const wantId of wantIds) {
          tx.insert(grabWant).values({ grabId: id, wantId, role: values.role }).run();
        }
        return must(id);
      }),

    /** An entry made only to be looked into: on record as one to be removed, whatever becomes of us. */
    beginRemoval: (entry: {
      infoHash: string;
      release: string;
      plan: string;
      rdId: string;
      now: number;
      reason?: GrabReason;
    }): GrabRow =>
      db.transaction((tx) => {
        const { now, ...values } = entry;
        const { id } = tx
          .insert(grab)
          .values({
            ...values,
            role: 'probe',
            rank: 0,
            state: 'discarding',
            reason: entry.reason ?? 'lost-to-better',
            ours: true,
            knownIds: [],
            progressAt: now,
            lookAt: now,
            expiresAt: now,
            createdAt: now,
          })
          .returning({ id: grab.id })
          .get();
        tx.insert(rdEntry)
          .values({ rdId: entry.rdId, infoHash: entry.infoHash, grabId: id, ours: true, createdAt: now })
          .onConflictDoUpdate({ target: rdEntry.rdId, set: { grabId: id } })
          .run();
        return must(id);
      }),

    /** What served from an older entry of the hash goes on with that of `by`, which has all its files. */
    takeOver: (rdId: string, by: Pick<GrabRow, 'rdId' | 'selectedIds'>): void => {
      db.update(grab)
        .set({ rdId: by.rdId, selectedIds: by.selectedIds })
        .where(and(eq(grab.rdId, rdId), isServing))
        .run();
    },

    update: (id: number, change: GrabChange): GrabRow => {
      db.update(grab).set(change).where(eq(grab.id, id)).run();
      return must(id);
    },

    move,

    /** Removes an intent that provably had no effect. */
    forget: (id: number): void => {
      db.delete(grab).where(eq(grab.id, id)).run();
    },

    /**
     * One probe becomes the grab that serves the wants; the others are to be removed. Of one whose add is unsure that
     * must be known first: it only serves nobody any more. One transaction.
     */
    promote: (id: number, losers: number[], now: number): GrabRow =>
      db.transaction((tx) => {
        for (const loser of losers) {
          const row = must(loser);
          if (row.state === 'adding') {
            releaseLinks(loser, 'lost-to-better', now);
          } else {
            const reason = row.cached === false ? 'not-cached' : 'lost-to-better';
            move(loser, 'discarding', now, { reason, lookAt: now });
          }
        }
        tx.update(grab).set({ role: 'chosen' }).where(eq(grab.id, id)).run();
        tx.update(grabWant).set({ role: 'chosen' }).where(eq(grabWant.grabId, id)).run();
        return must(id);
      }),

    /** The grab stops serving one want. */
    releaseWant: (grabId: number, wantId: number, outcome: string, now: number): void => {
      db.update(grabWant)
        .set({ releasedAt: now, outcome })
        .where(and(eq(grabWant.grabId, grabId), eq(grabWant.wantId, wantId), isNull(grabWant.releasedAt)))
        .run();
    },

    /** An existing grab takes on more wants. */
    serveToo: (grabId: number, wantIds: number[]): void =>
      db.transaction((tx) => {
        const { role } = must(grabId);
        for (const wantId of wantIds) {
          tx.insert(grabWant)
            .values({ grabId, wantId, role })
            .onConflictDoUpdate({
              target: [grabWant.grabId, grabWant.wantId],
              set: { releasedAt: null, outcome: null, role },
            })
            .run();
        }
      }),

    /** Grabs begun at or after `since`, for the tick's report. */
    begunSince: (since: number): GrabRow[] =>
      db.select().from(grab).where(gte(grab.createdAt, since)).orderBy(asc(grab.id)).all(),

    /** How often a grab for this want has vanished from the account, since a person last asked for another try. */
    timesGone: (wantId: number): number =>
      db
        .select({ n: sql<number>`count(*)` })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .innerJoin(want, eq(want.id, grabWant.wantId))
        .where(
          and(
            eq(grabWant.wantId, wantId),
            eq(grab.reason, 'gone'),
            gt(grab.createdAt, sql`coalesce(${want.retriedAt}, 0)`),
          ),
        )
        .get()?.n ?? 0,

    /** Moves the running deadlines of what was begun before then by `ms`: time in which Real-Debrid was not observed does not count. */
    shiftDeadlines: (ms: number, begunBefore: number): void => {
      db.update(grab)
        .set({
          progressAt: sql`${grab.progressAt} + ${ms}`,
          expiresAt: sql`${grab.expiresAt} + ${ms}`,
          createdAt: sql`${grab.createdAt} + ${ms}`,
          missingSince: sql`${grab.missingSince} + ${ms}`,
        })
        .where(
          and(
            isNull(grab.endedAt),
            lt(grab.createdAt, begunBefore),
            inArray(grab.state, ['adding', 'selecting', 'downloading']),
          ),
        )
        .run();
    },

    setEntry: (entry: Pick<EntryRow, 'rdId' | 'infoHash' | 'grabId' | 'ours' | 'createdAt'>): void => {
      db.insert(rdEntry)
        .values(entry)
        .onConflictDoUpdate({ target: rdEntry.rdId, set: { grabId: entry.grabId, removedAt: null } })
        .run();
    },

    /** Entries of this hash that we have added and not removed. */
    liveEntries: (infoHash: string): EntryRow[] =>
      db
        .select()
        .from(rdEntry)
        .where(and(eq(rdEntry.infoHash, infoHash), eq(rdEntry.ours, true), isNull(rdEntry.removedAt)))
        .all(),

    entrySelected: (rdId: string, selectedIds: number[]): void => {
      db.update(rdEntry).set({ selectedIds }).where(eq(rdEntry.rdId, rdId)).run();
    },

    /** How many grabs have gone by this entry, its removals included. */
    timesUsed: ({ rdId, infoHash }: Pick<EntryRow, 'rdId' | 'infoHash'>): number =>
      db
        .select({ n: sql<number>`count(*)` })
        .from(grab)
        .where(and(eq(grab.infoHash, infoHash), eq(grab.rdId, rdId)))
        .get()?.n ?? 0,

    /** Gone since `now`; null = it was, by what we were told, and is kept. */
    entryRemoved: (rdId: string, now: number | null): void => {
      db.update(rdEntry).set({ removedAt: now }).where(eq(rdEntry.rdId, rdId)).run();
    },

    remember: (fact: NewFact, now: number): void => {
      const fileIds = fact.fileIds == null ? null : [...fact.fileIds].sort((a, b) => a - b).join(',');
      db.insert(releaseFact)
        .values({ infoHash: fact.infoHash, wantId: fact.wantId, fileIds, code: fact.code, at: now, until: fact.until })
        .run();
    },

    /**
     * Forgets what is held against the releases that were tried for these wants. What speaks for a release stays, and
     * what was rejected for something else.
     */
    forgive: (wantIds: number[]): number => {
      const tried = db
        .select({ hash: grab.infoHash })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(among(grabWant.wantId, wantIds));
      return db
        .delete(releaseFact)
        .where(
          and(
            ne(releaseFact.code, 'instant'),
            or(
              among(releaseFact.wantId, wantIds),
              and(inArray(releaseFact.infoHash, tried), ne(releaseFact.code, 'rejected')),
            ),
          ),
        )
        .run().changes;
    },

    /** The grab that serves this want, or the one that brought it. */
    chosenFor: (wantId: number): GrabRow | undefined =>
      db
        .select({ grab })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(
          and(
            eq(grabWant.wantId, wantId),
            eq(grabWant.role, 'chosen'),
            inArray(grab.state, ['adding', 'selecting', 'downloading', 'ready', 'in-library']),
          ),
        )
        .orderBy(desc(grab.id))
        .get()?.grab,

    /** Whether a want is served by this torrent, or was brought by it and not rejected since, under whatever entry. */
    isOfUse: (infoHash: string): boolean =>
      db
        .select({ id: grabWant.wantId })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(
          and(
            eq(grab.infoHash, infoHash),
            or(isNull(grabWant.releasedAt), inArray(grabWant.outcome, ['in-library', 'seen'])),
          ),
        )
        .limit(1)
        .all().length > 0,

    /** Those whose copy of this want a person has called bad. */
    rejectedFor: (wantId: number): GrabRow[] =>
      db
        .select({ grab })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(and(eq(grabWant.wantId, wantId), eq(grabWant.outcome, 'rejected')))
        .all()
        .map((row) => row.grab),

    /** When its entry was removed from the account; infinite = it was not. Of one long removed nothing is known any more. */
    removedAt: ({ rdId }: Pick<GrabRow, 'rdId'>): number => {
      const entry = rdId === null ? undefined : reads.entry(rdId);
      return entry === undefined ? 0 : (entry.removedAt ?? Number.POSITIVE_INFINITY);
    },

    /** Marks that a person called this grab's copy of a want bad. */
    rejectWant: (grabId: number, wantId: number, now: number): void => {
      db.update(grabWant)
        .set({ outcome: 'rejected', releasedAt: now })
        .where(and(eq(grabWant.grabId, grabId), eq(grabWant.wantId, wantId)))
        .run();
    },
  };
};

export type GrabStore = ReturnType<typeof grabStore>;
export type { GrabRow } from './grabReads.js';
export type { GrabReason, GrabRole, GrabState };
