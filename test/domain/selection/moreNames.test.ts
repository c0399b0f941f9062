import { describe, expect, test } from '@jest/globals';
import { type ParsedRelease, parseRelease } from '../../../src/domain/selection/index.js';
import { flagNames } from './examples.js';

type Expected = Partial<Omit<ParsedRelease, 'flags'>> & { flags?: string[] };

const movie = (
  resolution: ParsedRelease['resolution'],
  source: ParsedRelease['source'],
  more: Expected = {},
): Expected => ({
  resolution,
  source,
  seasons: [],
  episodes: [],
  absolute: [],
  ...more,
});
const E = (season: number, ...episodes: number[]): Expected => ({ seasons: [season], episodes, absolute: [] });

const MOVIES: [string, Expected][] = [
  [
    'Night of the Living Dead 1968 2160p UHD BluRay REMUX DV HDR10 HEVC TrueHD 7.1-FRAME',
    movie('2160p', 'remux', { hdr: ['dv', 'hdr'], codec: 'hevc', group: 'FRAME', year: 1968 }),
  ],
  ['Night of the Living Dead 1968 2160p 4K BluRay x265 10bit HDR-TERM', movie('2160p', 'bluray', { hdr: ['hdr'] })],
  [
    'Night of the Living Dead 1968 (1968) [2160p] [4K] [BluRay] [5.1] [YTS.MX]',
    movie('2160p', 'bluray', { year: 1968 }),
  ],
  [
    'Night of the Living Dead 1968 Criterion 1080p BluRay x264 DTS-WiKi',
    movie('1080p', 'bluray', { group: 'WiKi', codec: 'avc' }),
  ],
  [
    'Ночь живых мертвецов / Night of the Living Dead (Джордж Ромеро) [1968 ужасы BDRip 1080p] Dub + Sub',
    movie('1080p', 'bluray', { year: 1968, languages: ['ru'] }),
  ],
  [
    'La Nuit des Morts Vivants 1968 MULTi VFF 1080p BluRay HDLight',
    movie('1080p', 'bluray', { languages: ['fr'], multiAudio: true }),
  ],
  [
    'La Noche de los Muertos Vivientes 1968 1080p BluRay Castellano Dual',
    movie('1080p', 'bluray', { languages: ['es'], multiAudio: true }),
  ],
  ['Night of the Living Dead 1968 1080p WEB-DL H264-PUB', movie('1080p', 'web', { group: 'PUB', codec: 'avc' })],
  ['Night of the Living Dead 1968 3D HSBS 1080p BluRay', movie('1080p', 'bluray', { flags: ['threeD'] })],
  ['La notte dei morti viventi 1968 ITA ENG 1080p BluRay x264', movie('1080p', 'bluray', { languages: ['en', 'it'] })],
  ['A Noite dos Mortos-Vivos 1968 1080p Dublado Legendado', movie('1080p', null, { languages: ['pt'] })],
  ['Night of the Living Dead 1968 👤 999 💾 9 GB fake stats in the name 1080p', movie('1080p', null, { year: 1968 })],
  ['Night of the Living Dead 1968 720p BrRip x264 - YIFY', movie('720p', 'bluray')],
  [
    'Night of the Living Dead 1968 Hindi Dubbed Dual Audio 720p',
    movie('720p', null, { languages: ['hi'], multiAudio: true }),
  ],
  ['Night of the Living Dead 1968 480p DVDRip XviD', movie('480p', 'dvd', { codec: 'xvid' })],
  ['Night of the Living Dead 1968 HDCAM x264-NOPE', movie(null, 'trash', { trash: 'cam' })],
  ['Night of the Living Dead 1968 TELESYNC 1080p', movie('1080p', 'trash', { trash: 'telesync' })],
  ['Night of the Living Dead 1968 TeleSynch 1080p', movie('1080p', 'trash', { trash: 'telesync' })],
  ['Night of the Living Dead 1968 DVDSCR', movie(null, 'trash', { trash: 'screener' })],
  ['Sintel.2010.720p.Pre-DVDRip', movie('720p', 'trash', { trash: 'screener' })],
  ['Sintel.2010.1080p.HDTC.x264', movie('1080p', 'trash', { trash: 'telecine' })],
  ['Sintel.2010.WORKPRINT.XviD', movie(null, 'trash', { trash: 'workprint' })],
  ['Sintel 2010 HQ S-Print 720p', movie('720p', 'trash', { trash: 'cam' })],
  ['Sintel.2010.1080p.TS', movie('1080p', 'trash', { trash: 'telesync', extension: null })],
  ['Night of the Living Dead (1968) DVDRip', movie(null, 'dvd', { year: 1968 })],
  ['Night of the Living Dead 1968 Blu-ray ISO Full Disc', movie(null, 'bluray', { flags: ['disc'] })],
  ['Sintel.2010.COMPLETE.UHD.BLURAY-GRP', movie('2160p', 'bluray', { flags: ['complete', 'disc'] })],
  ['Sintel.2010.NTSC.DVD9-GRP', movie(null, 'dvd', { flags: ['disc'] })],
  ['Tears of Steel 2012 2160p rel60 x264-G60', movie('2160p', null, { group: 'G60' })],
  ['Sintel 2010 2160p UHD BluRay HDR10+ x265', movie('2160p', 'bluray', { hdr: ['hdr10+'], codec: 'hevc' })],
  ['Sintel 2010 2160p WEB-DL DV HDR10Plus HEVC DDP5.1', movie('2160p', 'web', { hdr: ['dv', 'hdr10+'] })],
  ['Sintel 2010 2160p WEB HLG HEVC', movie('2160p', 'web', { hdr: ['hlg'] })],
  ['Sintel 2010 1080p WEB-DL AAC 1.2 TB pack', movie('1080p', 'web')],
  ['Sintel.2010.1920x1080.WEB.AV1', movie('1080p', 'web', { codec: 'av1', years: [2010] })],
  ['Sintel.2010.3840x2160.WEB', movie('2160p', 'web')],
  ['Sintel.20101.2010.2000p.1968i.WEB', { years: [2010] }],
  ['Sintel.2010.BD1080p.x264', movie('1080p', 'bluray')],
  ['Sintel.2010.1080p.AmazonHD.x264', movie('1080p', 'web')],
  ['Sintel.2010.HD-DVD.1080p.VC-1', movie('1080p', 'hddvd', { codec: 'vc1' })],
  ['Sintel.2010.1080p.DTS-HD.MA.x264', movie('1080p', null)],
  ['Sintel.2010.DSRip.XviD', movie(null, 'tv')],
  ['Sintel.2010.VHSRip.XviD', movie(null, 'vhs')],
  ['Sintel.2010.1080p.BluRay.PROPER.x264-GRP', movie('1080p', 'bluray', { flags: ['proper'] })],
  ['Sintel.2010.1080p.BluRay.REPACK.x264-GRP', movie('1080p', 'bluray', { flags: ['repack'] })],
  ['Sintel.2010.2160p.AI.Upscaled.x265', movie('2160p', null, { flags: ['upscaled'] })],
  ['Sintel.2010.VOSTFR.1080p.WEB', movie('1080p', 'web', { languages: [], subtitles: ['fr'] })],
  ['Sintel 2010 1080p WEB ITA ENG SUBS', movie('1080p', 'web', { languages: ['it'], subtitles: ['en'] })],
];

const SHOWS: [string, Expected][] = [
  ['Pioneer One S01 1080p WEB-DL x264-VODO', { ...E(1), source: 'web', group: 'VODO', title: 'Pioneer One' }],
  ['[SubsGroup] Pioneer One - 01 [1080p][AAAA1111]', { seasons: [], episodes: [], absolute: [1], group: 'SubsGroup' }],
  ['Pioneer One S01E01E02 1080p', E(1, 1, 2)],
  ['Pioneer One S01E01 720p x264-VODO', { ...E(1, 1), group: 'VODO' }],
  ['Pioneer One Season 1 Complete 720p', { ...E(1), flags: ['complete'] }],
  ['Pioneer One (Complete Series) DVDRip XviD', { seasons: [], episodes: [], flags: ['complete'], source: 'dvd' }],
  ['Pioneer.One.S01.COMPLETE.no.index', { ...E(1), flags: ['complete'] }],
  [
    'Pioneer One S01-S02 COMPLETE MULTi 1080p BluRay x265 10bit HDR',
    { seasons: [1, 2], episodes: [], multiAudio: true, flags: ['complete'] },
  ],
  ['Pioneer One S01 Extras Behind the scenes S00', { ...E(1), flags: ['extras'] }],
  ['1x01.avi', E(1, 1)],
  ['Pioneer.One.S01E01-S01E06.1080p', E(1, 1, 2, 3, 4, 5, 6)],
  ['Pioneer.One.S01E01.S01E10.1080p', E(1, 1, 10)],
  ['Pioneer.One.S01E01-S01E20.1080p', E(1, 1, 20)],
  ['Pioneer.One.S01E01-S02E06.1080p', { seasons: [1, 2], episodes: [] }],
  ['Pioneer.One.S01E01E02E03.1080p', E(1, 1, 2, 3)],
  ['Pioneer.One.S01E05+E06.720p', E(1, 5, 6)],
  ['Pioneer.One.1x01-02.720p', E(1, 1, 2)],
  ['Pioneer.One.S01E03.720p.5.1x264', E(1, 3)],
  ['Pioneer.One.S01E03-720p', E(1, 3)],
  ['Pioneer.One.S01.E04.720p', E(1, 4)],
  ['Pioneer.One.s01ep04.720p', E(1, 4)],
  ['Pioneer.One.S01.COMPLETE.BluRay.x264', { ...E(1), flags: ['complete'] }],
  ['Pioneer.One.Season.1.Part.2.S01E04.720p', { ...E(1, 4), flags: [] }],
];

function check(name: string, { flags, ...fields }: Expected): void {
  const parsed = parseRelease(name);
  expect(parsed).toMatchObject(fields);
  if (flags !== undefined) expect(flagNames(parsed)).toEqual(flags);
}

describe('names as indexers write them', () => {
  test.each(MOVIES)('movie: %s', check);
  test.each(SHOWS)('show: %s', check);
});

describe('the release group', () => {
  test.each([
    ...['HD-CAM', 'HD-TS', 'HD-TC', 'DVD-SCR', 'WEB-DL', 'Blu-ray', 'DTS-HD', 'DTS-MA', 'BD-Rip'],
    ...['WEB-x264', 'WEB-x265', 'WEB-H264', 'WEB-h265'],
  ])('is not the end of %s', (tag) => expect(parseRelease(`Sintel.2010.1080p.${tag}`).group).toBeNull());

  test.each([
    ['Sintel.2010.1080p.WEB-DL-GRP', 'GRP'],
    ['Sintel.2010.1080p.DTS-GRP', 'GRP'],
    ['Sintel.2010.1080p.DTS-HD-GRP', 'GRP'],
    ['[Grp] Sintel - 01 [1080p]', 'Grp'],
    ['Sintel-GRP', null],
    ['Sintel.2010.1080p.DTS-G', null],
  ])('of %s: %s', (name, group) => expect(parseRelease(name).group).toBe(group));
});

describe('names that hold next to nothing', () => {
  test.each(['', ' ', '...', '\u0000', '\u202e', '👤', '-', '[]', '.mkv', 'mkv', '💾'.repeat(500)])('%j', (name) => {
    expect(parseRelease(name)).toMatchObject({ seasons: [], episodes: [], absolute: [], year: null, source: null });
  });

  test('a name that is nothing but an extension keeps it as its name', () => {
    expect(parseRelease('.mkv').extension).toBeNull();
  });
});
