import { isSpan, type Plan, seasonsOf } from '../domain/plan.js';
import type { Release } from '../domain/release.js';
import {
  decide,
  type ProfileChoice,
  type ProfileSubject,
  parseRelease,
  type RememberedFact,
  type SearchInput,
  spanningPacks,
  type Verdict,
  type Wanted,
} from '../domain/selection/index.js';
import { seasonFacts } from './arrange.js';
import type { Tick } from './context.js';
import { plainSubject, profileOf, profileSubject, settleProfile } from './profile.js';

export { profileOf };

export interface SearchResult {
  /** All of them, best first, refused ones last. */
  verdicts: Verdict[];
  /** Releases the addon offered, over all queries. */
  offers: number;
  /** How many of the plan's seasons, from the first on, one torrent on offer names: fewer than all, and at least one. */
  reach: number;
  notices: string[];
  /** What the verdicts follow from, together with the profile. */
  input: SearchInput;
  subject: ProfileSubject;
  profile: ProfileChoice;
}

/**
 * Asks the addon and judges what it offers. A movie or a lone episode is one query. For more of a season, or for several
 * seasons, the first and the last wanted episode are asked for: a torrent in both answers spans what lies between. It is
 * judged as what it is for the first season.
 */
export const search = async (tick: Tick, plan: Plan, wanted: Wanted): Promise<SearchResult> => {
  // Without a title Seerr has no details of it.
  const subject = wanted.titles.length === 0 ? plainSubject(tick, plan) : await profileSubject(tick, plan);
  const profile = settleProfile(tick, plan, subject);
  const { releases, others, notices } = await offersFor(tick, plan);
  const judged = (offered: Release[]) => {
    const input = inputOf(tick, plan, wanted, offered);
    return { input, verdicts: decide(input, profileOf(tick, plan), tick.config.realDebrid.nameFilter) };
  };
  const spanning = judged(releases);
  const isFound = spanning.verdicts.some(({ accepted }) => accepted);
  const found =
    isFound || !wantsPackAnyway(tick, plan) ? spanning : judged([...releases, ...packsAmong(judged(others).verdicts)]);
  if (isFound && isSpan(plan)) {
    found.verdicts = withoutWorseCopies(found.verdicts, judged(others).verdicts);
  }
  const reach = reachOf(plan, [...releases, ...others]);
  return { ...found, offers: found.input.releases.length, reach, notices, subject, profile };
};

/** None holds both ends of what is missing of a season: one that holds either brings the most for an add. */
const wantsPackAnyway = (tick: Tick, plan: Plan): boolean =>
  plan.wants.length > 1 && !isSpan(plan) && profileOf(tick, plan).packs.season === 'prefer';

const packsAmong = (verdicts: readonly Verdict[]): Release[] =>
  verdicts.filter((verdict) => verdict.accepted && !isSingle(verdict)).map(({ release }) => release);

const withoutWorseCopies = (verdicts: readonly Verdict[], others: readonly Verdict[]): Verdict[] => {
  const rivals = others.filter(({ accepted, pack }) => accepted && pack === 'season');
  return verdicts.filter((verdict) => !rivals.some((rival) => isBetterCopy(rival, verdict)));
};

/** No torrent will do for all of them: which is worth a look for the first few? */
const reachOf = (plan: Plan, offered: readonly Release[]): number => {
  const seasons = plan.type === 'movie' ? [] : seasonsOf(plan);
  const reaches = offered.map(({ name }) => {
    const named = new Set(parseRelease(name).seasons);
    const missing = seasons.findIndex((season) => !named.has(season));
    return missing < 0 ? seasons.length : missing;
  });
  return Math.max(1, Math.min(seasons.length - 1, Math.max(0, ...reaches)));
};

/** One torrent for several seasons saves calls, but the copy counts for more: season packs of a better tier go first. */
const isBetterCopy = (rival: Verdict, verdict: Verdict): boolean =>
  (rival.tierIndex ?? Number.POSITIVE_INFINITY) < (verdict.tierIndex ?? Number.POSITIVE_INFINITY) &&
  (rival.release.cached === true || verdict.release.cached !== true);

/** What a walk may try, best first. */
export const candidatesOf = (tick: Tick, plan: Plan, { verdicts }: Pick<SearchResult, 'verdicts'>): Verdict[] => {
  const accepted = verdicts.filter((verdict) => verdict.accepted);
  if (plan.withoutPacks !== true) {
    return accepted;
  }
  const singles = accepted.filter(isSingle);
  const isCached = ({ release }: Verdict) => release.cached === true;
  const packIsCached = accepted[0] !== undefined && isCached(accepted[0]) && !singles.some(isCached);
  return packIsCached && profileOf(tick, plan).preferCached === 'always' ? [] : singles;
};

/** One episode, or a double one in one file. */
const isSingle = ({ pack, release }: Verdict): boolean =>
  pack === 'single' || (pack === 'partial' && !release.packMarker);

interface Offers {
  releases: Release[];
  /** Those for the first or for the last episode that are left out because they do not span the rest. */
  others: Release[];
  notices: string[];
}

const offersFor = async (tick: Tick, plan: Plan): Promise<Offers> => {
  const { imdbId, wants } = plan;
  const [first] = wants;
  const last = wants.at(-1);
  if (plan.type === 'movie' || first === undefined || last === undefined) {
    return { others: [], ...(await tick.streams.streams({ type: 'movie', imdbId })) };
  }
  if (first !== last && isAiring(tick, plan)) {
    return { releases: [], others: [], notices: [] };
  }
  const offersOf = ({ season, episode }: typeof first) =>
    tick.streams.streams({ type: 'episode', imdbId, season, episode });
  const opening = await offersOf(first);
  if (first === last) {
    return { others: [], ...opening };
  }
  const closing = await offersOf(last);
  const spanning = spanningPacks(opening.releases, closing.releases);
  const isSpanning = ({ infoHash }: Release) => spanning.has(infoHash);
  return {
    releases: opening.releases.filter(isSpanning),
    others: [...opening.releases, ...closing.releases].filter((release) => !isSpanning(release)),
    notices: [...opening.notices, ...closing.notices],
  };
};

/** While a season airs, what calls itself its pack is none. */
const isAiring = (tick: Tick, plan: Plan): boolean => seasonFacts(tick, plan).some(({ airing }) => airing);

const inputOf = (tick: Tick, plan: Plan, wanted: Wanted, releases: Release[]): SearchInput => {
  const now = tick.clock.now();
  const firstDueAt = Math.min(...plan.wants.map((want) => want.firstDueAt ?? now));
  const held = tick.account.hashes();
  const hashes = [...new Set(releases.map((release) => release.infoHash))];
  return {
    wanted,
    releases,
    facts: factsByHash(tick, plan, wanted, hashes),
    waitedMs: now - firstDueAt,
    inAccount: hashes.filter((hash) => held.has(hash)),
  };
};

const factsByHash = (tick: Tick, plan: Plan, wanted: Wanted, hashes: string[]): Record<string, RememberedFact[]> => {
  const byHash: Record<string, RememberedFact[]> = {};
  const rows = tick.store.grabs.factsFor(
    hashes,
    plan.wants.map((want) => want.id),
    tick.clock.now(),
  );
  const season = wanted.kind === 'movie' ? null : wanted.season;
  for (const row of rows) {
    const want = plan.wants.find(({ id }) => id === row.wantId);
    if (row.code === 'lacks-episode' && want !== undefined && season !== null && want.season !== season) {
      // That it lacks one of another season is no matter of the season it is judged for.
      continue;
    }
    const episode = want?.episode;
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
