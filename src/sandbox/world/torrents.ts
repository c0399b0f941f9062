import { sha1 } from '../kit/ids.js';
import { baseName, episodesIn, isSample, isVideo } from './episodes.js';

export interface TorrentFile {
  /** Inside the torrent, without leading slash. */
  path: string;
  bytes: number;
  /** Overrides what the name says; null = no episode at all. */
  span: { season: number; episodes: number[] } | null;
  /** Width of the video stream; derived from the names unless given. */
  width: number | null;
}

/** How Real-Debrid fares with a torrent. May be changed while it runs: statuses are worked out anew at each look. */
export interface Fate {
  /** Served at once after selectFiles. A list of file-id sets: only exactly those sets are. */
  cached: boolean | number[][];
  /** Download time where it is not cached (real time, before compression). */
  downloadMs: number;
  /** Per cent at which the download stops moving. */
  stallsAt: number | null;
  /** Per cent at which the download ends as `endsAs`. */
  failsAt: number;
  endsAs: 'downloaded' | 'dead' | 'virus' | 'error' | 'magnet_error';
  /** `magnet_conversion` lasts this long. */
  metadataMs: number;
  /** Refused with 451; null = the name decides. */
  infringing: boolean | null;
  /** `downloaded` without links: Real-Debrid dropped the content. */
  linksDropped: boolean;
  /** Videos come out as one .rar link although only videos were selected. */
  archive: boolean;
  /** Swarm seeders Real-Debrid reports while downloading. */
  swarm: number;
}

export interface Torrent {
  hash: string;
  /** As the indexer shows it. */
  name: string;
  /** Inside the torrent's metadata: what Real-Debrid calls it and filters by. */
  metadataName: string;
  imdbId: string;
  files: TorrentFile[];
  /** Whole torrent. null = the addon does not know it and prints its placeholder. */
  bytes: number | null;
  /** null = unknown, the addon prints no count. */
  seeders: number | null;
  provider: string;
  trackers: string[];
  /** false = Torrentio does not list it (but Real-Debrid knows it). */
  listed: boolean;
  /** false = the addon has no file list: no fileIdx, no filename. */
  indexed: boolean;
  /** File indexes the addon's record calls cached, or all / none; null = as Real-Debrid has it. */
  hinted: boolean | number[] | null;
  fate: Fate;
}

export interface FileSpec {
  path: string;
  bytes: number;
  season?: number;
  episodes?: number[];
  width?: number;
}

export interface ReleaseSpec extends Partial<Fate> {
  /** IMDb id of the title it is filed under. */
  of: string;
  name: string;
  metadataName?: string;
  /** Default: one .mkv called like the release. */
  files?: FileSpec[];
  /** Of that one file; default 2 GiB. `null`: unknown to the addon. */
  bytes?: number | null;
  seeders?: number | null;
  provider?: string;
  hash?: string;
  trackers?: string[];
  listed?: boolean;
  indexed?: boolean;
  hinted?: boolean | number[];
}

const DEFAULT_BYTES = 2 * 1024 ** 3;

const DEFAULT_FATE: Fate = {
  cached: false,
  downloadMs: 10 * 60_000,
  stallsAt: null,
  failsAt: 0,
  endsAs: 'downloaded',
  metadataMs: 0,
  infringing: null,
  linksDropped: false,
  archive: false,
  swarm: 12,
};

const DEFAULT_TRACKERS = ['udp://tracker.example.org:1337/announce', 'http://tracker.example.net/announce'];

export function torrentOf(spec: ReleaseSpec): Torrent {
  const files = (spec.files ?? [{ path: `${fileStem(spec.name)}.mkv`, bytes: spec.bytes ?? DEFAULT_BYTES }]).map(
    fileOf,
  );
  return {
    hash: (spec.hash ?? sha1(spec.name)).toLowerCase(),
    name: spec.name,
    metadataName: spec.metadataName ?? spec.name,
    imdbId: spec.of,
    files,
    bytes: spec.bytes === null ? null : files.reduce((sum, file) => sum + file.bytes, 0),
    seeders: spec.seeders === undefined ? 25 : spec.seeders,
    provider: spec.provider ?? '1337x',
    trackers: spec.trackers ?? DEFAULT_TRACKERS,
    listed: spec.listed ?? true,
    indexed: spec.indexed ?? true,
    hinted: spec.hinted ?? null,
    fate: fateOf(spec),
  };
}

/** The files of a season pack, `Show.S01E01.1080p.mkv` and so on in a folder called like the pack. */
export function packFiles(folder: string, season: number, episodes: number[], bytesEach = 1024 ** 3): FileSpec[] {
  return episodes.map((episode) => ({
    path: `${folder}/${fileStem(folder).replace(/\bS\d\d\b.*$/i, '')}S${two(season)}E${two(episode)}.mkv`,
    bytes: bytesEach,
  }));
}

/** Files that Torrentio and Jellyfin take notice of. */
export function isFeature(file: TorrentFile): boolean {
  return isVideo(file.path) && !isSample(file.path);
}

/** Width of the video stream: as told, else by the resolution in file or torrent name, else Full HD. */
export function widthOf(torrent: Torrent, file: TorrentFile): number {
  if (file.width !== null) return file.width;
  const name = `${baseName(file.path)} ${torrent.name}`;
  if (/2160p|4k|uhd/i.test(name)) return 3840;
  if (/720p/i.test(name)) return 1280;
  return /480p|dvdrip|xvid/i.test(name) ? 720 : 1920;
}

function fileOf(spec: FileSpec): TorrentFile {
  const told = spec.episodes === undefined ? null : { season: spec.season ?? 1, episodes: spec.episodes };
  return {
    path: spec.path.replace(/^\//, ''),
    bytes: spec.bytes,
    span: told ?? episodesIn(spec.path),
    width: spec.width ?? null,
  };
}

function fateOf(spec: ReleaseSpec): Fate {
  const fate = { ...DEFAULT_FATE };
  for (const key of Object.keys(fate) as (keyof Fate)[]) {
    if (spec[key] !== undefined) Object.assign(fate, { [key]: spec[key] });
  }
  return fate;
}

/** Spaces become dots, as release groups name their files. */
function fileStem(name: string): string {
  return name
    .replace(/[\\/:*?"<>|]/g, '')
    .replace(/ - /g, '.')
    .replace(/\s+/g, '.');
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
