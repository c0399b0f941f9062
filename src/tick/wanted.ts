import { isServiceError } from '../domain/errors.js';
import { groupBy } from '../domain/group.js';
import type { PlannedWant } from '../domain/plan.js';
import type { Wanted, WantedEpisodes } from '../domain/selection/index.js';
import type { Tick } from './context.js';

/**
 * What a search is for, from Seerr's (cached) details. Throws `ServiceError` when they cannot be had.
 *
 * Anime is often released by absolute number. In the first season that is the episode's own number, and Jellyfin takes
 * a file without a season for the first, too. Which number a later season begins with, Seerr does not tell.
 */
export const wantedOf = async (tick: Tick, wants: readonly PlannedWant[]): Promise<Wanted> => {
  const [first] = wants;
  if (first === undefined) {
    throw new Error('a search needs at least one want');
  }
  if (first.type === 'movie') {
    const movie = await tick.seerr.movie(first.tmdbId);
    return {
      kind: 'movie',
      titles: titles(movie),
      year: movie.year,
      runtimeMin: movie.runtimeMin,
      tier: first.tier,
    };
  }
  const show = await tick.seerr.show(first.tmdbId);
  return {
    kind: 'episodes',
    titles: titles(show),
    year: show.year,
    runtimeMin: show.runtimeMin,
    season: first.season,
    episodes: wants.map((want) => want.episode),
    seasonEpisodeCount: show.seasons.find((season) => season.number === first.season)?.episodeCount ?? null,
    specials: first.season === 0,
    tier: first.tier,
    ...(show.anime && first.season === 1 ? { firstAbsolute: 1 } : {}),
    ...(await airDatesOf(tick, first)),
  };
};

/** Releases of daily shows go by dates. Without them nothing else is worse off, so a season that cannot be read is none. */
const airDatesOf = async (tick: Tick, { tmdbId, season }: PlannedWant): Promise<Pick<WantedEpisodes, 'airDates'>> => {
  try {
    const { episodes } = await tick.seerr.season(tmdbId, season);
    const dated = episodes.flatMap(({ number, airDate }) => (airDate === null ? [] : [[number, airDate] as const]));
    return { airDates: Object.fromEntries(dated) };
  } catch (error) {
    if (!isServiceError(error)) {
      throw error;
    }
    return {};
  }
};

/** The same for a plan: one part for a movie, one for each season. */
export const partsOf = async (tick: Tick, wants: readonly PlannedWant[]): Promise<[Wanted, ...Wanted[]]> => {
  const [first, ...others] = [...groupBy(wants, (want) => want.season).values()];
  const parts: [Wanted, ...Wanted[]] = [await wantedOf(tick, first ?? [])];
  for (const season of others) {
    parts.push(await wantedOf(tick, season));
  }
  return parts;
};

const titles = ({ title, originalTitle }: { title: string; originalTitle: string }): string[] =>
  [...new Set([title, originalTitle])].filter((text) => text !== '');
