import { type Answer, empty, json } from '../kit/http.js';
import type { SeerrCall, SeerrContext } from './context.js';
import { MEDIA, type MediaRow, tierOf } from './state.js';
import { fullMediaDto } from './wire.js';

export const MARKS = ['available', 'partial', 'processing', 'pending', 'unknown', 'deleted'] as const;

const STATUS: Readonly<Record<string, number>> = {
  available: MEDIA.available,
  partial: MEDIA.partial,
  processing: MEDIA.processing,
  pending: MEDIA.pending,
  unknown: MEDIA.unknown,
  // `deleted` passes validation and changes nothing.
};

/** POST /media/{mediaId}/{status}. */
export function markMedia(context: SeerrContext, call: SeerrCall): Answer {
  const media = context.state.media.get(Number(call.params[0]));
  if (media === undefined) return json(404, { message: 'Media does not exist.' });
  const mark = call.params[1] ?? '';
  if (mark === 'partial' && media.mediaType === 'movie') {
    return json(400, { message: 'Only series can be set to be partially available' });
  }
  const tier = tierOf(call.body.is4k === true);
  context.lifecycle.changeMedia(media, (row) => {
    row[tier] = STATUS[mark] ?? row[tier];
    if (mark !== 'available' || row.mediaType !== 'tv') return;
    for (const number of markedSeasons(call.body.seasons)) {
      context.state.season(row, number, context.lifecycle.nowText())[tier] = MEDIA.available;
    }
  });
  return json(200, fullMediaDto(media, context.jellyfinUrl()));
}

/** DELETE /media/{id}: its requests go with it. */
export function deleteMedia({ state }: SeerrContext, call: SeerrCall): Answer {
  const media: MediaRow | undefined = state.media.get(Number(call.params[0]));
  if (media === undefined) return json(404, { message: 'Media not found' });
  for (const request of state.requestsOf(media.id)) state.requests.delete(request.id);
  state.media.delete(media.id);
  return empty(204);
}

/** The undocumented `seasons` of the body: `[{seasonNumber: 1}, ...]`. */
function markedSeasons(seasons: unknown): number[] {
  if (!Array.isArray(seasons)) return [];
  return seasons.flatMap((season: { seasonNumber?: unknown } | null) =>
    typeof season?.seasonNumber === 'number' ? [season.seasonNumber] : [],
  );
}
