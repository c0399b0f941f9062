import { describe, expect, test } from '@jest/globals';
import { numbersOf, type ReleaseNumbers } from '../../../src/domain/selection/numbers.js';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** The name, what the parser library found in it (seasons, episodes), and what it comes to. */
const CASES: [name: string, seasons: number[], episodes: number[], Partial<ReleaseNumbers>][] = [
  ['S01E01', [1], [1], { seasons: [1], episodes: [1], absolute: [], half: false }],
  ['S01E01b', [1], [1], { seasons: [1], episodes: [1], half: true }],
  // An own marker wins unless the library found more in it.
  ['S01E01.S01E02', [1], [1], { seasons: [1], episodes: [1, 2] }],
  ['S01E01.S01E02', [1], [1, 3], { seasons: [1], episodes: [1, 2] }],
  ['S01E01.S01E02', [1], [3, 1, 2, 2], { seasons: [1], episodes: [1, 2, 3] }],
  ['S01E10718', [1], [], { seasons: [1], episodes: [10718] }],
  ['S01E01-S03E06', [1], [1], { seasons: [1, 2, 3], episodes: [] }],
  ['S01E01-S150E06', [1], [1], { seasons: upTo(100), episodes: [] }],
  // Then a range of seasons, then what the library found.
  ['S01 - Season 03', [1], [3], { seasons: [1, 2, 3], episodes: [] }],
  ['Season 1', [1], [], { seasons: [1], episodes: [] }],
  ['S01 04', [1], [4], { seasons: [1], episodes: [4], absolute: [] }],
  ['Season 1, 2 of 6', [1], [2], { seasons: [1], episodes: [2] }],
  ['many seasons', upTo(100), [], { seasons: upTo(100) }],
  ['too many seasons', upTo(101), [], { seasons: [1] }],
  // N of M is one episode of an unknown season.
  ['2of6', [], [1, 2], { seasons: [], episodes: [2], absolute: [] }],
  ['12 of 13', [], [], { episodes: [12] }],
  ['123_of_200', [], [], { episodes: [123] }],
  ['1234of2000', [], [7], { episodes: [], absolute: [7] }],
  ['123of2000', [], [7], { episodes: [], absolute: [7] }],
  ['x2of6', [], [7], { episodes: [], absolute: [7] }],
  ['1-2of6', [], [1], { episodes: [], absolute: [1] }],
  ['2of6x', [], [7], { episodes: [], absolute: [7] }],
  ['2  of 6', [], [7], { episodes: [], absolute: [7] }],
  // All others are absolute.
  ['13', [], [13], { seasons: [], episodes: [], absolute: [13] }],
  ['a batch', [], upTo(200), { absolute: upTo(200) }],
  ['11 - 511', [], upTo(201), { absolute: [1] }],
  ['011_012', [], [11], { absolute: [11, 12] }],
  ['11+12', [], [11], { absolute: [11, 12] }],
  ['11&12', [], [11], { absolute: [11, 12] }],
  ['11 12', [], [11], { absolute: [11] }],
  ['11_13', [], [11], { absolute: [11] }],
  ['111_12', [], [11], { absolute: [11] }],
  ['11_120', [], [11], { absolute: [11] }],
  ['011_012', [], [11, 20], { absolute: [11, 20] }],
  ['no number', [], [], { seasons: [], episodes: [], absolute: [] }],
  ['no such numbers', [-1, 1.5], [Number.NaN, -1, 0, 2], { seasons: [], absolute: [0, 2] }],
];

describe('seasons and episodes of a name', () => {
  test.each(CASES)('%s, where the library found %j and %j', (name, seasons, episodes, expected) => {
    expect(numbersOf(name, seasons, episodes)).toMatchObject(expected);
  });
});
