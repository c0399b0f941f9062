import type { QualityProfile } from './profile.js';

/** A season of which episodes are due. */
export interface DueSeason {
  season: number;
  /** Episodes that are due now: aired, missing, and not on their way. */
  due: number;
  /** Of those that are not due: in the library already, or on their way. */
  held: number;
  /** All episodes that are known of it, the ones not aired yet included. */
  total: number;
  /** Some of them have not aired. */
  airing: boolean;
}

/** How a season's due episodes are searched. */
export type Approach =
  /** One pack for all of them; singles for what no pack brings. */
  | 'pack'
  /** Each on its own; a pack only for those that no single brings. */
  | 'singles-first'
  /** Each on its own, whatever comes of it. */
  | 'singles';

export interface SeasonShape {
  season: number;
  approach: Approach;
  /** For people, without the season's number. */
  why: string;
}

/** Which searches a title's due episodes are worth, and why. */
export interface Shape {
  /** Seasons to be looked for in one pack first; empty = none. */
  together: number[];
  why: string;
  seasons: SeasonShape[];
}

/** A pack for a single episode would bring more than is asked for. */
const FEWEST_FOR_A_PACK = 2;

/** Chooses the searches for one title in one tier, by one profile. Pure. */
export const shapeOf = (seasons: readonly DueSeason[], packs: QualityProfile['packs']): Shape => {
  const sorted = [...seasons].sort((a, b) => a.season - b.season);
  const shapes = sorted.map((season) => shapeOfSeason(season, packs.season));
  const whole = sorted.filter((season, place) => isWhole(season, shapes[place]?.approach));
  if (whole.length < 2) {
    return { together: [], why: 'fewer than two whole seasons are missing', seasons: shapes };
  }
  if (packs.multiSeason === 'avoid') {
    return { together: [], why: 'the profile avoids packs of several seasons', seasons: shapes };
  }
  const together = whole.map(({ season }) => season);
  return {
    together,
    why: `${together.length} whole seasons are missing: a torrent that holds them all saves calls`,
    seasons: shapes,
  };
};

/** Specials are never counted as one of a show's seasons by what calls itself a pack of them. */
const isWhole = ({ season, due, total, airing }: DueSeason, approach: Approach | undefined): boolean =>
  season > 0 && (approach === 'pack' || (approach === 'singles' && due === total && !airing));

const shapeOfSeason = (
  { season, due, held, total, airing }: DueSeason,
  rule: QualityProfile['packs']['season'],
): SeasonShape => {
  if (airing) {
    return { season, approach: 'singles', why: 'it still airs, and what calls itself its pack is none yet' };
  }
  if (due < FEWEST_FOR_A_PACK) {
    return { season, approach: 'singles', why: `one episode of ${total} is missing` };
  }
  const missing = `${due} of ${total} episodes are missing${held === 0 ? '' : ` (${held} are there or on their way)`}`;
  if (rule === 'avoid') {
    return { season, approach: 'singles-first', why: `the profile avoids season packs; ${missing}` };
  }
  return due * 2 >= total
    ? { season, approach: 'pack', why: `it has aired completely and ${missing}` }
    : { season, approach: 'singles-first', why: `only ${missing}` };
};
