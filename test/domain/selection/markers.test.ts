import { describe, expect, test } from '@jest/globals';
import { scanEpisodes } from '../../../src/domain/selection/markers.js';

const upTo = (last: number, first = 1): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const links = (first: number, last: number): string =>
  upTo(last, first)
    .map((number) => `E${number}`)
    .join('');

describe('an episode marker', () => {
  test.each<[string, season: number, episodes: number[]]>([
    ['S01E02', 1, [2]],
    ['s1e2', 1, [2]],
    ['Pioneer.One.S2010E10718.720p', 2010, [10718]],
    ['S01 ._E02', 1, [2]],
    ['S01-Ep 02', 1, [2]],
    ['S01E.02', 1, [2]],
    ['1x02', 1, [2]],
    ['12x0102', 12, [102]],
    ['1x264.1x03', 1, [3]],
    ['5.1x265 S01E02', 1, [2]],
    ['1x2640', 1, [2640]],
    ['1x02 S03E04', 3, [4]],
  ])('%s: season %s, episodes %j', (text, season, episodes) => {
    expect(scanEpisodes(text)).toMatchObject({ season, episodes, lastSeason: null, half: false });
  });

  test.each([
    ...['Pioneer One', 'S01', 'E02', 'xS01E02', 'S20101E02', 'S01 ._-E02', 'S01E123456', 'S01E  02'],
    ...['1x2', 'x01', '123x02', '1x12345', '5.1x264', '1x265'],
  ])('none in %s', (text) => expect(scanEpisodes(text)).toBeNull());

  test('tells where it starts', () => {
    expect(scanEpisodes('Pioneer.One.S01E01')?.index).toBe(12);
    expect(scanEpisodes('Pioneer.One.1x01')?.index).toBe(12);
  });

  test.each([
    ['S01E01a', true],
    ['S01E01B.720p', true],
    ['S01E01c', false],
    ['S01E01ab', false],
    ['S01E01.b', false],
  ])('%s is one half: %s', (text, half) => expect(scanEpisodes(text)?.half).toBe(half));
});

describe('what is chained to it', () => {
  test.each<[string, number[]]>([
    ['S01E01E02E03', [1, 2, 3]],
    ['S01Ep01Ep02Ep03', [1, 2, 3]],
    ['S01E01S01E02S01E03', [1, 2, 3]],
    ['S01E01.S01E02.S01E03', [1, 2, 3]],
    ['S01E01.S01 E02', [1, 2]],
    ['S01E01.S01._-Ep02', [1, 2]],
    ['S01E01.S01 ._-E02', [1]],
    ['S01E01 + E02', [1, 2]],
    ['S01E01,E02&E03', [1, 2, 3]],
    ['S01E01 -- E02', [1]],
    ['S01E01E 02', [1, 2]],
    ['S01E01Ex02', [1]],
    ['1x01x02', [1, 2]],
    ['1x01.1x02.1x03', [1, 2, 3]],
    ['1x01.1x2', [1]],
    ['1x01.1x02v2', [1, 2]],
    ['S01E01v2E02v2E04', [1, 2, 4]],
    ['S01E01v2.S01E02v2', [1, 2]],
    ['S01E01v23.E02', [1]],
    ['S01E01E03', [1, 3]],
    ['S01E02E02', [2]],
    ['S01E02E01', [2]],
    ['S01E01E03E02', [1, 3]],
    ['S01E03E02E05', [3]],
    ['S01E01.02', [1]],
    ['S01E01.720p', [1]],
    ['S01E01E02x', [1]],
    ['S01E99999E100000', [99_999]],
    [`S01${links(1, 61)}`, upTo(61)],
    [`S01${links(1, 62)}`, upTo(61)],
  ])('%s: %j', (text, episodes) => expect(scanEpisodes(text)?.episodes).toEqual(episodes));
});

describe('a range', () => {
  test.each<[string, number[]]>([
    ['S01E01-E03', [1, 2, 3]],
    ['S01E01~E03', [1, 2, 3]],
    ['S01E01 - E03', [1, 2, 3]],
    ['S01E01-E03-E06', [1, 2, 3, 6]],
    ['S01E01E02-E04', [1, 2, 4]],
    ['S01E01-E61', upTo(61)],
    ['S01E01-E62', [1, 62]],
    ['S01E01-S01E09', upTo(9)],
    ['S01E01-S01E10', [1, 10]],
    ['1x01-1x09', upTo(9)],
    ['1x01-1x10', [1, 10]],
    // Without a mark of its own the end must stand right behind the dash, in as many digits.
    ['S01E01-03', [1, 2, 3]],
    ['S01E1-3', [1, 2, 3]],
    ['S01E01-3', [1]],
    ['S01E8-10', [8, 9, 10]],
    ['S01E01 - 03', [1]],
    ['S01E01-.03', [1]],
    ['S01E01-41', upTo(41)],
    ['S01E01-42', [1]],
    ['S01E03-01', [3]],
    ['S01E03-03', [3]],
    ['S01E01-03-04', [1, 2, 3, 4]],
    ['S01E01-03E05', [1]],
  ])('%s: %j', (text, episodes) => expect(scanEpisodes(text)?.episodes).toEqual(episodes));

  test.each<[string, number[], number | null]>([
    ['S01E01-S02E06', [1], 2],
    ['S01E01E02-S03E06', [1, 2], 3],
    ['1x01-2x06', [1], 2],
    ['S01E01.S02E06', [1], null],
    ['S02E01-S01E06', [1], null],
    ['S01E01-S01E06', upTo(6), null],
  ])('%s: episodes %j, on to season %s', (text, episodes, lastSeason) => {
    expect(scanEpisodes(text)).toMatchObject({ episodes, lastSeason });
  });
});
