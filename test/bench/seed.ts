import { DAY } from '../../src/clock.js';
import type { RequestRow, StatedWant } from '../../src/store/index.js';
import type { Tick } from '../../src/tick/context.js';
import { observeRequests } from '../../src/tick/observe.js';
import { movieImdb, movieTitle, movieTmdb, showImdb, showTitle, showTmdb } from './titles.js';

/** Of every show. */
export const EPISODES = 10;

/**
 * Takes on what Seerr has approved by the program's own step, then writes down what reading thousands of details would
 * have led to, through the store's own methods. Every other request is not out yet; the others were searched in vain
 * and wait. Returns the number of wants.
 */
export const stateWants = async (tick: Tick): Promise<number> => {
  await observeRequests(tick);
  return tick.store.transaction(() =>
    tick.store.requests.open().reduce((wants, row) => wants + stateOne(tick, row), 0),
  );
};

const stateOne = (tick: Tick, row: RequestRow): number => {
  const { store, clock } = tick;
  const now = clock.now();
  const isOut = row.id % 2 === 0;
  const dueAt = isOut ? now - 100 * DAY : now + 100 * DAY;
  const { imdbId, title } = named(row);
  const stated = wantsOf(row, imdbId, dueAt);
  store.wants.state(row.id, stated, now);
  store.requests.update(row.id, { title, year: 2020, imdbId, expandAt: now + 7 * DAY, expandedFully: true });
  if (isOut) {
    const ids = store.wants.ofRequest(row.id).map(({ want }) => want.id);
    const outcome = { waitCode: 'no-releases', backoffStep: 6, offers: 0 };
    store.wants.postpone(ids, { nextActionAt: now + 7 * DAY, searchedAt: now, ...outcome });
  }
  return stated.length;
};

const named = ({ type, tmdbId }: RequestRow): { imdbId: string; title: string } => {
  const n = tmdbId - (type === 'movie' ? movieTmdb(0) : showTmdb(0));
  return type === 'movie'
    ? { imdbId: movieImdb(n), title: movieTitle(n) }
    : { imdbId: showImdb(n), title: showTitle(n) };
};

const wantsOf = ({ type, tmdbId, tier }: RequestRow, imdbId: string, dueAt: number): StatedWant[] =>
  type === 'movie'
    ? [{ identity: { type: 'movie', tmdbId, tier }, imdbId, dueAt }]
    : Array.from({ length: EPISODES }, (_, place) => ({
        identity: { type: 'episode', tmdbId, season: 1, episode: place + 1, tier },
        imdbId,
        dueAt,
      }));
