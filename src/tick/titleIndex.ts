import type { LibraryItem } from '../services/ports.js';

/** Ids under which a title may stand in Jellyfin. */
export interface TitleIds {
  tmdbId: number;
  imdbId: string | null;
  tvdbId: number | null;
}

/**
 * Whether an item with these provider ids is that title. As for Seerr, its TMDB id alone decides where it has one: what
 * is one show in TVDB or IMDb may be several in TMDB.
 */
export const isTitle = (item: Record<string, string>, { tmdbId, imdbId, tvdbId }: TitleIds): boolean =>
  item.tmdb === undefined
    ? (imdbId !== null && item.imdb === imdbId) || (tvdbId !== null && item.tvdb === String(tvdbId))
    : item.tmdb === String(tmdbId);

export type TitleType = 'Movie' | 'Series';

/** Jellyfin's movies and series by their provider ids: what one sweep found, kept up to date. Holds nothing but ids. */
export interface TitleIndex {
  put(item: LibraryItem): void;
  drop(id: string): void;
  find(type: TitleType, ids: TitleIds): string[];
  /** The IMDb ids of these items. */
  imdbIds(items: readonly string[]): string[];
  /** Titles, not items: a library built anew shows the same titles under other ids. */
  readonly size: number;
}

const providers: ReadonlySet<string> = new Set(['tmdb', 'imdb', 'tvdb']);

/** Of what has no TMDB id. */
const otherKeysOf = (type: TitleType, ids: TitleIds): string[] => {
  const keys: string[] = [];
  if (ids.imdbId !== null) {
    keys.push(`${type}:imdb:${ids.imdbId}`);
  }
  if (ids.tvdbId !== null) {
    keys.push(`${type}:tvdb:${ids.tvdbId}`);
  }
  return keys;
};

export const createTitleIndex = (): TitleIndex => {
  const itemsByKey = new Map<string, string[]>();
  const keysByItem = new Map<string, string[]>();

  const under = (key: string): string[] => itemsByKey.get(key) ?? [];

  const hasTmdb = (id: string): boolean => keysByItem.get(id)?.some((key) => key.includes(':tmdb:')) ?? false;

  const drop = (id: string): void => {
    for (const key of keysByItem.get(id) ?? []) {
      const others = under(key).filter((other) => other !== id);
      if (others.length === 0) {
        itemsByKey.delete(key);
      } else {
        itemsByKey.set(key, others);
      }
    }
    keysByItem.delete(id);
  };

  return {
    drop,
    put: (item) => {
      drop(item.id);
      const keys = Object.entries(item.providerIds)
        .filter(([provider]) => providers.has(provider))
        .map(([provider, id]) => `${item.type}:${provider}:${id}`)
        .sort();
      keysByItem.set(item.id, keys);
      for (const key of keys) {
        itemsByKey.set(key, [...under(key), item.id]);
      }
    },
    find: (type, ids) => {
      const others = otherKeysOf(type, ids).flatMap(under);
      return [...new Set([...under(`${type}:tmdb:${ids.tmdbId}`), ...others.filter((id) => !hasTmdb(id))])];
    },
    imdbIds: (items) => {
      const keys = items.flatMap((id) => keysByItem.get(id) ?? []);
      return [...new Set(keys.flatMap((key) => /:imdb:(tt\d{7,10})$/.exec(key)?.[1] ?? []))];
    },
    get size() {
      return new Set([...keysByItem].map(([id, keys]) => keys[0] ?? id)).size;
    },
  };
};
