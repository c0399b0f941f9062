import { describe, expect, test } from '@jest/globals';
import { fileNumbers } from '../../../src/domain/selection/fileNumbers.js';
import { isPartOfSeason, seasonMarkerIndex, seasonRange, singleSeason } from '../../../src/domain/selection/seasons.js';

const WORDS = ['Season', 'Series', 'Saison', 'Staffel', 'Stagione', 'Temporada', 'Сезон'];

describe('the one season that a name stands for', () => {
  test.each<[string, number | null]>([
    ...WORDS.map((word): [string, number] => [`Pioneer One ${word} 2`, 2]),
    ['S01', 1],
    ['s1', 1],
    ['Pioneer.One.S2010.1080p', 2010],
    ['Pioneer.One.S20101.1080p', null],
    ['Pioneer One Season: 2', 2],
    ['Pioneer One Season._2', 2],
    ['Pioneer One Season2', 2],
    ['Pioneer One Season. _2', null],
    ['Pioneer One Season - 2', null],
    ['Pioneer One S01E04', 1],
    ['Pioneer One S2010 - E04', 2010],
    ['Pioneer One S01 -- E04', 1],
    ['Pioneer OneS01', null],
    ['Preseason 2', null],
    ['Season 2nd', null],
    ['Specials', 0],
    ['Special', 0],
    [' [Specials]_', 0],
    ['(specials).', 0],
    ['Specials ', 0],
    ['Specialist', null],
    ['Specials x', null],
    ['Pioneer One Specials', null],
    ['Specials of Pioneer One', null],
    ['S01-S03', null],
    ['Pioneer One', null],
    ...['1-3', '1~3', '1&3', '1+3', '1,3', '1 to 3', '1 and 3', '1 - 3', '12._-3'].map((several): [string, null] => [
      `Pioneer One Season ${several}`,
      null,
    ]),
    ['Pioneer One Seasons 1 & 2', null],
    ['Pioneer One Season1-3', null],
    ['Pioneer One Season_1 _ & _ 2', null],
    ['Preseason 1-3 S02', 2],
  ])('%s: %s', (text, season) => expect(singleSeason(text)).toBe(season));
});

describe('a range of seasons', () => {
  test.each<[string, number, number]>([
    ['S01-S03', 1, 3],
    ['S01 - Season 03', 1, 3],
    ['S1~S2', 1, 2],
    ['Seasons 1 - Season 3', 1, 3],
    ['Season.1._-_.Season.12', 1, 12],
    ['Season: 9-S10', 9, 10],
    ['S01-S41', 1, 41],
    ['S01 ._-. _S03', 1, 3],
    ...WORDS.map((word): [string, number, number] => [`${word} 1 - ${word} 3`, 1, 3]),
  ])('%s: %s to %s', (text, first, last) => {
    expect(seasonRange(text)).toEqual(Array.from({ length: last - first + 1 }, (_, index) => first + index));
  });

  test.each([
    ...['S01', 'S03-S01', 'S02-S02', 'S01-S42', 'S01-S030', 'S100-S103', 'S-S03', 'S01 , S03', 'S01-03'],
    ...['xS01-S03', 'S01-S03x', 'S01 ._ -S03', 'S01- ._ S03'],
  ])('none in %s', (text) => expect(seasonRange(text)).toBeNull());
});

describe('a part of a season', () => {
  test.each([
    'S01.Part.1',
    'S01 - Pt 2',
    'Season 1 [Vol 1]',
    'Season 1 (Volume II)',
    'S2010_Cour1',
    'S01 Part x',
    'S01 - Part._2',
    ...WORDS.map((word) => `${word} 1 Part 2`),
  ])('is named in %s', (text) => expect(isPartOfSeason(text)).toBe(true));
  test.each([
    ...['S01', 'Part 1', 'S01 Party', 'S01 Part One', 'S01.Part.Impossible', 'S01Part1', 'Pioneers.Part.1'],
    ...['S20101.Part.1', 'S01 ._-Part 1', 'S01 Part._-1'],
  ])('is not named in %s', (text) => expect(isPartOfSeason(text)).toBe(false));
});

describe('where the first season is named', () => {
  test.each<[string, number]>([
    ['Pioneer.One.S01', 12],
    ['Pioneer.One.S01E01', 12],
    ['Pioneer.One.S01.-.E01', 12],
    ['Pioneer.One.1x01', 12],
    ['Pioneer.One.12x01.S03', 12],
    ['Pioneer.One.S03.1x01', 12],
    ['Pioneer One Season 1', 12],
    ['Pioneer One', -1],
    ['Pioneer.One.2010', -1],
    ['Pioneer.One.1920x1080', -1],
    ['Pioneer.One.2x1', -1],
    ['xS01E01', -1],
  ])('%s: %s', (text, index) => expect(seasonMarkerIndex(text)).toBe(index));
});

describe('season and episode of a file', () => {
  type Numbers = [season: number, episodes: number[], via: string] | null;
  test.each<[path: string, torrentSeason: number | null, Numbers]>([
    // A marker in the base name decides, whatever the folders say.
    ['Season 2/P.S01E03.mkv', 5, [1, [3], 'name']],
    ['P.S01E01-E40.mkv', null, [1, Array.from({ length: 40 }, (_, index) => index + 1), 'name']],
    ['P.S01E01-E41.mkv', 1, null],
    ['P.S01E01-S02E02.mkv', 1, null],
    // Then the nearest parent folder with a marker of one episode.
    ['P.S01E04/P.S01E05/x.mkv', null, [1, [5], 'folder']],
    ['P.S01E04/x/y.mkv', null, [1, [4], 'folder']],
    ['P.S01E04-E05/x.mkv', null, null],
    ['P.S01E01-S02E02/x.mkv', null, null],
    [`P.S01E04/${'a/'.repeat(11)}x.mkv`, null, [1, [4], 'folder']],
    [`P.S01E04/${'a/'.repeat(12)}x.mkv`, null, null],
    ['Season 1/03.mkv/', null, [1, [3], 'season-folder']],
    ['//P.S01E04//x.mkv', null, [1, [4], 'folder']],
    [`${'a'.repeat(295)}.S01E04.mkv`, null, null],
    [`${'a'.repeat(293)}.S01E04.mkv`, null, [1, [4], 'name']],
    [`${'a'.repeat(295)}.S01E04/x.mkv`, null, null],
    [`${'a'.repeat(293)}.S01E04/x.mkv`, null, [1, [4], 'folder']],
    ['P/S01E04', null, [1, [4], 'name']],
    // Then a season folder with a number in the base name.
    ['Season 1/Season 2/03 x.mkv', null, [2, [3], 'season-folder']],
    ['Season 2/x/03.mkv', 7, [2, [3], 'season-folder']],
    ['Season 2/x.mkv', 7, null],
    ['Specials/03 x.mkv', 7, [0, [3], 'season-folder']],
    // At last the torrent's season.
    ['03 x.mkv', 2, [2, [3], 'torrent']],
    ['03 x.mkv', null, null],
    // A leading number.
    ['3.mkv', 1, [1, [3], 'torrent']],
    ['x.e03', 1, null],
    ['', 1, null],
    ['123 x.mkv', 9, [9, [123], 'torrent']],
    ['1234 x.mkv', 9, null],
    [' ._[(03) x.mkv', 1, [1, [3], 'torrent']],
    ['E03 x.mkv', 1, [1, [3], 'torrent']],
    ['Ep. 03 x.mkv', 1, [1, [3], 'torrent']],
    ['Episode_-03 x.mkv', 1, [1, [3], 'torrent']],
    ['03v2 x.mkv', 1, [1, [3], 'torrent']],
    ['03rd x.mkv', 1, null],
    // A marked number elsewhere.
    ...['e', 'ep', 'episode', 'Folge', 'Serie', 'Серия'].flatMap((word): [string, number, Numbers][] => [
      [`P - ${word} 07.mkv`, 1, [1, [7], 'torrent']],
      [`P ${word}_-107v2 x.mkv`, 9, [9, [107], 'torrent']],
      [`P x${word} 07.mkv`, 1, null],
      [`P ${word} 07x.mkv`, 1, null],
      [`P ${word} 1234.mkv`, 1, null],
    ]),
    // A compact number of that season.
    ['P 103.mkv', 1, [1, [3], 'torrent']],
    ['P 1203.mkv', 12, [12, [3], 'torrent']],
    ['P 204 103.mkv', 1, [1, [3], 'torrent']],
    ['P 103.mkv', 2, null],
    ['P 203 x.mkv', 1, null],
    ['P 005.mkv', 0, null],
    ['P x103.mkv', 1, null],
    ['P 103x.mkv', 1, null],
    ['P 10103.mkv', 10, null],
    ['P x 264.mkv', 2, null],
    ['P.H.264.mkv', 2, null],
    ['P H_265.mkv', 2, null],
    ['P 264.mkv', 2, [2, [64], 'torrent']],
    // Years and resolutions are none.
    ...[480, 576, 720, 1080, 1440, 2160, 1968, 2010].map((number): [string, number, null] => [
      `P ${number}.mkv`,
      Math.floor(number / 100),
      null,
    ]),
    ['P 1768.mkv', 17, [17, [68], 'torrent']],
    ['P 1480.mkv', 14, [14, [80], 'torrent']],
    ['P 481.mkv', 4, [4, [81], 'torrent']],
    ['P 7201.mkv', 72, [72, [1], 'torrent']],
    // Behind an episode's own number such a number is a word of its title.
    ['01 - Room 104.mkv', 1, [1, [1], 'torrent']],
    ['P - Episode 02 - Flight 113.mkv', 1, [1, [2], 'torrent']],
    ['P - Episode 113.mkv', 1, [1, [13], 'torrent']],
    ['113 - Flight 24.mkv', 1, [1, [13], 'torrent']],
    ['99 - Flight 113.mkv', 1, [1, [99], 'torrent']],
    ['100 - Flight 113.mkv', 1, [1, [0], 'torrent']],
    // A season and a number of its own, with or without a dash.
    ['[G] P S2 - 01 (1080p) [ABCDEF01].mkv', null, [2, [1], 'name']],
    ['[G] P S2 - 01v2 [1080p].mkv', 1, [2, [1], 'name']],
    ['P S01 04 (1080p).mkv', null, [1, [4], 'name']],
    ['P S01 04 720p.mkv', null, [1, [4], 'name']],
    ['P S01 4 1080p.mkv', null, [1, [4], 'name']],
    ['P S01 - 104.mkv', null, [1, [104], 'name']],
    ['P S01 - 1204.mkv', null, null],
    ['P S101 - 04.mkv', null, null],
    ['P S - 04.mkv', null, null],
    ['P S01 - 10 Things.mkv', null, null],
    ['P S01 - 720 - x.mkv', null, null],
    ['P S01 - 03/x.mkv', null, null],
    // A resolution is no number with the rest of one behind it.
    ['P S01 1080p.mkv', null, null],
    ['P.S01.2160p.WEB.mkv', null, null],
    ['P - 1080p.mkv', 1, null],
    ['P - 2160p x.mkv', 1, null],
    // Behind a dash, in the first season only: there it can be no number counted from another one on.
    ['Season 1/P - 03.mkv', null, [1, [3], 'season-folder']],
    ['[G] P - 03 [1080p].mkv', 1, [1, [3], 'torrent']],
    ['P - 03 - Title.mkv', 1, [1, [3], 'torrent']],
    ['P - 3 1080p.mkv', 1, [1, [3], 'torrent']],
    ['P - 203.mkv', 1, [1, [203], 'torrent']],
    ['P - 1203.mkv', 1, null],
    ['P - [1080p].mkv', 1, null],
    ['P - 10 Things.mkv', 1, null],
    ['P - 10 24p.mkv', 1, null],
    ['P - 10 10000p.mkv', 1, null],
    ['P - 720 - x.mkv', 1, null],
    ['[G] P - 13 [1080p].mkv', 2, null],
  ])('%s in a torrent of season %s', (path, torrentSeason, numbers) => {
    const found = fileNumbers(path, torrentSeason);
    expect(found && [found.season, found.episodes, found.via]).toEqual(numbers);
  });

  test.each<[path: string, titles: string[], season: number, episode: number | null]>([
    ['24/Season 1/24 - 03.mkv', ['24'], 1, 3],
    ['24/Season 1/24.mkv', ['24'], 1, 24],
    ['Room 104/Season 1/Room.104.-.03.mkv', ['Room 104'], 1, 3],
    ['The 100/Season 1/The 100 - 03.mkv', ['The 100'], 1, 3],
    ['The 100/Season 1/The 100 - 103.mkv', ['The 100'], 1, 3],
    ['P (4x4)/Season 2/P (4x4) 205.mkv', ['P (4x4)'], 2, 5],
    ['Pioneer/Season 1/Pioneer 103.mkv', ['Pioneer One', ''], 1, 3],
    ['Season 1/Synthetic - 103 - 05.mkv', ['Synthetic 103'], 1, 5],
    ['Season 1/Synthetic -- 103 - 05.mkv', ['Synthetic 103'], 1, 3],
    ['Season 1/Synthetic 103 - 05.mkv', ['Synthetic 1 03'], 1, 3],
    // Of a very long title the first 20 words count.
    [`Season 1/${'a '.repeat(20)}24 - 03.mkv`, [`${'a '.repeat(20)}24`], 1, 24],
  ])('%s of %j: no number of the title is an episode', (path, titles, season, episode) => {
    expect(fileNumbers(path, null, titles)).toMatchObject({ season, episodes: [episode] });
  });
});
