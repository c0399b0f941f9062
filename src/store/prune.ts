import { and, eq, isNotNull, isNull, lt, not, notExists, or, sql } from 'drizzle-orm';
import { among } from './among.js';
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
  want,
} from './schema.js';

export interface PruneOptions {
  now: number;
  /** What ended before this is forgotten (epoch ms). */
  before: number;
  /** Requests that Seerr still calls approved: what was done for them must stay known. null = unknown, so all of them. */
  approved: ReadonlySet<number> | null;
}

/** Forgets what is over: the file grows with what a household is about, not with the years. One transaction. */
export const prune = (db: Db, { now, before, approved }: PruneOptions): void =>
  db.transaction((tx) => {
    const one = { one: sql`1` };
    const asked = db.select(one).from(requestWant).where(eq(requestWant.wantId, want.id));
    const served = db
      .select(one)
      .from(grabWant)
      .innerJoin(grab, eq(grab.id, grabWant.grabId))
      .where(and(eq(grabWant.wantId, want.id), isNull(grab.endedAt)));
    /** A copy that a person rejected stays rejected, whoever asks for the title again. */
    const heldForEver = db
      .select(one)
      .from(releaseFact)
      .where(and(eq(releaseFact.wantId, want.id), isNull(releaseFact.until)));
    /** A link that we have made is ours to repair and to remove, for as long as it is there. */
    const linked = db.select(one).from(libraryLink).where(eq(libraryLink.grabId, grab.id));
    const inLinks = sql`(select linked.value from ${libraryLink}, json_each(${libraryLink.wantIds}) as linked)`;
    const serving = db.select(one).from(grabWant).where(eq(grabWant.grabId, grab.id));
    tx.delete(decision).where(lt(decision.at, before)).run();
    tx.delete(ledger).where(lt(ledger.at, before)).run();
    tx.delete(searchInput).where(lt(searchInput.at, before)).run();
    tx.delete(cacheEntry).where(lt(cacheEntry.expiresAt, now)).run();
    tx.delete(releaseFact).where(lt(releaseFact.until, now)).run();
    if (approved === null) {
      return;
    }
    const over = or(lt(request.fulfilledAt, before), lt(request.withdrawnAt, before));
    tx.delete(request)
      .where(and(over, not(among(request.id, [...approved]))))
      .run();
    tx.delete(want)
      .where(and(notExists(asked), notExists(served), notExists(heldForEver), sql`${want.id} not in ${inLinks}`))
      .run();
    tx.delete(grab)
      .where(and(isNotNull(grab.endedAt), lt(grab.endedAt, before), notExists(serving), notExists(linked)))
      .run();
    tx.delete(rdEntry).where(lt(rdEntry.removedAt, before)).run();
  });
