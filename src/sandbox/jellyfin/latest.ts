import type { Item } from './items.js';
import type { Library } from './library.js';

/**
 * What /Items/Latest gives Seerr's five-minute job: the newest unplayed items of a library, episodes grouped by series,
 * but only where a series has more than one; a lone new episode comes as a bare Episode.
 */
export function latestOf(library: Library, libraryId: string, limit: number): Item[] {
  const fresh = [...library.items.values()]
    .filter((item) => item.libraryId === libraryId && !item.played && !item.virtual)
    .filter((item) => item.type === 'Movie' || item.type === 'Episode')
    .sort((a, b) => b.dateCreated - a.dateCreated);
  const perSeries = new Map<string, number>();
  for (const { seriesId } of fresh) if (seriesId !== null) perSeries.set(seriesId, (perSeries.get(seriesId) ?? 0) + 1);
  const groups = new Map<string, Item>();
  for (const item of fresh) {
    const series = item.seriesId === null ? undefined : library.items.get(item.seriesId);
    const shown = series !== undefined && (perSeries.get(series.id) ?? 0) > 1 ? series : item;
    if (!groups.has(shown.id)) groups.set(shown.id, shown);
  }
  return [...groups.values()].slice(0, limit);
}
