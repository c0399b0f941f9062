import { placedNames } from '../domain/placed.js';
import type { Plan, PlannedWant } from '../domain/plan.js';
import { mayKeepUncached, type Verdict, type Wanted } from '../domain/selection/index.js';
import { chooseVariant, type VariantChoice } from '../domain/variants.js';
import type { Variant } from '../services/ports.js';
import type { Attempt } from './acquire.js';
import { askAvailability } from './availability.js';
import type { Tick } from './context.js';
import { profileOf } from './profile.js';

/** What a candidate is to be taken for, before anything is asked of Real-Debrid's account. */

/** One pass over a plan's candidates, kept over the rounds of a tick. */
export interface Round {
  adds: number;
  refusals: number;
  /** Hashes that this pass is done with. */
  done: Set<string>;
  /** Real-Debrid's own word on each hash, asked once per pass; null = it does not say. */
  variants: Map<string, Variant[]> | null | undefined;
}

export const newRound = (): Round => ({ adds: 0, refusals: 0, done: new Set(), variants: undefined });

/** A plan on its way through its candidates. */
export interface Walk {
  tick: Tick;
  plan: Plan;
  /** One part per season. */
  wanted: readonly Wanted[];
  round: Round;
  /** Accepted, best first. */
  candidates: Verdict[];
}

/** What Real-Debrid is to be asked for, with its own word on the release where it gives one. null = it will not do. */
export const prepare = async (walking: Walk, verdict: Verdict): Promise<Attempt | null> => {
  const { plan, wanted, round, candidates } = walking;
  const { infoHash } = verdict.release;
  if (round.variants === undefined || round.variants?.has(infoHash) === false) {
    round.variants = await variantsOf(walking);
    if (round.variants !== null) {
      bringCachedForward(walking, round.variants);
      // The order has changed: the first of the new order is the one to take.
      round.done.delete(infoHash);
      return null;
    }
  }
  const company = bringsMore(verdict) ? freeOf(walking, verdict) : [];
  const wants = [...plan.wants, ...company];
  const attempt: Attempt = {
    plan: plan.key,
    requestId: plan.requestIds[0],
    wanted: withEpisodes(wanted, company),
    wantIds: wants.map((want) => want.id),
    wantsOf: (places) =>
      wants
        .filter(({ season, episode }) => places.some((place) => place.season === season && place.episode === episode))
        .map((want) => want.id),
    verdict,
    role: 'probe',
    rank: candidates.indexOf(verdict),
    cached: null,
    fileIds: null,
  };
  return round.variants === null ? attempt : withVariants(walking, attempt, round.variants.get(infoHash) ?? []);
};

/** Of all candidates, in one call. An earlier walk of this pass may have had others. */
const variantsOf = async ({ tick, round, candidates }: Walk): Promise<Map<string, Variant[]> | null> => {
  const hashes = candidates.map(({ release }) => release.infoHash).filter((hash) => !round.variants?.has(hash));
  const answer = await askAvailability(tick, hashes);
  return (
    answer && new Map([...(round.variants ?? []), ...hashes.map((hash) => [hash, answer.get(hash) ?? []] as const)])
  );
};

const bringsMore = ({ pack }: Verdict): boolean => pack !== null && pack !== 'single';

/**
 * The plan's company, without those that are on their way already, and those for which this release was refused: it was
 * judged for the plan's own want alone. A probe of this walk's own is only one of several.
 */
const freeOf = ({ tick, plan: { key, company = [] } }: Walk, { release }: Verdict): PlannedWant[] => {
  const { grabs } = tick.store;
  const ids = company.map(({ id }) => id);
  const others = grabs.openFor(ids).filter(({ plan }) => plan !== key);
  const taken = new Set(others.flatMap((grab) => grabs.wantIds(grab.id)));
  const refused = new Set(grabs.factsFor([release.infoHash], ids, tick.clock.now()).map(({ wantId }) => wantId));
  return company.filter(({ id }) => !taken.has(id) && !refused.has(id));
};

/** Company is of the same season. */
const withEpisodes = (parts: readonly Wanted[], company: readonly PlannedWant[]): readonly Wanted[] =>
  parts.map((part) =>
    part.kind === 'movie' || company.length === 0
      ? part
      : { ...part, episodes: [...part.episodes, ...company.map(({ episode }) => episode)].sort((a, b) => a - b) },
  );

const withVariants = ({ tick, plan }: Walk, attempt: Attempt, variants: Variant[]): Attempt | null => {
  const { wanted, verdict } = attempt;
  const { release } = verdict;
  const choice = variantFor(verdict, wanted, variants);
  if (choice.kind === 'uncached') {
    // It is known not to be cached: unless it may be downloaded, an add would be wasted.
    return mayKeepUncached(release, profileOf(tick, plan)).ok ? { ...attempt, cached: false, role: 'chosen' } : null;
  }
  const wantIds = wanted[0]?.kind === 'movie' ? attempt.wantIds : attempt.wantsOf(choice.brought);
  const placed = placedNames([release.name], variants.flat(), choice.fileIds);
  return { ...attempt, wantIds, fileIds: choice.fileIds, placed };
};

const variantFor = ({ release }: Verdict, wanted: readonly Wanted[], variants: Variant[]): VariantChoice =>
  chooseVariant(variants, wanted, { torrentName: release.name, fileIndex: release.fileIndex });

/** Cached ones first, each part in its own order, where the profile prefers them. */
const bringCachedForward = ({ tick, plan, wanted, candidates }: Walk, variants: Map<string, Variant[]>): void => {
  if (profileOf(tick, plan).preferCached === 'never') {
    return;
  }
  const isCached = (verdict: Verdict) =>
    variantFor(verdict, wanted, variants.get(verdict.release.infoHash) ?? []).kind === 'instant';
  const ordered = [...candidates.filter(isCached), ...candidates.filter((verdict) => !isCached(verdict))];
  candidates.splice(0, candidates.length, ...ordered);
};
