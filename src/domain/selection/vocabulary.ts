import type { Source } from '../profile.js';
import type { Codec, ParsedHdr, ParsedResolution, TrashReason } from './parsedRelease.js';

/** Turns the parser library's words, and tags it misses, into ours. */

const RESOLUTIONS: ReadonlySet<string> = new Set([
  '4320p',
  '2160p',
  '1440p',
  '1080p',
  '720p',
  '576p',
  '540p',
  '480p',
  '360p',
  '240p',
]);
const EXPLICIT_RESOLUTION =
  /(?<![\p{L}\p{N}])(?:BD|HD|M)?(4320|2160|1440|1080|720|576|540|480|360|240)[pi](?![\p{L}])/iu;
const UHD_BESIDE_SOURCE =
  /(?<![\p{L}\p{N}])(?:UHD[\s._-]{0,3}(?:blu|bd|web|remux)|(?:blu[\s._-]?ray|bd|web(?:[\s._-]?dl)?|remux)[\s._-]{1,3}UHD(?![\p{L}\p{N}]))/iu;
const BARE_RESOLUTIONS: readonly [ParsedResolution, RegExp][] = [
  ['4320p', /(?<![\p{L}\p{N}])(?:8k|7680x\d{4})(?![\p{L}\p{N}])/iu],
  ['2160p', /3840x\d{4}/],
  ['1080p', /1920x\d{3,4}|(?<![\p{L}\p{N}])1080[\s._]Hi10/iu],
  ['2160p', UHD_BESIDE_SOURCE],
];

/** `parsed` is the library's word; an explicit `1080p` beats a bare `4K` (which may only tell the master). */
export function resolutionOf(name: string, parsed: string | undefined): ParsedResolution | null {
  const explicit = EXPLICIT_RESOLUTION.exec(name)?.[1];
  if (parsed?.toLowerCase() === '4k') {
    const downscaled = explicit !== undefined && !/2160|3840x/.test(name);
    return downscaled ? asResolution(`${explicit}p`) : '2160p';
  }
  const bare = BARE_RESOLUTIONS.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
  return (
    asResolution(parsed?.toLowerCase()) ?? asResolution(explicit === undefined ? undefined : `${explicit}p`) ?? bare
  );
}

function asResolution(word: string | undefined): ParsedResolution | null {
  return word !== undefined && RESOLUTIONS.has(word) ? (word as ParsedResolution) : null;
}

const SOURCES: Readonly<Record<string, Source>> = {
  'bluray remux': 'remux',
  remux: 'remux',
  bluray: 'bluray',
  brrip: 'bluray',
  bdrip: 'bluray',
  uhdrip: 'bluray',
  bdmux: 'bluray',
  brmux: 'bluray',
  'web-dl': 'web',
  webrip: 'web',
  'web-dlrip': 'web',
  webcap: 'web',
  web: 'web',
  webmux: 'web',
  dlmux: 'web',
  hdrip: 'web',
  vodr: 'web',
  hdtv: 'tv',
  hdtvrip: 'tv',
  pdtv: 'tv',
  sdtv: 'tv',
  tvrip: 'tv',
  satrip: 'tv',
  ppv: 'tv',
  ppvrip: 'tv',
  dvdrip: 'dvd',
  dvd: 'dvd',
  vhsrip: 'vhs',
};
const TRASH: Readonly<Record<string, TrashReason>> = {
  cam: 'cam',
  telesync: 'telesync',
  telecine: 'telecine',
  scr: 'screener',
  r5: 'r5',
  workprint: 'workprint',
};

const tag = (body: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${body})(?![\\p{L}\\p{N}])`, 'iu');
const HD_DVD = tag('HD[\\s._-]?DVD(?:[\\s._-]?Rip)?');
const VHS = tag('VHS(?:[\\s._-]?Rip)?');
/** The library reads any lone `HD` or `SD` as television. */
const TELEVISION = tag('[HS]D.?TV(?:.?Rip)?|DVB(?:[\\s._-]?Rip)?');
const MISSED_SOURCES: readonly [Source, RegExp][] = [
  ['bluray', tag('BD[\\s._-]?(?:\\d{2,4}[pi]?|Light|Remastered)|M?[\\s._-]?Blu[\\s._-]?Ray|BD')],
  ['web', tag('(?:amazon|netflix|itunes|hbomax|amzn|nf)[\\s._-]?(?:u?hd)')],
  ['dvd', tag('DVD(?:5|9|[\\s._-]?R)|NTSC|PAL')],
  ['tv', tag('DSR(?:ip)?')],
];

/** `quality` is the library's word for the source. */
export function sourceOf(name: string, quality: string | undefined): Source | null {
  if (HD_DVD.test(name)) return 'hddvd';
  const known = quality === undefined ? undefined : SOURCES[quality.toLowerCase()];
  if (known === 'dvd' && VHS.test(name)) return 'vhs';
  const loneHd = (quality === 'HDTV' || quality === 'SDTV') && !TELEVISION.test(name);
  if (known !== undefined && !loneHd) return known;
  return MISSED_SOURCES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
}

export const trashOfQuality = (quality: string | undefined): TrashReason | null =>
  quality === undefined ? null : (TRASH[quality.toLowerCase()] ?? null);

const CODECS: readonly [Codec, RegExp][] = [
  ['hevc', /^(?:[xh][-. ]?265|hevc.*)$/i],
  ['avc', /^(?:[xh][-. ]?264|avc)$/i],
  ['av1', /^av1$/i],
  ['xvid', /^(?:xvid|divx|dvix)$/i],
  ['mpeg2', /^mpeg-?2$/i],
  ['vp', /^vp[89]$/i],
];

const VC1 = tag('VC-?1');
const MPEG2 = tag('MPEG-?2');

export function codecOf(name: string, parsed: string | undefined): Codec | null {
  const known = parsed === undefined ? undefined : CODECS.find(([, pattern]) => pattern.test(parsed))?.[0];
  if (known !== undefined) return known;
  if (VC1.test(name)) return 'vc1';
  return MPEG2.test(name) ? 'mpeg2' : null;
}

const HDR_KINDS: readonly [ParsedHdr, RegExp][] = [
  ['dv', tag('DV|DoVi|Dolby[\\s._-]?Vision')],
  ['hdr10+', /(?<![\p{L}\p{N}])HDR10(?:\+|P(?:lus)?(?![\p{L}\p{N}]))/iu],
  ['hdr', tag('HDR(?:10)?(?!\\+)')],
  ['hlg', tag('HLG')],
];

/** Kinds of HDR that a name or the addon's quality line states; `parsed` are the library's words. */
export function hdrOf(text: string, parsed: readonly string[] = []): ParsedHdr[] {
  const words = ` ${parsed.join(' ')} ${text}`;
  return HDR_KINDS.filter(([, pattern]) => pattern.test(words)).map(([kind]) => kind);
}
