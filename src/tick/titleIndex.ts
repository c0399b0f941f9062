import type { LibraryItem } from '../services/ports.js';

/** Ids under which a title may stand in Jellyfin. */
export interface TitleIds {
  tmdbId: number;
  imdbId: string | null;
  tvdbId: number | null;
}

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

const keysOf = (type: TitleType, ids: TitleIds): string[] => {
  const keys = [`${type}:tmdb:${ids.tmdbId}`];
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

  const drop = (id: string): void => {
    for (const key of keysByItem.get(id) ?? []) {
      const others = (itemsByKey.get(key) ?? []).filter((other) => other !== id);
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
        itemsByKey.set(key, [...(itemsByKey.get(key) ?? []), item.id]);
      }
    },
    find: (type, ids) => [...new Set(keysOf(type, ids).flatMap((key) => itemsByKey.get(key) ?? []))],
    imdbIds: (items) => {
      const keys = items.flatMap((id) => keysByItem.get(id) ?? []);
      return [...new Set(keys.flatMap((key) => /:imdb:(tt\d{7,10})$/.exec(key)?.[1] ?? []))];
    },
    get size() {
      return new Set([...keysByItem].map(([id, keys]) => keys[0] ?? id)).size;
    },
  };
};
