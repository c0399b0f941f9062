import type { NameFilter, QualityProfile } from '../profile.js';
import type { Release } from '../release.js';
import { judge } from './judge.js';
import { rank } from './rank.js';
import type { RememberedFact, Verdict } from './verdict.js';
import { absoluteMapOf, type Wanted } from './wanted.js';

/** All that a search is decided by, beside the configuration. Plain data, so that it can be kept and decided again. */
export interface SearchInput {
  wanted: Wanted;
  releases: Release[];
  /** What is remembered, by hash, without what had ended. */
  facts: Record<string, RememberedFact[]>;
  /** ms since the first of the wants was due. */
  waitedMs: number;
  /** Those of the hashes that were in the account. */
  inAccount: string[];
}

/** Judges and ranks what was on offer: best first, refused ones last, one verdict per hash. Pure. */
export function decide(input: SearchInput, profile: QualityProfile, nameFilter: NameFilter): Verdict[] {
  const { wanted, releases, facts, waitedMs, inAccount } = input;
  const absoluteMap = absoluteMapOf(wanted);
  const there = new Set(inAccount);
  const verdicts = releases.map((release) => {
    const known = factsInForce(facts[release.infoHash] ?? [], there.has(release.infoHash));
    return judge(release, wanted, { profile, nameFilter, facts: known, waitedMs, absoluteMap });
  });
  return rank(verdicts, {
    profile,
    inAccount: there,
    instantBefore: new Set(Object.keys(facts).filter((hash) => facts[hash]?.some(({ code }) => code === 'instant'))),
    wantedCount: wanted.kind === 'movie' ? 1 : wanted.episodes.length,
  });
}

/** That it was gone once is nothing against what is there again. */
const factsInForce = (facts: readonly RememberedFact[], isThere: boolean): readonly RememberedFact[] =>
  isThere ? facts.filter(({ code }) => code !== 'gone') : facts;
