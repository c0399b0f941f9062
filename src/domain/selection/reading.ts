import type { Release } from '../release.js';
import { type FileNumbers, fileNumbers } from './fileNumbers.js';
import type { ParsedRelease, ReleaseFlags } from './parsedRelease.js';
import { parseRelease } from './releaseName.js';
import { hdrOf, resolutionOf, sourceOf, trashOfQuality } from './vocabulary.js';

/** A release read line by line: the torrent line tells pack from single, the file line which episode. */
export interface Reading {
  torrent: ParsedRelease;
  /** Base name of the matched file; null when the addon names none. */
  file: ParsedRelease | null;
  /** Season and episodes that the file line states (with its folders); null = it states none. */
  fileNumbers: FileNumbers | null;
  /** Torrent line, completed by the file line and the addon's quality line. */
  merged: ParsedRelease;
}

export function readRelease(release: Release, titles: readonly string[]): Reading {
  const torrent = parseRelease(release.name);
  const path = release.filePath;
  const file = path === null ? null : parseRelease(baseName(path));
  const numbers = path === null ? null : fileNumbers(path, null, titles);
  return { torrent, file, fileNumbers: numbers, merged: merge(torrent, file, numbers, release) };
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const DISC_PATH = /(?:^|\/)(?:BDMV|VIDEO_TS|CERTIFICATE)\/|\.(?:iso|img|vob|ifo|bup|nrg)$/i;

function merge(
  torrent: ParsedRelease,
  file: ParsedRelease | null,
  numbers: FileNumbers | null,
  release: Release,
): ParsedRelease {
  const quality = release.quality ?? '';
  const other = file ?? emptyReading();
  const trash = torrent.trash ?? other.trash ?? trashOfQualityLine(quality, torrent);
  const source = torrent.source ?? other.source ?? sourceOf(quality, quality.split(' ')[0]);
  return {
    ...torrent,
    ...mergeNumbers(torrent, numbers),
    year: torrent.year ?? other.year,
    resolution: torrent.resolution ?? other.resolution ?? resolutionOfQualityLine(quality),
    source: trash === null ? source : 'trash',
    trash,
    codec: torrent.codec ?? other.codec,
    hdr: unique([...torrent.hdr, ...other.hdr, ...hdrOf(quality)]),
    languages: unique([...torrent.languages, ...other.languages]),
    subtitles: unique([...torrent.subtitles, ...other.subtitles]),
    multiAudio: torrent.multiAudio || other.multiAudio,
    group: torrent.group ?? other.group,
    flags: mergeFlags(torrent.flags, other.flags, release.filePath ?? ''),
    extension: torrent.extension ?? other.extension,
  };
}

let empty: ParsedRelease | null = null;

/** What the file line adds where the addon names no file. Not read before it is asked for: a first name costs much. */
function emptyReading(): ParsedRelease {
  empty ??= parseRelease('');
  return empty;
}

function mergeNumbers(torrent: ParsedRelease, file: FileNumbers | null): Pick<ParsedRelease, 'seasons' | 'episodes'> {
  const { seasons, episodes, absolute } = torrent;
  const numbered = seasons.length > 0 || episodes.length > 0 || absolute.length > 0;
  return numbered || file === null ? { seasons, episodes } : { seasons: [file.season], episodes: file.episodes };
}

/** Extras, parts and completeness are said of the torrent as a whole. */
function mergeFlags(flags: ReleaseFlags, other: ReleaseFlags, path: string): ReleaseFlags {
  return {
    ...flags,
    proper: flags.proper || other.proper,
    repack: flags.repack || other.repack,
    threeD: flags.threeD || other.threeD,
    upscaled: flags.upscaled || other.upscaled,
    hardcodedSubs: flags.hardcodedSubs || other.hardcodedSubs,
    disc: flags.disc || other.disc || DISC_PATH.test(path),
    halfEpisode: flags.halfEpisode || other.halfEpisode,
  };
}

/** The addon reads the extension of `name.ts` as TeleSync; everything else it calls trash is believed. */
function trashOfQualityLine(quality: string, torrent: ParsedRelease): ParsedRelease['trash'] {
  const trash = trashOfQuality(quality.split(' ')[0]);
  return trash === 'telesync' && torrent.extension === 'ts' ? null : trash;
}

function resolutionOfQualityLine(quality: string): ParsedRelease['resolution'] {
  const word = quality.split(' ')[0];
  return resolutionOf('', word === '4k' || /^\d{3,4}p$/.test(word ?? '') ? word : undefined);
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];
