import type { MediaRequest, MovieDetails, SeasonDetails, ShowDetails } from '../domain/media.js';
import type { Release, TorrentFile } from '../domain/release.js';

/**
 * The four services as the tick sees them: domain words only. Every method may throw `ServiceError`; an answer off
 * contract is an error, never an empty result.
 */

export interface SeerrPort {
  /** Every request Seerr calls approved, from one complete paged sweep, without duplicates. */
  approvedRequests(): Promise<MediaRequest[]>;
  /** null = Seerr says there is no such request. */
  request(id: number): Promise<MediaRequest | null>;
  /** Title details are cached for at most 12 h. */
  movie(tmdbId: number): Promise<MovieDetails>;
  show(tmdbId: number): Promise<ShowDetails>;
  season(tmdbId: number, season: number): Promise<SeasonDetails>;
  /** Looks a title up by IMDb id; null when Seerr does not know it. */
  findByImdb(imdbId: string): Promise<{ type: 'movie' | 'tv'; tmdbId: number } | null>;
  /** Which tiers Radarr / Sonarr is configured for. Two calls each time. */
  arr(): Promise<{ movie: boolean; movie4k: boolean; tv: boolean; tv4k: boolean }>;
  /** `mediaServer`: 2 = Jellyfin; null = it does not say. */
  settings(): Promise<{ movie4k: boolean; series4k: boolean; mediaServer: number | null }>;
  /** Whose season and episode numbers it goes by; null = this Seerr has no such setting (it is TMDB then). */
  metadataProviders(): Promise<{ tv: string; anime: string } | null>;
  /** As whom the key acts. `csrf`: every write is refused while that protection is on. */
  access(): Promise<{ permissions: number; csrf: boolean; serverTime: number | null }>;
  /** Seerr asks GitHub first, so this may be slow: not for a tick. */
  version(): Promise<string>;
  /** Whether the recently-added scan is running. */
  recentScanRunning(): Promise<boolean>;
  /** Starts the recently-added scan. Starting it while it runs aborts the running one: ask first. */
  startRecentScan(): Promise<void>;
  /** Whether the full library scan is running; null = there is no such job. */
  fullScanRunning(): Promise<boolean | null>;
  /** Starts the full library scan, which takes minutes to hours. As above: ask first. */
  startFullScan(): Promise<void>;
  /** Sets a media's status in one tier. `seasons` only together with `available`. */
  mark(
    mediaId: number,
    status: 'available' | 'partial' | 'processing',
    options: { is4k: boolean; seasons?: number[] },
  ): Promise<void>;
}

export type StreamTarget =
  | { type: 'movie'; imdbId: string }
  | { type: 'episode'; imdbId: string; season: number; episode: number };

export interface StreamAnswer {
  releases: Release[];
  /** Texts of pseudo-streams: messages from the addon that carry no torrent. */
  notices: string[];
}

export interface StreamsPort {
  streams(target: StreamTarget): Promise<StreamAnswer>;
  /** Who answers there. Costs nothing of the addon's daily budget. */
  manifest(): Promise<{ name: string; version: string; offersStreams: boolean }>;
}

export type TorrentStatus =
  | 'magnet_error'
  | 'magnet_conversion'
  | 'waiting_files_selection'
  | 'queued'
  | 'downloading'
  | 'downloaded'
  | 'error'
  | 'virus'
  | 'compressing'
  | 'uploading'
  | 'dead'
  | 'unrecognised';

export interface TorrentEntry {
  id: string;
  infoHash: string;
  name: string;
  bytes: number;
  /** 0 to 100. */
  progress: number;
  status: TorrentStatus;
  linkCount: number;
  seeders: number | null;
}

export interface TorrentList {
  entries: TorrentEntry[];
  /** When the first page was asked for (epoch ms). */
  startedAt: number;
}

export interface TorrentInfo extends TorrentEntry {
  originalName: string;
  /** Empty while Real-Debrid does not know the metadata yet. */
  files: (TorrentFile & { selected: boolean })[];
}

/** One set of files that had to be selected together to be served at once. */
export type Variant = TorrentFile[];

export type AvailabilityAnswer =
  | { kind: 'answered'; variants: Map<string, Variant[]> }
  /** The endpoint is switched off (HTTP 403 or code 37). */
  | { kind: 'disabled' }
  /** An answer that says nothing (a bare `[]`). */
  | { kind: 'unknown' };

export interface RealDebridPort {
  /** The whole account. Throws (`off-contract`) unless complete by X-Total-Count: a partial list proves nothing. */
  list(): Promise<TorrentList>;
  /** null = gone (404 / code 7). Never cached. */
  info(id: string): Promise<TorrentInfo | null>;
  /** What an earlier `info` said is inside this torrent (`cache.availabilityTtl`); no call. null = not remembered. */
  rememberedFiles(infoHash: string): Promise<TorrentFile[] | null>;
  /**
   * Never retried when its effect is unknown: such a failure has `ambiguous`. Code `already-active`: the account has
   * this hash. Code `rd-35-soft`: refused like `rd-35`, but so soon after a throttle that it proves nothing.
   */
  addMagnet(infoHash: string, trackers: string[]): Promise<{ id: string }>;
  /** "Already done" is success. */
  selectFiles(id: string, fileIds: number[]): Promise<void>;
  /** "Already gone" is success. */
  remove(id: string): Promise<void>;
  instantAvailability(hashes: string[]): Promise<AvailabilityAnswer>;
  account(): Promise<{
    premium: boolean;
    premiumSeconds: number;
    expiration: string | null;
    /** By Real-Debrid's clock (epoch ms); null = it does not say. */
    serverTime: number | null;
  }>;
  activeSlots(): Promise<{ used: number; limit: number }>;
  /** Leaves adding alone for a while, for a reason of our own; throws it. No call. */
  holdAdds(reason: { code: string; message: string; hint: string }): never;
}

export interface LibraryItem {
  id: string;
  type: 'Movie' | 'Series' | 'Episode';
  name: string;
  path: string | null;
  /** Keys lower-cased: `imdb`, `tmdb`, `tvdb`. */
  providerIds: Record<string, string>;
  /** Episodes only. */
  seriesId: string | null;
  season: number | null;
  /** Episodes only: double ones span several numbers; null = Jellyfin found no number. */
  numbers: { first: number; last: number } | null;
}

export interface LibraryMovie extends LibraryItem {
  /** Widths of all video streams of all versions; empty when Jellyfin has not probed the file yet. */
  videoWidths: number[];
}

export interface LibraryEpisode {
  id: string;
  season: number;
  /** Double episodes span several numbers. */
  first: number;
  last: number;
  path: string | null;
  /** Widths of all its video streams; empty when not asked for, or not probed by Jellyfin yet. */
  videoWidths: number[];
}

export interface ScanTask {
  id: string;
  running: boolean;
  /** Of the last finished run, epoch ms. */
  lastStartedAt: number | null;
  lastEndedAt: number | null;
  lastStatus: string | null;
}

export interface Library {
  name: string;
  /** `movies`, `tvshows`, …; null = mixed. */
  type: string | null;
  /** Folders as Jellyfin sees them. */
  paths: string[];
}

export interface JellyfinPort {
  /**
   * Every movie and series with its provider ids, page by page, some of them perhaps twice; `serverTime` is Jellyfin's
   * own clock (epoch ms). Throws `ServiceError` (`off-contract`) at its end when far fewer were shown than are counted.
   */
  sweep(): AsyncIterable<{ items: LibraryItem[]; serverTime: number }>;
  /** Movies, series and (non-virtual) episodes saved since then, page by page, some of them perhaps twice. */
  changedSince(since: number): AsyncIterable<{ items: LibraryItem[]; serverTime: number }>;
  /** Items that no longer exist are simply absent from the answer. */
  movies(ids: string[]): Promise<LibraryMovie[]>;
  /**
   * Real (non-virtual) episodes of one season; null = there is no such series (any more). Widths make the answer many
   * times larger.
   */
  episodes(seriesId: string, season: number, withWidths: boolean): Promise<LibraryEpisode[] | null>;
  /** Makes Jellyfin look into the file of one item; the widths of its video streams, empty when they stay unknown. */
  probe(itemId: string): Promise<number[]>;
  scanTask(): Promise<ScanTask>;
  startScan(taskId: string): Promise<void>;
  /**
   * Says that something has changed at these paths, as Jellyfin sees them. It waits a while (a minute, unless set
   * otherwise; each further report starts the wait anew), then looks at what it knows nearest above each. No answer
   * tells whether they lie in a library.
   */
  reportPaths(paths: string[]): Promise<void>;
  server(): Promise<{ version: string; name: string; serverTime: number | null }>;
  libraries(): Promise<Library[]>;
}
