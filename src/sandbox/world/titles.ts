/** What exists, as TMDB would tell it. */
export interface ReleaseDate {
  /** ISO date. */
  date: string;
  /** TMDB's: 1 premiere, 2 limited, 3 theatrical, 4 digital, 5 physical, 6 TV. */
  type: 1 | 2 | 3 | 4 | 5 | 6;
  region: string;
}

interface TitleBase {
  tmdbId: number;
  /** null = TMDB has the field but no id; '' and 'absent' occur as well. */
  imdbId: string | null;
  title: string;
  originalTitle: string;
  originalLanguage: string;
  /** TMDB's own status line: Released, In Production, Returning Series, Ended ... */
  status: string;
  keywords: { id: number; name: string }[];
}

export interface MovieTitle extends TitleBase {
  type: 'movie';
  /** '' when TMDB has no date. */
  releaseDate: string;
  runtime: number;
  releaseDates: ReleaseDate[];
}

export interface Episode {
  number: number;
  airDate: string | null;
  name: string;
}

export interface Season {
  number: number;
  name: string;
  airDate: string | null;
  episodes: Episode[];
}

export interface ShowTitle extends TitleBase {
  type: 'tv';
  tvdbId: number | null;
  firstAirDate: string;
  runtime: number;
  seasons: Season[];
}

export type Title = MovieTitle | ShowTitle;

export interface MovieSpec {
  tmdbId: number;
  imdbId: string | null;
  title: string;
  year?: number;
  runtime?: number;
  originalTitle?: string;
  originalLanguage?: string;
  status?: string;
  keywords?: { id: number; name: string }[];
  /** Default: 1 January of `year`; '' for none. */
  releaseDate?: string;
  /** Default: theatrical and digital on the release date. */
  releaseDates?: ReleaseDate[];
}

export interface SeasonSpec {
  number: number;
  name?: string;
  /** One entry per episode: its air date, or null for none. */
  airDates: (string | null)[];
}

export interface ShowSpec {
  tmdbId: number;
  imdbId: string | null;
  tvdbId?: number | null;
  title: string;
  year?: number;
  runtime?: number;
  originalTitle?: string;
  originalLanguage?: string;
  status?: string;
  keywords?: { id: number; name: string }[];
  seasons: SeasonSpec[];
}

export function movieOf(spec: MovieSpec): MovieTitle {
  const releaseDate = spec.releaseDate ?? (spec.year === undefined ? '' : `${spec.year}-01-01`);
  return {
    type: 'movie',
    tmdbId: spec.tmdbId,
    imdbId: spec.imdbId,
    title: spec.title,
    originalTitle: spec.originalTitle ?? spec.title,
    originalLanguage: spec.originalLanguage ?? 'en',
    status: spec.status ?? 'Released',
    keywords: spec.keywords ?? [],
    releaseDate,
    runtime: spec.runtime ?? 90,
    releaseDates: spec.releaseDates ?? bothOn(releaseDate),
  };
}

export function showOf(spec: ShowSpec): ShowTitle {
  const seasons = spec.seasons.map(seasonOf);
  const first = seasons.find((season) => season.number === 1) ?? seasons[0];
  return {
    type: 'tv',
    tmdbId: spec.tmdbId,
    imdbId: spec.imdbId,
    tvdbId: spec.tvdbId ?? null,
    title: spec.title,
    originalTitle: spec.originalTitle ?? spec.title,
    originalLanguage: spec.originalLanguage ?? 'en',
    status: spec.status ?? 'Ended',
    keywords: spec.keywords ?? [],
    firstAirDate: first?.airDate ?? (spec.year === undefined ? '' : `${spec.year}-01-01`),
    runtime: spec.runtime ?? 40,
    seasons,
  };
}

export function yearOf(title: Title): number | null {
  const date = title.type === 'movie' ? title.releaseDate : title.firstAirDate;
  return date === '' ? null : Number(date.slice(0, 4));
}

function seasonOf(spec: SeasonSpec): Season {
  return {
    number: spec.number,
    name: spec.name ?? (spec.number === 0 ? 'Specials' : `Season ${spec.number}`),
    airDate: spec.airDates[0] ?? null,
    episodes: spec.airDates.map((airDate, index) => ({ number: index + 1, airDate, name: `Episode ${index + 1}` })),
  };
}

function bothOn(date: string): ReleaseDate[] {
  if (date === '') return [];
  return [
    { date, type: 3, region: 'US' },
    { date, type: 4, region: 'US' },
  ];
}
