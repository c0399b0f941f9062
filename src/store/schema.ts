import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core';
import type { GrabReason } from '../domain/grab.js';
import { grabRoles, grabStates, unendedStates } from '../domain/grab.js';
import type { PlacedNames } from '../domain/placed.js';
import type { RecordedSearch } from '../domain/selection/recordedSearch.js';

/**
 * The whole model. Want state is derived, never stored; what is stored is what must survive a restart. All times are
 * epoch milliseconds, UTC.
 */

const words = (list: readonly string[]) => sql.raw(list.map((word) => `'${word}'`).join(', '));

/** Seerr's requests that we have taken on. */
export const request = sqliteTable(
  'request',
  {
    /** Seerr's request id. */
    id: integer().primaryKey(),
    /** Seerr's media id (not the request's, not TMDB's). */
    mediaId: integer('media_id').notNull(),
    type: text({ enum: ['movie', 'tv'] }).notNull(),
    tmdbId: integer('tmdb_id').notNull(),
    tvdbId: integer('tvdb_id'),
    imdbId: text('imdb_id'),
    tier: text({ enum: ['standard', '4k'] }).notNull(),
    title: text(),
    year: integer(),
    /** Requested season numbers; empty for movies. */
    seasons: text({ mode: 'json' }).$type<number[]>().notNull(),
    /** Seerr's id of the user who asked; null = unknown. */
    requestedBy: integer('requested_by'),
    /** Radarr or Sonarr has it: left alone. */
    handledByArr: integer('handled_by_arr', { mode: 'boolean' }).notNull().default(false),
    /** Seerr's last word on it. */
    status: text().notNull(),
    firstSeenAt: integer('first_seen_at').notNull(),
    /** When its wants are to be worked out again from Seerr's details; null = now. */
    expandAt: integer('expand_at'),
    /** Every season's details could be read: only then may it be called complete. */
    expandedFully: integer('expanded_fully', { mode: 'boolean' }).notNull().default(false),
    fulfilledAt: integer('fulfilled_at'),
    withdrawnAt: integer('withdrawn_at'),
    completedBySeerrAt: integer('completed_by_seerr_at'),
    /** Where closing stands; null = not begun. */
    closeStep: text('close_step', { enum: ['scanning', 'marking'] }),
    closeTries: integer('close_tries').notNull().default(0),
    closeNextAt: integer('close_next_at'),
    attentionCode: text('attention_code'),
    attentionMessage: text('attention_message'),
    attentionHint: text('attention_hint'),
    attentionAt: integer('attention_at'),
  },
  (t) => [
    index('request_open').on(t.id).where(sql`${t.fulfilledAt} is null and ${t.withdrawnAt} is null`),
    index('request_fulfilled').on(t.fulfilledAt),
    // Few are fulfilled without that Seerr has completed them.
    index('request_fulfilled_alone')
      .on(t.completedBySeerrAt)
      .where(sql`${t.fulfilledAt} is not null and ${t.withdrawnAt} is null`),
  ],
);

/** The smallest thing to satisfy: one movie or one episode, in one tier. */
export const want = sqliteTable(
  'want',
  {
    id: integer().primaryKey(),
    type: text({ enum: ['movie', 'episode'] }).notNull(),
    tmdbId: integer('tmdb_id').notNull(),
    /** -1 for movies, so that the unique index sees equal rows (SQLite holds NULLs apart). */
    season: integer().notNull(),
    episode: integer().notNull(),
    tier: text({ enum: ['standard', '4k'] }).notNull(),
    imdbId: text('imdb_id'),
    /** Released or aired long enough; null = no date known yet. */
    dueAt: integer('due_at'),
    /** When to act on it next: its due date or the end of a back-off; null = nothing to do (seen, unwanted, undated). */
    nextActionAt: integer('next_action_at'),
    backoffStep: integer('backoff_step').notNull().default(0),
    firstDueAt: integer('first_due_at'),
    /** Last search that reached a decision. */
    searchedAt: integer('searched_at'),
    /** Releases on offer at the last search; an empty answer after results is the source's trouble, not the title's. */
    offers: integer().notNull().default(0),
    /** A person asked for another try: what vanished before that is forgiven. */
    retriedAt: integer('retried_at'),
    /** The copy in the library was called bad: only a newer grab of ours, or after a retry another copy, makes it seen again. */
    rejectedAt: integer('rejected_at'),
    /** Why it waits, for status and reports. */
    waitCode: text('wait_code'),
  },
  (t) => [
    uniqueIndex('want_identity').on(t.type, t.tmdbId, t.season, t.episode, t.tier),
    index('want_next').on(t.nextActionAt),
  ],
);

export const requestWant = sqliteTable(
  'request_want',
  {
    requestId: integer('request_id')
      .notNull()
      .references(() => request.id, { onDelete: 'cascade' }),
    wantId: integer('want_id')
      .notNull()
      .references(() => want.id, { onDelete: 'cascade' }),
    /** Latched: a seen want never reopens by itself. */
    seenAt: integer('seen_at'),
    /** The request no longer asks for it (season removed, request withdrawn). */
    releasedAt: integer('released_at'),
  },
  (t) => [
    primaryKey({ columns: [t.requestId, t.wantId] }),
    index('request_want_live').on(t.wantId).where(sql`${t.seenAt} is null and ${t.releasedAt} is null`),
    index('request_want_by_want').on(t.wantId),
  ],
);

export const grab = sqliteTable(
  'grab',
  {
    id: integer().primaryKey(),
    infoHash: text('info_hash').notNull(),
    release: text().notNull(),
    plan: text().notNull(),
    requestId: integer('request_id'),
    role: text({ enum: grabRoles }).notNull(),
    /** Place in the ranking at the time; 0 = best. */
    rank: integer().notNull(),
    state: text({ enum: grabStates }).notNull(),
    reason: text().$type<GrabReason>(),
    seeders: integer(),
    fileIndex: integer('file_index'),
    /** Whether the entry in the account is ours to remove. */
    ours: integer({ mode: 'boolean' }).notNull(),
    /** Real-Debrid's id: a handle only, identity is the hash. */
    rdId: text('rd_id'),
    /** Ids that the account already had for this hash before we added: never ours. */
    knownIds: text('known_ids', { mode: 'json' }).$type<string[]>().notNull(),
    addSentAt: integer('add_sent_at'),
    selectSentAt: integer('select_sent_at'),
    /** File ids, committed before they are sent. */
    selectedIds: text('selected_ids', { mode: 'json' }).$type<number[]>(),
    /** What a mount may call it: the torrent's own names, and those of the selected files. Bounded; null = not read. */
    placed: text({ mode: 'json' }).$type<PlacedNames>(),
    /** Proven by what happened after selecting; null = not known yet. */
    cached: integer({ mode: 'boolean' }),
    status: text(),
    progress: integer().notNull().default(0),
    progressAt: integer('progress_at').notNull(),
    missingSince: integer('missing_since'),
    /** The next moment at which this grab needs a look even if nothing changes. */
    lookAt: integer('look_at').notNull(),
    /** End of the de-dupe window: the torrent is then looked at afresh. */
    expiresAt: integer('expires_at').notNull(),
    readyAt: integer('ready_at'),
    /** Library scans that began after it was ready and mounted. */
    scans: integer().notNull().default(0),
    scanAskedAt: integer('scan_asked_at'),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (t) => [
    index('grab_open').on(t.state).where(sql`${t.endedAt} is null`),
    index('grab_hash').on(t.infoHash),
    index('grab_created').on(t.createdAt),
    index('grab_ended').on(t.endedAt),
    check('grab_state', sql`${t.state} in (${words(grabStates)})`),
    check('grab_role', sql`${t.role} in (${words(grabRoles)})`),
    check('grab_ended', sql`(${t.endedAt} is null) = (${t.state} in (${words(unendedStates)}))`),
  ],
);

export const grabWant = sqliteTable(
  'grab_want',
  {
    grabId: integer('grab_id')
      .notNull()
      .references(() => grab.id, { onDelete: 'cascade' }),
    wantId: integer('want_id')
      .notNull()
      .references(() => want.id, { onDelete: 'cascade' }),
    /** Kept equal to the grab's role, so that the index below can hold the invariant. */
    role: text({ enum: grabRoles }).notNull(),
    outcome: text(),
    /** Set when the grab ends, is being removed, or no longer serves this want. */
    releasedAt: integer('released_at'),
  },
  (t) => [
    primaryKey({ columns: [t.grabId, t.wantId] }),
    // The invariant of the whole program: one open chosen grab per want.
    uniqueIndex('one_open_chosen_grab').on(t.wantId).where(sql`${t.role} = 'chosen' and ${t.releasedAt} is null`),
    index('grab_want_by_want').on(t.wantId),
    index('grab_want_rejected').on(t.grabId).where(sql`${t.outcome} = 'rejected'`),
  ],
);

/** The links that we have made in a library folder, or are about to make. A link that is not in here is not ours. */
export const libraryLink = sqliteTable(
  'library_link',
  {
    id: integer().primaryKey(),
    root: text({ enum: ['movies', 'series'] }).notNull(),
    /** Below the root. */
    path: text().notNull(),
    grabId: integer('grab_id')
      .notNull()
      .references(() => grab.id, { onDelete: 'cascade' }),
    tmdbId: integer('tmdb_id').notNull(),
    /** What its file brings. */
    wantIds: text('want_ids', { mode: 'json' }).$type<number[]>().notNull(),
    /** The file, below the mount. */
    source: text().notNull(),
    /** What the link may hold, committed before it is changed: the last one is meant, earlier ones may still be there. */
    targets: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** When it was last seen to be as meant; null = intended only. */
    madeAt: integer('made_at'),
    /** When the last change was reported to Jellyfin; null = still to be. */
    reportedAt: integer('reported_at'),
    /** Since when the mount does not show its file. */
    missingSince: integer('missing_since'),
    /** Removed by us. It comes back with its file, as long as its grab is kept. */
    removedAt: integer('removed_at'),
  },
  (t) => [
    uniqueIndex('library_link_place').on(t.root, t.path),
    index('library_link_grab').on(t.grabId),
    index('library_link_title').on(t.root, t.tmdbId),
    index('library_link_unreported').on(t.id).where(sql`${t.reportedAt} is null`),
  ],
);

/** The folders that we have made for links: removed when they are left empty. */
export const libraryFolder = sqliteTable(
  'library_folder',
  {
    root: text({ enum: ['movies', 'series'] }).notNull(),
    path: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.root, t.path] })],
);

/** Every account entry that we made or adopted. */
export const rdEntry = sqliteTable(
  'rd_entry',
  {
    rdId: text('rd_id').primaryKey(),
    infoHash: text('info_hash').notNull(),
    grabId: integer('grab_id').references(() => grab.id, { onDelete: 'set null' }),
    ours: integer({ mode: 'boolean' }).notNull(),
    selectedIds: text('selected_ids', { mode: 'json' }).$type<number[]>(),
    createdAt: integer('created_at').notNull(),
    removedAt: integer('removed_at'),
  },
  (t) => [
    index('rd_entry_hash').on(t.infoHash),
    index('rd_entry_grab').on(t.grabId),
    index('rd_entry_removed').on(t.removedAt),
  ],
);

/** What is remembered about a release: blocked, refused by name, not cached, lacks an episode, was ready at once. */
export const releaseFact = sqliteTable(
  'release_fact',
  {
    id: integer().primaryKey(),
    infoHash: text('info_hash').notNull(),
    /** null = true for every want. */
    wantId: integer('want_id').references(() => want.id, { onDelete: 'cascade' }),
    /** Comma-joined, ascending; null = whatever the files. */
    fileIds: text('file_ids'),
    code: text().notNull(),
    at: integer().notNull(),
    /** null = for ever. */
    until: integer(),
  },
  (t) => [
    index('release_fact_hash').on(t.infoHash),
    // Whenever a want is deleted SQLite looks for what refers to it.
    index('release_fact_want').on(t.wantId),
    index('release_fact_until').on(t.until),
  ],
);

/** The journal: what was decided and why, for people. Parsed releases only, never a URL. */
export const decision = sqliteTable(
  'decision',
  {
    id: integer().primaryKey(),
    at: integer().notNull(),
    requestId: integer('request_id'),
    want: text(),
    kind: text({ enum: ['candidate', 'decision', 'call', 'transition', 'attention'] }).notNull(),
    code: text().notNull(),
    text: text().notNull(),
    data: text({ mode: 'json' }).$type<Record<string, unknown>>(),
  },
  (t) => [index('decision_request').on(t.requestId, t.id), index('decision_at').on(t.at)],
);

/** What the last search of each plan went by, so that it can be judged again without a call. Never a URL. */
export const searchInput = sqliteTable(
  'search_input',
  {
    plan: text().primaryKey(),
    /** The first of the requests it was done for. */
    requestId: integer('request_id').notNull(),
    at: integer().notNull(),
    input: text({ mode: 'json' }).$type<RecordedSearch>().notNull(),
  },
  (t) => [index('search_input_request').on(t.requestId), index('search_input_at').on(t.at)],
);

/** One row per outside call attempt. */
export const ledger = sqliteTable(
  'ledger',
  {
    id: integer().primaryKey(),
    at: integer().notNull(),
    service: text().notNull(),
    operation: text().notNull(),
    requestId: integer('request_id'),
    plan: text(),
    grabId: integer('grab_id'),
    attempt: integer().notNull(),
    status: integer(),
    durationMs: integer('duration_ms').notNull(),
    failure: text(),
    /** Counts against the request's budget (first attempts of calls made for it); the rest is shared. */
    counted: integer({ mode: 'boolean' }).notNull(),
  },
  (t) => [
    index('ledger_at').on(t.at, t.service),
    index('ledger_request').on(t.requestId),
    index('ledger_plan').on(t.plan),
  ],
);

/** Small facts about ourselves: service pauses, daily budget, availability mode, last tick. */
export const state = sqliteTable('state', {
  key: text().primaryKey(),
  value: text({ mode: 'json' }).$type<unknown>().notNull(),
});

/** Second layer of the cache; keys are hashes, since addon URLs can hold a key. */
export const cacheEntry = sqliteTable(
  'cache_entry',
  {
    key: text().primaryKey(),
    value: text().notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (t) => [index('cache_entry_expires').on(t.expiresAt)],
);
