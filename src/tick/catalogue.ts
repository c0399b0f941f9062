import { type Clock, HOUR, MINUTE } from '../clock.js';
import { ServiceError } from '../domain/errors.js';
import type { JellyfinPort, LibraryEpisode, LibraryItem, LibraryMovie } from '../services/ports.js';
import { grown, type Loss, lossText, type Memory, weigh } from './librarySize.js';
import { createTitleIndex, isTitle, type TitleIds, type TitleType } from './titleIndex.js';

/**
 * What Jellyfin has, by provider id. Jellyfin cannot be asked by provider id, so one sweep builds a map and deltas
 * keep it. The map is a hint: presence is always confirmed by a live read.
 */
export interface Catalogue {
  /**
   * Brings the map up to date as of that time (epoch ms): a sweep at first and every few hours, else one delta call,
   * nothing where it is so recent already. false = unknown: a mount may have dropped.
   */
  refresh(asOf: number): Promise<boolean>;
  /** The movie's items, read live. Throws `ServiceError` (`library-shrunk`) when it is gone together with much else. */
  movies(ids: TitleIds): Promise<LibraryMovie[]>;
  /**
   * Real files that hold one episode, over all items of the show. A season is read once per `refresh`; that an episode
   * is missing is believed until a delta touches the show (no delta tells of deletions, but none is needed for that).
   * Throws as `movies` does.
   */
  episode(ids: TitleIds, wanted: { season: number; episode: number; withWidths: boolean }): Promise<LibraryEpisode[]>;
  /** The IMDb id that Jellyfin has for a title, from the map; null = none, or several. */
  imdbId(type: TitleType, ids: TitleIds): string | null;
  /** Whether the last sweep found so much less than the one before that nothing may be concluded. */
  shrunk(): Loss | null;
  /** The widths in the file of an item of which Jellyfin knows none: it is made to look, once per item and grab. */
  probed(itemId: string, grabId: number | null): Promise<number[]>;
  /**
   * Titles, and what was saved since then (epoch ms by our clock) with its episodes: to look something up by path. A
   * sweep like any other: `shrunk` goes by it.
   */
  everything(since: number): AsyncIterable<LibraryItem[]>;
  /** One of Jellyfin's own times (epoch ms) by our clock, as of the last `refresh`. */
  byOurClock(at: number): number;
}

/** One season as it was read, and in which round. */
interface SeasonRead {
  round: number;
  /** null = the series is gone. */
  episodes: LibraryEpisode[] | null;
}

const SWEEP_EVERY = 6 * HOUR;
const SWEEP_WHILE_SHRUNK = 10 * MINUTE;
/** Jellyfin saves an item some time after it stamps it; deltas overlap by this much. */
const OVERLAP = 2 * MINUTE;

const holds =
  (episode: number) =>
  ({ first, last }: LibraryEpisode): boolean =>
    first <= episode && episode <= last;

const unknown = (loss: Loss): ServiceError =>
  new ServiceError({
    service: 'jellyfin',
    operation: 'sweep',
    failure: 'source',
    code: 'library-shrunk',
    message: `${lossText(loss)}, so nothing is concluded from it`,
  });

export interface CatalogueOptions {
  jellyfin: JellyfinPort;
  clock: Clock;
  memory: Memory;
  /** Once when the library turns out to be shrunken, and once (null) when it is believed again. */
  onLoss: (loss: Loss | null) => void;
}

export const createCatalogue = ({ jellyfin, clock, memory, onLoss }: CatalogueOptions): Catalogue => {
  let index = createTitleIndex();
  /** Of the sweep before: a library that changes while it is read page by page may hide an item from one sweep. */
  let before = createTitleIndex();
  let seasons = new Map<string, SeasonRead>();
  /** Jellyfin's clock less ours (ms). */
  let ahead = 0;
  /** Counts what `refresh` has done. */
  let round = 0;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let sweptAt: number | null = null;
  let sweptInRound = 0;
  let cursor = 0;
  let loss: Loss | null = null;
  /** What was missed where the map had it, and a sweep has borne out. */
  let missing = new Set<string>();
  const probes = new Map<string, Promise<number[]>>();

  /** Reads all titles, page by page. At the end the map is the new one, unless much is missing from it. */
  async function* sweepPages(): AsyncGenerator<LibraryItem[]> {
    const startedAt = clock.now();
    const fresh = createTitleIndex();
    let serverTime: number | null = null;
    for await (const page of jellyfin.sweep()) {
      ahead = page.serverTime - clock.now();
      serverTime ??= page.serverTime;
      page.items.forEach(fresh.put);
      yield page.items;
    }
    sweptAt = startedAt;
    sweptInRound = round;
    settle(weigh(memory, fresh.size, startedAt));
    if (loss === null) {
      before = index;
      index = fresh;
      seasons = new Map();
      // By Jellyfin's clock, which stamps what the next delta asks for.
      cursor = (serverTime ?? startedAt) - OVERLAP;
    }
  }

  const sweep = async (): Promise<void> => {
    const pages = sweepPages();
    while ((await pages.next()).done !== true);
  };

  const settle = (found: Loss | null): void => {
    const isNews = (loss === null) !== (found === null);
    loss = found;
    if (isNews) {
      onLoss(loss);
    }
  };

  const applyDelta = async (): Promise<void> => {
    let first: number | null = null;
    for await (const { items, serverTime } of jellyfin.changedSince(cursor)) {
      ahead = serverTime - clock.now();
      first ??= serverTime;
      items.forEach(apply);
    }
    cursor = (first ?? clock.now() + ahead) - OVERLAP;
    grown(memory, index.size);
  };

  const apply = (item: LibraryItem): void => {
    const seriesId = item.type === 'Series' ? item.id : item.seriesId;
    if (seriesId !== null) {
      forgetSeries(seriesId);
    }
    if (item.type !== 'Episode') {
      before.drop(item.id);
      index.put(item);
    }
  };

  const forgetSeries = (seriesId: string): void => {
    for (const key of seasons.keys()) {
      if (key.startsWith(`${seriesId}:`)) {
        seasons.delete(key);
      }
    }
  };

  const find = (type: TitleType, ids: TitleIds): string[] => [
    ...new Set([...index.find(type, ids), ...before.find(type, ids)]),
  ];

  /** What was there is not. Deleted by a person, or a mount has dropped since the last sweep: a new one tells. */
  const missed = async (what: string, items: readonly string[]): Promise<void> => {
    if (missing.has(what)) {
      return;
    }
    if (sweptInRound !== round) {
      await sweep();
    }
    if (loss !== null) {
      throw unknown(loss);
    }
    missing.add(what);
    items.forEach(before.drop);
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
    refresh: async (asOf) => {
      const now = clock.now();
      // One from the future: the clock was set back, and its age is not known.
      if (refreshedAt >= asOf && refreshedAt <= now) {
        return loss === null;
      }
      round += 1;
      const age = sweptAt === null ? Number.POSITIVE_INFINITY : now - sweptAt;
      if (age >= (loss === null ? SWEEP_EVERY : SWEEP_WHILE_SHRUNK) || age < 0) {
        await sweep();
        missing = new Set();
      } else if (loss === null) {
        await applyDelta();
      }
      refreshedAt = now;
      return loss === null;
    },
    movies: async (ids) => {
      const found = find('Movie', ids);
      const live =
        found.length === 0 ? [] : (await jellyfin.movies(found)).filter((movie) => isTitle(movie.providerIds, ids));
      if (found.length > 0 && live.length === 0) {
        await missed(`movie:${ids.tmdbId}`, found);
      }
      return live;
    },
    episode: async (ids, { season, episode, withWidths }) => {
      const found: LibraryEpisode[] = [];
      const gone: string[] = [];
      for (const seriesId of find('Series', ids)) {
        const known = (await seasonOf(seriesId, season, withWidths, false)).episodes;
        if (known === null || known.some(holds(episode))) {
          const live = (await seasonOf(seriesId, season, withWidths, true)).episodes?.filter(holds(episode)) ?? [];
          found.push(...live);
          gone.push(...(live.length === 0 ? [seriesId] : []));
        }
      }
      if (found.length === 0 && gone.length > 0) {
        await missed(`episode:${ids.tmdbId}:${season}:${episode}`, gone);
      }
      return found;
    },
    imdbId: (type, ids) => {
      const [only, ...others] = index.imdbIds(index.find(type, ids));
      return only === undefined || others.length > 0 ? null : only;
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
      yield* sweepPages();
      for await (const { items } of jellyfin.changedSince(since + ahead - OVERLAP)) {
        yield items;
      }
    },
    shrunk: () => loss,
    byOurClock: (at) => at - ahead,
  };
};
