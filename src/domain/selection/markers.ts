import { ascending, numbersBetween } from './units.js';

/** An explicit episode marker (`S01E02`, `1x02`) with everything chained to it. */
export interface EpisodeMarker {
  season: number;
  /** Ascending, never empty. */
  episodes: number[];
  /** Set when the chain runs into a later season (`S01E01-S02E06`). */
  lastSeason: number | null;
  /** Only one half of the episode (`S01E01b`). */
  half: boolean;
  /** Where the marker starts in the text. */
  index: number;
}

const LETTERED = /(?<![\p{L}\p{N}])S(\d{1,4})[\s._-]{0,3}Ep?[\s.]?(\d{1,5})(?!\d)/iu;
/** The last part keeps `5.1x264` from being season 1, episode 264. */
const CROSSED = /(?<![\p{L}\p{N}])(\d{1,2})x(?!26[45](?!\d))(\d{2,4})(?![\d])/iu;

const LINK =
  /^([\s._~+&,-]{0,3})(?:S(\d{1,4})[\s._-]{0,3}Ep?|(\d{1,2})x(?=\d{2})|(Ep?|x))?[\s.]?(\d{1,5})(?![\p{L}\p{N}])/iu;
const LINK_BEFORE_LETTER =
  /^([\s._~+&,-]{0,3})(?:S(\d{1,4})[\s._-]{0,3}Ep?|(\d{1,2})x(?=\d{2})|(Ep?))[\s.]?(\d{1,5})(?=S\d|Ep?\d|v\d)/iu;

/** Longest jump that a dash is taken to span, by what stands behind it. */
const MAX_SPAN = { marked: 60, seasonRepeated: 8, bare: 40 } as const;
const MAX_LINKS = 60;

interface Link {
  length: number;
  season: number | null;
  bare: boolean;
  dash: boolean;
  number: number;
  digits: number;
}

/** The first explicit marker of a text, or null. */
export function scanEpisodes(text: string): EpisodeMarker | null {
  const match = LETTERED.exec(text) ?? CROSSED.exec(text);
  if (match === null) return null;
  const [marker, seasonDigits, firstDigits = ''] = match;
  const season = Number(seasonDigits);
  const rest = text.slice(match.index + marker.length);
  const chain = followChain(rest, season, firstDigits);
  return { season, index: match.index, half: /^[ab](?![\p{L}\p{N}])/iu.test(rest), ...chain };
}

function followChain(
  text: string,
  season: number,
  firstDigits: string,
): Pick<EpisodeMarker, 'episodes' | 'lastSeason'> {
  const episodes = [Number(firstDigits)];
  let rest = withoutVersion(text);
  for (let count = 0; count < MAX_LINKS; count += 1) {
    const link = readLink(rest);
    if (link === null) break;
    if (link.season !== null && link.season !== season) {
      return { episodes: ascending(episodes), lastSeason: link.dash && link.season > season ? link.season : null };
    }
    const added = episodesOfLink(link, Math.max(...episodes), count === 0, firstDigits);
    if (added.length === 0) break;
    episodes.push(...added);
    rest = withoutVersion(rest.slice(link.length));
  }
  return { episodes: ascending(episodes), lastSeason: null };
}

/** `E03v2` is episode 3. */
const withoutVersion = (text: string): string => text.replace(/^v\d(?!\d)/i, '');

/** Empty when the link does not belong to the chain. Only the first dash can mean a range. */
function episodesOfLink(link: Link, previous: number, isFirst: boolean, firstDigits: string): number[] {
  if (link.number <= previous || (link.bare && !isBareRange(link, previous, firstDigits))) return [];
  const isRange = link.dash && isFirst && link.number - previous <= maxSpan(link);
  return isRange ? numbersBetween(previous, link.number) : [link.number];
}

function readLink(text: string): Link | null {
  const match = LINK.exec(text) ?? LINK_BEFORE_LETTER.exec(text);
  if (match === null) return null;
  const [whole, separator = '', lettered, crossed, mark, digits = ''] = match;
  const season = lettered ?? crossed;
  return {
    length: whole.length,
    season: season === undefined ? null : Number(season),
    bare: season === undefined && mark === undefined,
    dash: /[-~]/.test(separator),
    number: Number(digits),
    digits: digits.length,
  };
}

/** A bare number belongs to the marker only as the end of a range, directly behind a dash: `S01E01-03`. */
function isBareRange(link: Link, previous: number, firstDigits: string): boolean {
  const glued = link.dash && link.length === link.digits + 1;
  const alike = link.digits >= 2 || link.digits === firstDigits.length;
  return glued && alike && link.number - previous <= MAX_SPAN.bare;
}

function maxSpan(link: Link): number {
  if (link.bare) return MAX_SPAN.bare;
  return link.season === null ? MAX_SPAN.marked : MAX_SPAN.seasonRepeated;
}
