import type { NameFilter, QualityProfile } from '../profile.js';
import type { Release } from '../release.js';
import type { ParsedRelease } from './parsedRelease.js';
import type { Rejection } from './rejections.js';

/**
 * How much of a show a release holds, by its name: one episode, one season, several (or all) seasons, or some episodes
 * of one season.
 */
export type PackKind = 'single' | 'season' | 'multi-season' | 'partial';

/** Points of the profile, by what earned them (`remux`, `hevc`, `proper`, `repack`, `group`). */
export interface Score {
  total: number;
  parts: { name: string; points: number }[];
}

/** A release judged against what is wanted. */
export interface Verdict {
  release: Release;
  /** Torrent line and file line read together. */
  parsed: ParsedRelease;
  accepted: boolean;
  /** In the order of the rules; empty exactly when accepted. */
  rejections: Rejection[];
  /** null when refused. */
  score: Score | null;
  /** Position in `qualities`, 0 = best; half a step behind for an unknown source; null = in no tier. */
  tierIndex: number | null;
  /** The wanted episodes it may bring, going by its name; empty for movies. Only the file list proves it. */
  covers: number[];
  /** null for movies. */
  pack: PackKind | null;
  /** Real-Debrid is predicted to refuse it by name (false when the filter is off). */
  nameRefusal: boolean;
  /** The name states a year; it states a language that the profile requires (always true when it requires none). */
  certainty: { year: boolean; language: boolean };
  /** Of the matched file; null = size or runtime unknown. */
  mbPerMin: number | null;
}

/**
 * Something remembered against a hash. Known codes: `refused-by-name`, `not-cached`, `lacks-episode`,
 * `instant` (was ready at once; never a reason to refuse). Every other code blocks the release.
 */
export interface RememberedFact {
  code: string;
  /** Real-Debrid file ids it is about; absent = the whole torrent. */
  fileIds?: readonly number[] | undefined;
  /** Episodes it is about (`lacks-episode`); absent = all wanted ones. */
  episodes?: readonly number[] | undefined;
  /** Epoch ms of its end; null or absent = for ever. The caller leaves out what has ended. */
  until?: number | null | undefined;
}

export interface JudgeContext {
  profile: QualityProfile;
  nameFilter: NameFilter;
  /** What is remembered against this release's hash (and this want), without what has ended. */
  facts: readonly RememberedFact[];
  /** Real-Debrid's own word, not the addon's marker; null or absent = not asked. */
  knownCached?: boolean | null | undefined;
  /** ms since the want was first due and a lower tier was the best on offer. */
  waitedMs: number;
  /** Absolute number by episode of the wanted season, where known. */
  absoluteMap?: ReadonlyMap<number, number> | undefined;
}
