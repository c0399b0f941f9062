import { describe, expect, test } from '@jest/globals';
import { type ParsedRelease, parseRelease, type Wanted } from '../../../src/domain/selection/index.js';
import { codes, flagNames, judgeName, livingDead, pioneerOne, profile, sintel, withProfile } from './examples.js';

type Expected = Partial<Omit<ParsedRelease, 'flags'>> & { flags?: string[] };

const E = (season: number, ...episodes: number[]): Expected => ({ seasons: [season], episodes, absolute: [] });

/** Names that parsers trip over, with the reading that is wanted of them. */
const NAMES: [number | string, string, Expected][] = [
  [
    1,
    'Tears.of.Steel.2012.1080p.WEB-DL.H264-GRP.ts',
    { source: 'web', trash: null, extension: 'ts', title: 'Tears of Steel' },
  ],
  ['in front', '[CAM] Sintel 2010 1080p', { source: 'trash', trash: 'cam', title: 'Sintel' }],
  ['in round brackets in front', '(HDTS) Sintel 2010 1080p', { source: 'trash', trash: 'telesync' }],
  ['a group in front', '[CAMGRP] Sintel 2010 1080p WEB', { source: 'web', trash: null }],
  [2, 'Sintel.2010.HD-CAM.720p.x264', { source: 'trash', trash: 'cam', resolution: '720p' }],
  [3, 'Sintel.2010.NEWCAM.1080p.HEVC-GRP', { source: 'trash', trash: 'cam', group: 'GRP' }],
  [4, 'Sintel (CamRip / 2010)', { source: 'trash', trash: 'cam', year: 2010 }],
  [5, 'Pioneer.One.S01E01.S01E02.720p.HDTV-GRP', { ...E(1, 1, 2), source: 'tv' }],
  [6, 'Pioneer One - S01E05 - S01E06 - Finale [HDTV-720p]', E(1, 5, 6)],
  [7, 'Pioneer.One.1x01.1x02.720p.WEB', { ...E(1, 1, 2), source: 'web' }],
  [8, 'Pioneer One S01E01-03 1080p WEB', E(1, 1, 2, 3)],
  [9, 'Pioneer.One.S01E01-E03.1080p', E(1, 1, 2, 3)],
  [10, 'Pioneer One S01 - Season 03 BluRay 1080p', { seasons: [1, 2, 3], episodes: [], source: 'bluray' }],
  [11, 'Pioneer One Season 01 - Season 03 1080p', { seasons: [1, 2, 3], episodes: [] }],
  [12, 'Pioneer One (S01E01-06 of 6) 720p', E(1, 1, 2, 3, 4, 5, 6)],
  [13, 'Pioneer.One.2of6.720p.HDTV', { seasons: [], episodes: [2], absolute: [] }],
  [14, 'Pioneer.One.S01.Part.1.1080p.WEB', { ...E(1), flags: ['partialPack'] }],
  [15, 'Pioneer.One.S01.EXTRAS.720p', { ...E(1), flags: ['extras'] }],
  [16, 'Pioneer.One.S00E01.Making.Of.720p', { ...E(0, 1), flags: [] }],
  [17, 'Pioneer.One.S01E00.Pilot.720p', E(1, 0)],
  [
    18,
    '[Grp] Pioneer 100 - 07 [1080p].mkv',
    { title: 'Pioneer 100', seasons: [], episodes: [], absolute: [7], group: 'Grp' },
  ],
  [19, '[Grp] Pioneer One - 011_012 - Title [6C70C4E4].mkv', { absolute: [11, 12], seasons: [] }],
  [20, '[Grp]_Pioneer_One_-_11_-_511_Title_[6C70C4E4].mkv', { absolute: [11], seasons: [] }],
  [21, 'Pioneer One S3 - 12 [720p]', E(3, 12)],
  [22, 'Pioneer One 103 720p HDTV', { seasons: [], episodes: [], absolute: [103] }],
  [23, 'Pioneer.One.2010.06.16.720p.WEB', { date: '2010-06-16', seasons: [], episodes: [], absolute: [] }],
  [24, '4096.2009.1080p.BluRay.x264-GRP', { title: '4096', year: 2009 }],
  [25, 'The.Pioneer.of.1900.1998.1080p.BluRay', { years: [1900, 1998] }],
  [26, 'Sintel.2010.1080p.BluRay.4K.REMASTERED.x264', { resolution: '1080p', source: 'bluray' }],
  [
    27,
    'Sintel (2010) 2160p DV HDR10 Hybrid REMUX UHD BluRay TrueHD Atmos HEVC',
    { resolution: '2160p', source: 'remux', hdr: ['dv', 'hdr'], codec: 'hevc' },
  ],
  [28, 'Sintel.2010.UHD.BLURAY.REMUX.DV-GRP', { resolution: '2160p', source: 'remux', hdr: ['dv'] }],
  [29, 'Sintel.2010.3D.HSBS.1080p', { flags: ['threeD'] }],
  [
    30,
    'Sintel.2010.1080p.KORSUB.HC.WEBRip',
    { flags: ['hardcodedSubs'], languages: [], subtitles: ['ko'], source: 'web' },
  ],
  [32, 'Cam.2031.1080p.WEB-DL', { title: 'Cam', year: 2031, source: 'web' }],
  [33, 'Tears.of.Steel.3D.2006.1080p', { year: 2006, flags: ['threeD'] }],
  [34, 'Night of the Living Dead 1975 1080p', { year: 1975, title: 'Night of the Living Dead' }],
  [35, 'Night.of.the.Living.Dead.1968.COLORIZED.1080p', { year: 1968, title: 'Night of the Living Dead' }],
  [
    36,
    'www.Site.com - Sintel (2010) 1080p Hindi HQ Clean Audio',
    { title: 'Sintel', trash: 'cleanAudio', languages: ['hi'] },
  ],
  [
    37,
    'Пионер / Pioneer One / Сезон: 1 / Серии: 1-6 из 6 [2010, WEB-DL 1080p] MVO',
    { ...E(1, 1, 2, 3, 4, 5, 6), source: 'web', languages: ['ru'] },
  ],
  [38, 'Pioneer.One.COMPLETE.1080p', { seasons: [], episodes: [], absolute: [], flags: ['complete'] }],
  [39, 'Pioneer One S01E10718 720p', E(1, 10718)],
  [40, 'Pioneer.One.S2010E03.720p', { ...E(2010, 3), years: [] }],
  [42, 'Pioneer.One.S01E01.Multi.Subs.1080p', { languages: [], subtitles: [], multiAudio: false }],
  [43, 'Sintel.2010.SUBFRENCH.1080p.WEB', { languages: [], subtitles: ['fr'] }],
  [44, 'Sintel.2010.German.DL.1080p.BluRay', { languages: ['de'], multiAudio: true }],
  [45, 'Pioneer One S01 04 (1080p)', E(1, 4)],
  [46, 'Sintel.2010.R5.DVDRip.XviD', { trash: 'r5', codec: 'xvid' }],
  [47, 'Pioneer One - S01E03v2 - x', E(1, 3)],
  [48, 'Pioneer.One.S01E01b.720p', { ...E(1, 1), flags: ['halfEpisode'] }],
];

/** Readings that are known to be wrong: each costs a good release, never brings a bad one. */
const UNSOLVED: [number | string, string, Expected][] = [
  [31, 'Sintel.2010.TS.ENCODED.1080p.WEB-DL', { source: 'trash', trash: 'telesync' }],
  ['32b', 'Telesync.2018.1080p.WEB-DL', { source: 'trash', trash: 'telesync', title: '' }],
  [41, 'Sintel.2010.S97.1080p.x265', { seasons: [97] }],
];

function check(name: string, { flags, ...fields }: Expected): void {
  const parsed = parseRelease(name);
  expect(parsed).toMatchObject(fields);
  if (flags !== undefined) expect(flagNames(parsed)).toEqual(flags);
}

describe('names that parsers trip over', () => {
  test.each(NAMES)('%s: %s', (_, name, expected) => check(name, expected));
  test.each(UNSOLVED)('%s (unsolved): %s', (_, name, expected) => check(name, expected));
});

const telesync = { ...sintel, titles: ['Telesync'], year: 2018 };
const steel = { ...sintel, titles: ['Tears of Steel'], year: 2012 };
const pioneer1900 = { ...sintel, titles: ['The Pioneer of 1900'], year: 1998 };

/** What becomes of them: the number, the name, what is wanted, and why it is refused (empty = accepted). */
const OUTCOMES: [number | string, string, Wanted, string[]][] = [
  [1, 'Tears.of.Steel.2012.1080p.WEB-DL.H264-GRP.ts', steel, []],
  [2, 'Sintel.2010.HD-CAM.720p.x264', sintel, ['banned']],
  [3, 'Sintel.2010.NEWCAM.1080p.HEVC-GRP', sintel, ['banned']],
  [4, 'Sintel (CamRip / 2010)', sintel, ['banned', 'quality']],
  [5, 'Pioneer.One.S01E01.S01E02.720p.HDTV-GRP', pioneerOne({ episodes: [2] }), []],
  [6, 'Pioneer One - S01E05 - S01E06 - Finale [HDTV-720p]', pioneerOne({ episodes: [6] }), []],
  [10, 'Pioneer One S01 - Season 03 BluRay 1080p', pioneerOne({ season: 2 }), []],
  [10, 'Pioneer One S01 - Season 03 BluRay 1080p', pioneerOne({ season: 4 }), ['season']],
  [13, 'Pioneer.One.2of6.720p.HDTV', pioneerOne({ episodes: [2] }), ['numbering']],
  [14, 'Pioneer.One.S01.Part.1.1080p.WEB', pioneerOne(), ['partial-pack']],
  [15, 'Pioneer.One.S01.EXTRAS.720p', pioneerOne(), ['extras']],
  [16, 'Pioneer.One.S00E01.Making.Of.720p', pioneerOne({ season: 0 }), []],
  [16, 'Pioneer.One.S00E01.Making.Of.720p', pioneerOne(), ['season']],
  [17, 'Pioneer.One.S01E00.Pilot.720p', pioneerOne(), ['episode']],
  [22, 'Pioneer One 103 720p HDTV', pioneerOne({ episodes: [3] }), ['numbering']],
  [25, 'The.Pioneer.of.1900.1998.1080p.BluRay', pioneer1900, []],
  [29, 'Sintel.2010.3D.HSBS.1080p', sintel, ['banned']],
  [30, 'Sintel.2010.1080p.KORSUB.HC.WEBRip', sintel, ['banned']],
  [31, 'Sintel.2010.TS.ENCODED.1080p.WEB-DL', sintel, ['banned']],
  [32, 'Cam.2031.1080p.WEB-DL', { ...sintel, titles: ['Cam'], year: 2031 }, []],
  ['32b', 'Telesync.2018.1080p.WEB-DL', telesync, ['banned']],
  [33, 'Tears.of.Steel.3D.2006.1080p', steel, ['year', 'banned']],
  [34, 'Night of the Living Dead 1975 1080p', livingDead, ['year']],
  [35, 'Night.of.the.Living.Dead.1968.COLORIZED.1080p', livingDead, []],
  [36, 'www.Site.com - Sintel (2010) 1080p Hindi HQ Clean Audio', sintel, ['banned']],
  [37, 'Пионер / Pioneer One / Сезон: 1 / Серии: 1-6 из 6 [2010, WEB-DL 1080p] MVO', pioneerOne({ episodes: [6] }), []],
  [38, 'Pioneer.One.COMPLETE.1080p', pioneerOne(), []],
  [40, 'Pioneer.One.S2010E03.720p', pioneerOne({ episodes: [3] }), ['season']],
  [40, 'Pioneer.One.S2010E03.720p', pioneerOne({ season: 2010, episodes: [3] }), []],
  [41, 'Sintel.2010.S97.1080p.x265', sintel, ['is-episode']],
  [46, 'Sintel.2010.R5.DVDRip.XviD', sintel, ['banned', 'quality']],
  [48, 'Pioneer.One.S01E01b.720p', pioneerOne(), []],
];

describe('what becomes of them', () => {
  test.each(OUTCOMES)('%s: %s', (_, name, wanted, expected) => {
    const verdict = judgeName(name, wanted);
    expect(codes(verdict)).toEqual(expected);
    expect(verdict.accepted).toBe(expected.length === 0);
  });

  test('trash that the profile does not ban counts as an unknown source', () => {
    const ctx = withProfile({ banned: profile.banned.filter((kind) => kind !== 'cam') });
    expect(judgeName('Sintel.2010.HD-CAM.720p.x264', sintel, ctx).tierIndex).toBe(2.5);
  });
});
