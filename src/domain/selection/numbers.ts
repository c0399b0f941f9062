import { type EpisodeMarker, scanEpisodes } from './markers.js';
import { seasonRange } from './seasons.js';
import { ascending, numbersBetween } from './units.js';

/** Seasons and episodes of a release name. */
export interface ReleaseNumbers {
  seasons: number[];
  episodes: number[];
  absolute: number[];
  half: boolean;
}

/** Real batches of absolute numbers reach 200; more is a misread pair (`11 - 511`). */
const MAX_EPISODES = 200;
const MAX_SEASONS = 100;
const EPISODE_OF = /(?<![\p{L}\p{N}-])(\d{1,3})[\s._]?of[\s._]?\d{1,3}(?![\p{L}\p{N}])/iu;

/** Joins what the parser library found with our own scan for explicit markers, which wins unless it found fewer. */
export function numbersOf(name: string, librarySeasons: number[], libraryEpisodes: number[]): ReleaseNumbers {
  const marker = scanEpisodes(name);
  const seasons = bounded(librarySeasons, MAX_SEASONS);
  const found = bounded(libraryEpisodes, MAX_EPISODES);
  if (marker !== null) return withMarker(marker, found);
  const range = seasonRange(name);
  if (range !== null) return { seasons: range, episodes: [], absolute: [], half: false };
  if (seasons.length > 0) return { seasons, episodes: found, absolute: [], half: false };
  const nth = EPISODE_OF.exec(name)?.[1];
  if (nth !== undefined) return { seasons, episodes: [Number(nth)], absolute: [], half: false };
  return { seasons, episodes: [], absolute: withNeighbour(name, found), half: false };
}

function withMarker(marker: EpisodeMarker, found: number[]): ReleaseNumbers {
  if (marker.lastSeason !== null) {
    const seasons = numbersBetween(marker.season, marker.lastSeason).slice(0, MAX_SEASONS);
    return { seasons, episodes: [], absolute: [], half: false };
  }
  const episodes = found.length > marker.episodes.length ? found : marker.episodes;
  return { seasons: [marker.season], episodes, absolute: [], half: marker.half };
}

/** `011_012`: the library sees the first number only. */
function withNeighbour(name: string, absolute: number[]): number[] {
  const [only] = absolute;
  if (only === undefined || absolute.length > 1) return absolute;
  const pair = new RegExp(`(?<!\\d)0*${only}[_+&]0*${only + 1}(?!\\d)`);
  return pair.test(name) ? [only, only + 1] : absolute;
}

function bounded(values: number[], max: number): number[] {
  const sorted = ascending(values.filter((value) => Number.isSafeInteger(value) && value >= 0));
  return sorted.length > max ? sorted.slice(0, 1) : sorted;
}
