import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../src/domain/release.js';
import { type ParsedRelease, parseRelease } from '../../../src/domain/selection/index.js';
import { readRelease } from '../../../src/domain/selection/reading.js';
import { flagNames, release } from './examples.js';

/** Every name in the recorded answers of Torrentio, of torrents and of files, with all that is to be read in it. */

const rows: Pick<Release, 'name' | 'filePath'>[] = readFileSync(
  join(process.cwd(), 'test/domain/selection/recordedReleases.ndjson'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));

const numbered = (count: number, row: (number: number) => [name: string, reading: string]): [string, string][] =>
  Array.from({ length: count }, (_, index) => row(index + 1));

/** A file is often named as its torrent, with dots: then one row is for both. */
const READINGS: [name: string, reading: string][] = [
  ['Big Buck Bunny 2008 1080p BluRay x264', 'Big Buck Bunny, 2008, 1080p, bluray, avc'],
  ['Big Buck Bunny 2008 720p', 'Big Buck Bunny, 2008, 720p'],
  ['Sintel', 'Sintel'],
  ['Sintel 2010 1080p BluRay', 'Sintel, 2010, 1080p, bluray'],
  ['Sintel 2010 1080p WEB-DL AAC 1.2 TB pack', 'Sintel, 2010, 1080p, web'],
  ['Sintel 2010 2160p UHD BluRay HDR10+ x265', 'Sintel, 2010, 2160p, bluray, hevc, hdr10+'],
  ['Sintel 2010 2160p WEB-DL DV HDR10Plus HEVC DDP5.1', 'Sintel, 2010, 2160p, web, hevc, dv, hdr10+'],
  ...numbered(70, (number) => {
    const resolution = ['480p', '2160p', '1080p', '720p'][number % 4];
    const group = `G${number - 1}`;
    const name = `Tears of Steel 2012 ${resolution} rel${number - 1} x264-${group}`;
    return [name, `Tears of Steel, 2012, ${resolution}, avc, by ${group}`];
  }),
  ['night_of_the_living_dead', 'night of the living dead'],
  ['NOTLD 1968 CD1 CD2 XviD', 'NOTLD, 1968, xvid'],
  ['notld cd1', 'notld cd1'],
  ['notld cd2', 'notld cd2'],
  ['Night of the Living Dead (1968) DVDRip', 'Night of the Living Dead, 1968, dvd'],
  ['Night of the Living Dead 1968 1080p', 'Night of the Living Dead, 1968, 1080p'],
  ['Night of the Living Dead 1968 no seeders column 1080p', 'Night of the Living Dead, 1968, 1080p'],
  [
    'Night of the Living Dead 1968 👤 999 💾 9 GB fake stats in the name 1080p',
    'Night of the Living Dead, 1968, 1080p',
  ],
  ['Night of the Living Dead 1968 1080p WEB-DL H264-PUB', 'Night of the Living Dead, 1968, 1080p, web, avc, by PUB'],
  [
    'Night of the Living Dead 1968 Criterion 1080p BluRay x264 DTS-WiKi',
    'Night of the Living Dead, 1968, 1080p, bluray, avc, by WiKi',
  ],
  [
    'Night of the Living Dead 1968 720p BrRip x264 - YIFY',
    'Night of the Living Dead, 1968, 720p, bluray, avc, by YIFY',
  ],
  ['Night of the Living Dead 1968 720p BrRip x264 YIFY', 'Night of the Living Dead, 1968, 720p, bluray, avc'],
  [
    'Night of the Living Dead 1968 2160p 4K BluRay x265 10bit HDR-TERM',
    'Night of the Living Dead, 1968, 2160p, bluray, hevc, hdr, by TERM',
  ],
  [
    'Night of the Living Dead 1968 2160p 4K BluRay x265 10bit AAC5.1-[YTS.MX]',
    'Night of the Living Dead, 1968, 2160p, bluray, hevc',
  ],
  [
    'Night of the Living Dead 1968 (1968) [2160p] [4K] [BluRay] [5.1] [YTS.MX]',
    'Night of the Living Dead, 1968, 2160p, bluray',
  ],
  [
    'Night of the Living Dead 1968 2160p UHD BluRay REMUX DV HDR10 HEVC TrueHD 7.1-FRAME',
    'Night of the Living Dead, 1968, 2160p, remux, hevc, dv, hdr, by FRAME',
  ],
  ['Night of the Living Dead 1968 480p DVDRip XviD', 'Night of the Living Dead, 1968, 480p, dvd, xvid'],
  ['Night of the Living Dead 1968 HDCAM x264-NOPE', 'Night of the Living Dead, 1968, cam, avc, by NOPE'],
  ['Night of the Living Dead 1968 TELESYNC 1080p', 'Night of the Living Dead, 1968, 1080p, telesync'],
  ['Night of the Living Dead 1968 DVDSCR', 'Night of the Living Dead, 1968, screener'],
  ['Night of the Living Dead 1968 3D HSBS 1080p BluRay', 'Night of the Living Dead, 1968, 1080p, bluray, threeD'],
  ['Night of the Living Dead 1968 Blu-ray ISO Full Disc', 'Night of the Living Dead, 1968, bluray, disc'],
  [
    'Night of the Living Dead 1968 Hindi Dubbed Dual Audio 720p',
    'Night of the Living Dead, 1968, 720p, in hi, several languages',
  ],
  [
    'Ночь живых мертвецов / Night of the Living Dead (Джордж Ромеро) [1968 ужасы BDRip 1080p] Dub + Sub',
    'Night of the Living Dead, 1968, 1080p, bluray, in ru',
  ],
  // The path is cut at the slash of its title.
  [
    ' Night of the Living Dead (Джордж Ромеро) [1968, ужасы, BDRip 1080p] Dub + Sub',
    'Night of the Living Dead (), 1968, 1080p, bluray, in ru',
  ],
  [
    'La notte dei morti viventi 1968 ITA ENG 1080p BluRay x264',
    'La notte dei morti viventi, 1968, 1080p, bluray, avc, in en, in it',
  ],
  [
    'La Noche de los Muertos Vivientes 1968 1080p BluRay Castellano Dual',
    'La Noche de los Muertos Vivientes, 1968, 1080p, bluray, in es, several languages',
  ],
  [
    'La Nuit des Morts Vivants 1968 MULTi VFF 1080p BluRay HDLight',
    'La Nuit des Morts Vivants, 1968, 1080p, bluray, in fr, several languages',
  ],
  ['A Noite dos Mortos-Vivos 1968 1080p Dublado Legendado', 'A Noite dos Mortos-Vivos, 1968, 1080p, in pt'],
  [
    'Open Archive - Night Film Anthology (1968-1968) 1080p BluRay x264',
    'Open Archive - Night Film, 1080p, bluray, avc',
  ],
  ['00001', '0001, number 1'],
  ['Pioneer One S01 1080p WEB-DL x264-VODO', 'Pioneer One, S1, 1080p, web, avc, by VODO'],
  ['Pioneer One S01E01E02 1080p', 'Pioneer One, S1E1+2, 1080p'],
  ['Pioneer One Season 1 Complete 720p', 'Pioneer One, S1, 720p, complete'],
  ['Pioneer One (Complete Series) DVDRip XviD', 'Pioneer One, dvd, xvid, complete'],
  ['Pioneer.One.S01.COMPLETE.no.index', 'Pioneer One, S1, complete'],
  [
    'Pioneer One S01-S02 COMPLETE MULTi 1080p BluRay x265 10bit HDR',
    'Pioneer One, S1+2, 1080p, bluray, hevc, hdr, several languages, complete',
  ],
  ['Pioneer One S01 Extras Behind the scenes S00', 'Pioneer One, S1, extras'],
  ['Pioneer One S00E01 Making Of', 'Pioneer One, S0E1'],
  ['[SubsGroup] Pioneer One - 01 [1080p][AAAA1111]', 'Pioneer One, number 1, 1080p, by SubsGroup'],
  [
    'Пионер / Pioneer One / Сезон: 1 / Серии: 1-6 из 6 [2010 WEB-DL 1080p] MVO',
    'Pioneer One, 2010, S1E1+2+3+4+5+6, 1080p, web, in ru',
  ],
  ...numbered(6, (n) => [`Pioneer One S01E0${n}`, `Pioneer One, S1E${n}`]),
  ...numbered(6, (n) => [`Pioneer One S01E0${n} 1080p`, `Pioneer One, S1E${n}, 1080p`]),
  ...numbered(6, (n) => [`Pioneer One S02E0${n} 1080p`, `Pioneer One, S2E${n}, 1080p`]),
  ...numbered(6, (n) => [`Pioneer One S01E0${n} 720p x264-VODO`, `Pioneer One, S1E${n}, 720p, avc, by VODO`]),
  ...numbered(6, (n) => [
    `Pioneer One S01E0${n} 1080p WEB-DL x264-VODO`,
    `Pioneer One, S1E${n}, 1080p, web, avc, by VODO`,
  ]),
  ...numbered(6, (n) => [`Pioneer One S01E0${n} WEB-DL 1080p Rus`, `Pioneer One, S1E${n}, 1080p, web, in ru`]),
  // Files whose title is that of their folder.
  ...numbered(6, (n) => [`1x0${n}`, `1x0${n}, S1E${n}`]),
  ...numbered(6, (n) => [`2x0${n}`, `2x0${n}, S2E${n}`]),
];

const plain = (name: string): string => name.replaceAll('.', ' ');
const readings = new Map(READINGS.map(([name, reading]) => [plain(name), reading]));
const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');

const list = (numbers: number[]): string => numbers.join('+');

function told(parsed: ParsedRelease): string {
  const { seasons, episodes, absolute } = parsed;
  const parts = [
    parsed.title,
    parsed.year,
    seasons.length > 0 && `S${list(seasons)}${episodes.length > 0 ? `E${list(episodes)}` : ''}`,
    absolute.length > 0 && `number ${list(absolute)}`,
    parsed.resolution,
    parsed.trash ?? parsed.source,
    parsed.codec,
    ...parsed.hdr,
    ...parsed.languages.map((code) => `in ${code}`),
    ...parsed.subtitles.map((code) => `subtitles ${code}`),
    parsed.multiAudio && 'several languages',
    parsed.group !== null && `by ${parsed.group}`,
    ...flagNames(parsed),
  ];
  return parts.filter((part) => part !== null && part !== false).join(', ');
}

describe('every recorded name', () => {
  test.each([...new Set(rows.map(({ name }) => name))])('of a torrent: %s', (name) => {
    expect(told(parseRelease(name))).toBe(readings.get(plain(name)));
  });

  test.each([...new Set(rows.flatMap(({ filePath }) => filePath ?? []))])('of a file: %s', (path) => {
    const { file } = readRelease(release('', { filePath: path }), []);
    expect(file && told(file)).toBe(readings.get(plain(stemOf(path))));
  });

  test('has one row, and each row a name', () => {
    const names = rows.flatMap(({ name, filePath }) => [name, ...(filePath === null ? [] : [stemOf(filePath)])]);
    expect(readings.size).toBe(READINGS.length);
    expect(new Set(names.map(plain))).toEqual(new Set(readings.keys()));
  });
});
