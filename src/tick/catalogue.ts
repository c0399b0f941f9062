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
  /**
   * Real files that hold one episode, over all items of the show. A season is read once per `refresh`; that an episode
   * is missing is believed until a delta touches the show (no delta tells of deletions, but none is needed for that).
   */
  episode(ids: TitleIds, wanted: { season: number; episode: number; withWidths: boolean }): Promise<LibraryEpisode[]>;
  /** Whether the last sweep found so much less than the one before that nothing may be concluded. */
  shrunk(): Loss | null;
  /** The widths in the file of an item of which Jellyfin knows none: it is made to look, once per item and grab. */
  probed(itemId: string, grabId: number | null): Promise<number[]>;
  /** Titles, and what was saved since then (epoch ms by our clock) with its episodes: to look something up by path. */
  everything(since: number): AsyncIterable<LibraryItem[]>;
  /** One of Jellyfin's own times (epoch ms) by our clock, as of the last `refresh`. */
  byOurClock(at: number): number;
}

interface Loss {
  before: number;
  now: number;
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

/** The library that is not believed at present, with what it had before; null = it is believed. */
export const shrunkLibrary = (memory: Pick<Memory, 'get'>): { before: number; since: number } | null => {
  const believed = memory.get<Believed>(SIZE_KEY);
  return believed === undefined || believed.shrunkSince === null
    ? null
    : { before: believed.size, since: believed.shrunkSince };
};

/** One season as it was read, and in which round. */
interface SeasonRead {
  round: number;
  episodes: LibraryEpisode[];
}

const SWEEP_EVERY = 6 * HOUR;
const SWEEP_WHILE_SHRUNK = 10 * MINUTE;
/** A smaller library is believed after a day; an empty one never, unless there was hardly anything to lose. */
const BELIEVE_SHRUNK_AFTER = DAY;
const HARDLY_ANYTHING = 5;
/** Jellyfin saves an item some time after it stamps it; deltas overlap by this much. */
const OVERLAP = 2 * MINUTE;
/** What a person may delete between two sweeps: this share, and a few titles of a small library. Never all of it. */
const TOLERATED_LOSS = { share: 0.1, titles: 2 };
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
        .map(([provider, id]) => `${item.type}:${provider}:${id}`)
        .sort();
      keysByItem.set(item.id, keys);
      for (const key of keys) {
        const items = itemsByKey.get(key) ?? new Set();
        itemsByKey.set(key, items.add(item.id));
      }
    },
    find: (type: 'Movie' | 'Series', ids: TitleIds): string[] => [
      ...new Set(keysOf(type, ids).flatMap((key) => [...(itemsByKey.get(key) ?? [])])),
    ],
    /** Titles, not items: a library built anew shows the same titles under other ids. */
    get size() {
      return new Set([...keysByItem].map(([id, keys]) => keys[0] ?? id)).size;
    },
  };
};

const isTitle = (movie: LibraryMovie, ids: TitleIds): boolean =>
  movie.providerIds.tmdb === String(ids.tmdbId) || (ids.imdbId !== null && movie.providerIds.imdb === ids.imdbId);

const isLoss = (before: number, now: number): boolean =>
  before > 0 && (now === 0 || before - now > Math.max(TOLERATED_LOSS.titles, before * TOLERATED_LOSS.share));

const holds =
  (episode: number) =>
  ({ first, last }: LibraryEpisode): boolean =>
    first <= episode && episode <= last;

export interface CatalogueOptions {
  jellyfin: JellyfinPort;
  clock: Clock;
  memory: Memory;
  /** Once when the library turns out to be shrunken, and once (null) when it is believed again. */
  onLoss: (loss: Loss | null) => void;
}

export const createCatalogue = ({ jellyfin, clock, memory, onLoss }: CatalogueOptions): Catalogue => {
  let index = createIndex();
  let seasons = new Map<string, SeasonRead>();
  /** Jellyfin's clock less ours (ms). */
  let ahead = 0;
  /** Counts the calls of `refresh`. */
  let round = 0;
  let sweptAt: number | null = null;
  let cursor = 0;
  let loss: Loss | null = null;
  const probes = new Map<string, Promise<number[]>>();

  const sweep = async (): Promise<void> => {
    const startedAt = clock.now();
    const fresh = createIndex();
    let serverTime: number | null = null;
    for await (const page of jellyfin.sweep()) {
      ahead = page.serverTime - clock.now();
      serverTime ??= page.serverTime;
      for (const item of page.items) {
        fresh.put(item);
      }
    }
    sweptAt = startedAt;
    const before = loss;
    loss = weigh(fresh.size, startedAt);
    if ((loss === null) !== (before === null)) {
      onLoss(loss);
    }
    if (loss === null) {
      index = fresh;
      seasons = new Map();
      // By Jellyfin's clock, which stamps what the next delta asks for.
      cursor = (serverTime ?? startedAt) - OVERLAP;
    }
  };

  /** Compares with the last size that was believed. */
  const weigh = (size: number, now: number): Loss | null => {
    const believed = memory.get<Believed>(SIZE_KEY);
    if (believed === undefined || !isLoss(believed.size, size)) {
      memory.set(SIZE_KEY, { size, shrunkSince: null });
      return null;
    }
    const shrunkSince = believed.shrunkSince ?? now;
    const believable = size > 0 || believed.size <= HARDLY_ANYTHING;
    if (believable && now - shrunkSince >= BELIEVE_SHRUNK_AFTER) {
      memory.set(SIZE_KEY, { size, shrunkSince: null });
      return null;
    }
    memory.set(SIZE_KEY, { size: believed.size, shrunkSince });
    return { before: believed.size, now: size };
  };

  const applyDelta = async (): Promise<void> => {
    const { items, serverTime } = await jellyfin.changedSince(cursor);
    ahead = serverTime - clock.now();
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

  const seasonOf = async (
    seriesId: string,
    season: number,
    withWidths: boolean,
    fresh: boolean,
  ): Promise<SeasonRead> => {
    const key = `${seriesId}:${season}:${withWidths}`;
    const known = seasons.get(key);
    if (known !== undefined && (!fresh || known.round === round)) {
      return known;
    }
    const read = { round, episodes: await jellyfin.episodes(seriesId, season, withWidths) };
    seasons.set(key, read);
    return read;
  };

  return {
    refresh: async () => {
      round += 1;
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
    episode: async (ids, { season, episode, withWidths }) => {
      const found: LibraryEpisode[] = [];
      for (const seriesId of index.find('Series', ids)) {
        const known = (await seasonOf(seriesId, season, withWidths, false)).episodes;
        if (known.some(holds(episode))) {
          const live = await seasonOf(seriesId, season, withWidths, true);
          found.push(...live.episodes.filter(holds(episode)));
        }
      }
      return found;
    },
    probed: (itemId, grabId) => {
      const key = `${itemId}:${grabId ?? 0}`;
      const known = probes.get(key);
      if (known !== undefined) {
        return known;
      }
      const asked = jellyfin.probe(itemId);
      probes.set(key, asked);
      asked.catch(() => probes.delete(key));
      return asked;
    },
    everything: async function* (since) {
      for await (const { items } of jellyfin.sweep()) {
        yield items;
      }
      yield (await jellyfin.changedSince(since + ahead - OVERLAP)).items;
    },
    shrunk: () => loss,
    byOurClock: (at) => at - ahead,
  };
};
