import type { Plan } from '../domain/plan.js';
import type { QualityProfile } from '../domain/profile.js';
import { chooseProfile, type ProfileChoice, type ProfileSubject } from '../domain/selection/index.js';
import type { Tick } from './context.js';

/** Which quality profile a plan goes by. */

/** What the choice depends on, from Seerr's (cached) details. Throws `ServiceError` when they cannot be had. */
export const profileSubject = async (tick: Tick, plan: Plan): Promise<ProfileSubject> => {
  const base = { tier: plan.tier, requestedBy: requestersOf(tick, plan) };
  if (plan.type === 'movie') {
    const { keywords } = await tick.seerr.movie(plan.tmdbId);
    return { ...base, type: 'movie', anime: false, keywords };
  }
  const { keywords, anime } = await tick.seerr.show(plan.tmdbId);
  return { ...base, type: 'series', anime, keywords };
};

/** The same without Seerr: what the plan itself tells. */
export const plainSubject = (tick: Tick, plan: Plan): ProfileSubject => ({
  type: plan.type === 'movie' ? 'movie' : 'series',
  anime: false,
  tier: plan.tier,
  requestedBy: requestersOf(tick, plan),
  keywords: [],
});

const requestersOf = (tick: Tick, { requestIds }: Plan): number[] => [
  ...new Set(requestIds.flatMap((id) => tick.store.requests.get(id)?.requestedBy ?? [])),
];

/** Chosen once per plan and kept with it: all of a walk goes by the same profile. */
export const settleProfile = (tick: Tick, plan: Plan, subject: ProfileSubject): ProfileChoice => {
  plan.profile ??= chooseProfile(tick.config.selection, subject);
  return plan.profile;
};

/** The profile that was chosen for a plan with its search. */
export const profileOf = (tick: Tick, plan: Pick<Plan, 'key' | 'profile'>): QualityProfile => {
  const name = plan.profile?.name;
  const profile = name === undefined ? undefined : tick.config.selection.profiles[name];
  if (profile === undefined) {
    throw new Error(`no quality profile ${name === undefined ? 'is chosen yet' : `is called ${name}`} for ${plan.key}`);
  }
  return profile;
};
