import { numbersBetween } from './units.js';

/** Season words of the languages the stream addon's indexers use. */
const WORDS = 'season|series|saison|staffel|stagione|temporada|сезон';

const GAP = '[\\s._:]{0,2}';
const MARK = `(?:S|(?:${WORDS})${GAP})`;
const NUMBER = '(\\d{1,2})';
const DASH = '[\\s._]{0,3}[-~][\\s._]{0,3}';
const [START, END] = ['(?<![\\p{L}\\p{N}])', '(?![\\p{L}\\p{N}])'];

const RANGE = new RegExp(`${START}(?:S|(?:${WORDS})s?${GAP})${NUMBER}${DASH}${MARK}${NUMBER}${END}`, 'iu');
const SEASON = new RegExp(`${START}${MARK}(\\d{1,4})${END}`, 'iu');
const PLURAL = /(?<![\p{L}\p{N}])seasons?[\s._]{0,2}\d{1,2}[\s._]{0,3}(?:[-~&+,]|to|and)[\s._]{0,3}\d/iu;
const PARTIAL = new RegExp(
  `${MARK}\\d{1,4}[\\s._-]{1,3}[([]?(?:part|pt|vol|volume|cour)[\\s._-]{0,2}(?:\\d|[ivx]+(?![\\p{L}]))`,
  'iu',
);
const MAX_SPAN = 40;

/** `S01 - Season 03` and the like: all seasons from the first to the last; null when the text names no such range. */
export function seasonRange(text: string): number[] | null {
  const match = RANGE.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  return match !== null && last > first && last - first <= MAX_SPAN ? numbersBetween(first, last) : null;
}

/** "Part 1", "Vol 2", "Cour 1" behind a season. */
export const isPartOfSeason = (text: string): boolean => PARTIAL.test(text);

/** Where the first season (with or without an episode) is named, or -1. */
export function seasonMarkerIndex(text: string): number {
  const candidates = [SEASON.exec(text), /(?<![\p{L}\p{N}])(?:S\d{1,4}E\d|\d{1,2}x\d{2})/iu.exec(text)];
  const found = candidates.flatMap((match) => (match === null ? [] : [match.index]));
  return found.length === 0 ? -1 : Math.min(...found);
}

/** The one season that a folder or torrent name stands for; null when it names none or several. */
export function singleSeason(text: string): number | null {
  if (/^[\s._[(]*specials?[\s._\])]*$/iu.test(text)) return 0;
  if (seasonRange(text) !== null || PLURAL.test(text)) return null;
  const match = SEASON.exec(text) ?? /(?<![\p{L}\p{N}])S(\d{1,4})E\d/iu.exec(text);
  return match === null ? null : Number(match[1]);
}
