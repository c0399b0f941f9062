import { eq } from 'drizzle-orm';
import type { Db } from './database.js';
import { cacheEntry, state } from './schema.js';

/** Small facts about ourselves, as JSON by key. */
export const stateStore = (db: Db) => ({
  get: <T>(key: string): T | undefined => {
    const row = db.select({ value: state.value }).from(state).where(eq(state.key, key)).get();
    return row?.value as T | undefined;
  },
  set: (key: string, value: unknown): void => {
    db.insert(state).values({ key, value }).onConflictDoUpdate({ target: state.key, set: { value } }).run();
  },
  delete: (key: string): void => {
    db.delete(state).where(eq(state.key, key)).run();
  },
});

export type StateStore = ReturnType<typeof stateStore>;

/** The cache's second layer: a restart within the time to live repeats no call. */
export const cacheTable = (db: Db, now: () => number) => ({
  get: (key: string): string | undefined => {
    const row = db.select().from(cacheEntry).where(eq(cacheEntry.key, key)).get();
    return row !== undefined && row.expiresAt > now() ? row.value : undefined;
  },
  set: (key: string, value: string, expiresAt: number): void => {
    db.insert(cacheEntry)
      .values({ key, value, expiresAt })
      .onConflictDoUpdate({ target: cacheEntry.key, set: { value, expiresAt } })
      .run();
  },
  delete: (key: string): boolean => db.delete(cacheEntry).where(eq(cacheEntry.key, key)).run().changes > 0,
  clear: (): void => {
    db.delete(cacheEntry).run();
  },
});

export type CacheTable = ReturnType<typeof cacheTable>;
