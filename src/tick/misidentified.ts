import { isPlacedAt } from '../domain/placed.js';
import type { LibraryItem } from '../services/ports.js';
import type { GrabRow, RequestRow } from '../store/index.js';
import type { TitleIds } from './catalogue.js';
import type { Tick } from './context.js';
import { requestsOf } from './narrate.js';
import { idsOf } from './recognise.js';

/** What Jellyfin took a grab's files for. */
export interface Mistaken {
  itemId: string;
  name: string;
  providerIds: Record<string, string>;
}

/**
 * Looks the files of unseen grabs up by path, all in one sweep and one delta: an item that has one of them, under ids
 * that are not this title's, was identified as something else.
 */
export const findMistaken = async (tick: Tick, grabs: readonly GrabRow[]): Promise<Map<number, Mistaken>> => {
  const found = new Map<number, Mistaken>();
  const sought = grabs.flatMap((grab) => {
    const isPlace = placeOf(tick, grab);
    return isPlace === null ? [] : [{ grab, isPlace }];
  });
  if (sought.length === 0) {
    return found;
  }
  const titles = new Map<string, LibraryItem>();
  const since = Math.min(...sought.map(({ grab }) => grab.createdAt));
  for await (const items of tick.catalogue.everything(since)) {
    for (const item of items) {
      if (item.type !== 'Episode') {
        titles.set(item.id, item);
      }
    }
    for (const item of items) {
      notePlaced(tick, sought, item, titles, found);
    }
  }
  return found;
};

/** How an item's path tells that it is of this grab; null = it cannot. */
const placeOf = (tick: Tick, { id, placed }: GrabRow): ((path: string) => boolean) | null => {
  const linked = new Set(
    tick.store.links.ofGrab(id).map(({ root, path }) => tick.links?.jellyfinPath(root, path) ?? path),
  );
  if (linked.size > 0) {
    return (path) => linked.has(path);
  }
  return placed === null ? null : (path) => isPlacedAt(placed, path);
};

const notePlaced = (
  tick: Tick,
  sought: readonly { grab: GrabRow; isPlace: (path: string) => boolean }[],
  item: LibraryItem,
  titles: ReadonlyMap<string, LibraryItem>,
  found: Map<number, Mistaken>,
): void => {
  const { path } = item;
  // An episode's ids are its own: which show it was taken for, its series tells.
  const title = item.type === 'Episode' ? titles.get(item.seriesId ?? '') : item;
  if (path === null || title === undefined) {
    return;
  }
  for (const { grab, isPlace } of sought) {
    const [request] = requestsOf(tick.store, grab).flatMap((id) => tick.store.requests.get(id) ?? []);
    if (isPlace(path) && request !== undefined && !isTitle(title.providerIds, idsOf(request))) {
      found.set(grab.id, { itemId: title.id, name: title.name, providerIds: title.providerIds });
    }
  }
};

const isTitle = (ids: Record<string, string>, { tmdbId, imdbId, tvdbId }: TitleIds): boolean =>
  ids.tmdb === String(tmdbId) ||
  (imdbId !== null && ids.imdb === imdbId) ||
  (tvdbId !== null && ids.tvdb === String(tvdbId));

/** What to tell of it. */
export const mistakenText = (
  tick: Tick,
  grab: GrabRow,
  request: RequestRow,
  { itemId, name, providerIds }: Mistaken,
): { code: 'misidentified'; message: string; hint: string } => {
  const ids = Object.entries(providerIds).map(([provider, id]) => `${provider} ${id}`);
  const as = ids.length === 0 ? 'without any id of a metadata provider' : ids.join(', ');
  const base = tick.config.jellyfin.url.replace(/\/+$/, '');
  const right = [`tmdb ${request.tmdbId}`, ...(request.imdbId === null ? [] : [`imdb ${request.imdbId}`])].join(', ');
  return {
    code: 'misidentified',
    message: `${grab.release} is in Jellyfin, but as “${name}” (${as})`,
    hint: `Identify it there as ${right}: ${base}/web/#/details?id=${itemId}`,
  };
};
