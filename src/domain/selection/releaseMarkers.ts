/** Words behind which a release name holds tags and no longer the title. All in folded form. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

const SOURCES = words(
  'bluray blu bdrip brrip bdremux bd uhd remux web webdl webrip webdlrip webcap hdtv hdrip dvd dvdrip dvdscr dvd5 dvd9 dvdr pdtv sdtv tvrip satrip dsr ' +
    'vhs vhsrip hddvd cam camrip hdcam ts hdts telesync telecine hdtc scr screener workprint r5 ntsc pal',
);
const CODECS = words(
  'x264 x265 h264 h265 hevc avc av1 xvid divx vp9 mpeg2 vc1 10bit 8bit hi10 hi10p hdr hdr10 dv dovi',
);
const EDITIONS = words(
  'extended remastered uncut unrated uncensored theatrical imax criterion colorized colourised restored retail hybrid redux internal limited ' +
    'proper repack rerip remaster directors complete multi dual special anniversary ultimate collectors final open 3d',
);
const SEASON_WORDS = words('season seasons series saison staffel stagione temporada сезон episode episodes ep');

const PATTERNS: readonly RegExp[] = [
  /^s\d{1,4}(?:e\d.*)?$/,
  /^\d{1,2}x\d{2,4}/,
  /^e(?:p)?\d{1,5}$/,
  /^(?:bd|hd|m)?\d{3,4}[pi]$/,
  /^(?:4k|8k|\d{3,4}x\d{3,4})$/,
  /^\d{1,3}of\d{1,3}$/,
];

/** SxxEyy, resolution, source, codec, edition or season word. */
export function isReleaseMarker(word: string): boolean {
  return (
    SOURCES.has(word) ||
    CODECS.has(word) ||
    EDITIONS.has(word) ||
    SEASON_WORDS.has(word) ||
    PATTERNS.some((pattern) => pattern.test(word))
  );
}
