import type { Plan } from '../domain/plan.js';
import type { Release } from '../domain/release.js';
import {
  decide,
  type ProfileChoice,
  type ProfileSubject,
  type RememberedFact,
  type SearchInput,
  spanningPacks,
  type Verdict,
  type Wanted,
} from '../domain/selection/index.js';
import type { Tick } from './context.js';
import { plainSubject, profileOf, profileSubject, settleProfile } from './profile.js';

export { profileOf };

export interface SearchResult {
  /** All of them, best first, refused ones last. */
  verdicts: Verdict[];
  /** Releases the addon offered, over all queries. */
  offers: number;
  notices: string[];
  /** What the verdicts follow from, together with the profile. */
  input: SearchInput;
  subject: ProfileSubject;
  profile: ProfileChoice;
}

/**
 * Asks the addon and judges what it offers. A movie or a lone episode is one query. For more of a season the first and
 * the last wanted episode are asked for: a torrent in both answers spans what lies between.
 */
export const search = async (tick: Tick, plan: Plan, wanted: Wanted): Promise<SearchResult> => {
  // Without a title Seerr has no details of it.
  const subject = wanted.titles.length === 0 ? plainSubject(tick, plan) : await profileSubject(tick, plan);
  const profile = settleProfile(tick, plan, subject);
  const { releases, notices } = await offersFor(tick, plan);
  const input = inputOf(tick, plan, wanted, releases);
  const verdicts = decide(input, profileOf(tick, plan), tick.config.realDebrid.nameFilter);
  return { verdicts, offers: releases.length, notices, input, subject, profile };
};

interface Offers {
  releases: Release[];
  notices: string[];
}

const offersFor = async (tick: Tick, plan: Plan): Promise<Offers> => {
  const { imdbId, season, wants } = plan;
  if (plan.type === 'movie') {
    return tick.streams.streams({ type: 'movie', imdbId });
  }
  const first = wants[0]?.episode ?? 1;
  const last = wants.at(-1)?.episode ?? first;
  if (first !== last && isAiring(tick, plan)) {
    return { releases: [], notices: [] };
  }
  const opening = await tick.streams.streams({ type: 'episode', imdbId, season, episode: first });
  if (first === last) {
    return opening;
  }
  const closing = await tick.streams.streams({ type: 'episode', imdbId, season, episode: last });
  const spanning = spanningPacks(opening.releases, closing.releases);
  return {
    releases: opening.releases.filter((release) => spanning.has(release.infoHash)),
    notices: [...opening.notices, ...closing.notices],
  };
};

/** While a season airs, what calls itself its pack is none. */
const isAiring = (tick: Tick, plan: Plan): boolean => {
  const now = tick.clock.now();
  return plan.requestIds.some((requestId) =>
    tick.store.wants
      .ofRequest(requestId)
      .some(({ want }) => want.season === plan.season && (want.dueAt === null || want.dueAt > now)),
  );
};

const inputOf = (tick: Tick, plan: Plan, wanted: Wanted, releases: Release[]): SearchInput => {
  const now = tick.clock.now();
  const firstDueAt = Math.min(...plan.wants.map((want) => want.firstDueAt ?? now));
  const held = tick.account.hashes();
  const hashes = [...new Set(releases.map((release) => release.infoHash))];
  return {
    wanted,
    releases,
    facts: factsByHash(tick, plan, hashes, now),
    waitedMs: now - firstDueAt,
    inAccount: hashes.filter((hash) => held.has(hash)),
  };
};

const factsByHash = (tick: Tick, plan: Plan, hashes: string[], now: number): Record<string, RememberedFact[]> => {
  const byHash: Record<string, RememberedFact[]> = {};
  const rows = tick.store.grabs.factsFor(
    hashes,
    plan.wants.map((want) => want.id),
    now,
  );
  for (const row of rows) {
    const episode = plan.wants.find((want) => want.id === row.wantId)?.episode;
    const fact: RememberedFact = {
      code: row.code,
      until: row.until,
      ...(row.fileIds === null ? {} : { fileIds: row.fileIds.split(',').map(Number) }),
      ...(row.code === 'lacks-episode' && episode !== undefined ? { episodes: [episode] } : {}),
    };
    byHash[row.infoHash] = [...(byHash[row.infoHash] ?? []), fact];
  }
  return byHash;
};
