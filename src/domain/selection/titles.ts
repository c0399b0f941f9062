import { splitVideoExtension } from './extensions.js';
import { foldWords, isArticle, withoutArticle } from './fold.js';
import { cleanText, guardName, MAX_RAW_CHARS } from './guard.js';
import { isReleaseMarker } from './releaseMarkers.js';

/** `exact`: the parsed title is a wanted one. `segment`: a whole segment of the raw name is. null: neither. */
export type TitleMatch = 'exact' | 'segment' | null;

/** A word of a raw name, or the border of a segment (bracket, ` - `, `/`, `|`, "aka"). */
type Item = { word: string; country: string | null } | 'border';

interface Title {
  words: string[];
  /** US, UK, AU or NZ behind the title; null = none. */
  country: string | null;
}

/** A country counts only in capitals or brackets: `The Last of Us` has none. */
const COUNTRY = /^(.*[^\s._])[\s._]+\(?((?:USA?|UK|GB|AU|NZ)|\((?:usa?|uk|gb|au|nz))\)?[\s._]*$/su;
const COUNTRY_WORDS: Readonly<Record<string, string>> = { us: 'us', usa: 'us', uk: 'uk', gb: 'uk', au: 'au', nz: 'nz' };

/**
 * A veto against bad joins, not a search: whether `name` is a release of one of `titles`. Never a substring and never a
 * likeness, since sequels differ by one word. `parsedTitle` is the parser's reading of the same name.
 */
export function matchTitle(
  name: string,
  parsedTitle: string,
  titles: readonly string[],
  year: number | null,
): TitleMatch {
  const { wanted, texts } = readTitles(titles);
  const parsed = readTitle(parsedTitle);
  if (wanted.some((title) => sameTitle(parsed, title, year) || sameText(parsedTitle, title, texts))) return 'exact';
  const items = itemsOf(name);
  return wanted.some((title) => hasSegment(items, title, year)) ? 'segment' : null;
}

interface WantedTitles {
  wanted: Title[];
  /** The words of each as it is written, country and all. */
  texts: string[][];
}

/** What is wanted is the same for all releases of a search: read once. */
const read = new WeakMap<readonly string[], WantedTitles>();

function readTitles(titles: readonly string[]): WantedTitles {
  const known = read.get(titles) ?? {
    wanted: titles.map(readTitle).filter((title) => title.words.length > 0),
    texts: titles.map((title) => withoutArticle(foldWords(title))),
  };
  read.set(titles, known);
  return known;
}

function readTitle(text: string): Title {
  const match = COUNTRY.exec(text);
  const country = match === null ? null : countryOf(match[2] ?? '');
  return { words: withoutArticle(foldWords(country === null ? text : (match?.[1] ?? ''))), country };
}

const countryOf = (written: string): string | null => COUNTRY_WORDS[written.replace('(', '').toLowerCase()] ?? null;

const agree = (one: string | null, other: string | null): boolean => one === null || other === null || one === other;

function sameTitle(parsed: Title, wanted: Title, year: number | null): boolean {
  if (!agree(parsed.country, wanted.country)) return false;
  const trailing = parsed.words.at(-1);
  const words = year !== null && trailing === String(year) ? parsed.words.slice(0, -1) : parsed.words;
  return isSame(words, wanted.words) || isSame(parsed.words, wanted.words);
}

/** Spaces do not count: `Spider-Man` and `Spiderman` are one title. */
const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length > 0 && one.join('') === other.join('');

/** Capitals can make a title's last word look like a country (`THE LAST OF US`): then the full text decides. */
function sameText(parsedTitle: string, wanted: Title, texts: readonly string[][]): boolean {
  if (wanted.country !== null) return false;
  const words = withoutArticle(foldWords(parsedTitle));
  return texts.some((text) => isSame(words, text));
}

const BORDERS = /[\s._][-–—~][\s._]|[()[\]{}/|\\]|(?<![\p{L}\p{N}])aka(?![\p{L}\p{N}])/giu;

function itemsOf(name: string): Item[] {
  const { stem } = splitVideoExtension(cleanText(name, MAX_RAW_CHARS));
  const items: Item[] = [];
  for (const segment of guardName(stem).split(BORDERS)) {
    for (const raw of segment.split(/[\s._+,:;!?"-]+/u)) {
      const country = /^(?:USA?|UK|GB|AU|NZ)$/.test(raw) ? countryOf(raw) : null;
      items.push(...foldWords(raw).map((word) => ({ word, country })));
    }
    items.push('border');
  }
  return items;
}

function hasSegment(items: readonly Item[], title: Title, year: number | null): boolean {
  return items.some((_, start) => {
    if (!startsSegment(items, start)) return false;
    const end = matchWords(items, start, title.words);
    return end !== null && endsTitle(items, end, title.country, year);
  });
}

function startsSegment(items: readonly Item[], start: number): boolean {
  const before = items[start - 1];
  if (before === undefined || before === 'border') return true;
  const earlier = items[start - 2];
  return isArticle(before.word) && (earlier === undefined || earlier === 'border');
}

/** Index behind the title's words; borders in front of it and inside (`Face/Off`, `One - Two`) are stepped over. */
function matchWords(items: readonly Item[], start: number, words: readonly string[]): number | null {
  let index = start;
  for (const word of words) {
    while (items[index] === 'border') index += 1;
    const item = items[index];
    if (item === undefined || item === 'border' || item.word !== word) return null;
    index += 1;
  }
  return index;
}

function endsTitle(items: readonly Item[], end: number, country: string | null, year: number | null): boolean {
  let index = end;
  const bordered = items[index] === 'border';
  if (bordered) index += 1;
  const item = items[index];
  if (item === undefined) return true;
  if (item === 'border') return true;
  if (item.country !== null) {
    return agree(item.country, country) && endsTitle(items, index + 1, null, year);
  }
  if (isYear(item.word)) return yearAgrees(items, index, year);
  if (bordered) return !OTHER_WORK.test(wordsFrom(items, index));
  return isReleaseMarker(item.word) || SPLIT_MARKER.test(wordsFrom(items, index));
}

/** `Title - Part 2` is a sequel and `Title - The Making Of` no part of the work; a part 1 is the work itself. */
const OTHER_WORK =
  /^(?:(?:part|vol|volume|chapter|teil|parte|partie) (?:0?[2-9]|1\d|ii|iii|iv|v|vi|vii|viii|ix|x|two|three|four|five|six|seven|eight|nine|ten)|(?:the )?making of|behind the scenes)(?: |$)/;

/** `h.264` comes as two words, and so does `30th Anniversary`. */
const SPLIT_MARKER = /^(?:[xh] 26[45]|\d{1,3}(?:st|nd|rd|th) anniversary)(?: |$)/;

/** The next words up to a border, which is behind every name, too. */
const wordsFrom = (items: readonly Item[], index: number): string =>
  items
    .slice(index, items.indexOf('border', index))
    .map((item) => (item === 'border' ? '' : item.word))
    .join(' ');

const isYear = (word: string): boolean => /^(?:19|20)\d{2}$/.test(word);

/** A date (`2010 06 16`) behind a daily show's title is no year of the show. */
function yearAgrees(items: readonly Item[], index: number, year: number | null): boolean {
  const item = items[index];
  if (year === null || item === undefined || item === 'border') return true;
  const [month, day] = [items[index + 1], items[index + 2]];
  const isDate = [month, day].every((part) => part !== undefined && part !== 'border' && /^\d{1,2}$/.test(part.word));
  return isDate || Math.abs(Number(item.word) - year) <= 1;
}
