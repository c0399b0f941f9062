import { and, asc, desc, eq, gte, inArray, isNull, lt, ne, or, sql } from 'drizzle-orm';
import { openStates, unendedStates } from '../domain/grab.js';
import { among, list } from './among.js';
import type { Db } from './database.js';
import { prepared } from './prepared.js';
import { grab, grabWant, rdEntry, releaseFact } from './schema.js';

export type GrabRow = typeof grab.$inferSelect;
export type EntryRow = typeof rdEntry.$inferSelect;
export type FactRow = typeof releaseFact.$inferSelect;

/**
 * The states are named although `ended_at` says the same: only so the few unended rows are found by their index, where
 * SQLite would else go through all grabs that there ever were.
 */
const isUnended = and(isNull(grab.endedAt), inArray(grab.state, unendedStates));
export const isServing = and(isNull(grab.endedAt), inArray(grab.state, openStates));

const statements = (db: Db) => {
  const id = sql.placeholder('id');
  const wantIds = sql.placeholder('wantIds');
  const isHeld = isNull(grabWant.releasedAt);
  const servingAny = db
    .select({ id: grabWant.grabId })
    .from(grabWant)
    .where(and(among(grabWant.wantId, wantIds), isHeld));
  const hasBrought = and(eq(grab.state, 'in-library'), ne(sql`coalesce(${grabWant.outcome}, '')`, 'rejected'));
  return prepared({
    byId: () => db.select().from(grab).where(eq(grab.id, id)).prepare(),
    unended: () => db.select().from(grab).where(isUnended).orderBy(asc(grab.id)).prepare(),
    serving: () =>
      db
        .select({ id: grab.id })
        .from(grab)
        .where(and(eq(grab.infoHash, sql.placeholder('infoHash')), isServing))
        .limit(1)
        .prepare(),
    held: () =>
      db
        .select({ id: grabWant.wantId })
        .from(grabWant)
        .where(and(eq(grabWant.grabId, id), isHeld))
        .prepare(),
    linked: () => db.select({ id: grabWant.wantId }).from(grabWant).where(eq(grabWant.grabId, id)).prepare(),
    openFor: () =>
      db
        .select()
        .from(grab)
        .where(and(isNull(grab.endedAt), inArray(grab.id, servingAny)))
        .orderBy(asc(grab.rank))
        .prepare(),
    latestFor: () =>
      db
        .select({ grab })
        .from(grabWant)
        .innerJoin(grab, eq(grab.id, grabWant.grabId))
        .where(and(eq(grabWant.wantId, id), or(isHeld, hasBrought)))
        .orderBy(sql`${grabWant.releasedAt} is not null`, desc(grab.id))
        .limit(1)
        .prepare(),
    entry: () =>
      db
        .select()
        .from(rdEntry)
        .where(eq(rdEntry.rdId, sql.placeholder('rdId')))
        .prepare(),
    removed: () =>
      db
        .select()
        .from(rdEntry)
        .where(
          and(
            eq(rdEntry.ours, true),
            gte(rdEntry.removedAt, sql.placeholder('from')),
            lt(rdEntry.removedAt, sql.placeholder('until')),
          ),
        )
        .prepare(),
    factsFor: () =>
      db
        .select()
        .from(releaseFact)
        .where(
          and(
            among(releaseFact.infoHash, sql.placeholder('hashes')),
            or(isNull(releaseFact.wantId), among(releaseFact.wantId, wantIds)),
            or(isNull(releaseFact.until), gte(releaseFact.until, sql.placeholder('now'))),
          ),
        )
        .prepare(),
  });
};

/** What every tick asks, of each grab and each want that is on its way many times over. */
export const grabReads = (db: Db) => {
  const run = statements(db);
  return {
    get: (id: number): GrabRow | undefined => run.byId.get({ id }),

    /** Everything that has not ended: the open ones and those being removed. */
    unended: (): GrabRow[] => run.unended.all(),

    /** Whether a grab of this hash is open: none is added beside it. */
    isOpen: (infoHash: string): boolean => run.serving.get({ infoHash }) !== undefined,

    /** Live links only: wants that this grab still serves. */
    wantIds: (grabId: number): number[] => run.held.all({ id: grabId }).map((row) => row.id),

    /** Every want that this grab ever served. */
    allWantIds: (grabId: number): number[] => run.linked.all({ id: grabId }).map((row) => row.id),

    /** Open grabs that serve any of these wants, best rank first. */
    openFor: (wantIds: number[]): GrabRow[] => run.openFor.all({ wantIds: list(wantIds) }),

    /** The grab that serves this want, else the newest one that brought it into the library. */
    latestFor: (wantId: number): GrabRow | undefined => run.latestFor.get({ id: wantId })?.grab,

    entry: (rdId: string): EntryRow | undefined => run.entry.get({ rdId }),

    /** Entries of ours that were removed in that time (epoch ms). */
    removedBetween: (from: number, until: number): EntryRow[] => run.removed.all({ from, until }),

    /** What is in force against (or for) these releases, for all wants or one of these. */
    factsFor: (hashes: string[], wantIds: number[], now: number): FactRow[] =>
      hashes.length === 0 ? [] : run.factsFor.all({ hashes: list(hashes), wantIds: list(wantIds), now }),
  };
};
