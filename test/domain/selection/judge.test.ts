import { describe, expect, test } from '@jest/globals';
import type { QualityProfile, Resolution, Source } from '../../../src/domain/profile.js';
import type { Release } from '../../../src/domain/release.js';
import {
  type JudgeContext,
  judge,
  mayKeepUncached,
  type RejectionCode,
  rejectionCodes,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import {
  codes,
  context,
  GB,
  hash,
  judgeName,
  livingDead,
  MB,
  nameFilter,
  pioneerOne,
  profile,
  profile4k,
  release,
  sintel,
  withProfile,
} from './examples.js';

interface Try {
  name: string;
  wanted?: Wanted;
  ctx?: JudgeContext;
  with?: Partial<Release>;
}

const GOOD = 'Sintel.2010.1080p.BluRay.x265-GRP';
const EPISODE = 'Pioneer.One.S01E01.1080p.WEB.x265-GRP';
const ep = pioneerOne();
const fact = (code: string, more = {}): JudgeContext => context({ facts: [{ code, ...more }] });
const languages = (changes: Partial<QualityProfile['languages']>): JudgeContext =>
  withProfile({ languages: { ...profile.languages, ...changes } });
const hdr = (changes: Partial<QualityProfile['hdr']>): JudgeContext =>
  withProfile({ hdr: { ...profile.hdr, ...changes } });
const uncached = (allow: boolean, minSeeders: number, changes: Partial<JudgeContext> = {}): JudgeContext => ({
  ...withProfile({ uncached: { allow, minSeeders } }),
  ...changes,
});
const tiers = (resolution: Resolution, source: Source): JudgeContext =>
  withProfile({ qualities: [{ resolution, sources: [source] }] });
/** Sintel runs 15 minutes. */
const perMin = (mb: number): Partial<Release> => ({ sizeBytes: Math.round(mb * MB * 15) });

/** Per code: what just passes, and what is just refused, for that reason alone. */
const RULES: Partial<Record<RejectionCode, { passes: Try[]; refused: Try[] }>> = {
  'no-hash': {
    passes: [{ name: GOOD }],
    refused: ['', 'abc', `${hash(1)}0`, `x${hash(1)}`, 'A'.repeat(40)].map((infoHash) => ({
      name: GOOD,
      with: { infoHash },
    })),
  },
  'refused-by-name': {
    passes: [{ name: GOOD, ctx: fact('instant') }],
    refused: [{ name: GOOD, ctx: fact('refused-by-name') }],
  },
  blocked: {
    passes: [{ name: GOOD, ctx: fact('dead', { fileIds: [7] }) }],
    refused: [
      { name: GOOD, ctx: fact('dead') },
      { name: GOOD, ctx: fact('virus', { fileIds: [1] }) },
      { name: GOOD, ctx: fact('rejected-files', { fileIds: [7] }), with: { fileIndex: null } },
    ],
  },
  'lacks-episode': {
    passes: [
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, ctx: fact('instant') },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: pioneerOne({ episodes: [1, 2] }),
        ctx: fact('lacks-episode', { episodes: [1] }),
      },
    ],
    refused: [
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, ctx: fact('lacks-episode', { episodes: [1] }) },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, ctx: fact('lacks-episode') },
    ],
  },
  title: {
    passes: [
      { name: GOOD },
      { name: 'Tears.of.Steel.2010.1080p.BluRay', wanted: { ...sintel, titles: [] } },
      {
        name: 'Open Archive - Night Film Anthology (1968-1968) 1080p BluRay x264',
        wanted: livingDead,
        with: { filePath: 'Archive/01 Night of the Living Dead (1968)/Night.of.the.Living.Dead.1968.1080p.mkv' },
      },
    ],
    refused: [{ name: 'Tears.of.Steel.2010.1080p.BluRay' }, { name: 'Sintel.2.2010.1080p.BluRay' }],
  },
  year: {
    passes: [
      { name: 'Sintel.2009.1080p.BluRay' },
      { name: 'Sintel.2011.1080p.BluRay' },
      { name: 'Sintel.1080p.BluRay' },
      { name: 'Sintel.1990.1080p.BluRay', wanted: { ...sintel, year: null } },
      { name: '1984.1984.1080p.BluRay', wanted: { ...sintel, titles: ['1984'], year: 1984 } },
      { name: '1984.1080p.BluRay', wanted: { ...sintel, titles: ['1984'], year: 1984 } },
      { name: 'Whatever.1080p.BluRay', wanted: { ...sintel, titles: [] } },
      {
        name: 'Whatever.2010.1080p.BluRay',
        wanted: { ...sintel, titles: [] },
        with: { filePath: 'Whatever.1990.mkv' },
      },
      { name: GOOD, with: { filePath: 'Sintel.1990.mkv' } },
      { name: 'Archiv 1990 1080p BluRay', with: { filePath: 'Sintel.2010.mkv' } },
      { name: 'Archiv 1080p BluRay', with: { filePath: 'Sintel.1080p.mkv' } },
      { name: 'Archiv - Sintel [1080p BluRay]', with: { filePath: 'Sintel.2010.mkv' } },
      { name: 'Archiv - 1984 [1080p BluRay]', wanted: { ...sintel, titles: ['1984'], year: 1984 } },
      {
        name: 'Pioneer.One.2024.06.16.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2024-06-16' } }),
      },
      {
        name: 'Pioneer One 1080p WEB',
        wanted: pioneerOne({ airDates: { 1: '2024-06-16' } }),
        with: { filePath: 'Pioneer.One.2024.06.16.mkv' },
      },
      { name: 'Pioneer.One.2010.S01E01.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.S01E01.1080p.WEB.2024', wanted: ep },
      { name: 'S01E01.2024.1080p.WEB', wanted: { ...ep, titles: [] } },
    ],
    refused: [
      { name: 'Sintel.2008.1080p.BluRay' },
      { name: 'Sintel.1990.1080p.BluRay', with: { filePath: 'Sintel.2010.mkv' } },
      { name: 'Archiv 2010 1080p BluRay', with: { filePath: 'Sintel.1990.mkv' } },
      { name: 'Archiv - Sintel [1080p BluRay]', with: { filePath: 'Sintel.1990.mkv' } },
      { name: 'Archiv - 1984 [1080p BluRay]', wanted: { ...sintel, titles: ['1984'], year: 1990 } },
      { name: 'Sintel.1990.06.16.1080p.BluRay' },
      { name: 'Sintel.2012.1080p.BluRay' },
      { name: 'Sintel - Complete Collection 1080p BluRay' },
      { name: 'Archiv - Sintel [1080p BluRay]' },
      ...[
        'Collection',
        'Trilogy',
        'Duology',
        'Quadrilogy',
        'Anthology',
        'Saga',
        'BoxSet',
        'Box-Set',
        'Pack',

        '01 - 12',
      ].map((word) => ({ name: `Sintel.1080p.BluRay.${word}` })),
      { name: 'Pioneer.One.2004.S01E01.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.2004.COMPLETE.1080p.WEB', wanted: ep },
      { name: '1984.1956.1080p.BluRay', wanted: { ...sintel, titles: ['1984'], year: 1984 } },
    ],
  },
  'is-episode': {
    passes: [
      { name: GOOD },
      { name: 'Pioneer 100 - 2010 1080p BluRay', wanted: { ...sintel, titles: ['Pioneer 100'] } },
      {
        name: '[Grp] Pioneer - 100 [1080p WEB]',
        wanted: { ...sintel, titles: ['Pioneer 100', 'Pioneer'], year: null },
      },
    ],
    refused: [
      { name: 'Sintel.S01E01.1080p.WEB' },
      { name: 'Sintel.S01.1080p.WEB' },
      { name: '[Grp] Sintel - 13 [1080p WEB]' },
      { name: 'Sintel.1of6.1080p.WEB' },
      { name: 'Sintel.1080p.WEB', with: { filePath: 'Sintel/Sintel.S01E01.mkv' } },
    ],
  },
  season: {
    passes: [
      { name: 'Pioneer.One.S01-S03.1080p.WEB', wanted: pioneerOne({ season: 2 }) },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: pioneerOne({ season: 0 }),
        with: { filePath: 'Specials/P.S00E01.mkv' },
      },
    ],
    refused: [
      { name: 'Pioneer.One.S02E01.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.S02.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.S00E01.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.S02E01.1080p.WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E01.mkv' } },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { filePath: 'Pioneer.One.S02E01.mkv' } },
      { name: 'Pioneer One 1080p WEB', wanted: ep, with: { filePath: 'Pioneer.One.S02E01.mkv' } },
    ],
  },
  episode: {
    passes: [
      { name: EPISODE, wanted: ep },
      { name: 'Pioneer.One.S01E01E02.1080p.WEB', wanted: pioneerOne({ episodes: [2] }) },
      { name: EPISODE, wanted: ep, with: { filePath: 'Pioneer.One.S01E01E02.mkv' } },
      { name: 'Pioneer.One.S01E01-E03.1080p.WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E03.mkv' } },
    ],
    refused: [
      { name: 'Pioneer.One.S01E02.1080p.WEB', wanted: ep },
      { name: EPISODE, wanted: ep, with: { filePath: 'Pioneer.One.S01E02.mkv' } },
      { name: 'Pioneer One 1080p WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E02.mkv' } },
      { name: '[Grp] Pioneer One - 13 [1080p WEB]', wanted: ep, ctx: context({ absoluteMap: new Map([[1, 12]]) }) },
      { name: '[Grp] Pioneer One - 01 [1080p WEB]', wanted: ep, ctx: context({ absoluteMap: new Map([[2, 2]]) }) },
      {
        name: 'Pioneer.One.2010.06.16.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2010-06-15', 2: '2010-06-16' } }),
      },
    ],
  },
  numbering: {
    passes: [
      { name: '[Grp] Pioneer One - 13 [1080p WEB]', wanted: ep, ctx: context({ absoluteMap: new Map([[1, 13]]) }) },
      {
        name: 'Pioneer.One.2010.06.17.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2010-06-16' } }),
      },
      { name: 'Pioneer One 101 1080p WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E01.mkv' } },
      {
        name: 'Pioneer One 1080p WEB',
        wanted: ep,
        ctx: context({ absoluteMap: new Map([[1, 13]]) }),
        with: { filePath: '[Grp] Pioneer One - 13 [1080p].mkv' },
      },
      { name: 'Pioneer.One.COMPLETE.1080p.WEB', wanted: ep },
    ],
    refused: [
      {
        name: 'Pioneer.One.2010.06.18.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2010-06-16' } }),
      },
      { name: 'Pioneer.One.2010.06.16.1080p.WEB', wanted: ep },
      {
        name: 'Pioneer.One.2010.06.16.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2010-06-15', 2: '2010-06-17' } }),
      },
      {
        name: 'Pioneer.One.2010.06.16.1080p.WEB',
        wanted: pioneerOne({ airDates: { 1: '2010-06-16', 2: '2010-06-16' } }),
      },
      { name: '[Grp] Pioneer One - 01 [1080p WEB]', wanted: ep },
      { name: 'Pioneer.One.2010.06.16.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.1of6.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.COMPLETE.1of6.1080p.WEB', wanted: ep },
    ],
  },
  'partial-pack': {
    passes: [{ name: 'Pioneer.One.S01.Part.1.1080p.WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E01.mkv' } }],
    refused: [
      { name: 'Pioneer.One.S01.Part.1.1080p.WEB', wanted: ep },
      { name: 'Pioneer.One.S01.Part.1.1080p.WEB', wanted: ep, with: { filePath: 'Pioneer.One.S01E02.mkv' } },
    ],
  },
  extras: {
    passes: [
      { name: 'Sintel.2010.1080p.BluRay.+.Extras' },
      {
        name: 'Pioneer One S01 Extras 1080p WEB',
        wanted: pioneerOne({ season: 0 }),
        with: { filePath: 'P.S00E01.mkv' },
      },
    ],
    refused: [{ name: 'Sintel.2010.Extras.1080p.BluRay' }, { name: 'Pioneer One S01 Extras 1080p WEB', wanted: ep }],
  },
  banned: {
    passes: [
      { name: 'Sintel.2010.2D.1080p.BluRay' },
      { name: 'Sintel.2010.3D.1080p.BluRay', ctx: withProfile({ banned: [] }) },
      { name: 'Sintel.3D.2010.1080p.BluRay', wanted: { ...sintel, titles: ['Sintel', 'Sintel 3D'] } },
    ],
    refused: [
      { name: 'Sintel.2010.1080p.HDCAM' },
      { name: 'Sintel.2010.1080p.TELESYNC' },
      { name: 'Sintel.2010.1080p.HDTC' },
      { name: 'Sintel.2010.1080p.DVDSCR' },
      { name: 'Sintel.2010.1080p.WORKPRINT' },
      { name: 'Sintel.2010.1080p.R5' },
      { name: 'Sintel.2010.1080p.HQ.Clean.Audio' },
      { name: 'Sintel.2010.3D.1080p.BluRay' },
      { name: 'Sintel.3D.2010.1080p.HDCAM', wanted: { ...sintel, titles: ['Sintel 3D'] } },
      { name: 'Sintel.2010.1080p.Upscaled.BluRay' },
      { name: 'Sintel.2010.1080p.BluRay.BD50' },
      { name: 'Sintel.2010.1080p.HC.WEB' },
      { name: 'Sintel.2010.1080p', with: { quality: 'CAM' } },
      { name: 'Sintel.2010.1080p.BluRay', with: { filePath: 'S/BDMV/STREAM/00001.m2ts' } },
    ],
  },
  'banned-term': {
    passes: [{ name: 'Sintel.2010.1080p.BluRay.KORAX', ctx: withProfile({ bannedTerms: ['kora', '', '.*'] }) }],
    refused: [
      { name: 'Sintel.2010.1080p.BluRay.KORA', ctx: withProfile({ bannedTerms: ['kora'] }) },
      { name: 'Sintel.2010.1080p.BluRay.Open-Matte', ctx: withProfile({ bannedTerms: ['open matte'] }) },
      { name: GOOD, ctx: withProfile({ bannedTerms: ['YTS'] }), with: { filePath: 'Sintel.2010.[YTS.MX].mkv' } },
    ],
  },
  group: {
    passes: [
      { name: GOOD, ctx: withProfile({ groups: { prefer: {}, reject: ['OTHER', '-'] } }) },
      { name: 'Sintel.2010.DON.1080p.WEB-GRP', ctx: withProfile({ groups: { prefer: {}, reject: ['DON', 'GR'] } }) },
    ],
    refused: [
      { name: GOOD, ctx: withProfile({ groups: { prefer: {}, reject: ['grp'] } }) },
      { name: 'Sintel (2010) [1080p] [YTS.MX]', ctx: withProfile({ groups: { prefer: {}, reject: ['yts'] } }) },
      { name: 'Sintel (2010) [1080p] [YTS.MX]', ctx: withProfile({ groups: { prefer: {}, reject: ['YTS.MX'] } }) },
      {
        name: 'Sintel 2010',
        with: { filePath: 'S/Sintel.2010.1080p.BluRay.YIFY.mkv' },
        ctx: withProfile({ groups: { prefer: {}, reject: ['YIFY'] } }),
      },
    ],
  },
  'not-4k': {
    passes: [
      { name: 'Sintel.2010.2160p.BluRay', wanted: { ...sintel, tier: '4k' }, ctx: context({ profile: profile4k }) },
    ],
    refused: [{ name: GOOD, wanted: { ...sintel, tier: '4k' } }],
  },
  quality: {
    passes: [
      { name: 'Sintel.2010.1080p.BluRay' },
      { name: 'Sintel.2010.1080p.BluRay.REMUX' },
      { name: 'Sintel.2010.1080p.HD-DVD' },
      { name: 'Sintel.2010.BluRay', with: { quality: '1080p' } },
      { name: 'Sintel.2010.BluRay', with: { filePath: 'Sintel.2010.720p.mkv' } },
      {
        name: 'Sintel.2010.DVDRip',
        ctx: tiers('480p', 'dvd'),
      },
      { name: 'Sintel.2010.DVDRip', ctx: tiers('576p', 'dvd') },
    ],
    refused: [
      { name: 'Sintel.2010.2160p.BluRay' },
      { name: 'Sintel.2010.720p.DVDRip' },
      { name: 'Sintel.2010.BluRay' },
      { name: 'Sintel.2010.DVDRip' },
      { name: 'Sintel.2010.480p' },
      { name: 'Sintel.2010.DVDRip', ctx: tiers('720p', 'dvd') },
      { name: 'Sintel.2010.720p.DVDRip', ctx: tiers('480p', 'dvd') },
      { name: 'Sintel.2010.BluRay', ctx: tiers('480p', 'bluray') },
      { name: 'Sintel.2010.1080p.HDTV', ctx: tiers('1080p', 'bluray') },
    ],
  },
  'unknown-source': {
    passes: [
      { name: 'Sintel.2010.1080p' },
      { name: 'Sintel.2010.1080p', ctx: withProfile({ qualities: [{ resolution: '1080p', sources: ['bluray'] }] }) },
    ],
    refused: [
      { name: 'Sintel.2010.1080p', ctx: withProfile({ unknownSource: 'reject' }) },
      { name: 'Sintel.2010.1080p.HDCAM', ctx: withProfile({ unknownSource: 'reject', banned: [] }) },
    ],
  },
  'held-out': {
    passes: [
      { name: GOOD, ctx: withProfile({ acceptLowerAfter: 1000 }) },
      { name: 'Sintel.2010.720p.WEB', ctx: { ...withProfile({ acceptLowerAfter: 1000 }), waitedMs: 1000 } },
    ],
    refused: [
      { name: 'Sintel.2010.720p.WEB', ctx: { ...withProfile({ acceptLowerAfter: 1000 }), waitedMs: 999 } },
      { name: 'Sintel.2010.1080p', ctx: withProfile({ acceptLowerAfter: 1000 }) },
    ],
  },
  language: {
    passes: [
      { name: `${GOOD}`, ctx: languages({ requireAny: ['de'] }) },
      { name: 'Sintel.2010.German.1080p.BluRay', ctx: languages({ requireAny: ['de'], allowUnknown: false }) },
      { name: 'Sintel.2010.German.1080p.BluRay', ctx: languages({ requireAny: ['fr', 'de', 'it'] }) },
      { name: 'Sintel.2010.1080p.BluRay', ctx: languages({ requireAny: ['german'] }), with: { languages: ['🇩🇪'] } },
      { name: 'Sintel.2010.ITA.MULTi.1080p.BluRay', ctx: languages({ requireAny: ['de'] }) },
      { name: 'Sintel.2010.SUBFRENCH.1080p.WEB', ctx: languages({ reject: ['fr'] }) },
      { name: 'Sintel.2010.SUBFRENCH.1080p.WEB', ctx: languages({ reject: ['fr'] }), with: { languages: ['🇫🇷'] } },
      { name: GOOD, ctx: languages({ requireAny: ['de'], allowUnknown: false }), with: { languages: ['Multi Audio'] } },
    ],
    refused: [
      { name: GOOD, ctx: languages({ allowUnknown: false }) },
      { name: 'Sintel.2010.ITA.1080p.BluRay', ctx: languages({ requireAny: ['de'] }) },
      { name: 'Sintel.2010.ITA.MULTi.1080p.BluRay', ctx: languages({ requireAny: ['de'], acceptMulti: false }) },
      { name: 'Sintel.2010.German.DL.1080p.BluRay', ctx: languages({ reject: ['de'] }) },
      { name: GOOD, ctx: languages({ reject: ['ru'] }), with: { languages: ['🇬🇧', '🇷🇺'] } },
      { name: 'Sintel.2010.German.1080p.BluRay', ctx: languages({ requireAny: ['no such language'] }) },
    ],
  },
  hdr: {
    passes: [
      { name: 'Sintel.2010.1080p.BluRay.DV.HDR10' },
      { name: 'Sintel.2010.1080p.BluRay.DV', ctx: hdr({ dvWithoutHdrFallback: 'allow' }) },
      { name: 'Sintel.2010.1080p.BluRay.HDR', ctx: hdr({ allow: ['hdr'] }) },
    ],
    refused: [
      { name: 'Sintel.2010.1080p.BluRay.DV' },
      { name: 'Sintel.2010.1080p.BluRay.HDR', ctx: hdr({ allow: ['sdr'] }) },
      { name: 'Sintel.2010.1080p.BluRay', ctx: hdr({ allow: ['hdr'] }) },
      { name: 'Sintel.2010.1080p.BluRay', ctx: hdr({ allow: ['sdr'] }), with: { quality: '1080p HDR10+' } },
    ],
  },
  'too-small': {
    passes: [
      { name: GOOD, with: perMin(6) },
      { name: GOOD, with: { sizeBytes: null } },
      { name: GOOD, with: { sizeBytes: 1 }, wanted: { ...sintel, runtimeMin: null } },
      { name: 'Sintel.2010.720p.WEB', with: perMin(4) },
      { name: 'Pioneer.One.S00E01.1080p.WEB', wanted: pioneerOne({ season: 0 }), with: { sizeBytes: MB } },
      { name: EPISODE, wanted: pioneerOne({ specials: true }), with: { sizeBytes: MB } },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { fileIndex: null, sizeBytes: MB } },
      { name: 'Pioneer.One.S01E01E02.1080p.WEB', wanted: ep, with: { sizeBytes: 6 * MB * 60 } },
      { name: GOOD, wanted: { ...sintel, runtimeMin: 0 }, with: { sizeBytes: 1 } },
      { name: GOOD, wanted: { ...sintel, runtimeMin: 1 }, with: { sizeBytes: 6 * MB } },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { filePath: 'P.S01E01E02.mkv', sizeBytes: 6 * MB * 60 } },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { filePath: 'x.mkv', sizeBytes: 6 * MB * 30 } },
      {
        name: 'Pioneer.One.S01E01E02.1080p.WEB',
        wanted: ep,
        with: { filePath: 'x.mkv', packMarker: true, sizeBytes: 6 * MB * 30 },
      },
    ],
    refused: [
      { name: GOOD, with: perMin(5.99) },
      { name: GOOD, with: { ...perMin(5.99), fileIndex: null } },
      { name: EPISODE, wanted: ep, with: { fileIndex: null, sizeBytes: MB } },
      { name: 'Sintel.2010.720p.WEB', with: perMin(3.99) },
      { name: GOOD, wanted: { ...sintel, runtimeMin: 1 }, with: { sizeBytes: 6 * MB - 1 } },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: ep,
        with: { filePath: 'P.S01E01E02.mkv', sizeBytes: 6 * MB * 60 - 1 },
      },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: ep,
        with: { fileIndex: null, filePath: 'P.S01E01.mkv', sizeBytes: 6 * MB * 30 - 1 },
      },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { filePath: 'x.mkv', sizeBytes: 6 * MB * 30 - 1 } },
      {
        name: 'Pioneer.One.S01E01E02.1080p.WEB',
        wanted: ep,
        with: { filePath: 'x.mkv', packMarker: true, sizeBytes: 6 * MB * 30 - 1 },
      },
      { name: 'Pioneer.One.S01E01E02.1080p.WEB', wanted: ep, with: { sizeBytes: 6 * MB * 60 - 1 } },
      { name: 'Pioneer One S01 1080p WEB', wanted: ep, with: { filePath: 'P.S01E01.mkv', sizeBytes: 6 * MB * 30 - 1 } },
    ],
  },
  'too-big': {
    passes: [
      { name: GOOD, with: perMin(200) },
      { name: 'Sintel.2010.720p.WEB', with: perMin(80) },
      { name: GOOD, wanted: { ...sintel, runtimeMin: null }, with: { sizeBytes: 40 * GB } },
      { name: EPISODE, wanted: pioneerOne({ runtimeMin: null }), with: { sizeBytes: 12 * GB } },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: pioneerOne({ runtimeMin: null }),
        with: { fileIndex: null, sizeBytes: 100 * GB },
      },
      {
        name: 'Pioneer.One.S01E01E02.1080p.WEB',
        wanted: pioneerOne({ runtimeMin: null }),
        with: { sizeBytes: 24 * GB },
      },
    ],
    refused: [
      { name: GOOD, with: perMin(200.01) },
      { name: 'Sintel.2010.720p.WEB', with: perMin(80.01) },
      { name: GOOD, wanted: { ...sintel, runtimeMin: null }, with: { sizeBytes: 40 * GB + 1 } },
      { name: EPISODE, wanted: pioneerOne({ runtimeMin: null }), with: { sizeBytes: 12 * GB + 1 } },
      { name: GOOD, wanted: { ...sintel, runtimeMin: null }, with: { fileIndex: null, sizeBytes: 40 * GB + 1 } },
      { name: EPISODE, wanted: pioneerOne({ runtimeMin: null }), with: { fileIndex: null, sizeBytes: 12 * GB + 1 } },
      {
        name: 'Pioneer One S01 1080p WEB',
        wanted: pioneerOne({ runtimeMin: null }),
        with: { sizeBytes: 12 * GB + 1 },
      },
    ],
  },
  uncached: {
    passes: [
      { name: GOOD, ctx: uncached(false, 0) },
      { name: GOOD, ctx: uncached(false, 0), with: { cached: false } },
      { name: GOOD, ctx: uncached(false, 0, { knownCached: true }) },
      { name: GOOD, ctx: uncached(false, 0, { knownCached: null }) },
      { name: GOOD, ctx: uncached(false, 0, { facts: [{ code: 'instant' }] }) },
      { name: GOOD, ctx: uncached(true, 0, { knownCached: false }) },
      { name: GOOD, ctx: uncached(false, 0, { facts: [{ code: 'not-cached', fileIds: [2] }] }) },
      { name: GOOD, ctx: uncached(false, 0, { facts: [{ code: 'not-cached' }], knownCached: true }) },
    ],
    refused: [
      { name: GOOD, ctx: uncached(false, 0, { knownCached: false }) },
      { name: GOOD, ctx: uncached(false, 0, { facts: [{ code: 'not-cached', fileIds: [1] }] }) },
      { name: GOOD, ctx: uncached(false, 0, { facts: [{ code: 'not-cached' }] }), with: { cached: true } },
    ],
  },
  seeders: {
    passes: [
      { name: GOOD, ctx: uncached(true, 5), with: { seeders: 0 } },
      { name: GOOD, ctx: uncached(true, 5), with: { seeders: 0, cached: false } },
      { name: GOOD, ctx: uncached(true, 5, { knownCached: false }), with: { seeders: 5 } },
      { name: GOOD, ctx: uncached(true, 5, { knownCached: false }), with: { seeders: null } },
    ],
    refused: [{ name: GOOD, ctx: uncached(true, 5, { knownCached: false }), with: { seeders: 4 } }],
  },
  'name-filter': {
    passes: [
      { name: 'Sintel.2010.1080p.WEB-DL' },
      { name: GOOD, ctx: context({ nameFilter: { ...nameFilter, mode: 'skip' } }) },
      { name: 'Sintel.2010.1080p.WEB-DL', ctx: context({ nameFilter: { ...nameFilter, mode: 'off' } }) },
    ],
    refused: [{ name: 'Sintel.2010.1080p.WEB-DL', ctx: context({ nameFilter: { ...nameFilter, mode: 'skip' } }) }],
  },
};

const run = ({ name, wanted = sintel, ctx = context(), with: changes }: Try) => judgeName(name, wanted, ctx, changes);

describe.each(Object.entries(RULES))('rule %s', (code, { passes, refused }) => {
  test.each(passes)('passes %j', (attempt) => {
    expect(codes(run(attempt))).toEqual([]);
  });

  test.each(refused)('refuses %j', (attempt) => {
    const verdict = run(attempt);
    expect(codes(verdict)).toEqual([code]);
    expect(verdict).toMatchObject({ accepted: false, score: null });
    for (const { got, wanted } of verdict.rejections) expect(got.length * wanted.length).toBeGreaterThan(0);
  });
});

describe('rejections', () => {
  test('every code of the table has a rule here or belongs to the files', () => {
    const ofFiles = [
      'executable',
      'archive',
      'disc-structure',
      'no-video',
      'files-too-small',
      'only-extras',
      'is-series',
      'multi-part',
      'ambiguous-collection',
      'episode-absent',
    ];
    expect(Object.keys(rejectionCodes).sort()).toEqual([...Object.keys(RULES), ...ofFiles].sort());
  });

  test('come in the order of the rules, all of them', () => {
    const ctx: JudgeContext = {
      ...uncached(false, 0, { knownCached: false, facts: [{ code: 'dead' }] }),
      nameFilter: { ...nameFilter, mode: 'skip' },
    };
    const verdict = judgeName('Tears.of.Steel.1990.DVDSCR.WEB-DL.DV', sintel, ctx, { sizeBytes: 41 * GB });
    expect(codes(verdict)).toEqual([
      'blocked',
      'title',
      'year',
      'banned',
      'quality',
      'hdr',
      'too-big',
      'uncached',
      'name-filter',
    ]);
  });

  const strict: JudgeContext = {
    ...uncached(false, 0, { knownCached: false, facts: [{ code: 'refused-by-name' }, { code: 'dead' }] }),
    nameFilter: { ...nameFilter, mode: 'skip' },
  };
  strict.profile = {
    ...strict.profile,
    acceptLowerAfter: 1000,
    bannedTerms: ['terms'],
    groups: { prefer: {}, reject: ['grp'] },
    languages: { ...profile.languages, reject: ['de'] },
    maxSizeGb: { movie: 0, episode: 0 },
  };
  const NAME = 'Extras.Terms.DVDSCR.German.DV.WEB-DL-GRP';
  test.each<[string, string, Wanted, Partial<Release>, RejectionCode[]]>([
    [
      'a movie',
      `Tears.of.Steel.1990.S01E01.480p.${NAME}`,
      { ...sintel, tier: '4k' },
      { infoHash: 'abc' },
      [
        ...(['no-hash', 'refused-by-name', 'blocked', 'title', 'year', 'is-episode', 'banned'] as const),
        ...(['banned-term', 'group', 'not-4k', 'quality', 'language', 'hdr', 'too-big'] as const),
        ...(['uncached', 'name-filter'] as const),
      ],
    ],
    [
      'an episode',
      `Tears.of.Steel.1990.S02E01.720p.${NAME}`,
      { ...ep, tier: '4k' },
      {},
      [
        ...(['refused-by-name', 'blocked', 'title', 'year', 'season', 'banned', 'banned-term'] as const),
        ...(['group', 'not-4k', 'held-out', 'language', 'hdr', 'too-small', 'too-big'] as const),
        ...(['uncached', 'name-filter'] as const),
      ],
    ],
  ])('in this order for %s', (_, name, wanted, changes, expected) => {
    expect(codes(judgeName(name, wanted, strict, { sizeBytes: MB, ...changes }))).toEqual(expected);
  });

  test('what is lacking comes before extras, extras before what is banned, being held out before the language', () => {
    const ctx = { ...strict, knownCached: true, facts: [{ code: 'lacks-episode' }] };
    expect(codes(judgeName('Pioneer.One.S01.Extras.720p.German.HDCAM', ep, ctx))).toEqual([
      'lacks-episode',
      'extras',
      'banned',
      'held-out',
      'language',
    ]);
    const name = 'Pioneer.One.S01.Extras.720p.German.WEB';
    expect(codes(judgeName(name, ep, ctx))).toEqual(['lacks-episode', 'extras', 'held-out', 'language']);
    expect(codes(judgeName(name, { ...ep, tier: '4k' }, ctx))).toEqual([
      'lacks-episode',
      'extras',
      'not-4k',
      'held-out',
      'language',
    ]);
  });

  test.each([
    ['Sintel.S01E02.1080p.WEB', null, 'season 1, episode 2'],
    ['Sintel.S01.1080p.WEB', null, 'season 1'],
    ['Sintel.1080p.WEB', 'Sintel.S03E04.mkv', 'season 3'],
    ['Sintel.S02.1080p.WEB', 'Sintel.S03E04.mkv', 'season 2'],
    ['[Grp] Sintel - 13 [1080p WEB]', null, 'season ?, episode 13'],
    ['[Grp] Sintel - 13 [1080p WEB]', 'Sintel.mkv', 'season ?, episode 13'],
  ])('say what %s is instead of a movie', (name, filePath, got) => {
    const { rejections } = judgeName(name, sintel, context(), { filePath });
    expect(rejections.find(({ code }) => code === 'is-episode')).toMatchObject({ got });
  });

  test('a number of the title is an episode all the same in another title', () => {
    const wanted: Wanted = { ...sintel, titles: ['Pioneer 100'], year: null };
    expect(codes(judgeName('[Grp] Other - 100 [1080p WEB]', wanted))).toEqual(['title', 'is-episode']);
  });

  test.each<[RejectionCode, string, boolean]>([
    ['season', 'Pioneer.One.S02E01.1080p.WEB', true],
    ['episode', 'Pioneer.One.S01E02.1080p.WEB', true],
    ['partial-pack', 'Pioneer.One.S01.Part.1.1080p.WEB', true],
    ['numbering', 'Pioneer.One.1of6.1080p.WEB', false],
  ])('%s of %s is permanent: %s', (code, name, permanent) => {
    expect(judgeName(name, ep).rejections).toMatchObject([{ code, permanent }]);
  });

  test('say how big it is', () => {
    expect(judgeName(GOOD, sintel, context(), perMin(5.5)).rejections).toMatchObject([
      { got: '5.5 MB/min', wanted: 'at least 6 MB/min' },
    ]);
    expect(
      judgeName(GOOD, { ...sintel, runtimeMin: null }, context(), { sizeBytes: 41 * GB }).rejections,
    ).toMatchObject([{ got: '41.00 GB', wanted: 'at most 40 GB' }]);
  });

  test('say which tiers there are', () => {
    expect(judgeName('Sintel.2010.2160p.BluRay', sintel).rejections).toMatchObject([
      { got: '2160p bluray', wanted: '1080p bluray/web, 1080p tv, 720p bluray/web/tv' },
    ]);
  });

  test('tell what time can change', () => {
    const held = judgeName('Sintel.2010.720p.WEB', sintel, withProfile({ acceptLowerAfter: 1000 }));
    expect(held.rejections).toMatchObject([{ code: 'held-out', permanent: false }]);
    const waiting = { ...withProfile({ acceptLowerAfter: 86_400_000 }), waitedMs: 5_000_000 };
    expect(judgeName('Sintel.2010.720p.WEB', sintel, waiting).rejections).toMatchObject([
      { got: 'tier 3 after 1.4 h', wanted: 'tier 1, or a lower one after 24 h' },
    ]);
    expect(judgeName(GOOD, sintel, fact('dead', { until: 5 })).rejections).toMatchObject([{ permanent: false }]);
    expect(judgeName(GOOD, sintel, fact('dead')).rejections).toMatchObject([{ permanent: true }]);
    expect(judgeName(GOOD, sintel, fact('dead', { until: null })).rejections).toMatchObject([{ permanent: true }]);
    expect(judgeName('Sintel.2012.1080p.WEB', sintel).rejections).toMatchObject([
      { permanent: true, got: '2012', wanted: '2010' },
    ]);
  });
});

describe('a verdict', () => {
  test.each([
    ['Pioneer.One.S01E01.1080p.WEB', 'single', [1]],
    ['Pioneer.One.S01E01E02.1080p.WEB', 'partial', [1, 2]],
    ['Pioneer.One.S01E01-E06.1080p.WEB', 'season', [1, 2, 3]],
    ['Pioneer.One.S01.1080p.WEB', 'season', [1, 2, 3]],
    ['Pioneer.One.S01-S02.1080p.WEB', 'multi-season', [1, 2, 3]],
    ['Pioneer.One.COMPLETE.1080p.WEB', 'multi-season', [1, 2, 3]],
  ])('tells how much %s holds', (name, pack, covers) => {
    expect(judgeName(name, pioneerOne({ episodes: [1, 2, 3] }))).toMatchObject({ accepted: true, pack, covers });
  });

  test.each<[string, boolean, number | null, string]>([
    ['Pioneer.One.S01E01.1080p.WEB', true, 6, 'single'],
    ['[Grp] Pioneer One - 11 [1080p WEB]', true, 6, 'single'],
    ['Pioneer.One.1of6.1080p.WEB', true, 6, 'single'],
    ['Pioneer.One.2010.06.16.1080p.WEB', true, 6, 'single'],
    ['Pioneer One 1080p WEB', true, 6, 'partial'],
    ['Pioneer One 1080p WEB', false, 6, 'single'],
    ['[Grp] Pioneer One - 01-06 [1080p WEB]', false, 6, 'partial'],
    ['Pioneer.One.S01E01-E05.1080p.WEB', false, 6, 'partial'],
    ['Pioneer.One.S01E01-E06.1080p.WEB', false, 6, 'season'],
    ['Pioneer.One.S01E01-E07.1080p.WEB', false, 6, 'season'],
    ['Pioneer.One.S01E01-E06.1080p.WEB', false, null, 'partial'],
    ['Pioneer.One.S01.Part.1.1080p.WEB', false, 6, 'partial'],
  ])(
    'how much %s holds (marked as a pack: %s), of a season of %s: %s',
    (name, packMarker, seasonEpisodeCount, pack) => {
      expect(judgeName(name, pioneerOne({ seasonEpisodeCount }), context(), { packMarker }).pack).toBe(pack);
    },
  );

  test('a complete pack covers all that is wanted, whatever file was matched', () => {
    const wanted = pioneerOne({ episodes: [1, 2, 3] });
    const changes = { filePath: 'P.S01E02.mkv' };
    expect(judgeName('Pioneer.One.COMPLETE.1080p.WEB', wanted, context(), changes).covers).toEqual([1, 2, 3]);
  });

  test('covers nothing when it is another episode', () => {
    expect(judgeName('Pioneer.One.S01E02.1080p.WEB', ep).covers).toEqual([]);
  });

  test('a pack of unknown extent covers what its file line shows', () => {
    const wanted = pioneerOne({ episodes: [1, 2, 3] });
    const changes = { filePath: 'Pioneer One/1x02.mkv', packMarker: true };
    expect(judgeName('Pioneer One 1080p WEB', wanted, context(), changes)).toMatchObject({
      pack: 'partial',
      covers: [2],
    });
  });

  test('leaves out what the torrent is known to lack', () => {
    const ctx = fact('lacks-episode', { episodes: [2] });
    expect(judgeName('Pioneer.One.S01.1080p.WEB', pioneerOne({ episodes: [1, 2, 3] }), ctx).covers).toEqual([1, 3]);
  });

  test('lists what it covers in ascending order', () => {
    expect(judgeName('Pioneer.One.S01.1080p.WEB', pioneerOne({ episodes: [3, 1, 2] })).covers).toEqual([1, 2, 3]);
  });

  test('of a movie has no pack and covers no episode', () => {
    expect(judgeName(GOOD, sintel)).toMatchObject({ pack: null, covers: [] });
  });

  test('scores by named parts', () => {
    const ctx = withProfile({
      scores: { remux: 7, hevc: 10, proper: 5, repack: 0 },
      groups: { prefer: { grp: 3 }, reject: [] },
    });
    const verdict = judgeName('Sintel.2010.1080p.BluRay.REMUX.PROPER.REPACK.HEVC-GRP', sintel, ctx);
    expect(verdict.score).toEqual({
      total: 25,
      parts: [
        { name: 'remux', points: 7 },
        { name: 'hevc', points: 10 },
        { name: 'proper', points: 5 },
        { name: 'group', points: 3 },
      ],
    });
  });

  test.each<[string, [string, number][]]>([
    ['Sintel.2010.1080p.BluRay.AV1', []],
    ['Sintel.2010.1080p.BluRay.REMUX.AV1', [['remux', 7]]],
    ['Sintel.2010.1080p.BluRay.HEVC', [['hevc', 10]]],
    ['Sintel.2010.1080p.BluRay.PROPER', [['proper', -5]]],
    ['Sintel.2010.1080p.BluRay.REPACK', [['repack', 3]]],
    ['Sintel.2010.1080p.BluRay-GRP', [['group', 2]]],
    ['Sintel.2010.1080p.BluRay-OTHER', []],
  ])('%s earns %j', (name, earned) => {
    const ctx = withProfile({
      scores: { remux: 7, hevc: 10, proper: -5, repack: 3 },
      groups: { prefer: { first: 1, GRP: 2 }, reject: [] },
    });
    expect(judgeName(name, sintel, ctx).score).toEqual({
      total: earned.reduce((sum, [, points]) => sum + points, 0),
      parts: earned.map(([part, points]) => ({ name: part, points })),
    });
  });

  test.each([
    ['Sintel.2010.1080p.WEB', 0],
    ['Sintel.2010.1080p.BluRay.REMUX', 0],
    ['Sintel.2010.1080p.HDTV', 1],
    ['Sintel.2010.1080p', 1.5],
    ['Sintel.2010.720p.HDTV', 2],
    ['Sintel.2010.720p', 2.5],
    ['Sintel.2010.480p.WEB', null],
  ])('puts %s into tier %s', (name, tierIndex) => {
    expect(judgeName(name, sintel).tierIndex).toBe(tierIndex);
  });

  test('a remux tier of its own is found first', () => {
    const ctx = withProfile({
      qualities: [
        { resolution: '1080p', sources: ['remux'] },
        { resolution: '1080p', sources: ['bluray'] },
      ],
    });
    expect(judgeName('Sintel.2010.1080p.BluRay.REMUX', sintel, ctx).tierIndex).toBe(0);
    expect(judgeName('Sintel.2010.1080p.BluRay', sintel, ctx).tierIndex).toBe(1);
  });

  test('knows what is certain, and the size per minute', () => {
    const ctx = languages({ requireAny: ['de'] });
    const verdict = judgeName('Sintel.2010.German.1080p.BluRay', sintel, ctx, { sizeBytes: 150 * MB });
    expect(verdict).toMatchObject({ certainty: { year: true, language: true }, mbPerMin: 10 });
    expect(judgeName('Sintel.1080p.BluRay', sintel, ctx)).toMatchObject({
      certainty: { year: false, language: false },
      mbPerMin: null,
    });
    expect(judgeName('Sintel.1080p.BluRay', sintel).certainty.language).toBe(true);
    const several = languages({ requireAny: ['fr', 'de'] });
    expect(judgeName('Sintel.2010.German.1080p.BluRay', sintel, several).certainty.language).toBe(true);
    const asEpisodes = { filePath: 'Sintel.S01E01E02.mkv', sizeBytes: 150 * MB };
    expect(judgeName(GOOD, sintel, context(), asEpisodes).mbPerMin).toBe(10);
    const titled: Wanted = { ...sintel, titles: ['1984'], year: 1984 };
    expect(judgeName('1984.1080p.BluRay', titled).certainty.year).toBe(true);
    expect(judgeName('1984.1080p.BluRay', { ...titled, year: 1956 }).certainty.year).toBe(false);
  });

  test('predicts a refusal by name without acting on it', () => {
    expect(judgeName('Sintel.2010.1080p.WEB-DL', sintel)).toMatchObject({ nameRefusal: true, accepted: true });
    expect(judgeName(GOOD, sintel).nameRefusal).toBe(false);
  });

  test('is the same for the same question', () => {
    const one = release(GOOD, { infoHash: hash(1) });
    expect(judge(one, sintel, context())).toEqual(judge(one, sintel, context()));
  });
});

describe('keeping an uncached release', () => {
  test.each([
    [true, 5, 5, true],
    [true, 5, 4, false],
    [true, 0, 0, true],
    [true, 5, null, true],
    [false, 0, 100, false],
  ])('allow %s, at least %s, seeders %s: %s', (allow, minSeeders, seeders, ok) => {
    expect(mayKeepUncached({ seeders }, { uncached: { allow, minSeeders } }).ok).toBe(ok);
  });

  test('says why not', () => {
    expect(mayKeepUncached({ seeders: 4 }, { uncached: { allow: true, minSeeders: 5 } })).toEqual({
      ok: false,
      rejection: { code: 'seeders', got: '4', wanted: 'at least 5', permanent: false },
    });
    expect(mayKeepUncached({ seeders: 9 }, { uncached: { allow: false, minSeeders: 5 } })).toMatchObject({
      rejection: { code: 'uncached' },
    });
  });
});
