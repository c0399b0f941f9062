import type { JudgedRelease } from './recordedSearch.js';

/** A release in one of two outcomes. */
export interface Standing {
  accepted: boolean;
  /** Place among the accepted ones, from 1; null when refused. */
  rank: number | null;
  codes: string[];
  score: number | null;
}

/** `reasons`: refused both times, for other reasons. `rank`: accepted both times, and passed another such release. */
export type ChangeKind = 'refused' | 'accepted' | 'rank' | 'score' | 'reasons';

export interface Change {
  infoHash: string;
  release: string;
  change: ChangeKind;
  before: Standing;
  after: Standing;
}

/** What differs between two outcomes for the same releases, in the new order. */
export function compareOutcomes(before: readonly JudgedRelease[], after: readonly JudgedRelease[]): Change[] {
  const stoodAt = standings(before);
  const standsAt = standings(after);
  const moved = outOfPlace(before, after);
  return after.flatMap(({ infoHash, release }) => {
    const old = stoodAt.get(infoHash);
    const standing = standsAt.get(infoHash);
    if (old === undefined || standing === undefined) return [];
    const change = kindOf(old, standing, moved.has(infoHash));
    return change === null ? [] : [{ infoHash, release, change, before: old, after: standing }];
  });
}

function standings(outcome: readonly JudgedRelease[]): Map<string, Standing> {
  let rank = 0;
  return new Map(
    outcome.map(({ infoHash, accepted, codes, score }) => {
      rank += accepted ? 1 : 0;
      return [infoHash, { accepted, rank: accepted ? rank : null, codes: [...codes], score }];
    }),
  );
}

function kindOf(before: Standing, after: Standing, moved: boolean): ChangeKind | null {
  if (before.accepted !== after.accepted) return after.accepted ? 'accepted' : 'refused';
  if (moved) return 'rank';
  if (!after.accepted) return before.codes.join() === after.codes.join() ? null : 'reasons';
  return before.score === after.score ? null : 'score';
}

/** Only among those accepted both times: one that comes or goes moves all behind it, which says nothing of them. */
function outOfPlace(before: readonly JudgedRelease[], after: readonly JudgedRelease[]): Set<string> {
  const was = acceptedHashes(before);
  const is = acceptedHashes(after);
  const both = new Set(was.filter((hash) => is.includes(hash)));
  const order = was.filter((hash) => both.has(hash));
  return new Set(is.filter((hash) => both.has(hash)).filter((hash, place) => order[place] !== hash));
}

const acceptedHashes = (outcome: readonly JudgedRelease[]): string[] =>
  outcome.filter(({ accepted }) => accepted).map(({ infoHash }) => infoHash);
