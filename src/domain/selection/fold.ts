import { collapseRepeats } from './guard.js';

/** Letters that Unicode does not take apart into a base letter and an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

/** Longest text that is folded; titles and guarded names are shorter. */
const MAX_FOLDED_CHARS = 1000;

/**
 * Words of a text without accents, case and punctuation; `&` is "and", apostrophes vanish (`don't` = `dont`).
 * Repeats are collapsed as in release names, so that a title and a name stay comparable.
 */
export function foldWords(text: string): string[] {
  const bounded = collapseRepeats(text.slice(0, MAX_FOLDED_CHARS));
  // Most texts are plain ASCII, and in that everything below means less.
  return BEYOND_ASCII.test(bounded) ? wordsOf(bounded) : wordsOfAscii(bounded);
}

const BEYOND_ASCII = /[\u0080-\uffff]/;

function wordsOf(text: string): string[] {
  const folded = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþı]/g, (letter) => LETTERS[letter] ?? letter)
    .replace(/['’‘`´]/g, '')
    .replace(/&/g, ' and ');
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

const wordsOfAscii = (text: string): string[] =>
  text
    .toLowerCase()
    .replace(/['`]/g, '')
    .replace(/&/g, ' and ')
    .match(/[a-z0-9]+/g) ?? [];

const ARTICLES: ReadonlySet<string> = new Set(['the', 'a', 'an']);

export const isArticle = (word: string): boolean => ARTICLES.has(word);

/** Words without a leading article, unless nothing would be left. */
export const withoutArticle = (words: readonly string[]): string[] =>
  words.length > 1 && isArticle(words[0] ?? '') ? words.slice(1) : [...words];
