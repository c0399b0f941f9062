import { HOUR } from '../../../clock.js';
import type { Banned, QualityProfile } from '../../profile.js';
import type { Release } from '../../release.js';
import { foldWords } from '../fold.js';
import { languageCodes, saysMultiAudio } from '../languages.js';
import type { ParsedRelease } from '../parsedRelease.js';
import { baseName, type Reading } from '../reading.js';
import { refuse, refuseForNow } from '../rejections.js';
import type { Rule, Subject } from './subject.js';

/** Is it the quality that the profile asks for? */

export const bannedRule: Rule = ({ ctx, reading, wanted }) => {
  const titled = wanted.titles.some((title) => foldWords(title).includes('3d'));
  const found = bannedKinds(reading.merged).filter((kind) => !(kind === '3d' && titled));
  const banned = found.find((kind) => ctx.profile.banned.includes(kind));
  return banned === undefined ? null : refuse('banned', banned, 'nothing of `banned`');
};

function bannedKinds({ trash, flags }: ParsedRelease): Banned[] {
  const kinds: [Banned, boolean][] = [
    ['3d', flags.threeD],
    ['upscaled', flags.upscaled],
    ['disc', flags.disc],
    ['hardcodedSubs', flags.hardcodedSubs],
  ];
  const flagged = kinds.flatMap(([kind, present]) => (present ? [kind] : []));
  return trash === null ? flagged : [trash, ...flagged];
}

/** Literal terms, whole words, in either line. */
export const bannedTermRule: Rule = ({ ctx, release }) => {
  const lines = [release.name, release.filePath ?? ''].map((line) => ` ${foldWords(line).join(' ')} `);
  const hit = termsOf(ctx.profile.bannedTerms).find(
    ({ words }) => words !== '' && lines.some((line) => line.includes(` ${words} `)),
  );
  return hit === undefined ? null : refuse('banned-term', hit.term, 'nothing of `bannedTerms`');
};

/** A profile's terms are folded once, not for each release. */
const folded = new WeakMap<readonly string[], { term: string; words: string }[]>();

function termsOf(terms: readonly string[]): { term: string; words: string }[] {
  const known = folded.get(terms) ?? terms.map((term) => ({ term, words: foldWords(term).join(' ') }));
  folded.set(terms, known);
  return known;
}

export const groupRule: Rule = ({ ctx, reading, release }) => {
  const rejected = ctx.profile.groups.reject.find((name) => isOfGroup(name, reading, release));
  return rejected === undefined ? null : refuse('group', rejected, 'another release group');
};

/** What stands behind the resolution is no title of an episode. */
const BEHIND_RESOLUTION = /(?<![\p{L}\p{N}])\d{3,4}[pi](?![\p{L}\p{N}]).*$/isu;

/** By the group that was read, or by whole words behind the resolution: `[YTS.MX]` is of YTS, `x264.YIFY` of YIFY. */
export function isOfGroup(name: string, { merged }: Reading, { name: line, filePath }: Release): boolean {
  if (merged.group?.toLowerCase() === name.toLowerCase()) return true;
  const words = foldWords(name).join(' ');
  const ends = [line, baseName(filePath ?? '')].map((text) => BEHIND_RESOLUTION.exec(text)?.[0] ?? '');
  const tags = ends.map((text) => ` ${foldWords(text).join(' ')} `);
  return words !== '' && tags.some((text) => text.includes(` ${words} `));
}

/**
 * Position in `qualities`; half a step behind the last tier of its resolution when the name states no source and the
 * profile takes it as the lowest; null = in none. In a tier `bluray` includes remuxes and HD DVDs.
 */
export function tierOf(parsed: ParsedRelease, profile: QualityProfile): number | null {
  const fits = profile.qualities.map(({ resolution }) => hasResolution(parsed, resolution));
  const source = parsed.source === 'trash' ? null : parsed.source;
  if (source === null) {
    const last = fits.lastIndexOf(true);
    return profile.unknownSource === 'lowest' && last >= 0 ? last + 0.5 : null;
  }
  const asBluray = source === 'remux' || source === 'hddvd';
  const index = profile.qualities.findIndex(
    ({ sources }, position) =>
      fits[position] === true && (sources.includes(source) || (asBluray && sources.includes('bluray'))),
  );
  return index < 0 ? null : index;
}

/** A DVD without a number is standard definition. */
const hasResolution = ({ resolution, source }: ParsedRelease, wanted: string): boolean =>
  resolution === wanted || (resolution === null && source === 'dvd' && (wanted === '576p' || wanted === '480p'));

export const fourKRule: Rule = ({ wanted, reading }) => {
  const { resolution } = reading.merged;
  return wanted.tier === '4k' && resolution !== '2160p' ? refuse('not-4k', resolution ?? 'unknown', '2160p') : null;
};

export const tierRule: Rule = ({ ctx, reading, tierIndex }) => {
  if (tierIndex !== null) return null;
  const { resolution, source } = reading.merged;
  const listed = ctx.profile.qualities.some((tier) => hasResolution(reading.merged, tier.resolution));
  const untagged = source === null || source === 'trash';
  if (listed && untagged) return refuse('unknown-source', 'no source', 'a source of `qualities`');
  const tiers = ctx.profile.qualities.map((tier) => `${tier.resolution} ${tier.sources.join('/')}`).join(', ');
  return refuse('quality', `${resolution ?? 'unknown resolution'} ${source ?? 'unknown source'}`, tiers);
};

export const holdOutRule: Rule = ({ ctx, tierIndex }) => {
  const { acceptLowerAfter } = ctx.profile;
  if (tierIndex === null || tierIndex === 0 || ctx.waitedMs >= acceptLowerAfter) return null;
  return refuseForNow(
    'held-out',
    `tier ${Math.ceil(tierIndex) + 1} after ${inHours(ctx.waitedMs)}`,
    `tier 1, or a lower one after ${inHours(acceptLowerAfter)}`,
  );
};

const inHours = (ms: number): string => `${Number((ms / HOUR).toFixed(1))} h`;

/** Audio languages that the name or the addon states. */
function statedLanguages({ reading, release }: { reading: Reading; release: Subject['release'] }): string[] {
  const addon = release.languages.flatMap(languageCodes).filter((code) => !reading.merged.subtitles.includes(code));
  return [...new Set([...reading.merged.languages, ...addon])];
}

const isMultiAudio = ({ reading, release }: Pick<Subject, 'reading' | 'release'>): boolean =>
  reading.merged.multiAudio || release.languages.some(saysMultiAudio);

export const languageRule: Rule = (subject) => {
  const { requireAny, reject, allowUnknown, acceptMulti } = subject.ctx.profile.languages;
  const stated = statedLanguages(subject);
  const multi = isMultiAudio(subject);
  const bad = reject.flatMap(normalised).filter((code) => stated.includes(code));
  if (bad.length > 0) return refuse('language', bad.join(', '), `none of ${reject.join(', ')}`);
  if (stated.length === 0 && !multi) {
    return allowUnknown ? null : refuse('language', 'unknown', requireAny.join(', ') || 'a stated language');
  }
  const required = requireAny.flatMap(normalised);
  const fits = required.length === 0 || (multi && acceptMulti) || required.some((code) => stated.includes(code));
  return fits ? null : refuse('language', stated.join(', ') || 'several, unnamed', requireAny.join(', '));
};

/** Whether a required language is stated; without a requirement no language is better than another. */
export function statesWantedLanguage(subject: Subject): boolean {
  const { requireAny } = subject.ctx.profile.languages;
  const stated = statedLanguages(subject);
  return requireAny.length === 0 || requireAny.flatMap(normalised).some((code) => stated.includes(code));
}

/** A word that is no known language still has to match something, so that a typing error does not allow everything. */
const normalised = (word: string): readonly string[] => {
  const codes = languageCodes(word);
  return codes.length > 0 ? codes : [word.toLowerCase()];
};

export const hdrRule: Rule = ({ ctx, reading }) => {
  const { allow, dvWithoutHdrFallback } = ctx.profile.hdr;
  const kinds = reading.merged.hdr.length > 0 ? reading.merged.hdr : (['sdr'] as const);
  const bad = kinds.find((kind) => !allow.includes(kind));
  if (bad !== undefined) return refuse('hdr', bad, allow.join(', '));
  const alone = kinds.length === 1 && kinds[0] === 'dv';
  return alone && dvWithoutHdrFallback === 'reject'
    ? refuse('hdr', 'dv without fallback', 'dv with an HDR fallback')
    : null;
};
