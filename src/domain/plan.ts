import type { Tier } from './media.js';
import type { ProfileChoice } from './selection/profileChoice.js';
import { planKey } from './want.js';

/** What a plan needs to know of a want. */
export interface PlannedWant {
  id: number;
  type: 'movie' | 'episode';
  tmdbId: number;
  imdbId: string | null;
  season: number;
  episode: number;
  tier: Tier;
  firstDueAt: number | null;
  backoffStep: number;
}

/** The due wants of one title that are searched together: a movie, or one season's due episodes. */
export interface Plan {
  key: string;
  type: 'movie' | 'episode';
  tmdbId: number;
  imdbId: string;
  tier: Tier;
  season: number;
  wants: PlannedWant[];
  /** The requests it is done for; calls are charged to the first. */
  requestIds: [number, ...number[]];
  /** Chosen with its first search. */
  profile?: ProfileChoice;
}

/** Groups due wants into plans, in the order in which they come (never-searched first). Wants without an IMDb id cannot be searched. */
export const makePlans = (due: readonly { want: PlannedWant; requestId: number }[]): Plan[] => {
  const plans = new Map<string, Plan>();
  for (const { want, requestId } of due) {
    if (want.imdbId === null) {
      continue;
    }
    const key = planKey(want);
    const plan = plans.get(key);
    if (plan === undefined) {
      const { type, tmdbId, imdbId, tier, season } = want;
      plans.set(key, { key, type, tmdbId, imdbId, tier, season, wants: [want], requestIds: [requestId] });
      continue;
    }
    if (!plan.wants.some((known) => known.id === want.id)) {
      plan.wants.push(want);
    }
    if (!plan.requestIds.includes(requestId)) {
      plan.requestIds.push(requestId);
    }
  }
  for (const plan of plans.values()) {
    plan.wants.sort((a, b) => a.episode - b.episode);
  }
  return [...plans.values()];
};
