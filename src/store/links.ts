import { and, asc, eq, getTableColumns, isNotNull, isNull, sql } from 'drizzle-orm';
import { among } from './among.js';
import type { Db } from './database.js';
import { grab, grabWant, libraryFolder, libraryLink } from './schema.js';

export type LinkRow = typeof libraryLink.$inferSelect;
export type LinkPlace = Pick<LinkRow, 'root' | 'path'>;
export type NewLink = Pick<LinkRow, 'root' | 'path' | 'grabId' | 'tmdbId' | 'wantIds' | 'source'>;

/** Earlier targets that a link may still have: more than one takes a death in the middle of a change. */
const MOST_TARGETS = 8;

const bringing = sql`select ${grabWant.outcome} as outcome from ${grabWant} where ${grabWant.grabId} = ${libraryLink.grabId}
  and ${grabWant.wantId} in (select value from json_each(${libraryLink.wantIds}))`;

/** Few: which wants a link's file brings is looked into for these only. */
const rejectedGrabs = sql`select ${grabWant.grabId} from ${grabWant} where ${grabWant.outcome} = 'rejected'`;

/** Its torrent was removed, or all that its file brings was called bad. */
const isToGo = sql`not (${grab.state} in ('ready', 'in-library') or (${grab.state} = 'withdrawn' and ${grab.reason} = 'not-wanted'))
  or ${libraryLink.grabId} in (${rejectedGrabs})
    and exists (select 1 from (${bringing}) where outcome = 'rejected')
    and not exists (select 1 from (${bringing}) where outcome is not 'rejected')`;

/** The links and folders that we have made, and what is to become of them. */
export const linkStore = (db: Db) => ({
  all: (): LinkRow[] => db.select().from(libraryLink).orderBy(asc(libraryLink.id)).all(),

  ofGrab: (grabId: number): LinkRow[] => db.select().from(libraryLink).where(eq(libraryLink.grabId, grabId)).all(),

  at: ({ root, path }: LinkPlace): LinkRow | undefined =>
    db
      .select()
      .from(libraryLink)
      .where(and(eq(libraryLink.root, root), eq(libraryLink.path, path)))
      .get(),

  /** Those that are to go: their torrent was removed, or a person called it bad. */
  unkept: (): LinkRow[] =>
    db
      .select(getTableColumns(libraryLink))
      .from(libraryLink)
      .innerJoin(grab, eq(grab.id, libraryLink.grabId))
      .where(isToGo)
      .orderBy(asc(libraryLink.id))
      .all(),

  /** Made or removed since Jellyfin was last told. */
  unreported: (): LinkRow[] =>
    db
      .select()
      .from(libraryLink)
      .where(and(isNull(libraryLink.reportedAt), isNotNull(libraryLink.madeAt)))
      .orderBy(asc(libraryLink.id))
      .all(),

  /** The folder in which this title stands already, below the root. */
  folderOf: (root: LinkRow['root'], tmdbId: number): string | undefined =>
    db
      .select({ path: libraryLink.path })
      .from(libraryLink)
      .where(and(eq(libraryLink.root, root), eq(libraryLink.tmdbId, tmdbId)))
      .orderBy(asc(libraryLink.id))
      .get()
      ?.path.split('/')[0],

  /** Writes down what is about to be made. A link of ours in the same place goes over to this grab. */
  intend: (link: NewLink, target: string): LinkRow =>
    db.transaction((tx) => {
      const place = and(eq(libraryLink.root, link.root), eq(libraryLink.path, link.path));
      const before = tx.select().from(libraryLink).where(place).get();
      const targets = [...(before?.targets ?? []).filter((one) => one !== target), target].slice(-MOST_TARGETS);
      return tx
        .insert(libraryLink)
        .values({ ...link, targets })
        .onConflictDoUpdate({
          target: [libraryLink.root, libraryLink.path],
          set: { ...link, targets, ...(before?.targets.at(-1) === target ? {} : { madeAt: null }) },
        })
        .returning()
        .get();
    }),

  update: (
    id: number,
    change: Partial<Pick<LinkRow, 'targets' | 'madeAt' | 'reportedAt' | 'missingSince' | 'removedAt'>>,
  ): void => {
    db.update(libraryLink).set(change).where(eq(libraryLink.id, id)).run();
  },

  /** Jellyfin was told of all these. */
  reported: (ids: readonly number[], now: number): void => {
    db.update(libraryLink).set({ reportedAt: now }).where(among(libraryLink.id, ids)).run();
  },

  forget: (id: number): void => {
    db.delete(libraryLink).where(eq(libraryLink.id, id)).run();
  },

  foldersMade: (root: LinkRow['root'], paths: readonly string[]): void => {
    for (const path of paths) {
      db.insert(libraryFolder).values({ root, path }).onConflictDoNothing().run();
    }
  },

  foldersGone: (root: LinkRow['root'], paths: readonly string[]): void => {
    db.delete(libraryFolder)
      .where(and(eq(libraryFolder.root, root), among(libraryFolder.path, paths)))
      .run();
  },

  /** Which of the folders above a link are ours. */
  foldersAbove: ({ root, path }: LinkPlace): string[] => {
    const names = path.split('/').slice(0, -1);
    const above = names.map((_, depth) => names.slice(0, depth + 1).join('/'));
    return db
      .select({ path: libraryFolder.path })
      .from(libraryFolder)
      .where(and(eq(libraryFolder.root, root), among(libraryFolder.path, above)))
      .all()
      .map((row) => row.path);
  },
});

export type LinkStore = ReturnType<typeof linkStore>;
