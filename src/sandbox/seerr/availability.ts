import type { Lifecycle } from './lifecycle.js';
import type { LibrarySource } from './scan.js';
import { MEDIA, type MediaRow, type SeerrState, type Tier } from './state.js';

/**
 * Seerr's nightly availability-sync: what is marked available and is not in Jellyfin becomes deleted, and its approved
 * requests complete with it. Media marked through the API alone has no Jellyfin id and goes the same way.
 */
export function availabilitySync(state: SeerrState, lifecycle: Lifecycle, library: LibrarySource): void {
  for (const media of state.media.values()) {
    const gone = tiersGone(media, library);
    if (gone.length === 0) continue;
    lifecycle.changeMedia(media, (row) => {
      for (const tier of gone) drop(row, tier);
    });
  }
}

function tiersGone(media: MediaRow, library: LibrarySource): Tier[] {
  const tiers: [Tier, string | null][] = [
    ['status', media.jellyfinMediaId],
    ['status4k', media.jellyfinMediaId4k],
  ];
  return tiers.filter(([tier, id]) => wasThere(media[tier]) && !isThere(id, library)).map(([tier]) => tier);
}

function wasThere(status: number): boolean {
  return status === MEDIA.partial || status === MEDIA.available;
}

function isThere(id: string | null, library: LibrarySource): boolean {
  return id !== null && library.item(id) !== null;
}

function drop(row: MediaRow, tier: Tier): void {
  row[tier] = MEDIA.deleted;
  for (const season of row.seasons) if (wasThere(season[tier])) season[tier] = MEDIA.deleted;
  if (row.mediaType === 'movie') row[tier === 'status' ? 'jellyfinMediaId' : 'jellyfinMediaId4k'] = null;
}
