import type { QualityProfile } from '../profile.js';
import type { PackKind, Verdict } from './verdict.js';

export interface RankContext {
  profile: Pick<QualityProfile, 'preferCached' | 'packs'>;
  /** Hashes that are in the user's account already. */
  inAccount: ReadonlySet<string>;
  /** Hashes that were ready at once for us before. */
  instantBefore: ReadonlySet<string>;
  /** How many wants the search is for: 1 for a movie or a single episode. */
  wantedCount: number;
}

/** Smaller comes first. */
type Criterion = (verdict: Verdict, ctx: RankContext) => number;

const first = (yes: boolean): number => (yes ? 0 : 1);

const isCached = ({ release }: Verdict): boolean => release.cached === true;

const free: Criterion = ({ release }, { inAccount, instantBefore }) =>
  first(inAccount.has(release.infoHash) || instantBefore.has(release.infoHash));

/** A marker says that Real-Debrid has served it: then its name passes. */
const nameRefused: Criterion = (verdict) => first(!verdict.nameRefusal || isCached(verdict));

const PACK_ORDER = { prefer: 0, allow: 1, avoid: 2 } as const;

/** Singles and movies count as allowed. A pack is preferred for a season only when it covers all that is wanted. */
const packs: Criterion = ({ pack, covers }, { profile, wantedCount }) => {
  if (pack === null || pack === 'single') return PACK_ORDER.allow;
  if (wantedCount === 1) return PACK_ORDER[profile.packs.singleEpisode];
  const rule = PACK_ORDER[packRule(pack, profile.packs)];
  return rule === PACK_ORDER.prefer && covers.length < wantedCount ? PACK_ORDER.allow : rule;
};

const packRule = (pack: PackKind, rules: RankContext['profile']['packs']): 'avoid' | 'allow' | 'prefer' =>
  pack === 'multi-season' ? rules.multiSeason : rules.season;

/** Whole powers of ten: a few seeders more or less mean nothing. With `never` the marker must not count here either. */
const seeders: Criterion = (verdict, { profile }) => {
  if (isCached(verdict) && profile.preferCached !== 'never') return 0;
  const count = verdict.release.seeders ?? 0;
  return count < 1 ? 1 : -Math.floor(Math.log10(count));
};

/** The order of preference: the first difference decides. */
const CRITERIA: readonly Criterion[] = [
  (verdict) => first(verdict.accepted),
  // Half an episode is the last resort.
  ({ parsed }) => first(!parsed.flags.halfEpisode),
  free,
  (verdict, { profile }) => (profile.preferCached === 'always' ? first(isCached(verdict)) : 0),
  nameRefused,
  ({ tierIndex }) => tierIndex ?? Number.MAX_SAFE_INTEGER,
  (verdict, { profile }) => (profile.preferCached === 'sameTier' ? first(isCached(verdict)) : 0),
  packs,
  ({ covers }) => -covers.length,
  ({ score }) => -(score?.total ?? 0),
  ({ certainty }) => first(certainty.year),
  ({ certainty }) => first(certainty.language),
  seeders,
  ({ mbPerMin }) => -(mbPerMin ?? 0),
  ({ release }) => -(release.sizeBytes ?? 0),
];

/**
 * Puts verdicts into the order in which they are tried, refused ones last, one per hash: of several files of one torrent
 * the best stands for all and covers what any accepted one covers. The order does not depend on that of the input.
 */
export function rank(verdicts: readonly Verdict[], ctx: RankContext): Verdict[] {
  const byHash = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const known = byHash.get(verdict.release.infoHash) ?? [];
    byHash.set(verdict.release.infoHash, [...known, verdict]);
  }
  const joined = [...byHash.values()].flatMap((same) => joinSame(same, ctx) ?? []);
  return joined.sort((a, b) => compare(a, b, ctx));
}

function joinSame(same: readonly Verdict[], ctx: RankContext): Verdict | undefined {
  const best = [...same].sort((a, b) => compare(a, b, ctx))[0];
  if (best === undefined || !best.accepted) return best;
  const covers = same.flatMap((verdict) => (verdict.accepted ? verdict.covers : []));
  return { ...best, covers: [...new Set(covers)].sort((a, b) => a - b) };
}

function compare(a: Verdict, b: Verdict, ctx: RankContext): number {
  for (const criterion of CRITERIA) {
    const difference = criterion(a, ctx) - criterion(b, ctx);
    if (difference !== 0) return difference;
  }
  return compareText(a.release.infoHash, b.release.infoHash) || compareFile(a, b);
}

/** Only for several streams of one torrent. */
function compareFile(a: Verdict, b: Verdict): number {
  const index = (a.release.fileIndex ?? -1) - (b.release.fileIndex ?? -1);
  return index || compareText(JSON.stringify(a), JSON.stringify(b));
}

/** By code unit, so that no locale changes the order. */
const compareText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
