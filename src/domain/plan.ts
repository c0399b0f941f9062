import type { Tier } from './media.js';
import type { ProfileChoice } from './selection/profileChoice.js';
import type { Approach } from './shape.js';
import { planKey, singleKey, spanKey } from './want.js';

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
  /** Releases on offer at its last search of its own. */
  offers: number;
}

/** The due wants of one title that are searched together: a movie, the due episodes of a season, or whole seasons. */
export interface Plan {
  key: string;
  type: 'movie' | 'episode';
  tmdbId: number;
  imdbId: string;
  tier: Tier;
  /** The first one, where there are several. */
  season: number;
  /** By season and episode. */
  wants: PlannedWant[];
  /** The requests it is done for; calls are charged to the first. */
  requestIds: [number, ...number[]];
  /** Chosen with its first search. */
  profile?: ProfileChoice;
  /** How a season is searched; absent = as a pack first. */
  approach?: Approach;
  /** For one episode: the other due ones of its season, which a pack that is taken for it brings along. */
  company?: PlannedWant[];
  /** Packs are left out of the search. */
  withoutPacks?: boolean;
}

const byPlace = (a: PlannedWant, b: PlannedWant): number => a.season - b.season || a.episode - b.episode;

/** Groups due wants into plans, in the order in which they come (never-searched first). Wants without an IMDb id cannot be searched. */
export const makePlans = (due: readonly { want: PlannedWant; requestId: number }[]): Plan[] => {
  const plans = new Map<string, Plan>();
  const planned = new Set<number>();
  for (const { want, requestId } of due) {
    if (want.imdbId === null) {
      continue;
    }
    const key = planKey(want);
    const plan = plans.get(key);
    const isNew = !planned.has(want.id);
    planned.add(want.id);
    if (plan === undefined) {
      const { type, tmdbId, imdbId, tier, season } = want;
      plans.set(key, { key, type, tmdbId, imdbId, tier, season, wants: [want], requestIds: [requestId] });
      continue;
    }
    if (isNew) {
      plan.wants.push(want);
    }
    if (!plan.requestIds.includes(requestId)) {
      plan.requestIds.push(requestId);
    }
  }
  for (const plan of plans.values()) {
    plan.wants.sort(byPlace);
  }
  return [...plans.values()];
};

/** Whether a plan is for several seasons at once. */
export const isSpan = ({ wants }: Pick<Plan, 'wants'>): boolean =>
  wants.some(({ season }) => season !== wants[0]?.season);

/** Plans of one title in one tier as a single one, under this key or that of their seasons. */
export const joinPlans = (first: Plan, others: readonly Plan[], key?: string): Plan => {
  const all = [first, ...others];
  const wants = all.flatMap((plan) => plan.wants).sort(byPlace);
  const seasons = wants.map(({ season }) => season);
  return {
    ...first,
    key: key ?? spanKey(first, Math.min(...seasons), Math.max(...seasons)),
    season: Math.min(...seasons),
    wants,
    requestIds: [
      first.requestIds[0],
      ...new Set(all.flatMap(({ requestIds }) => requestIds).filter((id) => id !== first.requestIds[0])),
    ],
  };
};

/** One of a season's episodes on its own, with the others as its company. */
export const singleOf = (plan: Plan, want: PlannedWant): Plan => ({
  ...plan,
  key: singleKey(want),
  wants: [want],
  company: plan.wants.filter((other) => other !== want),
});

/** A plan for several seasons in two: one for so many of them from the first on, one for the others. */
export const splitBehind = (plan: Plan, seasons: number): Plan[] => {
  const numbers = seasonsOf(plan);
  return [numbers.slice(0, seasons), numbers.slice(seasons)].flatMap((part): Plan[] => {
    const [first, last] = [part[0], part.at(-1)];
    if (first === undefined || last === undefined) {
      return [];
    }
    const key = first === last ? planKey({ ...plan, season: first }) : spanKey(plan, first, last);
    return [{ ...plan, key, season: first, wants: plan.wants.filter(({ season }) => part.includes(season)) }];
  });
};

/** Ascending. */
export const seasonsOf = ({ wants }: Pick<Plan, 'wants'>): number[] =>
  [...new Set(wants.map(({ season }) => season))].sort((a, b) => a - b);
