import { groupBy } from './group.js';
import { episodeLabel, episodeRanges } from './want.js';

/** Longer lists of episodes are counted instead. */
const LONGEST_RANGES = 40;

type Place = { type: 'movie' | 'episode'; season: number; episode: number };

/** Which part of a show these wants are, for people; null for a movie. */
export const partOf = (wants: readonly Place[]): string | null => {
  const episodes = wants.filter(({ type }) => type === 'episode');
  const [first] = episodes;
  if (first === undefined) {
    return null;
  }
  const seasons = [...groupBy(episodes, ({ season }) => season)].sort(([a], [b]) => a - b);
  if (seasons.length > 1) {
    const numbers = seasons.map(([season]) => season);
    return `Seasons ${runs(numbers)}, ${episodes.length} episodes`;
  }
  if (episodes.length === 1) {
    return episodeLabel(first.season, first.episode);
  }
  const ranges = episodeRanges(episodes.map(({ episode }) => episode));
  const which = ranges.length <= LONGEST_RANGES ? ranges : `${episodes.length} episodes`;
  return `${first.season === 0 ? 'Specials' : `Season ${first.season}`}, ${which}`;
};

/** `1-3` where they follow each other, else how many. */
const runs = (numbers: readonly number[]): string => {
  const [from = 0] = numbers;
  const to = numbers.at(-1) ?? from;
  return to - from === numbers.length - 1 ? `${from}–${to}` : `${from} to ${to}`;
};
