import { groupBy } from '../domain/group.js';
import { joinPlans, type Plan } from '../domain/plan.js';
import { type DueSeason, type Shape, shapeOf } from '../domain/shape.js';
import type { WantRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { profileOf, profileSubject, settleProfile } from './profile.js';

/**
 * Decides how the due plans of one title are searched: whole seasons together, a pack for each, or episode by episode.
 * A plan that is being walked already, or was arranged before, is left as it is.
 */
export const arrange = async (tick: Tick, plans: Plan[]): Promise<Plan[]> => {
  const fresh = plans.filter((plan) => isFresh(tick, plan));
  const [first] = fresh;
  if (first === undefined) {
    return plans;
  }
  const arranged = await withWork({ requestId: first.requestIds[0], plan: first.key }, () =>
    guard(tick, first.key, () => arrangeFresh(tick, fresh)),
  );
  return arranged === undefined ? plans : [...plans.filter((plan) => !fresh.includes(plan)), ...arranged];
};

const isFresh = (tick: Tick, plan: Plan): boolean =>
  plan.type === 'episode' &&
  plan.approach === undefined &&
  tick.store.grabs.openFor(plan.wants.map(({ id }) => id)).length === 0;

/** Only what goes by the same profile can come in one torrent. */
const arrangeFresh = async (tick: Tick, plans: Plan[]): Promise<Plan[]> => {
  for (const plan of plans) {
    settleProfile(tick, plan, await profileSubject(tick, plan));
  }
  const alike = groupBy(plans, (plan) => `${plan.tier}:${plan.profile?.name}`);
  return [...alike.values()].flatMap((group) => arrangeAlike(tick, group));
};

const arrangeAlike = (tick: Tick, plans: Plan[]): Plan[] => {
  const [first] = plans;
  if (first === undefined) {
    return [];
  }
  const shape = shapeOf(
    plans.flatMap((plan) => seasonFacts(tick, plan)),
    profileOf(tick, first).packs,
  );
  tell(tick, plans, shape);
  const shaped = plans.flatMap((plan): Plan[] => {
    const approach = shape.seasons.find(({ season }) => season === plan.season)?.approach;
    return [approach === undefined ? plan : { ...plan, approach }];
  });
  const [lead, ...others] = shaped.filter(({ season }) => shape.together.includes(season));
  return lead === undefined
    ? shaped
    : [
        // Whichever season comes first: one of a single episode would have them all looked for one by one.
        { ...joinPlans(lead, others), approach: 'pack' },
        ...shaped.filter(({ season }) => !shape.together.includes(season)),
      ];
};

/** What is known of the seasons that a plan is for. */
export const seasonFacts = (tick: Tick, plan: Plan): DueSeason[] => {
  const now = tick.clock.now();
  const known = new Map<number, WantRow>();
  for (const { want } of plan.requestIds.flatMap((requestId) => tick.store.wants.ofRequest(requestId))) {
    if (want.tier === plan.tier && want.type === 'episode') {
      known.set(want.id, want);
    }
  }
  return [...groupBy(plan.wants, ({ season }) => season)].map(([season, due]) => {
    const all = [...known.values()].filter((want) => want.season === season);
    const unaired = all.filter(({ dueAt }) => dueAt === null || dueAt > now).length;
    const total = Math.max(all.length, due.length);
    return { season, due: due.length, held: total - due.length - unaired, total, airing: unaired > 0 };
  });
};

/** For `explain`: why these searches. */
const tell = (tick: Tick, plans: readonly Plan[], { together, why, seasons }: Shape): void => {
  const requestIds = [...new Set(plans.flatMap((plan) => plan.requestIds))];
  const request = requestIds[0] === undefined ? undefined : tick.store.requests.get(requestIds[0]);
  const each = seasons.map((one) => `season ${one.season}: ${one.approach} (${one.why})`).join('; ');
  const span = together.length === 0 ? '' : `seasons ${together.join(', ')} together first (${why}); `;
  say(tick, requestIds, `${request === undefined ? plans[0]?.key : titleOf(request)}: ${span}${each}`, {
    kind: 'decision',
    code: 'search-shape',
    data: { together, seasons },
  });
};
