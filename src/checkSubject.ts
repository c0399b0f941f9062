import { isServiceError } from './domain/errors.js';
import type { Tier } from './domain/media.js';
import type { Plan } from './domain/plan.js';
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

/** Title and year come from an open request or Seerr's search; without them there is no title veto, and that is said. */
export const identify = async (tick: Tick, target: CheckTarget, key: string): Promise<CheckSubject> => {
  const { imdbId, season, episode, tier } = target;
  const type = season === null ? 'movie' : 'episode';
  const tmdbId = await tmdbIdOf(tick, target);
  const want = {
    id: 0,
    type,
    tmdbId: tmdbId ?? 0,
    imdbId,
    season: season ?? -1,
    episode: episode ?? -1,
    tier,
    firstDueAt: null,
    backoffStep: 0,
  } as const;
  const plan: Plan = {
    key,
    type,
    tmdbId: want.tmdbId,
    imdbId,
    tier,
    season: want.season,
    wants: [want],
    requestIds: requestsFor(tick, target),
  };
  if (tmdbId !== null) {
    try {
      const wanted = await wantedOf(tick, [want]);
      return {
        plan,
        wanted,
        title: `${wanted.titles[0] ?? imdbId}${wanted.year === null ? '' : ` (${wanted.year})`}`,
        remarks: [],
      };
    } catch (error) {
      if (!isServiceError(error)) {
        throw error;
      }
    }
  }
  const remarks = ['Seerr does not tell title and year of this id: releases are not checked against them.'];
  return { plan, wanted: anonymous(target), title: null, remarks };
};

/** Who asked for it may decide about the profile. */
const requestsFor = (tick: Tick, { imdbId, tier }: CheckTarget): Plan['requestIds'] => {
  const open = tick.store.requests.open().filter((row) => row.imdbId === imdbId && row.tier === tier);
  const [first = 0, ...rest] = open.map(({ id }) => id);
  return [first, ...rest];
};

const anonymous = ({ season, episode, tier }: CheckTarget): Wanted =>
  season === null
    ? { kind: 'movie', titles: [], year: null, runtimeMin: null, tier }
    : {
        kind: 'episodes',
        titles: [],
        year: null,
        runtimeMin: null,
        season,
        episodes: [episode ?? 1],
        seasonEpisodeCount: null,
        specials: season === 0,
        tier,
      };

const tmdbIdOf = async (tick: Tick, { imdbId, season }: CheckTarget): Promise<number | null> => {
  const known = tick.store.requests
    .open()
    .find((row) => row.imdbId === imdbId && (row.type === 'movie') === (season === null));
  if (known !== undefined) {
    return known.tmdbId;
  }
  try {
    const found = await tick.seerr.findByImdb(imdbId);
    return found !== null && (found.type === 'movie') === (season === null) ? found.tmdbId : null;
  } catch (error) {
    if (isServiceError(error)) {
      return null;
    }
    throw error;
  }
};
