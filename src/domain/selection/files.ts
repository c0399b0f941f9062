import type { TorrentFile } from '../release.js';
import { episodeFiles } from './episodeFiles.js';
import {
  archiveIn,
  discIn,
  executableIn,
  type ListedFile,
  largest,
  listFile,
  minimumBytes,
  withoutExtras,
} from './fileClasses.js';
import { movieFile } from './movieFile.js';
import { type Rejection, refuse } from './rejections.js';
import { parseRelease } from './releaseName.js';
import { ascending, MB } from './units.js';
import type { Wanted } from './wanted.js';

export interface ChooseFilesOptions {
  /** The torrent's name, for files that say nothing themselves. */
  torrentName: string;
  /** 0-based index that the addon named: a cross-check and tie-break, never a proof. */
  fileIndex?: number | null | undefined;
  /** Absolute number by episode of the wanted season, where known. */
  absoluteMap?: ReadonlyMap<number, number> | undefined;
}

export type FileChoice =
  /** `ids` ascending; `episodes` are the wanted ones they bring, ascending (empty for movies). */
  | { outcome: 'selected'; ids: number[]; episodes: number[]; warnings: string[] }
  | { outcome: 'rejected'; rejection: Rejection }
  /** No file list yet: look again later. */
  | { outcome: 'undecided' };

/**
 * Which files of a torrent to have Real-Debrid fetch: exactly the wanted videos, never subtitles or extras. Pure; ids
 * come from the list only.
 */
export function chooseFiles(files: readonly TorrentFile[], wanted: Wanted, options: ChooseFilesOptions): FileChoice {
  if (files.length === 0) return { outcome: 'undecided' };
  const listed = files.map(listFile);
  const videos = usableVideos(listed, wanted, options.torrentName);
  if (!Array.isArray(videos)) return { outcome: 'rejected', rejection: videos };
  const fileIndex = options.fileIndex ?? null;
  const choice =
    wanted.kind === 'movie' ? chooseMovie(videos, wanted, fileIndex) : chooseEpisodes(videos, wanted, options);
  if ('rejection' in choice) return { outcome: 'rejected', rejection: choice.rejection };
  const ids = ascending(choice.files.map(({ id }) => id));
  const warnings = [...choice.warnings, ...crossCheck(ids, fileIndex, listed)];
  return { outcome: 'selected', ids, episodes: choice.episodes, warnings };
}

type Choice = { files: ListedFile[]; episodes: number[]; warnings: string[] } | { rejection: Rejection };

function chooseMovie(
  videos: ListedFile[],
  wanted: Extract<Wanted, { kind: 'movie' }>,
  fileIndex: number | null,
): Choice {
  const found = movieFile(videos, wanted, fileIndex);
  return 'rejection' in found ? found : { files: [found.file], episodes: [], warnings: [] };
}

function chooseEpisodes(
  videos: ListedFile[],
  wanted: Extract<Wanted, { kind: 'episodes' }>,
  { torrentName, fileIndex, absoluteMap }: ChooseFilesOptions,
): Choice {
  const torrent = parseRelease(torrentName);
  return episodeFiles(videos, wanted, { torrentName, torrent, fileIndex: fileIndex ?? null, absoluteMap });
}

/** The video files that may be the work itself, or why there are none. */
function usableVideos(listed: readonly ListedFile[], wanted: Wanted, torrentName: string): ListedFile[] | Rejection {
  const bad = structureFault(listed);
  if (bad !== null) return bad;
  const videos = listed.filter((file) => file.kind === 'video');
  const biggest = largest(videos);
  if (biggest === undefined) return refuse('no-video', `${listed.length} files, no video`, 'a video file');
  const minimum = minimumBytes(wanted.kind, hasOwnRuntime(wanted) ? null : wanted.runtimeMin);
  const sizable = videos.filter((file) => file.bytes >= minimum);
  if (sizable.length === 0) return refuse('files-too-small', inMb(biggest.bytes), `at least ${inMb(minimum)}`);
  const real = withoutExtras(mostOf(sizable), torrentName, wanted.titles);
  return real.length > 0 ? real : refuse('only-extras', sizable[0]?.path ?? '', 'the work itself');
}

/** Videos that are looked into. The longest shows have half as many; a list made to keep us busy may have any number. */
const MAX_VIDEOS = 3000;

const mostOf = (videos: ListedFile[]): ListedFile[] =>
  videos.length > MAX_VIDEOS ? videos.sort((a, b) => b.bytes - a.bytes).slice(0, MAX_VIDEOS) : videos;

/** Specials are often far shorter than the show's episodes. */
const hasOwnRuntime = (wanted: Wanted): boolean =>
  wanted.kind === 'episodes' && (wanted.specials || wanted.season === 0);

function structureFault(listed: readonly ListedFile[]): Rejection | null {
  const executable = executableIn(listed);
  if (executable !== undefined) return refuse('executable', executable.path, 'no program, script or shortcut');
  const archive = archiveIn(listed);
  if (archive !== undefined) return refuse('archive', archive.path, 'plain video files');
  const disc = discIn(listed);
  return disc === undefined ? null : refuse('disc-structure', disc.path, 'plain video files');
}

/** Real-Debrid's file id is the torrent's index plus one. A mismatch is worth a note, the names decide. */
function crossCheck(ids: readonly number[], fileIndex: number | null, listed: readonly ListedFile[]): string[] {
  if (fileIndex === null || ids.includes(fileIndex + 1)) return [];
  const named = listed.find(({ id }) => id === fileIndex + 1);
  return [`file-index: the addon named ${named?.path ?? `file ${fileIndex + 1}, which is not listed`}`];
}

const inMb = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;
