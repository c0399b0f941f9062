import { oneLine } from '../log/redact.js';

/** How wide a terminal is taken to be. */
export const WIDTH = 80;

const LONGEST = 1_000;
let segmenter: Intl.Segmenter | null = null;
/** What terminals show two columns wide: emoji, and the scripts of East Asia. */
const wide =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** Most text is plain, and then its length is its width. */
const isPlain = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

const columns = (grapheme: string): number => (wide.test(grapheme) ? 2 : 1);

/** What a reader takes for one character. Made when first needed: that takes milliseconds, and most text is plain. */
const graphemesOf = (text: string): Intl.Segments => {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
};

/** Columns of a terminal that a clean line takes. */
export const widthOf = (line: string): number =>
  isPlain(line) ? line.length : [...graphemesOf(line)].reduce((sum, { segment }) => sum + columns(segment), 0);

/** One harmless line of at most `width` columns. */
export const shorten = (text: string, width: number): string => {
  const line = oneLine(text, LONGEST);
  if (widthOf(line) <= width) {
    return line;
  }
  let left = width - 1;
  let cut = '';
  for (const { segment } of graphemesOf(line)) {
    left -= columns(segment);
    if (left < 0) {
      break;
    }
    cut += segment;
  }
  return width < 1 ? '' : `${cut}…`;
};

export const pad = (text: string, width: number, right = false): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? space + text : text + space;
};

/** Breaks a long line between words; a word that is a line too long for itself is cut. */
export const wrap = (line: string, width = WIDTH): string[] => {
  if (widthOf(line) <= width) {
    return [line];
  }
  const lines: string[] = [];
  for (const word of line.split(' ')) {
    const longer = `${lines.at(-1) ?? ''} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= width) {
      lines.splice(-1, 1, longer);
    } else {
      lines.push(shorten(word, width));
    }
  }
  return lines;
};
