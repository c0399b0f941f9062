import { eq, sql } from 'drizzle-orm';
import type { Db } from './database.js';
import { prepared } from './prepared.js';
import { cacheEntry, state } from './schema.js';

/** Small facts about ourselves, as JSON by key. */
export const stateStore = (db: Db) => {
  const key = sql.placeholder('key');
  const run = prepared({
    read: () => db.select({ value: state.value }).from(state).where(eq(state.key, key)).prepare(),
    write: () =>
      db
        .insert(state)
        .values({ key, value: sql.placeholder('value') })
        .onConflictDoUpdate({ target: state.key, set: { value: sql`excluded.value` } })
        .prepare(),
    remove: () => db.delete(state).where(eq(state.key, key)).prepare(),
  });

  return {
    get: <T>(name: string): T | undefined => run.read.get({ key: name })?.value as T | undefined,
    set: (name: string, value: unknown): void => {
      run.write.run({ key: name, value });
    },
    delete: (name: string): void => {
      run.remove.run({ key: name });
    },
  };
};

export type StateStore = ReturnType<typeof stateStore>;

/** The cache's second layer: a restart within the time to live repeats no call. */
export const cacheTable = (db: Db, now: () => number) => {
  const key = sql.placeholder('key');
  const run = prepared({
    read: () => db.select().from(cacheEntry).where(eq(cacheEntry.key, key)).prepare(),
    write: () =>
      db
        .insert(cacheEntry)
        .values({ key, value: sql.placeholder('value'), expiresAt: sql.placeholder('expiresAt') })
        .onConflictDoUpdate({
          target: cacheEntry.key,
          set: { value: sql`excluded.value`, expiresAt: sql`excluded.expires_at` },
        })
        .prepare(),
  });

  return {
    get: (name: string): string | undefined => {
      const row = run.read.get({ key: name });
      return row !== undefined && row.expiresAt > now() ? row.value : undefined;
    },
    set: (name: string, value: string, expiresAt: number): void => {
      run.write.run({ key: name, value, expiresAt });
    },
    delete: (name: string): boolean => db.delete(cacheEntry).where(eq(cacheEntry.key, name)).run().changes > 0,
    clear: (): void => {
      db.delete(cacheEntry).run();
    },
  };
};

export type CacheTable = ReturnType<typeof cacheTable>;
