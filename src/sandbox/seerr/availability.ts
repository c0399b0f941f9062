import type { Lifecycle } from './lifecycle.js';
import type { LibrarySource } from './scan.js';
import { MEDIA, type MediaRow, type SeerrState, type Tier } from './state.js';

const JELLYFIN_ID = { status: 'jellyfinMediaId', status4k: 'jellyfinMediaId4k' } as const;

/**
 * Seerr's nightly availability-sync: what is marked available and is not in Jellyfin becomes deleted, and its approved
 * requests complete with it. Media marked through the API alone has no Jellyfin id and goes the same way.
 */
export function availabilitySync(state: SeerrState, lifecycle: Lifecycle, library: LibrarySource): void {
  for (const media of state.media.values()) {
    lifecycle.changeMedia(media, (row) => {
      for (const tier of ['status', 'status4k'] as const) judge(row, tier, library);
    });
  }
}

function judge(row: MediaRow, tier: Tier, library: LibrarySource): void {
  if (!wasThere(row[tier])) return;
  const id = row[JELLYFIN_ID[tier]];
  if (id === null || library.item(id) === null) {
    row[JELLYFIN_ID[tier]] = null;
    row[tier] = MEDIA.deleted;
    for (const season of row.seasons) if (wasThere(season[tier])) season[tier] = MEDIA.deleted;
    return;
  }
  if (row.mediaType === 'tv') judgeSeasons(row, tier, seasonsOf(id, library));
}

/** The series is still there: only seasons without episodes go. */
function judgeSeasons(row: MediaRow, tier: Tier, present: ReadonlySet<number>): void {
  const gone = row.seasons.filter((season) => wasThere(season[tier]) && !present.has(season.seasonNumber));
  for (const season of gone) season[tier] = MEDIA.deleted;
  if (gone.length === 0) return;
  row[tier] = row.seasons.some((season) => wasThere(season[tier])) ? MEDIA.partial : MEDIA.deleted;
}

function seasonsOf(seriesId: string, library: LibrarySource): Set<number> {
  const episodes = library.items().filter((item) => item.type === 'Episode' && item.seriesId === seriesId);
  return new Set(episodes.flatMap((item) => (item.virtual || item.parentIndex === null ? [] : [item.parentIndex])));
}

function wasThere(status: number): boolean {
  return status === MEDIA.partial || status === MEDIA.available;
}
