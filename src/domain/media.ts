/** What Seerr tells us about, in our own words (the wire shapes stay in services/seerr). */

export type MediaType = 'movie' | 'tv';
export type Tier = 'standard' | '4k';

export type RequestStatus = 'pending' | 'approved' | 'declined' | 'failed' | 'completed' | 'unrecognised';
export type MediaStatus =
  | 'unknown'
  | 'pending'
  | 'processing'
  | 'partially-available'
  | 'available'
  | 'blocklisted'
  | 'deleted'
  | 'unrecognised';

/** One of Seerr's media requests: a movie, or a show with seasons; standard or 4K tier. */
export interface MediaRequest {
  id: number;
  status: RequestStatus;
  type: MediaType;
  is4k: boolean;
  /** Seasons asked for; empty for movies. */
  seasons: { number: number; status: RequestStatus }[];
  requestedBy: number | null;
  media: {
    /** Seerr's own media id: the one POST /media needs. */
    id: number;
    tmdbId: number;
    tvdbId: number | null;
    /** Filled by Seerr's Jellyfin scanner, movies only. */
    imdbId: string | null;
    /** Status of the request's own tier. */
    status: MediaStatus;
    /** Radarr or Sonarr has this title (in the request's tier). */
    handledByArr: boolean;
    hasJellyfinId: boolean;
    /** Season statuses of the request's tier; null where Seerr's answer has none (its list answer). */
    seasons: { number: number; status: MediaStatus }[] | null;
  };
}

/** One of TMDB's keywords. */
export interface Keyword {
  id: number;
  name: string;
}

export interface MovieDetails {
  tmdbId: number;
  imdbId: string | null;
  title: string;
  originalTitle: string;
  year: number | null;
  runtimeMin: number | null;
  /** TMDB's word, e.g. `Released`. */
  status: string;
  /** TMDB's one date for it (epoch ms), whichever kind of release that was; null = none. */
  firstReleaseAt: number | null;
  /** All regions. Dates are epoch ms. */
  releases: { kind: 'premiere' | 'theatrical' | 'digital' | 'physical' | 'tv'; at: number }[];
  keywords: Keyword[];
}

export interface ShowDetails {
  tmdbId: number;
  imdbId: string | null;
  tvdbId: number | null;
  title: string;
  originalTitle: string;
  year: number | null;
  runtimeMin: number | null;
  status: string;
  seasons: { number: number; episodeCount: number; airDate: string | null }[];
  keywords: Keyword[];
  /** TMDB keyword 210024. */
  anime: boolean;
}

export interface SeasonDetails {
  number: number;
  /** `airDate` is `YYYY-MM-DD`, or null while unknown. */
  episodes: { number: number; airDate: string | null }[];
}
