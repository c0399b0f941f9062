import { scanEpisodes } from './markers.js';
import { singleSeason } from './seasons.js';

/** Which episodes a file of a torrent is, and what said so. */
export interface FileNumbers {
  season: number;
  /** Ascending, never empty. */
  episodes: number[];
  via: 'name' | 'folder' | 'season-folder' | 'torrent';
}

/** Years and resolutions without their `p`. */
const NO_EPISODE = /^(?:(?:19|20)\d{2}|480|576|720|1080|1440|2160)$/;

/** A file that claims more is a range of something else. */
const MAX_EPISODES_PER_FILE = 40;
const MAX_FOLDERS = 12;

const LEADING = /^[\s._[(-]*(\d{1,3})(?:v\d)?(?![\p{L}\p{N}])/iu;
/** What ends a number that stands alone: `- 03 [1080p]` is one, `- 10 Things` and the `1` of `- 1080p` are none. */
const ALONE = '(?!\\d)(?=(?:v\\d)?[\\s._]*(?:$|[-–[(]|\\d{3,4}[pi]))';
const DASHED = new RegExp(`[\\s._][-–][\\s._]+(\\d{1,3})${ALONE}`, 'iu');
const SEASON_AND_NUMBER = new RegExp(`(?<![\\p{L}\\p{N}])S(\\d{1,2})[\\s._]+(?:[-–][\\s._]+)?(\\d{1,3})${ALONE}`, 'iu');
const MARKED = /(?<![\p{L}\p{N}])(?:e|ep|episode|folge|serie|серия)[\s._-]{0,2}(\d{1,3})(?:v\d)?(?![\p{L}\p{N}])/iu;
const COMPACT = /(?<![\p{L}\p{N}])(?<![xh][\s._-])(\d{1,2})(\d{2})(?![\p{L}\p{N}])/giu;

/**
 * Reads season and episodes of a file from, in this order: a marker in its base name, a marker of one episode in the
 * nearest parent folder, a season folder with a number in the base name, the torrent's single season with such a number.
 * A number that is part of one of `titles` is no episode. null = nothing of that.
 */
export function fileNumbers(
  path: string,
  torrentSeason: number | null,
  titles: readonly string[] = [],
): FileNumbers | null {
  const parts = path.split('/').filter((part) => part !== '');
  const base = withoutExtension(parts.at(-1) ?? '').slice(0, 300);
  const folders = parts
    .slice(0, -1)
    .slice(-MAX_FOLDERS)
    .reverse()
    .map((folder) => folder.slice(0, 300));
  const own = explicit(base) ?? seasonAndNumber(base);
  if (own !== null) return own.usable ? { season: own.season, episodes: own.episodes, via: 'name' } : null;
  const inherited = folders.map(explicit).find((found) => found !== null);
  if (inherited?.usable && inherited.episodes.length === 1) {
    return { season: inherited.season, episodes: inherited.episodes, via: 'folder' };
  }
  const season = folders.map(singleSeason).find((found) => found !== null) ?? null;
  // Without a season a number says nothing. Of most releases this is all: expressions made of titles are dear.
  if (season === null && torrentSeason === null) return null;
  const rest = withoutTitles(base, titles);
  return numbered(rest, season, 'season-folder') ?? numbered(rest, torrentSeason, 'torrent');
}

const MAX_TITLE_WORDS = 20;

/** The `24` of `24 - 03` is the show. Where nothing else is left (`24.mkv`), it is an episode all the same. */
function withoutTitles(base: string, titles: readonly string[]): string {
  const rest = patternsOf(titles).reduce((text, title) => text.replace(title, ' '), base);
  return /[\p{L}\p{N}]/u.test(rest) ? rest : base;
}

/** The titles with digits in them. They are the same for all releases of a search: made once. */
const patterns = new WeakMap<readonly string[], RegExp[]>();

function patternsOf(titles: readonly string[]): RegExp[] {
  const known = patterns.get(titles) ?? titles.filter((title) => /\d/.test(title)).map(patternOf);
  patterns.set(titles, known);
  return known;
}

function patternOf(title: string): RegExp {
  const words = (title.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MAX_TITLE_WORDS);
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]{1,3}')}(?![\\p{L}\\p{N}])`, 'iu');
}

const withoutExtension = (name: string): string => name.replace(/\.[A-Za-z0-9]{2,4}$/, '');

function explicit(text: string): { season: number; episodes: number[]; usable: boolean } | null {
  const marker = scanEpisodes(text);
  if (marker === null) return null;
  const usable = marker.lastSeason === null && marker.episodes.length <= MAX_EPISODES_PER_FILE;
  return { season: marker.season, episodes: marker.episodes, usable };
}

function numbered(base: string, season: number | null, via: 'season-folder' | 'torrent'): FileNumbers | null {
  if (season === null) return null;
  const episode = shortNumber(base) ?? compactNumber(base, season) ?? plainNumber(base) ?? dashedNumber(base, season);
  return episode === null ? null : { season, episodes: [episode], via };
}

/** `S2 - 01`, `S01 04 (1080p)`. Of a folder that could as well be two seasons. */
function seasonAndNumber(base: string): ReturnType<typeof explicit> {
  const [, season, episode = ''] = SEASON_AND_NUMBER.exec(base) ?? [];
  if (season === undefined || NO_EPISODE.test(episode)) return null;
  return { season: Number(season), episodes: [Number(episode)], usable: true };
}

/** Goes before a compact number, which may be a word of the episode's title: `01 - Room 104`. */
function shortNumber(base: string): number | null {
  const episode = plainNumber(base);
  return episode !== null && episode < 100 ? episode : null;
}

function plainNumber(base: string): number | null {
  const digits = (LEADING.exec(base) ?? MARKED.exec(base))?.[1];
  return digits === undefined ? null : Number(digits);
}

/** `103` in season 1, `1203` in season 12. */
function compactNumber(base: string, season: number): number | null {
  for (const [, first, rest] of base.matchAll(COMPACT)) {
    const digits = `${first}${rest}`;
    if (season > 0 && Number(first) === season && !NO_EPISODE.test(digits)) return Number(rest);
  }
  return null;
}

/** `Show - 03`. In a later season it may count from the first one on. */
function dashedNumber(base: string, season: number): number | null {
  const digits = season === 1 ? DASHED.exec(base)?.[1] : undefined;
  return digits === undefined || NO_EPISODE.test(digits) ? null : Number(digits);
}
