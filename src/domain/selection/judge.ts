import type { Release } from '../release.js';
import { predictsNameRefusal } from './nameFilter.js';
import { baseName, readRelease } from './reading.js';
import { nameFilterRule, uncachedRule } from './rules/availability.js';
import { episodeRule, extrasRule, hasYear, lackingRule, movieRule, titleRule, yearRule } from './rules/identity.js';
import { blockedRule, hashRule, missingEpisodes, refusedByNameRule } from './rules/memory.js';
import {
  bannedRule,
  bannedTermRule,
  fourKRule,
  groupRule,
  hdrRule,
  holdOutRule,
  isOfGroup,
  languageRule,
  statesWantedLanguage,
  tierOf,
  tierRule,
} from './rules/quality.js';
import { episodesInFile, fileBytes, maxSizeRule, mbPerMinute, perMinuteRule } from './rules/size.js';
import type { Rule, Subject } from './rules/subject.js';
import { scopeOf } from './scope.js';
import { matchTitle } from './titles.js';
import type { JudgeContext, Score, Verdict } from './verdict.js';
import type { Wanted } from './wanted.js';

export { mayKeepUncached } from './rules/availability.js';

/** In the order in which reasons are reported: what is known, what it is, how good it is, whether it can be had. */
const RULES: readonly Rule[] = [
  hashRule,
  refusedByNameRule,
  blockedRule,
  titleRule,
  yearRule,
  movieRule,
  episodeRule,
  lackingRule,
  extrasRule,
  bannedRule,
  bannedTermRule,
  groupRule,
  fourKRule,
  tierRule,
  holdOutRule,
  languageRule,
  hdrRule,
  perMinuteRule,
  maxSizeRule,
  uncachedRule,
  nameFilterRule,
];

/** Judges one release against what is wanted: every rule is asked, so that all reasons are known. Pure. */
export function judge(release: Release, wanted: Wanted, ctx: JudgeContext): Verdict {
  const subject = subjectOf(release, wanted, ctx);
  const rejections = RULES.flatMap((rule) => rule(subject) ?? []);
  const accepted = rejections.length === 0;
  const parsed = subject.reading.merged;
  return {
    release,
    parsed,
    accepted,
    rejections,
    score: accepted ? scoreOf(subject) : null,
    tierIndex: subject.tierIndex,
    covers: coveredEpisodes(subject),
    pack: subject.scope?.pack ?? null,
    nameRefusal: predictsNameRefusal(release, ctx.nameFilter),
    certainty: { year: hasYear(subject), language: statesWantedLanguage(subject) },
    mbPerMin: subject.mbPerMin,
  };
}

function subjectOf(release: Release, wanted: Wanted, ctx: JudgeContext): Subject {
  const reading = readRelease(release, wanted.titles);
  const scope = wanted.kind === 'episodes' ? scopeOf(reading, release.packMarker, wanted, ctx) : null;
  const count = episodesInFile(reading, release, wanted);
  const bytes = fileBytes(release, scope !== null && scope.pack !== 'single');
  return {
    release,
    wanted,
    ctx,
    reading,
    ...titleOf(release, wanted, reading),
    scope,
    tierIndex: tierOf(reading.merged, ctx.profile),
    mbPerMin: mbPerMinute(bytes, wanted.runtimeMin, count),
    episodesInFile: count,
  };
}

/** The torrent line names the title, or at least the matched file does (collections). */
function titleOf(release: Release, wanted: Wanted, reading: Subject['reading']): Pick<Subject, 'title' | 'titleLine'> {
  if (wanted.titles.length === 0) return { title: 'unasked', titleLine: 'torrent' };
  const ofTorrent = matchTitle(release.name, reading.torrent.title, wanted.titles, wanted.year);
  if (ofTorrent !== null || release.filePath === null) return { title: ofTorrent, titleLine: 'torrent' };
  const base = baseName(release.filePath);
  return { title: matchTitle(base, reading.file?.title ?? '', wanted.titles, wanted.year), titleLine: 'file' };
}

function coveredEpisodes({ scope, wanted, ctx }: Subject): number[] {
  if (scope === null || wanted.kind === 'movie') return [];
  const missing = missingEpisodes(ctx.facts, wanted.episodes);
  return scope.covers.filter((episode) => !missing.has(episode)).sort((a, b) => a - b);
}

function scoreOf({ reading, release, ctx }: Subject): Score {
  const { scores, groups } = ctx.profile;
  const parsed = reading.merged;
  const preferred = Object.entries(groups.prefer).find(([name]) => isOfGroup(name, reading, release));
  const earned: [string, number, boolean][] = [
    ['remux', scores.remux, parsed.source === 'remux'],
    ['hevc', scores.hevc, parsed.codec === 'hevc'],
    ['proper', scores.proper, parsed.flags.proper],
    ['repack', scores.repack, parsed.flags.repack],
    ['group', preferred?.[1] ?? 0, true],
  ];
  const parts = earned.flatMap(([name, points, got]) => (got && points !== 0 ? [{ name, points }] : []));
  return { total: parts.reduce((sum, { points }) => sum + points, 0), parts };
}
