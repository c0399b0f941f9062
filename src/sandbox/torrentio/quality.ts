/** What the addon reads out of one name: torrent title or file path. */
export interface NameInfo {
  resolution: string | null;
  source: string | null;
  codec: string | null;
  bitDepth: string | null;
  hdr: string[];
  threeD: string | null;
  group: string | null;
  languages: string[];
  dubbed: boolean;
}

export const CAM_SOURCES = ['CAM', 'TeleSync', 'TeleCine', 'SCR'];

const RESOLUTIONS: [RegExp, string][] = [
  [/\b(2160p|4k)\b/i, '4k'],
  [/\b1080p\b/i, '1080p'],
  [/\b720p\b/i, '720p'],
  [/\b576p\b/i, '576p'],
  [/\b480p\b/i, '480p'],
];

const SOURCES: [RegExp, string][] = [
  [/\b(HD[ .-]?|HQ[ .-]?)?CAM([ .-]?Rip)?\b/i, 'CAM'],
  [/\b(HD[ .-]?)?(TELESYNC|TS)(Rip)?\b(?!\.ts)/i, 'TeleSync'],
  [/\b(HD[ .-]?)?(TELECINE|TC)\b/i, 'TeleCine'],
  [/\b(DVD|BD|BR)?[ .-]?SCR(EENER)?\b/i, 'SCR'],
  [/\b(UHD[ .-])?Blu-?Ray\b.*\bREMUX\b|\bBDRemux\b/i, 'BluRay REMUX'],
  [/\bBR-?Rip\b/i, 'BRRip'],
  [/\bBD-?Rip\b/i, 'BDRip'],
  [/\bBlu-?Ray\b/i, 'BluRay'],
  [/\bDVD-?Rip\b/i, 'DVDRip'],
  [/\bWEB-?Rip\b/i, 'WEBRip'],
  [/\bWEB[ .-]?DL\b/i, 'WEB-DL'],
  [/\bHDTV\b/i, 'HDTV'],
  [/\bHD-?Rip\b/i, 'HDRip'],
  [/\bWEB\b/, 'WEB'],
  [/\bXviD\b/i, 'XviD'],
];

const CODECS: [RegExp, string][] = [
  [/\bx\.?265\b/i, 'x265'],
  [/\bh[ .]?265\b/i, 'h265'],
  [/\bHEVC\b/i, 'hevc'],
  [/\bx\.?264\b/i, 'x264'],
  [/\bh[ .]?264\b/i, 'h264'],
  [/\bXviD\b/i, 'xvid'],
  [/\bAV1\b/i, 'av1'],
];

const HDR: [RegExp, string][] = [
  [/\b(DV|DoVi|Dolby[ .]?Vision)\b/i, 'DV'],
  [/\bHDR10(\+|Plus)/i, 'HDR10+'],
  [/\bHDR(10)?\b(?!\+|Plus)/i, 'HDR'],
];

/** In the order the addon prints them; its own words come before the flags. */
const LANGUAGES: [RegExp, string][] = [
  [/\bMULTi\b/i, 'Multi Audio'],
  [/\bmulti[ .-]?subs?\b/i, 'Multi Subs'],
  [/\bdual([ .-]?audio)?\b/i, 'Dual Audio'],
  [/\bENG(LISH)?\b/, '🇬🇧'],
  [/[а-яё]{3}|\bRUS(SIAN)?\b/i, '🇷🇺'],
  [/\bITA(LIAN)?\b/, '🇮🇹'],
  [/\b(dublado|legendado|portugu[eê]s)\b/i, '🇵🇹'],
  [/\b(castellano|spanish|espa[nñ]ol)\b/i, '🇪🇸'],
  [/\b(VFF|VFQ|VF2|TRUEFRENCH|FRENCH|VOSTFR)\b/i, '🇫🇷'],
  [/\b(hindi|tamil|telugu)\b/i, '🇮🇳'],
  [/\b(german|deutsch)\b/i, '🇩🇪'],
];

export function readName(name: string): NameInfo {
  return {
    resolution: first(RESOLUTIONS, name),
    source: first(SOURCES, name),
    codec: first(CODECS, name),
    bitDepth: /\b10[ -]?bits?\b|\bHDR10\b/i.test(name) ? '10bit' : null,
    hdr: HDR.filter(([pattern]) => pattern.test(name)).map(([, label]) => label),
    threeD: /\b3D\b/.test(name) ? ['3D', /\bH-?SBS\b/i.exec(name)?.[0] ?? ''].join(' ').trim() : null,
    group: groupOf(name),
    languages: LANGUAGES.filter(([pattern]) => pattern.test(name)).map(([, label]) => label),
    dubbed: /\bdubbed\b/i.test(name),
  };
}

/** The quality line: a CAM-class source replaces the resolution. */
export function qualityOf(torrent: NameInfo, file: NameInfo): string | null {
  const cam = [file.source, torrent.source].find((source) => source !== null && CAM_SOURCES.includes(source));
  return cam ?? file.resolution ?? torrent.resolution ?? file.source ?? torrent.source;
}

export function languagesOf(torrent: NameInfo, file: NameInfo): string[] {
  const said = LANGUAGES.map(([, label]) => label).filter(
    (label) => torrent.languages.includes(label) || file.languages.includes(label),
  );
  if (said.length === 1 && said[0] === '🇬🇧') return [];
  return said.length === 0 && (torrent.dubbed || file.dubbed) ? ['Dubbed'] : said;
}

function first(patterns: [RegExp, string][], name: string): string | null {
  return patterns.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

function groupOf(name: string): string | null {
  const stem = name.slice(name.lastIndexOf('/') + 1).replace(/\.[a-z0-9]{2,4}$/i, '');
  return /^\[([^\]]+)\]/.exec(stem)?.[1] ?? /-([A-Za-z0-9]+)$/.exec(stem)?.[1] ?? null;
}
