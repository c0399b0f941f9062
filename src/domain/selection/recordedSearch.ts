import type { SearchInput } from './decide.js';
import type { ProfileChoice, ProfileSubject } from './profileChoice.js';
import type { RejectionCode } from './rejections.js';
import type { Verdict } from './verdict.js';

/** What became of one release of a search. */
export interface JudgedRelease {
  infoHash: string;
  release: string;
  accepted: boolean;
  codes: RejectionCode[];
  score: number | null;
}

/** A search with its outcome, as kept for a replay. */
export interface RecordedSearch {
  subject: ProfileSubject;
  profile: ProfileChoice;
  /** Without trackers, and of very long lists only the best. */
  input: SearchInput;
  /** How many releases were on offer in all. */
  offers: number;
  /** In rank order, refused ones last. */
  outcome: JudgedRelease[];
}

/** Releases kept of one search. */
export const MOST_RELEASES = 300;

export function recordSearch(
  input: SearchInput,
  verdicts: readonly Verdict[],
  { subject, profile }: Pick<RecordedSearch, 'subject' | 'profile'>,
): RecordedSearch {
  const kept = bestHashes(input, verdicts);
  const isKept = (hash: string) => kept.has(hash);
  const releases = input.releases.filter(({ infoHash }) => isKept(infoHash));
  return {
    subject,
    profile,
    input: {
      ...input,
      releases: releases.map((release) => ({ ...release, trackers: [] })),
      facts: Object.fromEntries(Object.entries(input.facts).filter(([hash]) => isKept(hash))),
      inAccount: input.inAccount.filter(isKept),
    },
    offers: input.releases.length,
    outcome: outcomeOf(verdicts.filter(({ release }) => isKept(release.infoHash))),
  };
}

export function outcomeOf(verdicts: readonly Verdict[]): JudgedRelease[] {
  return verdicts.map(({ release, accepted, rejections, score }) => ({
    infoHash: release.infoHash,
    release: release.name,
    accepted,
    codes: rejections.map(({ code }) => code),
    score: score?.total ?? null,
  }));
}

/** Whole torrents, best first, as many as there is room for: a torrent without some of its files would be judged otherwise. */
function bestHashes({ releases }: SearchInput, verdicts: readonly Verdict[]): Set<string> {
  const rows = new Map<string, number>();
  for (const { infoHash } of releases) rows.set(infoHash, (rows.get(infoHash) ?? 0) + 1);
  const kept = new Set<string>();
  let room = MOST_RELEASES;
  for (const { release } of verdicts) {
    room -= rows.get(release.infoHash) ?? 0;
    if (room < 0) break;
    kept.add(release.infoHash);
  }
  return kept;
}
