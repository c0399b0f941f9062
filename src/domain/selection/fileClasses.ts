import type { TorrentFile } from '../release.js';
import { type FileKind, fileKind } from './extensions.js';
import { foldWords, withoutArticle } from './fold.js';
import { scanEpisodes } from './markers.js';
import { MB } from './units.js';

/** A file of a torrent with its path taken apart. */
export interface ListedFile {
  id: number;
  /** With one leading slash. */
  path: string;
  bytes: number;
  /** Without the extension. */
  base: string;
  folders: string[];
  extension: string;
  kind: FileKind;
}

/** Dots, spaces and invisible characters behind a name: Windows drops them, so `setup.exe .` is a program. */
const INVISIBLE_END = /(?<=[^\s.\p{C}])[\s.\p{C}]+$/u;

/** Longest path that is looked at. */
const MAX_PATH_CHARS = 2000;

export function listFile(file: TorrentFile): ListedFile {
  const parts = file.path
    .slice(-MAX_PATH_CHARS)
    .replace(/\\/g, '/')
    .split('/')
    .filter((part) => part !== '');
  const name = (parts.at(-1) ?? '').replace(INVISIBLE_END, '');
  const dot = name.lastIndexOf('.');
  const extension = /\.[A-Za-z0-9]+$/.test(name) ? name.slice(dot + 1).toLowerCase() : '';
  return {
    id: file.id,
    path: `/${parts.join('/')}`,
    bytes: Number.isFinite(file.bytes) ? Math.max(0, file.bytes) : 0,
    base: dot > 0 ? name.slice(0, dot) : name,
    folders: parts.slice(0, -1),
    extension,
    kind: fileKind(extension),
  };
}

export const totalBytes = (files: readonly ListedFile[]): number => files.reduce((sum, file) => sum + file.bytes, 0);

export const largest = (files: readonly ListedFile[]): ListedFile | undefined =>
  [...files].sort((a, b) => b.bytes - a.bytes)[0];

/** The first program, script or shortcut; one `.url` alone is only an advert. */
export function executableIn(files: readonly ListedFile[]): ListedFile | undefined {
  const found = files.filter((file) => file.kind === 'executable' && file.bytes > 0);
  const [only] = found;
  return found.length === 1 && only?.extension === 'url' ? undefined : only;
}

export const ARCHIVE_SHARE = 0.5;
export const DISC_SHARE = 0.3;

export function archiveIn(files: readonly ListedFile[]): ListedFile | undefined {
  const archives = files.filter((file) => file.kind === 'archive');
  return totalBytes(archives) > ARCHIVE_SHARE * totalBytes(files) ? archives[0] : undefined;
}

const DISC_FOLDER = /^(?:BDMV|VIDEO_TS|CERTIFICATE)$/i;

export function discIn(files: readonly ListedFile[]): ListedFile | undefined {
  const images = files.filter((file) => file.kind === 'disc-image');
  if (totalBytes(images) > DISC_SHARE * totalBytes(files)) return images[0];
  return files.find((file) => file.folders.some((folder) => DISC_FOLDER.test(folder)));
}

/** Smallest size of a real video file in bytes. `runtimeMin` null = unknown. */
export function minimumBytes(kind: 'movie' | 'episodes', runtimeMin: number | null): number {
  const floor = (kind === 'movie' ? 200 : 30) * MB;
  if (runtimeMin === null || runtimeMin <= 0) return floor;
  return runtimeMin <= 15 ? 0.5 * MB * runtimeMin : Math.max(floor, 1.2 * MB * runtimeMin);
}

const EXTRA_FOLDERS: ReadonlySet<string> = new Set([
  'sample',
  'samples',
  'proof',
  'proofs',
  'extra',
  'extras',
  'bonus',
  'featurette',
  'featurettes',
  'trailer',
  'trailers',
  'deleted scenes',
  'behind the scenes',
  'interview',
  'interviews',
  'screens',
  'subs',
  'ncop',
  'nced',
  'special features',
]);
const EXTRA_WORDS =
  / (?:samples?|proofs?|extras?|bonus|featurettes?|trailers?|deleted scenes|behind the scenes|interviews?|screens|subs|ncop\d*|nced\d*|special features|teasers?|making of|menu|creditless|preview|pv\d*) /;

/** Sizes below this share of all video bytes let a junk word in the base name count. */
const EXTRA_SHARE = 0.5;

/**
 * Drops samples, trailers and other extras by folder, and by base name where they are not the bulk of the torrent.
 * The words of the wanted titles are none.
 */
export function withoutExtras(
  videos: readonly ListedFile[],
  torrentName: string,
  titles: readonly string[],
): ListedFile[] {
  const all = totalBytes(videos);
  const biggest = Math.max(...videos.map(({ bytes }) => bytes));
  const wanted = titles.map((title) => withoutArticle(foldWords(title)).join(' ')).filter((title) => title !== '');
  const roots = [foldWords(torrentName).join(' '), ...wanted];
  return videos.filter((file) => !inExtraFolder(file, roots) && !isExtraByName(file, wanted, all, biggest));
}

/** A torrent's own folder may be named after a show called "Extras". */
function inExtraFolder(file: ListedFile, roots: readonly string[]): boolean {
  return file.folders.some((folder, depth) => {
    const name = foldWords(folder).join(' ');
    return EXTRA_FOLDERS.has(name) && !(depth === 0 && roots.includes(name));
  });
}

/** An episode whose title has such a word (`S01E03.The.Trailer`) is as big as its neighbours. */
function isExtraByName(file: ListedFile, titles: readonly string[], all: number, biggest: number): boolean {
  const name = titles.reduce((text, title) => text.replace(` ${title} `, ' '), ` ${foldWords(file.base).join(' ')} `);
  if (/^ samples? $/.test(name)) return true;
  if (file.bytes >= EXTRA_SHARE * all || !EXTRA_WORDS.test(name)) return false;
  return scanEpisodes(file.base) === null || file.bytes < EXTRA_SHARE * biggest;
}
