import type { Tier } from './media.js';
import { episodeLabel } from './want.js';

/**
 * The names under which Jellyfin identifies a file with certainty: its folder says the ids. Pure and stable; each name
 * is one harmless component of a path, whatever a title looks like.
 */

/** What a title's folder is named after. */
export interface LinkTitle {
  /** null = not known. */
  title: string | null;
  year: number | null;
  tmdbId: number;
  imdbId: string | null;
  tvdbId: number | null;
}

/** The rest of a name (year, ids, tier, extension) needs at most 94 of the 255 bytes that a file system allows. */
const LONGEST_TITLE = 160;

/** What no file system or player may be given, and brackets, in which Jellyfin looks for ids. */
const FORBIDDEN = /[<>:"/\\|?*[\]{}]/g;
/** Invisible characters, among them those that turn the direction of writing; and halves of characters. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029\ufffd]/gu;

/** A title as part of a file name; empty when nothing of it is left. */
export const cleanTitle = (title: string): string => {
  const harmless = title
    .slice(0, 4 * LONGEST_TITLE)
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(FORBIDDEN, ' ')
    // A title must not be able to say an id: Jellyfin takes the first one that it finds.
    .replace(/(tmdb|tvdb|imdb)(id)?[-=]/gi, '$1$2 ')
    .replace(/tt(?=\d{7})/gi, 'tt ');
  return trimmed(withinBytes(trimmed(harmless.replace(/\s+/g, ' ')), LONGEST_TITLE));
};

/** A leading dot hides a folder; a trailing one is lost on some file systems. */
const trimmed = (text: string): string => text.replace(/^[\s.]+|[\s.]+$/g, '');

const withinBytes = (text: string, most: number): string => {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) {
      return kept;
    }
    kept += character;
  }
  return kept;
};

const shownTitle = (title: string | null): string => cleanTitle(title ?? '') || 'Untitled';

const isId = (id: number | null): id is number => id !== null && Number.isSafeInteger(id) && id > 0;

/** `Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]`; a show's with `[tvdbid-N]` too. */
export const titleFolder = (type: 'movie' | 'tv', { title, year, tmdbId, imdbId, tvdbId }: LinkTitle): string =>
  [
    shownTitle(title),
    ...(year !== null && Number.isInteger(year) && year >= 1000 && year <= 9999 ? [`(${year})`] : []),
    ...(isId(tmdbId) ? [`[tmdbid-${tmdbId}]`] : []),
    ...(imdbId !== null && /^tt\d{7,10}$/.test(imdbId) ? [`[imdbid-${imdbId}]`] : []),
    ...(type === 'tv' && isId(tvdbId) ? [`[tvdbid-${tvdbId}]`] : []),
  ].join(' ');

/** `Season 01`; `Season 00` for specials. */
export const seasonFolder = (season: number): string => `Season ${String(season).padStart(2, '0')}`;

/** Jellyfin takes files that differ in such a suffix only for versions of the same work. */
const tierSuffix = (tier: Tier): string => (tier === '4k' ? ' - 2160p' : '');

/** Called like its folder, which is what makes Jellyfin put several of them together as versions. */
export const movieFile = (folder: string, tier: Tier, extension: string): string =>
  `${folder}${tierSuffix(tier)}.${extension}`;

/** `Pioneer One S01E01.mkv`, `Pioneer One S01E01-E02 - 2160p.mkv`. `episodes` is ascending and not empty. */
export const episodeFile = (
  title: string | null,
  { season, episodes }: { season: number; episodes: readonly number[] },
  tier: Tier,
  extension: string,
): string => {
  const first = episodes[0] ?? 0;
  const last = episodes.at(-1) ?? first;
  const to = last === first ? '' : `-E${String(last).padStart(2, '0')}`;
  return `${shownTitle(title)} ${episodeLabel(season, first)}${to}${tierSuffix(tier)}.${extension}`;
};
