import { describe, expect, test } from '@jest/globals';
import { cleanText, guardName, MAX_PARSED_CHARS } from '../../../src/domain/selection/guard.js';
import { parseRelease } from '../../../src/domain/selection/index.js';

describe('the guard in front of the parser', () => {
  test.each([
    ['Sintel.2010.1080p', 'Sintel.2010.1080p'],
    ['  Sintel  ', 'Sintel'],
    ['a\u0000b\u200bc\u202ed\u2028e\u0007f', 'a b c d e f'],
    ['Sinte\u0301l', 'Sint\u00e9l'],
    ['aaaa', 'aaa'],
    ['aaa', 'aaa'],
    ['xaaaa', 'xaaa'],
    ['xyzaaaa', 'xyzaaa'],
    ['abcabcabcabcabc', 'abcabcabc'],
    ['x.......y', 'x...y'],
    ['сезонсезонсезонсезонсезон', 'сезонсезонсезон'],
    ['half\uD83D', 'half'],
  ])('%j becomes %j', (text, expected) => expect(guardName(text)).toBe(expected));

  test('a unit of twelve characters is collapsed, one of thirteen is not', () => {
    expect(guardName('abcdefghijkl'.repeat(6))).toBe('abcdefghijkl'.repeat(3));
    expect(guardName('abcdefghijklm'.repeat(6))).toBe('abcdefghijklm'.repeat(6));
    const faces = String.fromCodePoint(...Array.from({ length: 12 }, (_, index) => 0x1f600 + index));
    expect(guardName(faces.repeat(6))).toBe(faces.repeat(3));
  });

  test('cuts at 300 characters, never through a pair of surrogates', () => {
    const long = Array.from({ length: 400 }, (_, index) => String.fromCharCode(97 + ((index * 7) % 23))).join('x');
    expect(guardName(long)).toHaveLength(300);
    const astral = guardName(`${long.slice(0, 299)}👤👤`);
    expect(astral).toHaveLength(299);
  });

  test('cleanText keeps repeats and obeys its own bound', () => {
    expect(cleanText('aaaaaa', 4)).toBe('aaaa');
    expect(cleanText('\u202Eaaaaaa\n', 100)).toBe('aaaaaa');
    expect(cleanText('a'.repeat(4001), 5000)).toHaveLength(4000);
  });

  const HOSTILE = [
    'сезон ',
    'Серии: 1-',
    '全',
    '第1季',
    'シーズン',
    'S01E01',
    'S01E',
    '1x01',
    '((((',
    '[[[[',
    '. . . ',
    '1080p',
    'a',
    'ab-',
    '2010.',
    'BluRay remux ',
    '\u0301',
    '👤 1 ',
    'season 1 - season ',
    'Season',
    '-1-2-3-4-5',
    '0',
    'x264',
    'multi subs ',
  ];

  test.each(HOSTILE)('100 kB of %j leave at most 300 characters to parse', (unit) => {
    const text = unit.repeat(Math.ceil(100_000 / unit.length));
    expect(guardName(text).length).toBeLessThanOrEqual(MAX_PARSED_CHARS);
    const parsed = parseRelease(text);
    expect(parsed.title.length).toBeLessThanOrEqual(MAX_PARSED_CHARS);
    expect(parsed.episodes.length).toBeLessThanOrEqual(200);
  });
});
