import { describe, expect, test } from '@jest/globals';
import type { TorrentFile } from '../../../src/domain/release.js';
import { type ListedFile, listFile } from '../../../src/domain/selection/fileClasses.js';
import {
  type ChooseFilesOptions,
  chooseFiles,
  type FileChoice,
  type RejectionCode,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { files, GB, livingDead, MB, pioneerOne, sintel } from './examples.js';

const kB = 1024;
const film: Wanted = { ...sintel, runtimeMin: null };
/** No title and year known. */
const anyFilm: Wanted = { ...film, titles: [], year: null };
const show = (...episodes: number[]): Wanted => pioneerOne({ episodes, runtimeMin: null });

const choose = (list: TorrentFile[], wanted: Wanted, options: Partial<ChooseFilesOptions> = {}): FileChoice =>
  chooseFiles(list, wanted, { torrentName: '', ...options });

type Selected = { ids: number[]; episodes?: number[] };
type Case = [name: string, list: TorrentFile[], wanted: Wanted, Selected | RejectionCode, Partial<ChooseFilesOptions>?];

const CASES: Case[] = [
  [
    'F1 movie + sample',
    files(
      ['Sintel.2010/Sample/sintel-sample.mkv', 60 * MB],
      ['Sintel.2010/Sintel.2010.1080p.mkv', 4 * GB],
      ['Sintel.2010/x.nfo', kB],
    ),
    film,
    { ids: [2] },
  ],
  [
    'F2 executable beside video',
    files(['Sintel/Sintel.mkv', 2 * GB], ['Sintel/codec.exe', 5 * MB]),
    film,
    'executable',
  ],
  ['F3 shortcut lure', files(['Sintel.2010.1080p.mkv.lnk', 3 * kB]), film, 'executable'],
  ['F4 double extension', files(['Sintel.2010.mp4.scr', 700 * MB]), film, 'executable'],
  [
    'F5 rar set',
    files(['a/sintel.r00', 50 * MB], ['a/sintel.rar', 50 * MB], ['a/sample.mkv', 20 * MB]),
    film,
    'archive',
  ],
  [
    'F6 Blu-ray folder',
    files(['S/BDMV/STREAM/00001.m2ts', 20 * GB], ['S/BDMV/index.bdmv', kB]),
    film,
    'disc-structure',
  ],
  ['F7 disc image', files(['Sintel.iso', 4 * GB]), film, 'disc-structure'],
  [
    'days instead of numbers: the very day, not its neighbours',
    files(
      ['P/Pioneer.One.2010.06.15.Guest.720p.mkv', 500 * MB],
      ['P/Pioneer.One.2010.06.16.Guest.720p.mkv', 500 * MB],
      ['P/Pioneer.One.2010.06.17.Guest.720p.mkv', 900 * MB],
    ),
    pioneerOne({ episodes: [2], runtimeMin: null, airDates: { 1: '2010-06-15', 2: '2010-06-16', 3: '2010-06-17' } }),
    { ids: [2], episodes: [2] },
  ],
  [
    'a day instead of a number, of a neighbour',
    files(['P/Pioneer.One.2010.06.15.Guest.720p.mkv', 500 * MB]),
    pioneerOne({ episodes: [2], runtimeMin: null, airDates: { 1: '2010-06-15', 2: '2010-06-16' } }),
    'episode-absent',
  ],
  [
    'the torrent names the day, its only file nothing',
    files(['P/video.mkv', 500 * MB]),
    pioneerOne({ episodes: [2], runtimeMin: null, airDates: { 1: '2010-06-15', 2: '2010-06-16' } }),
    { ids: [1], episodes: [2] },
    { torrentName: 'Pioneer.One.2010.06.16.720p.WEB' },
  ],
  [
    'F8 pick from a pack',
    files(['P1/P.S01E01.mkv', 500 * MB], ['P1/P.S01E02.mkv', 510 * MB], ['P1/P.S01E03.mkv', 520 * MB]),
    show(2),
    { ids: [2], episodes: [2] },
  ],
  [
    'F9 double episode',
    files(['P/P.S01E01E02.mkv', 900 * MB], ['P/P.S01E03.mkv', 500 * MB]),
    show(1, 2, 3),
    { ids: [1, 2], episodes: [1, 2, 3] },
  ],
  ['F10 chained double', files(['P/P.S01E05.S01E06.mkv', 900 * MB]), show(6), { ids: [1], episodes: [6] }],
  [
    'F11 season folder + leading number',
    files(
      ['Pioneer One/Season 1/01 Earthfall.mkv', 400 * MB],
      ['Pioneer One/Season 1/02 x.mkv', 400 * MB],
      ['Pioneer One/Season 2/01 y.mkv', 400 * MB],
    ),
    show(1, 2),
    { ids: [1, 2], episodes: [1, 2] },
  ],
  [
    'F12 compact 103',
    files(
      ['Pioneer One Season 1/Pioneer One 103.avi', 300 * MB],
      ['Pioneer One Season 1/Pioneer One 104.avi', 300 * MB],
    ),
    show(4),
    { ids: [2], episodes: [4] },
  ],
  ['F13 wrong season', files(['P.S02E01.mkv', 500 * MB]), show(1), 'episode-absent'],
  [
    'F14 featurettes folder',
    files(['P.S01/Featurettes/P.S01E01.Making.mkv', 200 * MB], ['P.S01/P.S01E01.mkv', 900 * MB]),
    show(1),
    { ids: [2] },
  ],
  [
    'F15 duplicate, larger wins',
    files(['P.S01/P.S01E01.720p.mkv', 500 * MB], ['P.S01/P.S01E01.1080p.mkv', 1.5 * GB]),
    show(1),
    { ids: [2] },
  ],
  [
    'F16 ambiguous collection',
    files(['C/Sintel.2010.mkv', 2 * GB], ['C/Tears.of.Steel.2012.mkv', 2.2 * GB]),
    anyFilm,
    'ambiguous-collection',
  ],
  [
    'F17 collection, one match',
    files(['C/Night.of.the.Living.Dead.1968.mkv', 2 * GB], ['C/Sintel.2010.mkv', 2.2 * GB]),
    livingDead,
    { ids: [1] },
  ],
  ['F18 CD1/CD2', files(['Sintel.CD1.avi', 700 * MB], ['Sintel.CD2.avi', 700 * MB]), film, 'multi-part'],
  [
    'F19 pack lacks one',
    files(['P.S01E01.mkv', 500 * MB], ['P.S01E02.mkv', 500 * MB]),
    show(1, 2, 3),
    { ids: [1, 2], episodes: [1, 2] },
  ],
  [
    'F20 absolute numbers',
    files(['[G] P - 13 [1080p].mkv', 500 * MB], ['[G] P - 14 [1080p].mkv', 500 * MB]),
    pioneerOne({ season: 2, episodes: [1, 2], runtimeMin: null }),
    { ids: [1, 2], episodes: [1, 2] },
    {
      absoluteMap: new Map([
        [1, 13],
        [2, 14],
      ]),
    },
  ],
  ['F21 .ts container', files(['Pioneer.One.S01E01.1080i.HDTV.ts', 3 * GB]), show(1), { ids: [1], episodes: [1] }],
  [
    'F22 obfuscated file, torrent name tells',
    files(['abc123.mkv', 900 * MB]),
    show(4),
    { ids: [1], episodes: [4] },
    { torrentName: 'Pioneer.One.S01E04.1080p' },
  ],
  [
    'F23 specials beside the season',
    files(['P/Specials/P.S00E01.mkv', 300 * MB], ['P/Season 1/P.S01E01.mkv', 400 * MB]),
    show(1),
    { ids: [2] },
  ],
  ['F24 film whose title has a junk word', files(['Trailer.Steel.2012.1080p.mkv', 2 * GB]), anyFilm, { ids: [1] }],
  ['F25 tiny fake', files(['Sintel.2010.2160p.mkv', 8 * MB]), film, 'files-too-small'],
  [
    'F26 only an advert besides the film',
    files(['Sintel/Sintel.2010.mkv', 2 * GB], ['Sintel/visit.url', kB]),
    film,
    { ids: [1] },
  ],
  [
    'F27 subtitles in the list',
    files(['Sintel/Sintel.2010.mkv', 2 * GB], ['Sintel/Sintel.2010.en.srt', 90 * kB]),
    film,
    { ids: [1] },
  ],
  [
    'F28 short film',
    files(['Big.Buck.Bunny.2008.mkv', 60 * MB]),
    { ...film, titles: ['Big Buck Bunny'], year: 2008, runtimeMin: 10 },
    { ids: [1] },
  ],
];

const MORE: Case[] = [
  ['two adverts are one too many', files(['a.mkv', 2 * GB], ['a.url', kB], ['b.url', kB]), film, 'executable'],
  ['an empty executable does no harm', files(['Sintel.mkv', 2 * GB], ['codec.exe', 0]), film, { ids: [1] }],
  ['an executable of one byte may', files(['Sintel.mkv', 2 * GB], ['codec.exe', 1]), film, 'executable'],
  ['archives of exactly half', files(['a.rar', 500 * MB], ['Sintel.mkv', 500 * MB]), film, { ids: [2] }],
  ['archives of a byte more than half', files(['a.rar', 500 * MB + 1], ['Sintel.mkv', 500 * MB]), film, 'archive'],
  ['numbered archive parts', files(['a.001', 501 * MB], ['Sintel.mkv', 500 * MB]), film, 'archive'],
  ['disc images of exactly 30 %', files(['a.iso', 300 * MB], ['Sintel.mkv', 700 * MB]), film, { ids: [2] }],
  ['disc images of more than 30 %', files(['a.iso', 301 * MB], ['Sintel.mkv', 700 * MB]), film, 'disc-structure'],
  ...['BDMV', 'VIDEO_TS', 'Certificate'].map(
    (folder): Case => [`a folder ${folder}`, files([`S/${folder}/x/a.mkv`, 700 * MB]), film, 'disc-structure'],
  ),
  ...['xBDMV', 'BDMV2'].map(
    (folder): Case => [`a folder ${folder}`, files([`S/${folder}/a.mkv`, 700 * MB]), film, { ids: [1] }],
  ),
  ['no video', files(['Sintel.mp3', 700 * MB], ['cover.jpg', kB]), film, 'no-video'],
  ['movie of 200 MB', files(['Sintel.2010.mkv', 200 * MB]), film, { ids: [1] }],
  ['movie below 200 MB', files(['Sintel.2010.mkv', 200 * MB - 1]), film, 'files-too-small'],
  ['episode of 30 MB', files(['P.S01E01.mkv', 30 * MB]), show(1), { ids: [1] }],
  ['episode below 30 MB', files(['P.S01E01.mkv', 30 * MB - 1]), show(1), 'files-too-small'],
  ['1.2 MB per minute', files(['Sintel.2010.mkv', 240 * MB]), { ...film, runtimeMin: 200 }, { ids: [1] }],
  [
    'below 1.2 MB per minute',
    files(['Sintel.2010.mkv', 240 * MB - 1]),
    { ...film, runtimeMin: 200 },
    'files-too-small',
  ],
  ['15 minutes need 0.5 MB each', files(['Sintel.2010.mkv', 7.5 * MB]), { ...film, runtimeMin: 15 }, { ids: [1] }],
  [
    '16 minutes are no short film',
    files(['Sintel.2010.mkv', 100 * MB]),
    { ...film, runtimeMin: 16 },
    'files-too-small',
  ],
  [
    'specials may be shorter',
    files(['P.S00E01.mkv', 31 * MB]),
    pioneerOne({ season: 0, runtimeMin: 60 }),
    { ids: [1] },
  ],
  ['only extras', files(['P.S01/Extras/P.S01E01.mkv', 300 * MB]), show(1), 'only-extras'],
  ['a show called Extras', files(['Extras/S01E01.mkv', 300 * MB]), show(1), { ids: [1] }, { torrentName: 'Extras' }],
  [
    'an episode title with a junk word',
    files(['P/P.S01E01.mkv', 500 * MB], ['P/P.S01E02.The.Trailer.mkv', 480 * MB]),
    show(2),
    { ids: [2] },
  ],
  [
    'a sample with a number',
    files(['P/P.S01E01.sample.mkv', 60 * MB], ['P/P.S01E02.mkv', 500 * MB]),
    show(1),
    'episode-absent',
  ],
  [
    'a show called Extras without markers, in a torrent called otherwise',
    files(['Extras/Season 1/01 Extras.mkv', 300 * MB], ['Extras/Season 1/Extras - 02.mkv', 300 * MB]),
    pioneerOne({ titles: ['Extras'], episodes: [1, 2] }),
    { ids: [1, 2] },
    { torrentName: 'Extras Complete' },
  ],
  [
    'bonus of a show called Extras',
    files(['Extras/Extras.S01E01.mkv', 300 * MB], ['Extras/Extras.S01E02.Bonus.mkv', 100 * MB]),
    pioneerOne({ titles: ['Extras'], episodes: [2] }),
    'episode-absent',
  ],
  [
    'a short episode of a show whose title has a junk word',
    files(['T/Trailer Makers S01E01.mkv', 500 * MB], ['T/Trailer Makers S01E02.mkv', 200 * MB]),
    pioneerOne({ titles: ['The Trailer Makers'], episodes: [2] }),
    { ids: [2] },
  ],
  ['nothing but a sample', files(['P/sample.mkv', 90 * MB]), show(1), 'only-extras', { torrentName: 'P S01E01' }],
  ['a film called Sample', files(['Sample.mkv', GB]), { ...film, titles: ['Sample'] }, { ids: [1] }],
  ...['codec.exe ', 'codec.exe.', 'codec.exe .', 'codec.exe\u200b', 'codec.exe\n'].map(
    (name): Case => [
      `a program whose name ends in what is not seen: ${JSON.stringify(name)}`,
      files(['Sintel/Sintel.2010.mkv', 2 * GB], [`Sintel/${name}`, MB]),
      film,
      'executable',
    ],
  ),
  [
    'the only film is of another year',
    files(['Night of the Living Dead (1990) 1080p.mkv', 2 * GB]),
    livingDead,
    'year',
  ],
  ['another film of another year', files(['C/Tears.of.Steel.2012.mkv', 2 * GB]), livingDead, 'year'],
  ['the year next door', files(['Night of the Living Dead (1969).mkv', 2 * GB]), livingDead, { ids: [1] }],
  ['the year next door in a name of its own', files(['notld.1969.mkv', 2 * GB]), livingDead, { ids: [1] }],
  ['the year but one in a name of its own', files(['notld.1970.mkv', 2 * GB]), livingDead, 'year'],
  ['a name without a year', files(['notld-1080p.mkv', 2 * GB]), livingDead, { ids: [1] }],
  [
    'one of several years is the wanted one',
    files(['Night.of.the.Living.Dead.1968.Restored.2016.mkv', 2 * GB]),
    livingDead,
    { ids: [1] },
  ],
  [
    'a year that is the title',
    files(['2012.1080p.mkv', 2 * GB]),
    { ...livingDead, titles: ['2012'], year: 2009 },
    { ids: [1] },
  ],
  ['no year is wanted', files(['Sintel.2010.mkv', 2 * GB]), { ...livingDead, year: null }, { ids: [1] }],
  [
    'the folder knows better',
    files(['Night of the Living Dead (1968)/notld.2016.scan.mkv', 2 * GB]),
    livingDead,
    { ids: [1] },
  ],
  [
    'a collection, the wanted film is far smaller',
    files(['C/Sintel.2010.2160p.mkv', 20 * GB], ['C/Night.of.the.Living.Dead.1968.mkv', 2 * GB]),
    livingDead,
    { ids: [2] },
  ],
  [
    'a collection without the wanted film',
    files(['C/Sintel.2010.2160p.mkv', 20 * GB], ['C/Tears.of.Steel.2012.mkv', 2 * GB]),
    livingDead,
    'ambiguous-collection',
  ],
  [
    'a collection without years, the addon and the name agree',
    files(['C/Sintel.mkv', 20 * GB], ['C/Night.of.the.Living.Dead.1968.mkv', 2 * GB]),
    livingDead,
    { ids: [2] },
    { fileIndex: 1 },
  ],
  [
    'the addon names a small file that is called otherwise',
    files(['C/notld.mkv', 20 * GB], ['C/Interview.1968.mkv', 2 * GB]),
    livingDead,
    { ids: [1] },
    { fileIndex: 1 },
  ],
  [
    'small parts of something else',
    files(['Sintel.2010.mkv', 4 * GB], ['Scenes.Part.1.avi', 250 * MB], ['Scenes.Part.2.avi', 250 * MB]),
    film,
    { ids: [1] },
  ],
  [
    'of more videos than any show has, the largest',
    files(
      ...Array.from({ length: 3000 }, (_, index): [string, number] => [`P/P.S01E${index + 1}.mkv`, 400 * MB]),
      ['P/P.S01E3001.mkv', 300 * MB],
      ['P/P.S01E3002.mkv', 500 * MB],
    ),
    show(2999, 3000, 3001, 3002),
    { ids: [2999, 3002], episodes: [2999, 3002] },
  ],
  ['episodes for a movie', files(['P.S01E01.mkv', 500 * MB], ['P.S01E02.mkv', 500 * MB]), film, 'is-series'],
  ['a second film of 45 %', files(['Eins.mkv', 1000 * MB], ['Zwei.mkv', 450 * MB]), film, { ids: [1] }],
  ['a second film of more', files(['Eins.mkv', 1000 * MB], ['Zwei.mkv', 450 * MB + 1]), film, 'ambiguous-collection'],
  [
    'two cuts of one film',
    files(['Sintel.2010.720p.mkv', GB], ['Sintel.2010.1080p.mkv', 2 * GB]),
    film,
    'ambiguous-collection',
  ],
  [
    'two cuts, the addon names one',
    files(['Sintel.2010.720p.mkv', GB], ['Sintel.2010.1080p.mkv', 2 * GB]),
    film,
    { ids: [1] },
    { fileIndex: 0 },
  ],
  [
    'collection told by folders',
    files(['C/Night of the Living Dead (1968)/film.mkv', 2 * GB], ['C/Sintel (2010)/film.mkv', 2.2 * GB]),
    livingDead,
    { ids: [1] },
  ],
  [
    'a collection of other years',
    files(['C/Sintel.1999.mkv', 2 * GB], ['C/Sintel.2005.mkv', 2.2 * GB]),
    film,
    'ambiguous-collection',
  ],
  [
    'parts of different films are no parts',
    files(['Eins.Part.1.mkv', GB], ['Zwei.Part.2.mkv', GB]),
    film,
    'ambiguous-collection',
  ],
  ['episode number in its folder', files(['P/Pioneer.One.S01E04.1080p/abc.mkv', 900 * MB]), show(4), { ids: [1] }],
  [
    'a folder of several episodes names none',
    files(['Pioneer.One.S01E01-E06/01.mkv', 400 * MB], ['Pioneer.One.S01E01-E06/02.mkv', 400 * MB]),
    show(2),
    { ids: [2], episodes: [2] },
  ],
  [
    'season only in the torrent name',
    files(['01 - Earthfall.mkv', 400 * MB], ['02 - x.mkv', 400 * MB]),
    show(2),
    { ids: [2] },
    { torrentName: 'Pioneer One Season 1 Complete 720p' },
  ],
  [
    'no season anywhere',
    files(['01 - Earthfall.mkv', 400 * MB], ['02 - x.mkv', 400 * MB]),
    show(2),
    'episode-absent',
    { torrentName: 'Pioneer One Complete' },
  ],
  ['a file of several seasons', files(['P.S01E01-S02E06.mkv', 4 * GB]), show(1), 'episode-absent'],
  ['more than 40 episodes in a file', files(['P.S01E01-E50.mkv', 4 * GB]), show(1), 'episode-absent'],
  [
    'a double episode makes its halves superfluous',
    files(['P.S01E01.mkv', GB], ['P.S01E01E02.mkv', 0.9 * GB]),
    show(1, 2),
    { ids: [2], episodes: [1, 2] },
  ],
  [
    'equal duplicates: the one that the addon names',
    files(['a/P.S01E01.mkv', GB], ['b/P.S01E01.mkv', GB]),
    show(1),
    { ids: [2] },
    { fileIndex: 1 },
  ],
  [
    'backslashes and no leading slash',
    [{ id: 7, path: 'P\\Season 1\\01.mkv', bytes: 400 * MB }],
    show(1),
    { ids: [7] },
  ],
];

const JUNK = [
  ...['sample', 'samples', 'proof', 'proofs', 'extra', 'extras', 'bonus', 'featurette', 'featurettes', 'trailer'],
  ...['trailers', 'deleted scenes', 'behind the scenes', 'interview', 'interviews', 'screens', 'subs', 'ncop', 'nced'],
  'special features',
];
const JUNK_WORDS = ['teaser', 'teasers', 'making of', 'menu', 'creditless', 'preview', 'pv', 'pv2', 'ncop1', 'nced12'];

/** Folders of extras are dropped whatever their size, base names with such a word below half of all. */
const EXTRAS: Case[] = [
  ...JUNK.map(
    (junk): Case => [
      `a folder named ${junk}`,
      files([`P/${junk}/P.S01E01.mkv`, 900 * MB], ['P/P.S01E01.mkv', 300 * MB]),
      show(1),
      { ids: [2] },
    ],
  ),
  ...[...JUNK, ...JUNK_WORDS].map(
    (junk): Case => [
      `a file named ${junk}`,
      files([`Sintel.2010.${junk.replace(/ /g, '.')}.mkv`, 400 * MB], ['Sintel.2010.mkv', 500 * MB]),
      film,
      { ids: [2] },
    ],
  ),
  [
    'a junk word, exactly half of all',
    files(['Eins.mkv', 500 * MB], ['Zwei.Trailer.mkv', 500 * MB]),
    film,
    'ambiguous-collection',
  ],
  [
    'a junk word, a little less than half of all',
    files(['Eins.mkv', 500 * MB], ['Zwei.Trailer.mkv', 499 * MB]),
    film,
    { ids: [1] },
  ],
  [
    'an episode with a junk word, half of the biggest',
    files(['P.S01E01.mkv', 500 * MB], ['P.S01E02.The.Trailer.mkv', 250 * MB]),
    show(2),
    { ids: [2] },
  ],
  [
    'an episode with a junk word, less than half of the biggest',
    files(['P.S01E01.mkv', 500 * MB], ['P.S01E02.The.Trailer.mkv', 249 * MB]),
    show(2),
    'episode-absent',
  ],
  [
    "a folder of the torrent's name, deeper",
    files(['Extras/Extras/S01E01.mkv', 300 * MB]),
    show(1),
    'only-extras',
    { torrentName: 'Extras' },
  ],
  [
    "a torrent's own folder of two words",
    files(['Special Features/S01E01.mkv', 300 * MB]),
    show(1),
    { ids: [1] },
    { torrentName: 'Special.Features' },
  ],
  [
    'a folder of extras in a torrent of another name',
    files(['Extras/S01E01.mkv', 300 * MB]),
    show(1),
    'only-extras',
    { torrentName: 'Pioneer One' },
  ],
];

const PARTS: Case[] = [
  ...[
    ...[
      ['CD1', 'CD2'],
      ['DVD1', 'DVD2'],
      ['Disc.1', 'Disc.2'],
      ['Disk 1', 'disk 2'],
      ['Part_1', 'Part_2'],
    ],
    ...[
      ['pt-1', 'pt-2'],
      ['CDa', 'CDb'],
      ['Part11', 'Part12'],
    ],
  ].map(
    ([one, two]): Case => [
      `cut into ${one} and ${two}`,
      files([`Sintel.${one}.mkv`, 700 * MB], [`Sintel.${two}.mkv`, 700 * MB]),
      film,
      'multi-part',
    ],
  ),
  ...[
    ...[
      ['CDx', 'CDy'],
      ['xCD1', 'xCD2'],
      ['CD111', 'CD112'],
      ['CD1x', 'CD2x'],
    ],
  ].map(
    ([one, two]): Case => [
      `not cut into ${one} and ${two}`,
      files([`Sintel.${one}.mkv`, 700 * MB], [`Sintel.${two}.mkv`, 700 * MB]),
      film,
      'ambiguous-collection',
    ],
  ),
  [
    'a part of a film beside another film',
    files(['Sintel.CD1.mkv', 700 * MB], ['Zwei.mkv', 700 * MB]),
    film,
    'ambiguous-collection',
  ],
  ['parts, the last one small', files(['Sintel.CD1.mkv', 700 * MB], ['Sintel.CD2.mkv', 300 * MB]), film, 'multi-part'],
];

const collection = (...names: string[]): TorrentFile[] =>
  files(...names.map((name): [string, number] => [`C/${name}.mkv`, GB]));
const COLLECTIONS: Case[] = [
  ['a film of the year before', collection('Tears.of.Steel.2012', 'Sintel.2009'), film, { ids: [2] }],
  ['a film of the year after', collection('Sintel.2011', 'Tears.of.Steel.2012'), film, { ids: [1] }],
  ['a film of two years before', collection('Sintel.2008', 'Tears.of.Steel.2012'), film, 'ambiguous-collection'],
  ['a film of two years after', collection('Sintel.2012', 'Tears.of.Steel.2012'), film, 'ambiguous-collection'],
  ['a film of no year', collection('Sintel', 'Tears.of.Steel.2012'), film, 'ambiguous-collection'],
  ['another title of that year', collection('Other.2010', 'Tears.of.Steel.2012'), film, 'ambiguous-collection'],
  [
    'the wanted year unknown: the title tells',
    collection('Sintel', 'Tears.of.Steel.2012'),
    { ...film, year: null },
    { ids: [1] },
  ],
  [
    'two that fit, the addon names neither',
    collection('Tears.of.Steel.2012', 'Sintel.2010.a', 'Sintel.2010.b'),
    film,
    'ambiguous-collection',
    { fileIndex: 0 },
  ],
  [
    'two that fit, the addon names the second',
    collection('Tears.of.Steel.2012', 'Sintel.2010.a', 'Sintel.2010.b'),
    film,
    { ids: [3] },
    { fileIndex: 2 },
  ],
  [
    'one that fits, the addon names another',
    collection('Tears.of.Steel.2012', 'Sintel.2010'),
    film,
    { ids: [2] },
    { fileIndex: 0 },
  ],
  [
    'the nearest folder tells, however deep',
    files(['A/B/C/Sintel (2010)/film.mkv', GB], ['A/B/C/Other (2012)/film.mkv', GB]),
    film,
    { ids: [1] },
  ],
  [
    'the folder above the nearest does not tell',
    files(['Sintel (2010)/x/film.mkv', GB], ['C/film.mkv', GB]),
    film,
    'ambiguous-collection',
  ],
];

const SIZES: Case[] = [
  [
    'a short film below 0.5 MB a minute',
    files(['S.mkv', 7.5 * MB - 1]),
    { ...film, runtimeMin: 15 },
    'files-too-small',
  ],
  ['a film of one minute', files(['S.mkv', 0.5 * MB]), { ...film, runtimeMin: 1 }, { ids: [1] }],
  [
    'a film of an unknown runtime, stated as 0',
    files(['S.mkv', 8 * MB]),
    { ...film, runtimeMin: 0 },
    'files-too-small',
  ],
  [
    'an episode of 60 minutes below 72 MB',
    files(['P.S01E01.mkv', 72 * MB - 1]),
    pioneerOne({ runtimeMin: 60 }),
    'files-too-small',
  ],
  ['an episode of 60 minutes of 72 MB', files(['P.S01E01.mkv', 72 * MB]), pioneerOne({ runtimeMin: 60 }), { ids: [1] }],
  [
    'specials of another season',
    files(['P.S01E01.mkv', 31 * MB]),
    pioneerOne({ specials: true, runtimeMin: 60 }),
    { ids: [1] },
  ],
  [
    'a special that is too small',
    files(['P.S00E01.mkv', 30 * MB - 1]),
    pioneerOne({ season: 0, runtimeMin: 5 }),
    'files-too-small',
  ],
  ['a size that is no number', [{ id: 1, path: '/S.mkv', bytes: Number.NaN }], film, 'files-too-small'],
  ['an endless size', [{ id: 1, path: '/S.mkv', bytes: Number.POSITIVE_INFINITY }], film, 'files-too-small'],
  [
    'a negative size',
    [...files(['S.mkv', 500 * MB], ['a.rar', 300 * MB]), { id: 3, path: '/x', bytes: -400 * MB }],
    film,
    { ids: [1] },
  ],
  ['too small ones beside the film', files(['Sintel.mkv', 420 * MB], ['Other.mkv', 199 * MB]), film, { ids: [1] }],
];

const EPISODES: Case[] = [
  [
    'a wanted episode once, of three files',
    files(['a.S01E01.mkv', GB], ['b.S01E01.mkv', 3 * GB], ['c.S01E01.mkv', 2 * GB]),
    show(1),
    { ids: [2] },
  ],
  ['equal duplicates: else the first', files(['a/P.S01E01.mkv', GB], ['b/P.S01E01.mkv', GB]), show(1), { ids: [1] }],
  [
    'equal duplicates: the addon names a third',
    files(['a/P.S01E01.mkv', GB], ['b/P.S01E01.mkv', GB], ['P.S01E02.mkv', GB]),
    show(1),
    { ids: [1] },
    { fileIndex: 2 },
  ],
  [
    'equal duplicates: listed backwards',
    files(['a/P.S01E01.mkv', GB], ['b/P.S01E01.mkv', GB]).reverse(),
    show(1),
    { ids: [1] },
  ],
  [
    'the larger one, though the addon names the other',
    files(['a/P.S01E01.mkv', GB], ['b/P.S01E01.mkv', 2 * GB]),
    show(1),
    { ids: [2] },
    { fileIndex: 0 },
  ],
  [
    'a double episode and a half that is not in it',
    files(['P.S01E01E02.mkv', GB], ['P.S01E03.mkv', GB]),
    show(2, 3),
    { ids: [1, 2], episodes: [2, 3] },
  ],
  [
    'larger halves make a double superfluous',
    files(['P.S01E01E02.mkv', GB], ['P.S01E01.mkv', 2 * GB], ['P.S01E02.mkv', 2 * GB]),
    show(1, 2),
    { ids: [2, 3] },
  ],
  [
    'of overlapping doubles the smaller goes',
    files(
      ['P.S01E01E02.mkv', 2 * GB],
      ['P.S01E02E03.mkv', 3 * GB],
      ['P.S01E03E04.mkv', 2.5 * GB],
      ['P.S01E01.mkv', GB],
    ),
    show(1, 2, 3, 4),
    { ids: [1, 3], episodes: [1, 2, 3, 4] },
  ],
  [
    'wanted in any order',
    files(['P.S01E02.mkv', GB], ['P.S01E01.mkv', GB]),
    show(2, 1),
    { ids: [1, 2], episodes: [1, 2] },
  ],
  [
    'one file without a number in a torrent of another episode',
    files(['abc.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer.One.S01E05' },
  ],
  [
    'one file without a number in a torrent of another season',
    files(['abc.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer.One.S02E04' },
  ],
  [
    'one file without a number in a torrent of two episodes',
    files(['abc.mkv', GB]),
    show(5, 4),
    { ids: [1], episodes: [4, 5] },
    { torrentName: 'Pioneer.One.S01E04E05' },
  ],
  [
    'two files without a number',
    files(['abc.mkv', GB], ['xyz.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer.One.S01E04' },
  ],
  [
    'one file of another episode, whatever the torrent says',
    files(['P.S01E05.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer.One.S01E04' },
  ],
  [
    'one file of another number, whatever the torrent says',
    files(['01.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer.One.S01E04' },
  ],
  [
    'a number in a torrent of several seasons',
    files(['04.mkv', GB]),
    show(4),
    'episode-absent',
    { torrentName: 'Pioneer One S01-S02' },
  ],
  [
    'an absolute number and nothing else',
    files(['P/13.mkv', GB]),
    show(1),
    { ids: [1] },
    { absoluteMap: new Map([[1, 13]]) },
  ],
  [
    'an absolute number that is not in the map',
    files(['[G] P - 15 [1080p].mkv', GB]),
    show(1),
    'episode-absent',
    { absoluteMap: new Map([[1, 13]]) },
  ],
  [
    'an absolute number of the file, not of its folder',
    files(['[G] P - 14 [1080p]/[G] P - 13 [1080p].mkv', GB]),
    show(2),
    'episode-absent',
    {
      absoluteMap: new Map([
        [1, 13],
        [2, 14],
      ]),
    },
  ],
  [
    'an absolute number of an episode that is not wanted',
    files(['[G] P - 14 [1080p].mkv', GB]),
    show(1),
    'episode-absent',
    {
      absoluteMap: new Map([
        [1, 13],
        [2, 14],
      ]),
    },
  ],
  [
    'an episode that is not in the map is not number 0',
    files(['[G] P - 00 [1080p].mkv', GB]),
    show(2),
    'episode-absent',
    { absoluteMap: new Map([[1, 13]]) },
  ],
  [
    'an episode that is not in the map has no number',
    files(['[G] P - 01 [1080p].mkv', GB]),
    show(2),
    'episode-absent',
    { absoluteMap: new Map([[1, 13]]) },
  ],
  [
    'a map does not keep the only file from being what the torrent says',
    files(['abc123.mkv', GB]),
    show(4),
    { ids: [1] },
    { torrentName: 'Pioneer.One.S01E04', absoluteMap: new Map([[4, 13]]) },
  ],
  [
    'the season of a torrent name in another style',
    files(['abc123.mkv', GB]),
    show(4),
    { ids: [1] },
    { torrentName: 'Pioneer.One.1x04.720p' },
  ],
  [
    'of superfluous files the one with fewer episodes goes, in whatever order they are wanted',
    files(['P.S01E01.mkv', 3 * GB], ['P.S01E01E02.mkv', 2 * GB], ['P.S01E02E03.mkv', GB]),
    show(3, 2, 1),
    { ids: [2, 3] },
  ],
  [
    'of as many episodes the smaller goes',
    files(
      ['P.S01E02E03.mkv', 2 * GB],
      ['P.S01E01E02.mkv', GB],
      ['P.S01E01E04.mkv', 0.5 * GB],
      ['P.S01E03E05.mkv', 0.5 * GB],
    ),
    show(5, 4, 3, 2, 1),
    { ids: [1, 3, 4] },
  ],
  [
    'of the same size the first goes',
    files(
      ['P.S01E02E03.mkv', GB],
      ['P.S01E01E02.mkv', GB],
      ['P.S01E01E04.mkv', 0.5 * GB],
      ['P.S01E03E05.mkv', 0.5 * GB],
    ),
    show(1, 2, 3, 4, 5),
    { ids: [2, 3, 4] },
  ],
  [
    'a marker goes before the map',
    files(['P.S01E02 - 13.mkv', GB]),
    show(1),
    'episode-absent',
    { absoluteMap: new Map([[1, 13]]) },
  ],
];

describe('which files to select', () => {
  test.each([...CASES, ...MORE, ...EXTRAS, ...PARTS, ...COLLECTIONS, ...SIZES, ...EPISODES])(
    '%s',
    (...[, list, wanted, expected, options]: Case) => {
      const choice = choose(list, wanted, options);
      if (typeof expected === 'string') {
        expect(choice).toMatchObject({ outcome: 'rejected', rejection: { code: expected, permanent: true } });
      } else {
        expect(choice).toMatchObject({ outcome: 'selected', ...expected });
      }
    },
  );

  test('F29 metadata not there yet: undecided, no rejection', () => {
    expect(choose([], film)).toEqual({ outcome: 'undecided' });
    expect(choose([], show(1))).toEqual({ outcome: 'undecided' });
  });

  test('movies bring no episodes', () => {
    expect(choose(files(['Sintel.2010.mkv', GB]), film)).toEqual({
      outcome: 'selected',
      ids: [1],
      episodes: [],
      warnings: [],
    });
  });

  test('the index that the addon named is only a cross-check', () => {
    const list = files(['P.S01E01.mkv', GB], ['P.S01E02.mkv', GB]);
    expect(choose(list, show(1), { fileIndex: 0 })).toMatchObject({ ids: [1], warnings: [] });
    expect(choose(list, show(2), { fileIndex: null })).toMatchObject({ ids: [2], warnings: [] });
    expect(choose(list, show(1), { fileIndex: 1 })).toMatchObject({
      ids: [1],
      warnings: [expect.stringContaining('P.S01E02')],
    });
    expect(choose(list, show(1), { fileIndex: 9 })).toMatchObject({
      ids: [1],
      warnings: [expect.stringContaining('file 10, which is not listed')],
    });
  });

  test('says when absolute numbers were used', () => {
    const options = { absoluteMap: new Map([[1, 13]]) };
    const choice = choose(files(['[G] P - 13 [1080p].mkv', GB]), show(1), options);
    expect(choice).toMatchObject({ outcome: 'selected', warnings: [expect.stringContaining('absolute')] });
  });

  test('says so of a single one, too', () => {
    const list = files(['P.S01E02.mkv', GB], ['[G] P - 13 [1080p].mkv', GB]);
    const choice = choose(list, show(1, 2), { absoluteMap: new Map([[1, 13]]) });
    expect(choice).toMatchObject({ ids: [1, 2], warnings: [expect.stringContaining('absolute')] });
    expect(choose(list, show(2), { absoluteMap: new Map([[1, 13]]) })).toMatchObject({ ids: [1], warnings: [] });
  });

  test('a rejection tells what was found', () => {
    expect(choose(files(['a.mkv', 8.25 * MB], ['b.mkv', MB]), film)).toMatchObject({
      rejection: { got: '8.3 MB', wanted: 'at least 200.0 MB' },
    });
    expect(choose(collection('Sintel.2010.a', 'Sintel.2010.b', 'Other'), film)).toMatchObject({
      rejection: { got: '3 movies, 2 with the wanted title and year' },
    });
    const four = ['P.S02E01E02', 'P.S02E03', 'x', 'P.S02E04'].map((name): [string, number] => [`${name}.mkv`, GB]);
    const gotOf = (list: TorrentFile[]) => {
      const choice = choose(list, show(1));
      return choice.outcome === 'rejected' ? choice.rejection.got : null;
    };
    expect(gotOf(files(...four.slice(0, 3)))).toBe('S2E1-2, S2E3, /x.mkv');
    expect(gotOf(files(...four))).toBe('S2E1-2, S2E3, /x.mkv and 1 more');
    expect(gotOf(files([`${'y'.repeat(90)}.mkv`, GB]))).toBe(`${'y'.repeat(76)}.mkv`);
    expect(choose(files(['P.S02E01.mkv', GB]), show(1))).toMatchObject({
      rejection: { got: 'S2E1', wanted: 'season 1, episode 1' },
    });
  });
});

describe('a path taken apart', () => {
  test.each<[string, Partial<ListedFile>]>([
    ['/a/b c/d.e.MKV', { path: '/a/b c/d.e.MKV', folders: ['a', 'b c'], base: 'd.e', extension: 'mkv', kind: 'video' }],
    ['a//b\\c.mkv', { path: '/a/b/c.mkv', folders: ['a', 'b'], base: 'c', extension: 'mkv' }],
    ['/none', { base: 'none', extension: '', kind: 'other' }],
    ['/a.b/none', { folders: ['a.b'], base: 'none', extension: '' }],
    ['/.exe', { base: '.exe', extension: 'exe', kind: 'executable' }],
    ['/.e xe', { base: '.e xe', extension: '' }],
    ['/.', { base: '.', extension: '' }],
    ['/a.', { base: 'a', extension: '' }],
    ['/', { path: '/', folders: [], base: '', extension: '' }],
    ['', { path: '/', folders: [], base: '', extension: '' }],
  ])('%j', (path, expected) => expect(listFile({ id: 1, path, bytes: 5 })).toMatchObject(expected));

  test.each([
    [5, 5],
    [-1, 0],
    [Number.NaN, 0],
    [Number.POSITIVE_INFINITY, 0],
  ])('%s bytes are %s', (bytes, expected) => expect(listFile({ id: 1, path: 'x', bytes }).bytes).toBe(expected));

  test('of a very long path the end counts', () => {
    const { path } = listFile({ id: 1, path: `/${'a'.repeat(3000)}/b.mkv`, bytes: 5 });
    expect(path).toBe(`/${'a'.repeat(1994)}/b.mkv`);
  });
});
