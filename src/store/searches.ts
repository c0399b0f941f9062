import { asc, or } from 'drizzle-orm';
import type { RecordedSearch } from '../domain/selection/recordedSearch.js';
import { among } from './among.js';
import type { Db } from './database.js';
import { searchInput } from './schema.js';

export type SearchRow = typeof searchInput.$inferSelect;

/** What the last search of each plan went by. */
export const searchStore = (db: Db) => ({
  /** Takes the place of the plan's search before. */
  record: (plan: string, requestId: number, at: number, input: RecordedSearch): void => {
    db.insert(searchInput)
      .values({ plan, requestId, at, input })
      .onConflictDoUpdate({ target: searchInput.plan, set: { requestId, at, input } })
      .run();
  },

  /** Those of these plans, and those done for these requests under whatever plan. */
  find: ({ plans, requestIds }: { plans: string[]; requestIds: number[] }): SearchRow[] => {
    return db
      .select()
      .from(searchInput)
      .where(or(among(searchInput.plan, plans), among(searchInput.requestId, requestIds)))
      .orderBy(asc(searchInput.plan))
      .all();
  },
});

export type SearchStore = ReturnType<typeof searchStore>;
