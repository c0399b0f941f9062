import type { Plan } from '../domain/plan.js';
import type { QualityProfile } from '../domain/profile.js';
import type { Release } from '../domain/release.js';
import {
  judge,
  type RememberedFact,
  rank,
  spanningPacks,
  type Verdict,
  type Wanted,
} from '../domain/selection/index.js';
import type { Tick } from './context.js';

/** The profile that applies to a plan. */
export const profileOf = (tick: Tick, plan: Pick<Plan, 'tier'>): QualityProfile => {
  const { selection } = tick.config;
  const name = plan.tier === '4k' ? selection.profile4k : selection.profile;
  const profile = selection.profiles[name];
  if (profile === undefined) {
    throw new Error(`no quality profile is called ${name}`);
  }
  return profile;
};

export interface SearchResult {
  /** All of them, best first, refused ones last. */
  verdicts: Verdict[];
  /** Releases the addon offered, over all queries. */
  offers: number;
  notices: string[];
}

/**
 * Asks the addon and judges what it offers. A movie or a lone episode is one query. For more of a season the first and
 * the last wanted episode are asked for: a torrent in both answers spans what lies between.
 */
export const search = async (tick: Tick, plan: Plan, wanted: Wanted): Promise<SearchResult> => {
  const { releases, notices } = await offersFor(tick, plan);
  const verdicts = judgeAll(tick, plan, wanted, releases);
  return { verdicts, offers: releases.length, notices };
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

const judgeAll = (tick: Tick, plan: Plan, wanted: Wanted, releases: Release[]): Verdict[] => {
  const profile = profileOf(tick, plan);
  const now = tick.clock.now();
  const facts = factsByHash(tick, plan, releases, now);
  const firstDueAt = Math.min(...plan.wants.map((want) => want.firstDueAt ?? now));
  const verdicts = releases.map((release) =>
    judge(release, wanted, {
      profile,
      nameFilter: tick.config.realDebrid.nameFilter,
      facts: facts.get(release.infoHash) ?? [],
      knownCached: null,
      waitedMs: now - firstDueAt,
    }),
  );
  const instant = [...facts].filter(([, known]) => known.some((fact) => fact.code === 'instant'));
  return rank(verdicts, {
    profile,
    inAccount: tick.account.hashes(),
    instantBefore: new Set(instant.map(([hash]) => hash)),
    wantedCount: plan.wants.length,
  });
};

const factsByHash = (tick: Tick, plan: Plan, releases: Release[], now: number): Map<string, RememberedFact[]> => {
  const hashes = [...new Set(releases.map((release) => release.infoHash))];
  const byHash = new Map<string, RememberedFact[]>();
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
    byHash.set(row.infoHash, [...(byHash.get(row.infoHash) ?? []), fact]);
  }
  return byHash;
};
