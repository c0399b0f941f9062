import { isPlacedAt, tellingNames } from '../domain/placed.js';
import { fileNumbers, parseRelease } from '../domain/selection/index.js';
import { episodeLabel } from '../domain/want.js';
import type { LibraryItem } from '../services/ports.js';
import type { GrabRow, RequestRow } from '../store/index.js';
import type { Tick } from './context.js';
import { requestsOf } from './narrate.js';
import { idsOf } from './recognise.js';
import { isTitle } from './titleIndex.js';

/** What Jellyfin took one of a grab's files for. */
export interface Mistaken {
  itemId: string;
  name: string;
  providerIds: Record<string, string>;
  /** It has the right title, but this for its number. */
  numbered: string | null;
}

/**
 * Looks the files of unseen grabs up by path, all in one sweep and one delta: an item that has one of them, under ids
 * that are not this title's or as another episode than the file says, was identified as something else.
 */
export const findMistaken = async (tick: Tick, grabs: readonly GrabRow[]): Promise<Map<number, Mistaken>> => {
  const found = new Map<number, Mistaken>();
  const sought = grabs.flatMap((grab) => {
    const isPlace = placeOf(tick, grab);
    return isPlace === null ? [] : [{ grab, isPlace }];
  });
  const titles = new Map<string, LibraryItem>();
  const since = Math.min(...grabs.map(({ createdAt }) => createdAt));
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
const placeOf = (tick: Tick, { id, placed, release }: GrabRow): ((path: string) => boolean) | null => {
  const linked = new Set(
    tick.store.links.ofGrab(id).map(({ root, path }) => tick.links?.jellyfinPath(root, path) ?? path),
  );
  if (linked.size > 0) {
    return (path) => linked.has(path);
  }
  if (placed === null) {
    return null;
  }
  const names = tellingNames(placed, parseRelease(release).title);
  return (path) => isPlacedAt(names, path);
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
    if (!isPlace(path) || request === undefined) {
      continue;
    }
    const { name, providerIds } = title;
    if (!isTitle(providerIds, idsOf(request))) {
      found.set(grab.id, { itemId: title.id, name, providerIds, numbered: null });
    } else if (item.type === 'Episode' && isMisnumbered(tick, grab, item, path)) {
      found.set(grab.id, { itemId: item.id, name, providerIds, numbered: numberOf(item) });
    }
  }
};

/** Whether the file is an episode that is still waited for, and stands in Jellyfin as another one, or as none. */
const isMisnumbered = (tick: Tick, grab: GrabRow, { season, numbers }: LibraryItem, path: string): boolean => {
  const file = fileNumbers(path, null);
  if (file === null) {
    return season === null || numbers === null;
  }
  const isSaid = (episode: number) =>
    season === file.season && numbers !== null && numbers.first <= episode && episode <= numbers.last;
  return tick.store.grabs.wantIds(grab.id).some((wantId) => {
    const want = tick.store.wants.get(wantId);
    return want?.season === file.season && file.episodes.includes(want.episode) && !isSaid(want.episode);
  });
};

const numberOf = ({ season, numbers }: LibraryItem): string =>
  season === null || numbers === null ? 'without an episode number' : episodeLabel(season, numbers.first);

/** What to tell of it. */
export const mistakenText = (
  tick: Tick,
  grab: GrabRow,
  request: RequestRow,
  { itemId, name, providerIds, numbered }: Mistaken,
): { code: 'misidentified'; message: string; hint: string } => {
  const ids = Object.entries(providerIds).map(([provider, id]) => `${provider} ${id}`);
  const as = ids.length === 0 ? 'without any id of a metadata provider' : ids.join(', ');
  const link = `${tick.config.jellyfin.url.replace(/\/+$/, '')}/web/#/details?id=${itemId}`;
  if (numbered !== null) {
    return {
      code: 'misidentified',
      message: `A file of ${grab.release} is in Jellyfin, but as “${name}” ${numbered}`,
      hint: `Put its season and episode number right there: ${link}`,
    };
  }
  const right = [`tmdb ${request.tmdbId}`, ...(request.imdbId === null ? [] : [`imdb ${request.imdbId}`])].join(', ');
  return {
    code: 'misidentified',
    message: `${grab.release} is in Jellyfin, but as “${name}” (${as})`,
    hint: `Identify it there as ${right}: ${link}`,
  };
};
