import { type Clock, DAY, HOUR, MINUTE } from '../clock.js';
import type { JellyfinPort, LibraryEpisode, LibraryItem, LibraryMovie } from '../services/ports.js';

/** Ids under which a title may stand in Jellyfin. */
export interface TitleIds {
  tmdbId: number;
  imdbId: string | null;
  tvdbId: number | null;
}

/**
 * What Jellyfin has, by provider id. Jellyfin cannot be asked by provider id, so one sweep builds a map and deltas
 * keep it. The map is a hint: presence is always confirmed by a live read.
 */
export interface Catalogue {
  /** Brings the map up to date: a sweep at first and every few hours, else one delta call. false = unknown: a mount may have dropped. */
  refresh(): Promise<boolean>;
  /** The movie's items, read live. */
  movies(ids: TitleIds): Promise<LibraryMovie[]>;
  /** Real episodes of one season, over all items of the show; read live once, then kept until a delta touches the show. */
  episodes(ids: TitleIds, season: number, withWidths: boolean): Promise<LibraryEpisode[]>;
  /** The next `episodes` of this show asks again. */
  forget(ids: TitleIds): void;
  /** Whether the last sweep found so much less than the one before that nothing may be concluded. */
  shrunk(): { before: number; now: number } | null;
}

/** The size of the library that was last believed. */
interface Believed {
  size: number;
  /** Since when sweeps have found much less (epoch ms). */
  shrunkSince: number | null;
}

interface Memory {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
}

const SWEEP_EVERY = 6 * HOUR;
const SWEEP_WHILE_SHRUNK = 10 * MINUTE;
/** A smaller library is believed after a day, an empty one never. */
const BELIEVE_SHRUNK_AFTER = DAY;
/** Jellyfin saves an item some time after it stamps it; deltas overlap by this much. */
const OVERLAP = 2 * MINUTE;
const TOLERATED_LOSS = 0.1;
const SIZE_KEY = 'library.size';

const keysOf = (type: 'Movie' | 'Series', ids: TitleIds): string[] => {
  const keys = [`${type}:tmdb:${ids.tmdbId}`];
  if (ids.imdbId !== null) {
    keys.push(`${type}:imdb:${ids.imdbId}`);
  }
  if (ids.tvdbId !== null) {
    keys.push(`${type}:tvdb:${ids.tvdbId}`);
  }
  return keys;
};

const createIndex = () => {
  const itemsByKey = new Map<string, Set<string>>();
  const keysByItem = new Map<string, string[]>();
  const drop = (id: string) => {
    for (const key of keysByItem.get(id) ?? []) {
      const items = itemsByKey.get(key);
      items?.delete(id);
      if (items?.size === 0) {
        itemsByKey.delete(key);
      }
    }
    keysByItem.delete(id);
  };
  return {
    put: (item: LibraryItem) => {
      drop(item.id);
      const keys = Object.entries(item.providerIds)
        .filter(([provider]) => provider === 'tmdb' || provider === 'imdb' || provider === 'tvdb')
        .map(([provider, id]) => `${item.type}:${provider}:${id}`);
      keysByItem.set(item.id, keys);
      for (const key of keys) {
        const items = itemsByKey.get(key) ?? new Set();
        itemsByKey.set(key, items.add(item.id));
      }
    },
    find: (type: 'Movie' | 'Series', ids: TitleIds): string[] => [
      ...new Set(keysOf(type, ids).flatMap((key) => [...(itemsByKey.get(key) ?? [])])),
    ],
    get size() {
      return keysByItem.size;
    },
  };
};

const isTitle = (movie: LibraryMovie, ids: TitleIds): boolean =>
  movie.providerIds.tmdb === String(ids.tmdbId) || (ids.imdbId !== null && movie.providerIds.imdb === ids.imdbId);

export const createCatalogue = (jellyfin: JellyfinPort, clock: Clock, memory: Memory): Catalogue => {
  let index = createIndex();
  let seasons = new Map<string, LibraryEpisode[]>();
  let sweptAt: number | null = null;
  let cursor = 0;
  let loss: { before: number; now: number } | null = null;

  const sweep = async (): Promise<void> => {
    const startedAt = clock.now();
    const fresh = createIndex();
    for await (const page of jellyfin.sweep()) {
      for (const item of page) {
        fresh.put(item);
      }
    }
    sweptAt = startedAt;
    loss = weigh(fresh.size, startedAt);
    if (loss === null) {
      index = fresh;
      seasons = new Map();
      cursor = startedAt - OVERLAP;
    }
  };

  /** Compares with the last size that was believed. */
  const weigh = (size: number, now: number): { before: number; now: number } | null => {
    const believed = memory.get<Believed>(SIZE_KEY);
    const isLoss = believed !== undefined && size < believed.size * (1 - TOLERATED_LOSS);
    if (!isLoss) {
      memory.set(SIZE_KEY, { size, shrunkSince: null });
      return null;
    }
    const shrunkSince = believed.shrunkSince ?? now;
    if (size > 0 && now - shrunkSince >= BELIEVE_SHRUNK_AFTER) {
      memory.set(SIZE_KEY, { size, shrunkSince: null });
      return null;
    }
    memory.set(SIZE_KEY, { size: believed.size, shrunkSince });
    return { before: believed.size, now: size };
  };

  const applyDelta = async (): Promise<void> => {
    const { items, serverTime } = await jellyfin.changedSince(cursor);
    for (const item of items) {
      const seriesId = item.type === 'Series' ? item.id : item.seriesId;
      if (seriesId !== null) {
        forgetSeries(seriesId);
      }
      if (item.type !== 'Episode') {
        index.put(item);
      }
    }
    cursor = serverTime - OVERLAP;
    grown();
  };

  /** What deltas have added is part of what a later sweep is measured by. */
  const grown = (): void => {
    const believed = memory.get<Believed>(SIZE_KEY);
    if (index.size > (believed?.size ?? 0)) {
      memory.set(SIZE_KEY, { size: index.size, shrunkSince: null });
    }
  };

  const forgetSeries = (seriesId: string): void => {
    for (const key of seasons.keys()) {
      if (key.startsWith(`${seriesId}:`)) {
        seasons.delete(key);
      }
    }
  };

  const seasonOf = async (seriesId: string, season: number, withWidths: boolean): Promise<LibraryEpisode[]> => {
    const key = `${seriesId}:${season}:${withWidths}`;
    const known = seasons.get(key);
    if (known !== undefined) {
      return known;
    }
    const episodes = await jellyfin.episodes(seriesId, season, withWidths);
    seasons.set(key, episodes);
    return episodes;
  };

  return {
    refresh: async () => {
      const age = sweptAt === null ? Number.POSITIVE_INFINITY : clock.now() - sweptAt;
      if (age >= (loss === null ? SWEEP_EVERY : SWEEP_WHILE_SHRUNK) || age < 0) {
        await sweep();
      } else if (loss === null) {
        await applyDelta();
      }
      return loss === null;
    },
    movies: async (ids) => {
      const found = index.find('Movie', ids);
      return found.length === 0 ? [] : (await jellyfin.movies(found)).filter((movie) => isTitle(movie, ids));
    },
    episodes: async (ids, season, withWidths) => {
      const all: LibraryEpisode[] = [];
      for (const seriesId of index.find('Series', ids)) {
        all.push(...(await seasonOf(seriesId, season, withWidths)));
      }
      return all;
    },
    forget: (ids) => {
      for (const seriesId of index.find('Series', ids)) {
        forgetSeries(seriesId);
      }
    },
    shrunk: () => loss,
  };
};
