import { DAY } from '../../src/clock.js';
import { openDatabase } from '../../src/store/database.js';

/** Closed requests have ids from here on. */
const FIRST = 1_000_000;
/** They were closed over this span, the last of them two days ago. */
const SPAN = 80 * DAY;

/**
 * Writes `count` movies into the database that were requested, fetched, seen and closed, with the calls and decisions
 * of each: what years of a large household leave behind.
 */
export const closedRequests = (dataDir: string, now: number, count: number): void => {
  const { sqlite } = openDatabase(dataDir, now);
  const at = `(${now - 2 * DAY} - i * ${Math.max(1, Math.floor(SPAN / count))})`;
  const id = `(${FIRST} + i)`;
  const imdb = `'tt' || (${id} + 8000000)`;
  const hash = `printf('%040x', ${id})`;
  /** `times` rows for each of the requests. */
  const fill = (table: string, values: Record<string, string>, times = 1): void => {
    const each = `(SELECT value AS k FROM json_each('[${[...Array(times).keys()]}]'))`;
    sqlite.exec(
      `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
       INSERT INTO ${table} (${Object.keys(values)}) SELECT ${Object.values(values)} FROM n, ${each}`,
    );
  };
  const title = `'Old Feature ' || i`;
  const movie = { tmdb_id: id, imdb_id: imdb, tier: `'standard'` };
  sqlite.exec('BEGIN');
  fill('request', {
    ...movie,
    id,
    media_id: id,
    type: `'movie'`,
    title,
    year: '2001',
    seasons: `'[]'`,
    status: `'approved'`,
    first_seen_at: at,
    expand_at: at,
    expanded_fully: '1',
    fulfilled_at: at,
    completed_by_seerr_at: at,
  });
  fill('want', { ...movie, id, type: `'movie'`, season: '-1', episode: '-1', due_at: at, searched_at: at });
  fill('request_want', { request_id: id, want_id: id, seen_at: at });
  fill('grab', {
    id,
    info_hash: hash,
    release: `${title} || ' 2001 1080p BluRay x265-GRP'`,
    plan: `'movie:' || ${imdb}`,
    request_id: id,
    role: `'chosen'`,
    rank: '0',
    state: `'in-library'`,
    reason: `'seen'`,
    ours: '1',
    rd_id: `'RD' || ${id}`,
    known_ids: `'[]'`,
    selected_ids: `'[1]'`,
    cached: '1',
    status: `'downloaded'`,
    progress: '100',
    progress_at: at,
    look_at: at,
    expires_at: at,
    ready_at: at,
    created_at: at,
    ended_at: at,
  });
  fill('grab_want', { grab_id: id, want_id: id, role: `'chosen'`, outcome: `'in-library'`, released_at: at });
  fill('rd_entry', {
    rd_id: `'RD' || ${id}`,
    info_hash: hash,
    grab_id: id,
    ours: '1',
    selected_ids: `'[1]'`,
    created_at: at,
  });
  fill('release_fact', { info_hash: hash, file_ids: `'1'`, code: `'instant'`, at });
  const line = {
    at,
    request_id: id,
    kind: `'transition'`,
    code: `'in-library'`,
    text: `${title} || ': in the library'`,
  };
  fill('decision', line, 3);
  const call = {
    service: `'realDebrid'`,
    operation: `'info'`,
    attempt: '1',
    status: '200',
    duration_ms: '120',
    counted: '1',
  };
  fill('ledger', { at, request_id: id, plan: `'movie:' || ${imdb}`, grab_id: id, ...call }, 4);
  sqlite.exec('COMMIT');
  sqlite.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  sqlite.close();
};
