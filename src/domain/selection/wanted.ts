import type { Tier } from '../media.js';
import type { AirDates } from './airDates.js';

/**
 * What one search is for: a movie, or the missing episodes of one season.
 * `titles` holds the title, the original title and any alternates; empty = unknown, and then no title is vetoed.
 */
export type Wanted = WantedMovie | WantedEpisodes;

export interface WantedMovie {
  kind: 'movie';
  titles: string[];
  /** Release year; null = unknown, and then no year is vetoed. */
  year: number | null;
  /** Minutes; null = unknown, and then sizes per minute are not judged. */
  runtimeMin: number | null;
  tier: Tier;
}

export interface WantedEpisodes {
  kind: 'episodes';
  titles: string[];
  /** Year of the show's first episode. */
  year: number | null;
  /** Minutes of one episode. */
  runtimeMin: number | null;
  season: number;
  /** The episodes still missing, never empty. */
  episodes: number[];
  /** All episodes of the season, aired or not; tells a whole season from a part of it. */
  seasonEpisodeCount: number | null;
  /** The absolute number of the season's first episode, where releases may go by such numbers and it is known. */
  firstAbsolute?: number | undefined;
  /** When the episodes of the season aired, the ones not wanted included: releases of daily shows go by that. */
  airDates?: AirDates | undefined;
  /** The episodes are specials, which have runtimes of their own: sizes per minute are not judged. Season 0 always is. */
  specials: boolean;
  tier: Tier;
}

/** Absolute number by wanted episode, where it is known. */
export const absoluteMapOf = (wanted: Wanted): ReadonlyMap<number, number> | undefined => {
  if (wanted.kind === 'movie' || wanted.firstAbsolute === undefined) return undefined;
  const before = wanted.firstAbsolute - 1;
  return new Map(wanted.episodes.map((episode) => [episode, before + episode]));
};
