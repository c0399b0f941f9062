import { describe, expect, test } from '@jest/globals';
import { matchTitle, parseRelease, type TitleMatch } from '../../../src/domain/selection/index.js';

const match = (name: string, titles: string[], year: number | null): TitleMatch =>
  matchTitle(name, parseRelease(name).title, titles, year);

const ACCEPTED: [name: string, titles: string[], year: number | null, TitleMatch][] = [
  ['Sintel.2010.1080p.BluRay', ['Sintel'], 2010, 'exact'],
  ['sintel 2010 1080p', ['SINTEL'], 2010, 'exact'],
  ['Síntel.2010.1080p', ['Sintel'], 2010, 'exact'],
  ['The.Night.of.the.Living.Dead.1968.1080p', ['Night of the Living Dead'], 1968, 'exact'],
  ['Night.of.the.Living.Dead.1968.1080p', ['The Night of the Living Dead'], 1968, 'exact'],
  ['Fire.and.Water.2010.1080p', ['Fire & Water'], 2010, 'exact'],
  ["Pioneer's.End.2010.1080p", ['Pioneers End'], 2010, 'exact'],
  ['Pioneers.End.2010.1080p', ['Pioneer’s End'], 2010, 'exact'],
  ['Spinne-Mann.2010.1080p', ['Spinnemann'], 2010, 'exact'],
  ['Weißer.Stern.2010.1080p', ['Weisser Stern'], 2010, 'exact'],
  ['Night of the Living Dead 1968 (1968) [2160p] [4K] [BluRay]', ['Night of the Living Dead'], 1968, 'exact'],
  [
    'Ночь живых мертвецов / Night of the Living Dead (Джордж Ромеро) [1968 BDRip]',
    ['Night of the Living Dead'],
    1968,
    'exact',
  ],
  ['La Nuit des Morts Vivants AKA Night of the Living Dead 1968 1080p', ['Night of the Living Dead'], 1968, 'segment'],
  ['Collection of Films - Sintel - 2010', ['Sintel'], 2010, 'segment'],
  ['01 | Sintel | 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['[Grp] Sintel [1080p]', ['Sintel'], 2010, 'exact'],
  ['Pioneer.One.S01E01.720p', ['Pioneer One'], 2010, 'exact'],
  ['Pioneer.One.Extended.S01E01.720p', ['Pioneer One'], 2010, 'exact'],
  ['Пионер / Pioneer One / Сезон: 1 / Серии: 1-6 из 6 [2010, WEB-DL 1080p] MVO', ['Pioneer One'], 2010, 'exact'],
  ['Pioneer One US S01E01 720p', ['Pioneer One'], 2010, 'exact'],
  ['Pioneer One S01E01 720p', ['Pioneer One (US)'], 2010, 'exact'],
  ['Pioneer One US S01E01 720p', ['Pioneer One (US)'], 2010, 'exact'],
  ['THE LAST OF US S01E01', ['The Last of Us'], 2010, 'exact'],
  ['Sintel.1080p.BluRay', ['Sintel'], null, 'exact'],
  ['Sintel.1999.1080p.BluRay', ['Sintel'], null, 'exact'],
  ['Der Titel 2010 1080p', ['Original', 'Der Titel'], 2010, 'exact'],
  ['Pioneer.10000.2010.1080p', ['Pioneer 10000'], 2010, 'exact'],
  ['Archiv - Pioneer / One 2010 1080p', ['Pioneer One'], 2010, 'segment'],
  ['Archiv - The Sintel 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['Archiv - Sintel 2009 1080p', ['Sintel'], 2010, 'segment'],
  ['Archiv - Sintel 2011 1080p', ['Sintel'], 2010, 'segment'],
  ['Archiv - Sintel h.264', ['Sintel'], 2010, 'segment'],
  ['Archiv - Sintel x 265', ['Sintel'], 2010, 'segment'],
  ['Night of the Living Dead 30th Anniversary Edition 1968', ['Night of the Living Dead'], 1968, 'segment'],
  ...['1st', '2nd', '3rd', '100th'].map((number): [string, string[], number, TitleMatch] => [
    `Archiv - Sintel ${number} Anniversary 2010`,
    ['Sintel'],
    2010,
    'segment',
  ]),
  ['Sintel - Part One 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['Sintel - Part 1 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['Sintel - Part 20 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['Sintel - Parts and Pieces 2010 1080p', ['Sintel'], 2010, 'segment'],
  ['Sintel - Making It 2010 1080p', ['Sintel'], 2010, 'segment'],
];

const REFUSED: [name: string, titles: string[], year: number | null][] = [
  ['Sintel.2.2010.1080p', ['Sintel'], 2010],
  ...[
    ...['Part 2', 'Part 02', 'Part.II', 'Vol. 2', 'Volume Two', 'Chapter 4', 'Teil 12', 'Parte 2', 'Partie 2'],
    ...['III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X'].map((number) => `Part ${number}`),
    ...['Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'].map((number) => `Part ${number}`),
  ].map((part): [string, string[], number] => [`Sintel - ${part} 2011 1080p`, ['Sintel'], 2010]),
  ['Sintel - Part 2', ['Sintel'], 2010],
  ...['The Making Of', 'Making of', 'Behind the Scenes'].map((extra): [string, string[], number] => [
    `Sintel - ${extra} 2010 1080p`,
    ['Sintel'],
    2010,
  ]),
  ['Night of the Living Dead 30th 1968', ['Night of the Living Dead'], 1968],
  ['Sintel.II.2010.1080p', ['Sintel'], 2010],
  ['Sintel.2010.1080p', ['Sintel 2'], 2010],
  ['Not.Sintel.2010.1080p', ['Sintel'], 2010],
  ['Sintels.2010.1080p', ['Sintel'], 2010],
  ['Sintel.Returns.2010.1080p', ['Sintel'], 2010],
  ['Return.of.Sintel.2010.1080p', ['Sintel'], 2010],
  ['Night.of.the.Living.2010.1080p', ['Night of the Living Dead'], 2010],
  ['Day.of.the.Living.Dead.1968.1080p', ['Night of the Living Dead'], 1968],
  ['Tears.of.Steel.2012.1080p', ['Sintel'], 2012],
  ['Collection - Sintel 1999 - 1080p', ['Sintel'], 2010],
  ['Pioneer One UK S01E01 720p', ['Pioneer One (US)'], 2010],
  ['Pioneer One (UK) S01E01 720p', ['Pioneer One US'], 2010],
  ['The.Last.of.2010.1080p', ['The Last of Us'], 2010],
  ['Пионер 2010 1080p', ['Pioneer One'], 2010],
  ['1080p.BluRay.x264', ['Sintel'], 2010],
  ['', ['Sintel'], 2010],
  ['Sintel.2010.1080p', [''], 2010],
  ['1080p.BluRay.x264', [''], 2010],
  ['1080p.BluRay.x264', ['', 'Sintel'], 2010],
  ['Not.The.Sintel.2010.1080p', ['Sintel'], 2010],
  ['Archiv - Pioneer One US Returns S01E01', ['Pioneer One US'], 2010],
  ['Archiv - Sintel 2008 1080p', ['Sintel'], 2010],
  ['Archiv - Sintel 2012 1080p', ['Sintel'], 2010],
  ['Archiv - Sintel 2013 06 Extended 1080p', ['Sintel'], 2010],
  ['Archiv - Sintel 2013 Extended 16 1080p', ['Sintel'], 2010],
  ['Archiv - Sintel h x 264', ['Sintel'], 2010],
];

describe('the title rule', () => {
  test.each(ACCEPTED)('%s is %j (%s): %s', (name, titles, year, expected) => {
    expect(match(name, titles, year)).toBe(expected);
  });

  test.each(REFUSED)('%s is not %j (%s)', (name, titles, year) => {
    expect(match(name, titles, year)).toBeNull();
  });

  test('a title with the wanted year behind it is the same, another year or none asked for is not', () => {
    expect(matchTitle('x', 'Sintel 2010', ['Sintel'], 2010)).toBe('exact');
    expect(matchTitle('x', 'Sintel 2011', ['Sintel'], 2010)).toBeNull();
    expect(matchTitle('x', 'Sintel 2010', ['Sintel'], null)).toBeNull();
    expect(matchTitle('x', '2010', ['2010'], 2010)).toBe('exact');
    expect(matchTitle('x', 'Sintel 2010', ['Sintel 2010'], 2010)).toBe('exact');
  });

  const COUNTRIES = [['US', 'USA'], ['UK', 'GB'], ['AU'], ['NZ']];
  const countries = COUNTRIES.flatMap((same) => same.map((country) => ({ country, same })));
  test.each(countries)('$country is a country, the same as $same, and no other', ({ country, same }) => {
    const others = COUNTRIES.flat().filter((other) => !same.includes(other));
    for (const title of [`Pioneer One ${country}`, `Pioneer One (${country.toLowerCase()})`]) {
      expect(match('Pioneer One S01E01', [title], 2010)).toBe('exact');
      for (const one of same) {
        expect(match(`Pioneer One ${one} S01E01`, [title], 2010)).toBe('exact');
        expect(match(`Archiv - Pioneer One ${one} S01E01`, [title], 2010)).toBe('segment');
      }
      for (const other of others) {
        expect(match(`Pioneer One ${other} S01E01`, [title], 2010)).toBeNull();
        expect(match(`Archiv - Pioneer One ${other} S01E01`, [title], 2010)).toBeNull();
      }
    }
  });

  test('a date behind a daily show is no year of the show', () => {
    expect(match('Archiv - Pioneer One 2013 06 16 720p', ['Pioneer One'], 2010)).not.toBeNull();
  });

  test('a title of 100 kB is no trouble', () => {
    expect(match('Sintel.2010.1080p', ['Sintel '.repeat(15_000)], 2010)).toBeNull();
  });
});
