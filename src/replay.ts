import type { Config } from './config/index.js';
import { type Change, compareOutcomes } from './domain/selection/compare.js';
import { chooseProfile, decide, type JudgedRelease, outcomeOf, type ProfileChoice } from './domain/selection/index.js';
import type { SearchRow } from './store/index.js';

/** One of two outcomes of a search: by what it was judged, and the best of it. */
export interface Side {
  profile: string;
  /** Why that profile. */
  why: string;
  best: { infoHash: string; release: string } | null;
  accepted: number;
}

export interface ReplayedSearch {
  plan: string;
  /** When the search was made. */
  at: string;
  releases: number;
  /** More were on offer than are kept; the best were. */
  left: number;
  before: Side;
  after: Side;
  /** In the new order; empty = the same outcome. */
  changes: Change[];
}

/** Judges a recorded search again, by this configuration. Makes no call and needs none: everything it went by was kept. */
export const replaySearch = ({ plan, at, input: recorded }: SearchRow, config: Config): ReplayedSearch => {
  const { input, outcome, offers } = recorded;
  const profile = chooseProfile(config.selection, recorded.subject);
  const rules = config.selection.profiles[profile.name];
  if (rules === undefined) {
    throw new Error(`no quality profile is called ${profile.name}`);
  }
  const again = outcomeOf(decide(input, rules, config.realDebrid.nameFilter));
  return {
    plan,
    at: new Date(at).toISOString(),
    releases: outcome.length,
    left: offers - input.releases.length,
    before: sideOf(recorded.profile, outcome),
    after: sideOf(profile, again),
    changes: compareOutcomes(outcome, again),
  };
};

const sideOf = ({ name, why }: ProfileChoice, outcome: readonly JudgedRelease[]): Side => {
  const accepted = outcome.filter((one) => one.accepted);
  const [best] = accepted;
  return {
    profile: name,
    why,
    best: best === undefined ? null : { infoHash: best.infoHash, release: best.release },
    accepted: accepted.length,
  };
};
