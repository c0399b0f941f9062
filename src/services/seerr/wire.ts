import * as z from 'zod';
import type {
  Keyword,
  MediaRequest,
  MediaStatus,
  MovieDetails,
  RequestStatus,
  SeasonDetails,
  ShowDetails,
} from '../../domain/media.js';

/**
 * Seerr's JSON (3.1 and its neighbours, down to Overseerr 1.34) and how it reads in our words. Strict about what is
 * used, blind to the rest; numbers that a later version may add become `unrecognised`.
 */

const maybeNumber = z.number().nullish();
const maybeText = z.string().nullish();

const seasonStatus = z.object({ seasonNumber: z.number().int(), status: z.number(), status4k: maybeNumber });

const mediaRow = z.object({
  id: z.number().int(),
  tmdbId: z.number().int(),
  tvdbId: maybeNumber,
  imdbId: maybeText,
  status: z.number(),
  status4k: maybeNumber,
  serviceId: maybeNumber,
  serviceId4k: maybeNumber,
  externalServiceId: maybeNumber,
  externalServiceId4k: maybeNumber,
  jellyfinMediaId: maybeText,
  jellyfinMediaId4k: maybeText,
  // The list answer has no such key.
  seasons: z.array(seasonStatus).nullish(),
});

const requestRow = z.object({
  id: z.number().int(),
  status: z.number(),
  type: z.string(),
  is4k: z.boolean(),
  media: mediaRow,
  seasons: z.array(z.object({ seasonNumber: z.number().int(), status: z.number() })).nullish(),
  requestedBy: z.object({ id: z.number().int() }).nullish(),
});
type WireRequest = z.infer<typeof requestRow>;

/** A kind of request that a later version may add; nothing is known of the rest of it. */
const otherRow = z.object({
  id: z.number().int(),
  type: z.string().refine((type) => type !== 'movie' && type !== 'tv'),
});

export const requestAnswer = requestRow.nullable();
export const requestPage = z.object({
  pageInfo: z.object({ results: z.number().int().nonnegative() }),
  results: z.array(z.union([otherRow, requestRow])),
});

const requestStatuses: Record<number, RequestStatus> = {
  1: 'pending',
  2: 'approved',
  3: 'declined',
  4: 'failed',
  5: 'completed',
};
const mediaStatuses: Record<number, MediaStatus> = {
  1: 'unknown',
  2: 'pending',
  3: 'processing',
  4: 'partially-available',
  5: 'available',
  6: 'blocklisted',
  7: 'deleted',
};
const requestStatus = (status: number): RequestStatus => requestStatuses[status] ?? 'unrecognised';
const mediaStatus = (status: number | null | undefined): MediaStatus => mediaStatuses[status ?? 1] ?? 'unrecognised';

/** null = a kind of request we know nothing about. */
export function toRequest(wire: WireRequest | z.infer<typeof otherRow>): MediaRequest | null {
  if (!('media' in wire)) return null;
  const { media, ...row } = wire;
  if (row.type !== 'movie' && row.type !== 'tv') return null;
  const { is4k } = row;
  const handled = is4k ? [media.serviceId4k, media.externalServiceId4k] : [media.serviceId, media.externalServiceId];
  return {
    id: row.id,
    status: requestStatus(row.status),
    type: row.type,
    is4k,
    seasons: (row.seasons ?? []).map(({ seasonNumber, status }) => ({
      number: seasonNumber,
      status: requestStatus(status),
    })),
    requestedBy: row.requestedBy?.id ?? null,
    media: {
      id: media.id,
      tmdbId: media.tmdbId,
      tvdbId: media.tvdbId ?? null,
      imdbId: imdbId(media.imdbId),
      status: mediaStatus(is4k ? media.status4k : media.status),
      handledByArr: handled.some((id) => id !== null && id !== undefined),
      hasJellyfinId: Boolean(is4k ? media.jellyfinMediaId4k : media.jellyfinMediaId),
      seasons:
        media.seasons?.map((season) => ({
          number: season.seasonNumber,
          status: mediaStatus(is4k ? season.status4k : season.status),
        })) ?? null,
    },
  };
}

const externalIds = z.object({ imdbId: maybeText, tvdbId: maybeNumber }).nullish();

/** Nothing depends on keywords but the choice of a profile: an odd list is no reason to refuse the title. */
const keywordRows = z.array(z.unknown()).nullish().catch(null);
const keywordRow = z.object({ id: z.number().int(), name: maybeText.catch(null) });

function keywords(rows: z.infer<typeof keywordRows>): Keyword[] {
  return (rows ?? []).flatMap((row) => {
    const { success, data } = keywordRow.safeParse(row);
    return success ? [{ id: data.id, name: data.name ?? '' }] : [];
  });
}

export const movieAnswer = z.object({
  id: z.number().int(),
  imdbId: maybeText,
  externalIds,
  title: z.string(),
  originalTitle: maybeText,
  releaseDate: maybeText,
  runtime: maybeNumber,
  status: maybeText,
  releases: z
    .object({
      results: z
        .array(z.object({ release_dates: z.array(z.object({ type: z.number(), release_date: z.string() })).nullish() }))
        .nullish(),
    })
    .nullish(),
  keywords: keywordRows,
});

type Release = MovieDetails['releases'][number];
/** TMDB's release types. */
const releaseKinds: Record<number, Release['kind']> = {
  1: 'premiere',
  2: 'theatrical',
  3: 'theatrical',
  4: 'digital',
  5: 'physical',
  6: 'tv',
};

export function toMovie(movie: z.infer<typeof movieAnswer>): MovieDetails {
  return {
    tmdbId: movie.id,
    imdbId: imdbId(movie.imdbId) ?? imdbId(movie.externalIds?.imdbId),
    title: movie.title,
    originalTitle: movie.originalTitle || movie.title,
    year: year(movie.releaseDate),
    runtimeMin: movie.runtime || null,
    status: movie.status ?? '',
    firstReleaseAt: timeOf(movie.releaseDate),
    releases: (movie.releases?.results ?? []).flatMap((region) => region.release_dates ?? []).flatMap(toRelease),
    keywords: keywords(movie.keywords),
  };
}

function toRelease({ type, release_date }: { type: number; release_date: string }): Release[] {
  const kind = releaseKinds[type];
  const at = timeOf(release_date);
  return kind === undefined || at === null ? [] : [{ kind, at }];
}

function timeOf(date: string | null | undefined): number | null {
  const at = Date.parse(date ?? '');
  return Number.isNaN(at) ? null : at;
}

export const showAnswer = z.object({
  id: z.number().int(),
  externalIds,
  name: z.string(),
  originalName: maybeText,
  firstAirDate: maybeText,
  status: maybeText,
  episodeRunTime: z.array(z.number()).nullish(),
  seasons: z.array(
    z.object({ seasonNumber: z.number().int(), episodeCount: z.number().int().nullish(), airDate: maybeText }),
  ),
  keywords: keywordRows,
});

const ANIME_KEYWORD = 210024;

export function toShow(show: z.infer<typeof showAnswer>): ShowDetails {
  const words = keywords(show.keywords);
  return {
    tmdbId: show.id,
    imdbId: imdbId(show.externalIds?.imdbId),
    tvdbId: show.externalIds?.tvdbId ?? null,
    title: show.name,
    originalTitle: show.originalName || show.name,
    year: year(show.firstAirDate),
    runtimeMin: show.episodeRunTime?.[0] || null,
    status: show.status ?? '',
    seasons: show.seasons.map(({ seasonNumber, episodeCount, airDate }) => ({
      number: seasonNumber,
      episodeCount: episodeCount ?? 0,
      airDate: day(airDate),
    })),
    keywords: words,
    anime: words.some(({ id }) => id === ANIME_KEYWORD),
  };
}

export const seasonAnswer = z.object({
  seasonNumber: z.number().int(),
  episodes: z.array(z.object({ episodeNumber: z.number().int(), airDate: maybeText })),
});

export function toSeason(season: z.infer<typeof seasonAnswer>): SeasonDetails {
  return {
    number: season.seasonNumber,
    episodes: season.episodes.map(({ episodeNumber, airDate }) => ({ number: episodeNumber, airDate: day(airDate) })),
  };
}

export const searchAnswer = z.object({
  results: z.array(z.object({ id: z.number().int().nullish(), mediaType: maybeText })),
});
export const arrAnswer = z.array(z.object({ is4k: z.boolean().nullish() }));
export const publicSettingsAnswer = z.object({
  movie4kEnabled: z.boolean().nullish(),
  series4kEnabled: z.boolean().nullish(),
  mediaServerType: z.int().nullish(),
});
export const meAnswer = z.object({ permissions: z.int() });
export const statusAnswer = z.object({ version: z.string() });
export const jobsAnswer = z.array(z.object({ id: z.string(), running: z.boolean().nullish() }));

/** Seerr says null, '' or nothing at all when TMDB has no IMDb id. */
function imdbId(text: string | null | undefined): string | null {
  return text && /^tt\d{7,}$/.test(text) ? text : null;
}

function year(date: string | null | undefined): number | null {
  const digits = /^(\d{4})-/.exec(date ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

function day(date: string | null | undefined): string | null {
  return /^\d{4}-\d{2}-\d{2}/.exec(date ?? '')?.[0] ?? null;
}

/** Since 3.0. */
export const metadataAnswer = z.object({ tv: z.string(), anime: z.string() });
