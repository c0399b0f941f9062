/**
 * Release names come from strangers and go through large tables of regular expressions, some of which take seconds on
 * long repetitive input. Everything that is parsed passes through here first.
 */

/** Longest text that is looked at; real names end at about 200 characters. */
export const MAX_PARSED_CHARS = 300;

/** Longer input is cut before any work: enough for every real name, path and bracket list. */
export const MAX_RAW_CHARS = 4000;

const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const LONGEST_UNIT = 12;
const REPEATS = new RegExp(`(.{1,${LONGEST_UNIT}}?)\\1{3,}`, 'gsu');

/** Control, zero-width, bidi and line-separator characters and lone surrogates become spaces; the ends are trimmed. */
export function cleanText(text: string, maxChars: number): string {
  const cleaned = text.slice(0, MAX_RAW_CHARS).normalize('NFC').replace(UNPRINTABLE, ' ').trim();
  return cutAt(cleaned, maxChars).trimEnd();
}

/** Text that is safe to parse: clean, at most 300 characters, no unit of up to 12 characters more than three times in a row. */
export function guardName(text: string): string {
  return cutAt(collapseRepeats(cleanText(text, MAX_RAW_CHARS)), MAX_PARSED_CHARS).trim();
}

/** Twice, because collapsing a short unit can make a longer one repeat. */
export function collapseRepeats(text: string): string {
  return mayRepeat(text) ? text.replace(REPEATS, '$1$1$1').replace(REPEATS, '$1$1$1') : text;
}

const SURROGATES = /[\ud800-\udfff]/;

/**
 * Whether the expression could find anything. Hardly any name has such a run, and the expression takes a hundred times
 * as long to tell: it was a quarter of all that judging costs.
 */
function mayRepeat(text: string): boolean {
  // Compared are halves of characters where there are such.
  const longest = SURROGATES.test(text) ? 2 * LONGEST_UNIT : LONGEST_UNIT;
  for (let unit = 1; unit <= longest; unit += 1) {
    // A unit four times in a row is three times its length of places that equal the one a unit before: no such run
    // passes between places that are as far apart as it is long.
    for (let at = 4 * unit - 1; at < text.length; at += 3 * unit) {
      if (runThrough(text, at, unit) >= 3 * unit) return true;
    }
  }
  return false;
}

/** How many places around this one, itself included, hold the same as the place a unit before. */
function runThrough(text: string, at: number, unit: number): number {
  // In front of the text there is no character, and that equals none; to ask behind it would cost as much again.
  const isSame = (place: number) => text.charCodeAt(place) === text.charCodeAt(place - unit);
  if (!isSame(at)) return 0;
  let [first, last] = [at, at];
  while (isSame(first - 1)) first -= 1;
  while (last + 1 < text.length && isSame(last + 1)) last += 1;
  return last - first + 1;
}

/** Never leaves half of a surrogate pair behind. */
function cutAt(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const cut = text.slice(0, maxChars);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}
