import type { QualityProfile } from '../profile.js';
import type { Verdict } from './verdict.js';

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

const first = (yes: boolean): number => Number(!yes);

const larger = (amount: number | null): number => (amount === null ? Number.POSITIVE_INFINITY : -amount);

const isCached = ({ release }: Verdict): boolean => release.cached === true;

const cachedIf =
  (place: QualityProfile['preferCached']): Criterion =>
  (verdict, { profile }) =>
    first(profile.preferCached !== place || isCached(verdict));

const free: Criterion = ({ release }, { inAccount, instantBefore }) =>
  first(inAccount.has(release.infoHash) || instantBefore.has(release.infoHash));

/** A marker says that Real-Debrid has served it: then its name passes. */
const nameRefused: Criterion = (verdict) => first(!verdict.nameRefusal || isCached(verdict));

type PackRule = 'prefer' | 'allow' | 'avoid';
const PACK_ORDER: readonly PackRule[] = ['prefer', 'allow', 'avoid'];

const packs: Criterion = (verdict, ctx) => PACK_ORDER.indexOf(packRule(verdict, ctx));

/** Singles and movies count as allowed. A pack is preferred for a season only when it covers all that is wanted. */
function packRule({ pack, covers }: Verdict, { profile, wantedCount }: RankContext): PackRule {
  if (pack === null || pack === 'single') return 'allow';
  if (wantedCount === 1) return profile.packs.singleEpisode;
  const rule = pack === 'multi-season' ? profile.packs.multiSeason : profile.packs.season;
  return rule === 'prefer' && covers.length < wantedCount ? 'allow' : rule;
}

/** Whole powers of ten: a few seeders more or less mean nothing. With `never` the marker must not count here either. */
const seeders: Criterion = (verdict, { profile }) => {
  const meaningless = isCached(verdict) && profile.preferCached !== 'never';
  return larger(meaningless ? null : Math.floor(Math.log10(verdict.release.seeders ?? 0)));
};

/** The order of preference: the first difference decides. */
const CRITERIA: readonly Criterion[] = [
  (verdict) => first(verdict.accepted),
  // Half an episode is the last resort.
  ({ parsed }) => first(!parsed.flags.halfEpisode),
  free,
  cachedIf('always'),
  nameRefused,
  ({ tierIndex }) => tierIndex ?? Number.POSITIVE_INFINITY,
  cachedIf('sameTier'),
  packs,
  ({ covers }) => larger(covers.length),
  ({ score }) => larger(score?.total ?? null),
  ({ certainty }) => first(certainty.year),
  ({ certainty }) => first(certainty.language),
  seeders,
  ({ mbPerMin }) => larger(mbPerMin),
  ({ release }) => larger(release.sizeBytes),
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
  const joined = [...byHash.values()].map((same) => joinSame(same, ctx));
  return joined.sort((a, b) => compare(a, b, ctx));
}

function joinSame(same: readonly Verdict[], ctx: RankContext): Verdict {
  const best = same.reduce((one, other) => (compare(other, one, ctx) < 0 ? other : one));
  if (!best.accepted) return best;
  const covers = same.flatMap((verdict) => (verdict.accepted ? verdict.covers : []));
  return { ...best, covers: [...new Set(covers)].sort((a, b) => a - b) };
}

function compare(a: Verdict, b: Verdict, ctx: RankContext): number {
  for (const criterion of CRITERIA) {
    const [one, other] = [criterion(a, ctx), criterion(b, ctx)];
    if (one !== other) return one - other;
  }
  return compareText(a.release.infoHash, b.release.infoHash) || compareFile(a, b);
}

/** Only for several streams of one torrent. */
function compareFile(a: Verdict, b: Verdict): number {
  const indexOf = ({ release }: Verdict): number => release.fileIndex ?? -1;
  return indexOf(a) - indexOf(b) || compareText(JSON.stringify(a), JSON.stringify(b));
}

/** By code unit, so that no locale changes the order. */
const compareText = (a: string, b: string): number => Number(a > b) - Number(a < b);
