import { describe, expect, test } from '@jest/globals';
import { flagsOf } from '../../../src/domain/selection/flags.js';
import type { ReleaseFlags } from '../../../src/domain/selection/index.js';
import { tagsOf, trashOf } from '../../../src/domain/selection/trash.js';
import { codecOf, hdrOf, resolutionOf, sourceOf, trashOfQuality } from '../../../src/domain/selection/vocabulary.js';

/** Our own reading of tags, apart from what the parser library makes of them. */

const TRASH: Record<string, string[]> = {
  cam: [
    ...['CAM', 'HDCAM', 'HD-CAM', 'HQ.CAM', 'HQCAM', 'NEWCAM', 'PCAM', 'V2CAM', 'HQHDCAM', 'CAMRip', 'CAM-Rip'],
    ...['S-Print', 'S.Print', 'HQS-Print', 'HD S-Print', 'Theatre Print', 'Theater.Print', 'Theatrical Print'],
  ],
  telesync: [
    ...['TELESYNC', 'TeleSynch', 'TELE-SYNC', 'HDTELESYNC', 'HQTELESYNC', 'NEWTELESYNC', 'PTELESYNC', 'V2TELESYNC'],
    ...['HDTS', 'HD-TS', 'HQTS', 'HDTSRip', 'TSRip', 'TS-Rip'],
  ],
  telecine: ['TELECINE', 'TELE-CINE', 'HDTELECINE', 'HD.TELECINE', 'HDTC', 'HD-TC', 'HDTCRip'],
  screener: [
    ...['SCR', 'SCREENER', 'DVDSCR', 'DVD-SCREENER', 'BDSCR', 'BRSCR', 'WEBSCR', 'HDSCR', 'TSSCR'],
    ...['PreDVD', 'PRE-DVD', 'PreDVDRip', 'Pre.DVD.Rip'],
  ],
  workprint: ['WORKPRINT', 'WORK-PRINT'],
  r5: ['R5'],
  cleanAudio: ['Clean.Audio', 'HQ Clean-Aud'],
};

describe('trash', () => {
  const rows = Object.entries(TRASH).flatMap(([kind, tags]) => tags.map((tag): [string, string] => [tag, kind]));
  test.each(rows)('%s is %s', (tag, kind) => {
    expect(trashOf(`Sintel.2010.${tag}.x264`)).toBe(kind);
    expect(trashOf(`Sintel.2010.1080p.BluRay.${tag}`)).toBe(kind);
  });

  test.each([
    ...['CAMX', 'XCAM', 'NEWHQHDCAM', 'SPrint', 'TS', 'XHDTS', 'HDTSX', 'TC', 'XHDTC', 'HDTCX', 'XSCR', 'SCRX', 'DVD'],
    ...['WORKPRINTX', 'XWORKPRINT', 'R50', 'XR5', 'Clean', 'CleanAudio', 'XClean.Audio', 'Clean.Audiox', 'Rip'],
  ])('%s is none', (tag) => expect(trashOf(`Sintel.2010.${tag}.x264`)).toBeNull());

  test('of several the most telling counts', () => {
    expect(trashOf('Sintel.2010.R5.TELESYNC.CAM')).toBe('cam');
    expect(trashOf('Sintel.2010.Clean.Audio.R5.WORKPRINT.SCR.TELECINE.TELESYNC')).toBe('telesync');
  });

  test('a word of the title is none, unless it is that plain', () => {
    expect(trashOf('Screener.2010.1080p')).toBeNull();
    expect(trashOf('Cam.Sintel.2010.1080p')).toBeNull();
    expect(trashOf('CAM')).toBeNull();
    expect(trashOf('Sintel CAM-Rip')).toBe('cam');
    expect(trashOf('Sintel.CamRip.2010')).toBe('cam');
  });

  test.each(['[TS] [Rip] Sintel.2010', '[Rip] Sintel.2010.TS'])('halves of a tag apart are none: %s', (name) =>
    expect(trashOf(name)).toBeNull(),
  );

  test.each([
    ['Cam.2010.CAM', '2010.CAM'],
    ['Cam.1968.CAM', '1968.CAM'],
    ['Cam.1080p.CAM', '1080p.CAM'],
    ['Cam.480i.CAM', '480i.CAM'],
    ['Cam.4K.CAM', '4K.CAM'],
    ['Cam.S01.CAM', 'S01.CAM'],
    ['Cam.S2010E01.CAM', 'S2010E01.CAM'],
    ['Cam.1x01.CAM', '1x01.CAM'],
    ['Cam.12x01.CAM', '12x01.CAM'],
    ['Cam.S1E01.CAM', 'S1E01.CAM'],
    ['Cam.123x01.CAM', ''],
    ['Cam.1768.CAM', ''],
    ['Cam.20101.CAM', ''],
    ['Cam.10800p.CAM', ''],
    ['Cam.4Ks.CAM', ''],
    ['Cam.S01s.CAM', ''],
    ['Cam.CAM', ''],
  ])('the tags of %s are %j', (name, tags) => expect(tagsOf(name)).toBe(tags));

  test.each([
    ['CAM', 'cam'],
    ['TeleSync', 'telesync'],
    ['TeleCine', 'telecine'],
    ['SCR', 'screener'],
    ['R5', 'r5'],
    ['WORKPRINT', 'workprint'],
    ['BluRay', null],
    [undefined, null],
  ])("the library's word %s: %s", (quality, kind) => expect(trashOfQuality(quality)).toBe(kind));
});

describe('resolution', () => {
  test.each<[name: string, library: string | undefined, resolution: string | null]>([
    ['Sintel.2010', undefined, null],
    ['Sintel.2010', '1080p', '1080p'],
    ['Sintel.2010', '1080P', '1080p'],
    ['Sintel.2010', '1234p', null],
    ['Sintel.2010.4K', '4k', '2160p'],
    ['Sintel.2010.4K.2160p', '4k', '2160p'],
    ['Sintel.2010.4K.1080p.2160p', '4k', '2160p'],
    ['Sintel.2010.4K.3840x1600.1080p', '4k', '2160p'],
    ['Sintel.2010.1080p.4K.REMASTERED', '4k', '1080p'],
    ...['4320p', '2160p', '1440p', '1080p', '720p', '576p', '540p', '480p', '360p', '240p'].flatMap(
      (word): [string, undefined, string][] => [
        [`Sintel.2010.${word}`, undefined, word],
        [`Sintel.2010.${word.replace('p', 'i')}`, undefined, word],
      ],
    ),
    ['Sintel.2010.BD1080p', undefined, '1080p'],
    ['Sintel.2010.HD720p', undefined, '720p'],
    ['Sintel.2010.M720p', undefined, '720p'],
    ['Sintel.2010.x720p', undefined, null],
    ['Sintel.2010.720px', undefined, null],
    ['Sintel.2010.8K', undefined, '4320p'],
    ['Sintel.2010.7680x4320', undefined, '4320p'],
    ['Sintel.2010.3840x2160', undefined, '2160p'],
    ['Sintel.2010.3840x1600', undefined, '2160p'],
    ['Sintel.2010.1920x1080', undefined, '1080p'],
    ['Sintel.2010.1920x800', undefined, '1080p'],
    ['Sintel.2010.1080.Hi10', undefined, '1080p'],
    ['Sintel.2010.1080', undefined, null],
    ...['UHD.BluRay', 'UHD-BD', 'UHD WEB', 'UHD.REMUX', 'UHDBluRay', 'BluRay.UHD', 'Blu-Ray UHD', 'BD.UHD'].map(
      (words): [string, undefined, string] => [`Sintel.2010.${words}`, undefined, '2160p'],
    ),
    ...['WEB.UHD', 'WEB-DL.UHD', 'WEBDL UHD', 'REMUX - UHD'].map((words): [string, undefined, string] => [
      `Sintel.2010.${words}`,
      undefined,
      '2160p',
    ]),
    ['Sintel.2010.UHD', undefined, null],
    ['Sintel.2010.WEB.UHDX', undefined, null],
    ['Sintel.2010.UHD.BluRay.1080p', undefined, '1080p'],
    ['Sintel.2010.1920x1080.UHD.BluRay', undefined, '1080p'],
  ])('%s, where the library read %s: %s', (name, library, resolution) => {
    expect(resolutionOf(name, library)).toBe(resolution);
  });
});

describe('source', () => {
  const WORDS: Record<string, string[]> = {
    remux: ['BluRay REMUX', 'REMUX'],
    bluray: ['BluRay', 'BRRip', 'BDRip', 'UHDRip', 'BDMux', 'BRMux'],
    web: ['WEB-DL', 'WEBRip', 'WEB-DLRip', 'WEBCap', 'WEB', 'WEBMux', 'DLMux', 'HDRip', 'VODR'],
    tv: ['HDTVRip', 'PDTV', 'TVRip', 'SATRip', 'PPV', 'PPVRip'],
    dvd: ['DVDRip', 'DVD'],
    vhs: ['VHSRip'],
  };
  const rows = Object.entries(WORDS).flatMap(([source, words]) =>
    words.map((word): [string, string] => [word, source]),
  );
  test.each(rows)("the library's word %s: %s", (word, source) => expect(sourceOf('Sintel.2010', word)).toBe(source));

  test.each<[tags: string, library: string | undefined, source: string | null]>([
    ['1080p', undefined, null],
    ['HD-DVD', 'DVD', 'hddvd'],
    ['HDDVDRip', 'DVDRip', 'hddvd'],
    ['HD.DVD.Rip', undefined, 'hddvd'],
    ['VHS', 'DVD', 'vhs'],
    ['VHS-Rip.DVD', 'DVD', 'vhs'],
    ['VHS.WEB', 'WEB', 'web'],
    // The library takes a lone HD or SD for television.
    ['HDTV', 'HDTV', 'tv'],
    ['HD-TV', 'HDTV', 'tv'],
    ['HDTVRip', 'HDTV', 'tv'],
    ['HDTV-Rip', 'HDTV', 'tv'],
    ['SDTV', 'SDTV', 'tv'],
    ['DVB', 'HDTV', 'tv'],
    ['DVBRip', 'HDTV', 'tv'],
    ['DVB-Rip', 'SDTV', 'tv'],
    ['HD', 'HDTV', null],
    ['SD', 'SDTV', null],
    ['HD.Blu-Ray', 'HDTV', 'bluray'],
    // Words that it misses.
    ...[
      'BD',
      'BD1080p',
      'BD.1080',
      'BD720i',
      'BD50',
      'BDLight',
      'BD-Light',
      'BDRemastered',
      'BluRay',
      'Blu-Ray',
      'MBluRay',
    ].map((tag): [string, undefined, string] => [tag, undefined, 'bluray']),
    ...['AmazonHD', 'Netflix.HD', 'iTunesHD', 'HBOMaxHD', 'AMZN.UHD', 'NF-HD'].map(
      (tag): [string, undefined, string] => [tag, undefined, 'web'],
    ),
    ...['DVD5', 'DVD9', 'DVD-R', 'DVDR', 'NTSC', 'PAL'].map((tag): [string, undefined, string] => [
      tag,
      undefined,
      'dvd',
    ]),
    ['DSR', undefined, 'tv'],
    ['DSRip', undefined, 'tv'],
    ...['BDX', 'XBD', 'BD5', 'BD10800', 'Amazon', 'Netflixhdx', 'DVD7', 'NTSCX', 'Palm', 'DSRX'].map(
      (tag): [string, undefined, null] => [tag, undefined, null],
    ),
  ])('%s, where the library read %s: %s', (tags, library, source) => {
    expect(sourceOf(`Sintel.2010.${tags}.x264`, library)).toBe(source);
  });
});

describe('codec and HDR', () => {
  test.each([
    ['x265', 'hevc'],
    ['h.265', 'hevc'],
    ['HEVC', 'hevc'],
    ['hevc10', 'hevc'],
    ['x264', 'avc'],
    ['H 264', 'avc'],
    ['avc', 'avc'],
    ['av1', 'av1'],
    ['xvid', 'xvid'],
    ['DivX', 'xvid'],
    ['dvix', 'xvid'],
    ['mpeg2', 'mpeg2'],
    ['MPEG-2', 'mpeg2'],
    ['vp8', 'vp'],
    ['vp9', 'vp'],
    ['mpeg', null],
    ['x2650', null],
    ['vp7', null],
  ])("the library's word %s: %s", (word, codec) => expect(codecOf('Sintel.2010', word)).toBe(codec));

  test.each([
    ['VC-1', 'vc1'],
    ['VC1', 'vc1'],
    ['MPEG-2', 'mpeg2'],
    ['MPEG2', 'mpeg2'],
    ['VC-12', null],
    ['MPEG-4', null],
  ])('%s in the name: %s', (tag, codec) => expect(codecOf(`Sintel.2010.${tag}`, undefined)).toBe(codec));

  test.each<[string, string[]]>([
    ['DV', ['dv']],
    ['DoVi', ['dv']],
    ['Dolby.Vision', ['dv']],
    ['DolbyVision', ['dv']],
    ['HDR', ['hdr']],
    ['HDR10', ['hdr']],
    ['HDR10+', ['hdr10+']],
    ['HDR10P', ['hdr10+']],
    ['HDR10Plus', ['hdr10+']],
    ['HLG', ['hlg']],
    ['DV.HDR10+.HDR.HLG', ['dv', 'hdr10+', 'hdr', 'hlg']],
    ['DVD', []],
    ['HDR100', []],
    ['HDR10Pro', []],
    ['HLGX', []],
  ])('%s: %j', (tag, kinds) => {
    expect(hdrOf(`Sintel.2010.${tag}.x265`)).toEqual(kinds);
    expect(hdrOf('Sintel.2010', [tag])).toEqual(kinds);
  });
});

describe('flags', () => {
  const NOTHING = {
    ...{ proper: false, repack: false, threeD: false, upscaled: false, hardcoded: false, half: false },
    hasEpisode: false,
  };
  const flagsIn = (name: string, library = {}): string[] =>
    Object.entries(flagsOf(name, { ...NOTHING, ...library })).flatMap(([flag, set]) => (set ? [flag] : []));

  const FLAGS: Partial<Record<keyof ReleaseFlags, string[]>> = {
    threeD: [
      '3D',
      'SBS',
      'HSBS',
      'H-SBS',
      'Half-SBS',
      'HalfSBS',
      'Half-OU',
      'HalfOU',
      'Half OU',
      'Half.SBS',
      'HOU',
      'H-OU',
    ],
    upscaled: [
      ...['Upscale', 'Upscaled', 'Upscaling', 'UpRez', 'UpRes', 'AI-Upscaled', 'AIUpscale'],
      ...['AI.Enhanced', 'AI upscaled', 'AI upscale'],
    ],
    hardcodedSubs: [
      ...['HC', 'KORSUB', 'KORSUBS', 'Hardcoded', 'Hard-Coded', 'HardSub', 'Hard.Subs', 'Hardsubbed'],
      'Hardcoded.Subs',
    ],
    disc: [
      ...[
        'BDMV',
        'BD25',
        'BD50',
        'BD66',
        'BD100',
        'ISO',
        'VIDEO_TS',
        'Full.Blu-Ray',
        'FullBD',
        'Full Disc',
        'Full-Disk',
      ],
      ...['DVD5', 'DVD9', 'DVD-R', 'DVDR', 'BR-Disk', 'BRDisk'],
    ],
  };
  const rows = Object.entries(FLAGS).flatMap(([flag, tags]) => tags.map((tag): [string, string] => [tag, flag]));
  test.each(rows)('%s: %s', (tag, flag) => {
    expect(flagsIn(`Sintel.2010.${tag}.x265`)).toEqual([flag]);
  });

  test.each([
    ...['X3D', '3DX', 'SBSX', 'OU', 'Up', 'XUpscaled', 'UpscaledX', 'AI', 'Enhanced', 'XHC', 'HCX', 'Hard', 'Sub'],
    ...['XISO', 'ISOX', 'BD', 'BD500', 'DVD', 'DVD6', 'DVD5X', 'Full', 'Disk', 'BR'],
  ])('%s: nothing', (tag) => expect(flagsIn(`Sintel.2010.${tag}.x265`)).toEqual([]));

  test.each(['Sintel.Upscaled', 'Iso.Sintel.2010', 'HC.Sintel.2010.1080p'])('a word of the title is none: %s', (name) =>
    expect(flagsIn(name)).toEqual([]),
  );

  test.each([
    ['complete', 'Sintel.Complete.1080p'],
    ...['Complet', 'Complete', 'Completo', 'Completa', 'Integrale', 'Intégrale', 'Integral'].map((word) => [
      'complete',
      `Pioneer.One.${word}.720p`,
    ]),
    ...['Collection', 'Box.Set', 'BoxSet', 'Box-Set'].map((word) => ['complete', `Sintel.${word}`]),
  ])('%s: %s', (flag, name) => expect(flagsIn(name)).toEqual([flag]));

  test.each([
    ['Sintel.2010.Complete.BluRay', ['complete', 'disc']],
    ['Sintel.2010.Complete.UHD.Blu-Ray', ['complete', 'disc']],
    ['Sintel.2010.COMPLETE.MULTi.UHD.BLURAY', ['complete', 'disc']],
    ['Pioneer.One.Complete.BluRay.x264', ['complete']],
    ['Pioneer.One.Complete.BluRay.h.265', ['complete']],
    ['Pioneer.One.Complete.BluRay.REMUX', ['complete']],
    ['Pioneer.One.Complete.BluRay.Rip', ['complete']],
    ['Pioneer.One.Complete.BluRay.BDRip', ['complete']],
    ['Pioneer.One.Complete.BluRay.BRRip', ['complete']],
    ['Pioneer.One.Complete.1080p.BluRay', ['complete']],
  ])('%s: %j', (name, flags) => expect(flagsIn(name)).toEqual(flags));

  test.each([
    ...[
      'Extra',
      'Extras',
      'Bonus',
      'Trailer',
      'Teasers',
      'Making.Of',
      'Featurette',
      'Featurettes',
      'Deleted.Scenes',
      'Behind.the-Scenes',
    ].map((word) => `Sintel.2010.${word}.1080p`),
    ...['Special Features', 'Interviews'].map((word) => `Sintel 2010 ${word} 1080p`),
    ...['S01', 'S2010', 'Season 1', 'Series.12', 'Saison 1', 'Staffel1', '(2010)', '[1968]'].map(
      (before) => `Pioneer One ${before} Extras`,
    ),
    ...['S01 [Extras]', 'S01 (Extras)', 'S01 - Extras', 'S01.Extras'].map((words) => `Pioneer One ${words}`),
  ])('bonus material: %s', (name) => {
    expect(flagsIn(name)).toEqual(['extras']);
    expect(flagsIn(name, { hasEpisode: true })).toEqual([]);
  });

  test.each([
    ...[
      'Sintel.2010.1080p.Extras',
      'Extras.2010',
      'Sintel.2010.+.Extras',
      'Sintel.2010.Extrasy',
      'Sintel.12010.Extras',
    ],
    ...['Sintel.1768.Extras', 'S01Extras', 'S01 -- Extras', 'Season 123 Extras', 'S20101 Extras', 'Season   1 Extras'],
  ])('no bonus material: %s', (name) => expect(flagsIn(name)).toEqual([]));

  test('a part of a season, unless it is an episode', () => {
    expect(flagsIn('Pioneer.One.S01.Part.1')).toEqual(['partialPack']);
    expect(flagsIn('Pioneer.One.S01.Part.1', { hasEpisode: true })).toEqual([]);
  });

  test('what the parser library found counts', () => {
    expect(flagsIn('Sintel', { proper: true })).toEqual(['proper']);
    expect(flagsIn('Sintel', { repack: true })).toEqual(['repack']);
    expect(flagsIn('Sintel', { threeD: true })).toEqual(['threeD']);
    expect(flagsIn('Sintel', { upscaled: true })).toEqual(['upscaled']);
    expect(flagsIn('Sintel', { hardcoded: true })).toEqual(['hardcodedSubs']);
    expect(flagsIn('Sintel', { half: true })).toEqual(['halfEpisode']);
  });
});
