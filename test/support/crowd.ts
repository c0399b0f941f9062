import type { Store } from '../../src/store/index.js';

const HOUR = 3_600_000;
export const SHOW_ID = 4_999;
export const CROWD = 1_000;

/** A show of 1,200 episodes and a thousand movies, all due, of which 30 need somebody. Straight into the store. */
export const crowd = (store: Store, now: number): void => {
  const common = {
    tier: 'standard' as const,
    requestedBy: 1,
    handledByArr: false,
    status: 'approved',
    firstSeenAt: now,
  };
  const due = { dueAt: now - HOUR };
  store.transaction(() => {
    const seasons = Array.from({ length: 50 }, (_, place) => place + 1);
    const show = { id: SHOW_ID, mediaId: SHOW_ID, type: 'tv' as const, tmdbId: 900_500, tvdbId: 990_500 };
    store.requests.take({ ...show, ...common, imdbId: 'tt9000500', seasons });
    store.requests.update(SHOW_ID, { title: 'Endless Inventions', year: 2020 });
    const episodes = seasons.flatMap((season) =>
      Array.from({ length: 24 }, (_, place) => ({
        identity: { type: 'episode' as const, tmdbId: 900_500, season, episode: place + 1, tier: 'standard' as const },
        imdbId: 'tt9000500',
        ...due,
      })),
    );
    store.wants.state(SHOW_ID, episodes, now);
    for (let n = 1; n <= CROWD; n += 1) {
      const id = 5_000 + n;
      const imdbId = `tt${8_000_000 + n}`;
      const identity = { type: 'movie' as const, tmdbId: 920_000 + n, tier: 'standard' as const };
      store.requests.take({
        ...common,
        id,
        mediaId: id,
        type: 'movie',
        tmdbId: 920_000 + n,
        tvdbId: null,
        imdbId,
        seasons: [],
      });
      store.requests.update(id, { title: `Invention ${n}`, year: 2020 });
      store.wants.state(id, [{ identity, imdbId, ...due }], now);
      if (n <= 30) {
        store.requests.setAttention(id, { code: 'not-seen', message: 'It is nowhere', hint: 'Look for it' }, now);
      }
    }
  });
};
