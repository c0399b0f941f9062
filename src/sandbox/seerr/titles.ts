import { type Episode, type MovieTitle, type Season, type ShowTitle, type Title, yearOf } from '../world/titles.js';

type Json = Record<string, unknown>;

/** GET /movie/{tmdbId} without mediaInfo. */
export function movieDto(movie: MovieTitle): Json {
  return {
    id: movie.tmdbId,
    adult: false,
    budget: 0,
    genres: [{ id: 16, name: 'Animation' }],
    relatedVideos: [],
    originalLanguage: movie.originalLanguage,
    originalTitle: movie.originalTitle,
    popularity: 1,
    productionCompanies: [],
    productionCountries: [],
    releaseDate: movie.releaseDate,
    releases: { results: releasesDto(movie) },
    revenue: 0,
    spokenLanguages: [{ iso_639_1: 'en', name: 'English' }],
    status: movie.status,
    title: movie.title,
    video: false,
    voteAverage: 7,
    voteCount: 10,
    backdropPath: null,
    homepage: '',
    imdbId: movie.imdbId,
    overview: `${movie.title} overview.`,
    posterPath: `/poster-${movie.tmdbId}.jpg`,
    runtime: movie.runtime,
    tagline: '',
    credits: { cast: [], crew: [] },
    externalIds: externalIds(movie.imdbId, {}),
    watchProviders: [],
    keywords: movie.keywords,
    onUserWatchlist: false,
  };
}

/** GET /tv/{tmdbId} without mediaInfo. The IMDb id is only in externalIds. */
export function showDto(show: ShowTitle, today: string): Json {
  const regular = show.seasons.filter((season) => season.number > 0);
  const episodes = regular.flatMap((season) => season.episodes.map((episode) => ({ season, episode })));
  const dated = episodes.filter(({ episode }) => episode.airDate !== null);
  const aired = dated.filter(({ episode }) => (episode.airDate ?? '') <= today);
  const last = aired.at(-1);
  const next = dated.find(({ episode }) => (episode.airDate ?? '') > today);
  return {
    createdBy: [],
    episodeRunTime: [show.runtime],
    firstAirDate: show.firstAirDate,
    genres: [{ id: 18, name: 'Drama' }],
    relatedVideos: [],
    homepage: '',
    id: show.tmdbId,
    inProduction: show.status !== 'Ended',
    languages: ['en'],
    lastAirDate: last?.episode.airDate ?? '',
    name: show.title,
    networks: [],
    numberOfEpisodes: episodes.length,
    numberOfSeasons: regular.length,
    originCountry: ['US'],
    originalLanguage: show.originalLanguage,
    originalName: show.originalTitle,
    tagline: '',
    overview: `${show.title} overview.`,
    popularity: 1,
    productionCompanies: [],
    productionCountries: [],
    contentRatings: { results: [] },
    spokenLanguages: [],
    seasons: show.seasons.map((season) => seasonHead(show, season)),
    status: show.status,
    type: 'Scripted',
    voteAverage: 7,
    voteCount: 10,
    backdropPath: null,
    ...(last === undefined ? {} : { lastEpisodeToAir: episodeDto(show, last.season, last.episode) }),
    ...(next === undefined ? {} : { nextEpisodeToAir: episodeDto(show, next.season, next.episode) }),
    posterPath: `/poster-${show.tmdbId}.jpg`,
    credits: { cast: [], crew: [] },
    externalIds: externalIds(show.imdbId, { tvdbId: show.tvdbId }),
    keywords: show.keywords,
    watchProviders: [],
    onUserWatchlist: false,
  };
}

/** GET /tv/{tmdbId}/season/{n}: unaired episodes included. */
export function seasonDto(show: ShowTitle, season: Season): Json {
  return {
    airDate: season.airDate,
    episodes: season.episodes.map((episode) => episodeDto(show, season, episode)),
    externalIds: { freebaseId: null, freebaseMid: null, tvdbId: null, tvrageId: null },
    id: seasonId(show, season),
    name: season.name,
    overview: '',
    seasonNumber: season.number,
    posterPath: null,
  };
}

/** An entry of GET /search. */
export function searchResultDto(title: Title): Json {
  const common = {
    id: title.tmdbId,
    genreIds: [],
    originalLanguage: title.originalLanguage,
    overview: `${title.title} overview.`,
    popularity: 1,
    voteAverage: 7,
    voteCount: 10,
    backdropPath: null,
    posterPath: `/poster-${title.tmdbId}.jpg`,
  };
  if (title.type === 'movie') {
    const { originalTitle, releaseDate } = title;
    const own = { mediaType: 'movie', adult: false, video: false, title: title.title, originalTitle, releaseDate };
    return { ...common, ...own };
  }
  const { originalTitle: originalName, firstAirDate } = title;
  return { ...common, mediaType: 'tv', name: title.title, originalName, originCountry: ['US'], firstAirDate };
}

export function matchesSearch(title: Title, query: string): boolean {
  const imdb = /^imdb:(tt\d+)$/.exec(query)?.[1];
  if (imdb !== undefined) return title.imdbId === imdb;
  const tmdb = /^tmdb:(\d+)$/.exec(query)?.[1];
  if (tmdb !== undefined) return title.tmdbId === Number(tmdb);
  const year = /\by:(\d{4})\b/.exec(query)?.[1];
  const words = query.replace(/\by:\d{4}\b/, '').trim();
  const fits = year === undefined || yearOf(title) === Number(year);
  return fits && title.title.toLowerCase().includes(words.toLowerCase());
}

function seasonHead(show: ShowTitle, season: Season): Json {
  return {
    airDate: season.airDate,
    episodeCount: season.episodes.length,
    id: seasonId(show, season),
    name: season.name,
    overview: '',
    seasonNumber: season.number,
    posterPath: null,
  };
}

function episodeDto(show: ShowTitle, season: Season, episode: Episode): Json {
  return {
    id: Number(`${seasonId(show, season)}${two(episode.number)}`),
    airDate: episode.airDate,
    episodeNumber: episode.number,
    name: episode.name,
    overview: '',
    productionCode: '',
    seasonNumber: season.number,
    showId: show.tmdbId,
    voteAverage: 0,
    voteCount: 0,
    stillPath: null,
  };
}

function seasonId(show: ShowTitle, season: Season): number {
  return Number(`${show.tmdbId}${two(season.number)}`);
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function externalIds(imdbId: string | null, more: Json): Json {
  return {
    facebookId: null,
    freebaseId: null,
    freebaseMid: null,
    imdbId,
    instagramId: null,
    ...more,
    tvrageId: null,
    twitterId: null,
  };
}

function releasesDto(movie: MovieTitle): Json[] {
  const regions = [...new Set(movie.releaseDates.map(({ region }) => region))];
  return regions.map((region) => ({
    iso_3166_1: region,
    release_dates: movie.releaseDates
      .filter((release) => release.region === region)
      .map(({ date, type }) => ({ certification: '', note: '', release_date: `${date}T00:00:00.000Z`, type })),
  }));
}
