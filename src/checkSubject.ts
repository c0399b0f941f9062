import { episodeDueAt } from './domain/due.js';
import { isServiceError } from './domain/errors.js';
import type { Tier } from './domain/media.js';
import type { Plan, PlannedWant } from './domain/plan.js';
import type { Wanted } from './domain/selection/index.js';
import type { Tick } from './tick/context.js';
import { wantedOf } from './tick/wanted.js';

export interface CheckTarget {
  imdbId: string;
  season: number | null;
  episode: number | null;
  tier: Tier;
}

/** What a check is about, as far as Seerr tells. */
export interface CheckSubject {
  plan: Plan;
  wanted: Wanted;
  title: string | null;
  remarks: string[];
}

/**
 * Title and year come from an open request or Seerr's search; without them there is no title veto, and that is said.
 * A season is its aired episodes; while it airs, its last one, as the program then fetches one by one.
 */
export const identify = async (tick: Tick, target: CheckTarget, key: string): Promise<CheckSubject> => {
  const { tmdbId, otherKind } = await tmdbIdOf(tick, target);
  const { episodes, remarks } = await episodesOf(tick, target, tmdbId);
  const plan = planFor(tick, target, { key, tmdbId: tmdbId ?? 0, episodes });
  if (tmdbId !== null) {
    try {
      const wanted = await wantedOf(tick, plan.wants);
      const year = wanted.year === null ? '' : ` (${wanted.year})`;
      return { plan, wanted, title: `${wanted.titles[0] ?? target.imdbId}${year}`, remarks };
    } catch (error) {
      passOn(error);
    }
  }
  remarks.push(
    otherKind
      ? wrongKind(target)
      : 'Seerr does not tell title and year of this id: releases are not checked against them.',
  );
  return { plan, wanted: anonymous(target, episodes), title: null, remarks };
};

const wrongKind = ({ imdbId, season }: CheckTarget): string =>
  season === null
    ? `This id is that of a series: ask for a season (${imdbId}:1) or an episode (${imdbId}:1:1).`
    : `This id is that of a movie: ask for it as ${imdbId}.`;

const NO_NUMBER = -1;

/** The episodes to look for, and what is to be said about that. */
const episodesOf = async (
  tick: Tick,
  { season, episode }: CheckTarget,
  tmdbId: number | null,
): Promise<{ episodes: number[]; remarks: string[] }> => {
  if (season === null || episode !== null) {
    return { episodes: [episode ?? NO_NUMBER], remarks: [] };
  }
  const dueAt = tmdbId === null ? null : await seasonDueAt(tick, tmdbId, season);
  if (dueAt === null) {
    return {
      episodes: [1],
      remarks: [`Seerr does not tell the episodes of season ${season}: only the first is looked for.`],
    };
  }
  const now = tick.clock.now();
  const due = [...dueAt].flatMap(([number, at]) => (at !== null && at <= now ? [number] : []));
  const last = due.at(-1);
  if (last === undefined) {
    return {
      episodes: [1],
      remarks: [`No episode of season ${season} is due yet: the first one is looked for all the same.`],
    };
  }
  if (due.length === dueAt.size) {
    return { episodes: due, remarks: [] };
  }
  const remark = `Season ${season} still airs (${due.length} of ${dueAt.size} episodes are due), so each is fetched on its own: this is episode ${last}.`;
  return { episodes: [last], remarks: [remark] };
};

/** null = Seerr does not know the season's episodes, or cannot be asked now. */
const seasonDueAt = async (tick: Tick, tmdbId: number, season: number): Promise<Map<number, number | null> | null> => {
  try {
    const due = episodeDueAt(await tick.seerr.season(tmdbId, season), tick.config.search.airDelay, tick.clock.now());
    return due.size === 0 ? null : due;
  } catch (error) {
    passOn(error);
    return null;
  }
};

/** With the wants of open requests where there are such, so that what is remembered for them counts here, too. */
const planFor = (
  tick: Tick,
  target: CheckTarget,
  { key, tmdbId, episodes }: { key: string; tmdbId: number; episodes: number[] },
): Plan => {
  const { imdbId, tier } = target;
  const type = target.season === null ? 'movie' : 'episode';
  const season = target.season ?? NO_NUMBER;
  const requestIds = requestsFor(tick, target);
  const known = requestIds.flatMap((id) => tick.store.wants.ofRequest(id)).map(({ want }) => want);
  const wants = episodes.map(
    (episode): PlannedWant =>
      known.find((want) => want.season === season && want.episode === episode) ?? {
        id: 0,
        type,
        tmdbId,
        imdbId,
        season,
        episode,
        tier,
        firstDueAt: null,
        backoffStep: 0,
        offers: 0,
      },
  );
  return { key, type, tmdbId, imdbId, tier, season, wants, requestIds };
};

/** Who asked for it may decide about the profile. */
const requestsFor = (tick: Tick, { imdbId, tier }: CheckTarget): Plan['requestIds'] => {
  const open = tick.store.requests.open().filter((row) => row.imdbId === imdbId && row.tier === tier);
  const [first = 0, ...rest] = open.map(({ id }) => id);
  return [first, ...rest];
};

const anonymous = ({ season, tier }: CheckTarget, episodes: number[]): Wanted =>
  season === null
    ? { kind: 'movie', titles: [], year: null, runtimeMin: null, tier }
    : {
        kind: 'episodes',
        titles: [],
        year: null,
        runtimeMin: null,
        season,
        episodes,
        seasonEpisodeCount: null,
        specials: season === 0,
        tier,
      };

/** `otherKind`: the id is known, as that of a series where a movie is asked for, or the other way round. */
const tmdbIdOf = async (
  tick: Tick,
  { imdbId, season }: CheckTarget,
): Promise<{ tmdbId: number | null; otherKind: boolean }> => {
  const isAsked = ({ type }: { type: string }): boolean => (type === 'movie') === (season === null);
  const known = tick.store.requests.open().filter((row) => row.imdbId === imdbId);
  const asked = known.find(isAsked);
  if (asked !== undefined) {
    return { tmdbId: asked.tmdbId, otherKind: false };
  }
  try {
    const found = await tick.seerr.findByImdb(imdbId);
    const fits = found !== null && isAsked(found);
    return { tmdbId: fits ? found.tmdbId : null, otherKind: found !== null && !fits };
  } catch (error) {
    passOn(error);
    return { tmdbId: null, otherKind: known.length > 0 };
  }
};

/** Without Seerr it goes on, with less to go by; that it refuses our key must not stay hidden behind that. */
const passOn = (error: unknown): void => {
  if (!isServiceError(error) || error.failure === 'account') {
    throw error;
  }
};
