/** One torrent as the stream addon offers it. All text is cleaned (no control characters) and bounded. */
export interface Release {
  /** 40 lower-case hex digits: the identity of a torrent everywhere in this program. */
  infoHash: string;
  /** The torrent's name. */
  name: string;
  /** Path or base name of the file that matched inside the torrent. */
  filePath: string | null;
  /** 0-based index in the torrent; Real-Debrid's file id is this plus one. */
  fileIndex: number | null;
  /** Size of the matched file in bytes (never of the whole torrent). */
  sizeBytes: number | null;
  seeders: number | null;
  provider: string | null;
  /** The addon's quality line, e.g. `4k DV | HDR`. */
  quality: string | null;
  languages: string[];
  /** The addon's cached marker: a hint, never a proof. null = no word. */
  cached: boolean | null;
  /** The addon says that the matched file is one of many in this torrent. */
  packMarker: boolean;
  /** Tracker URLs, for magnets of releases that may be uncached. */
  trackers: string[];
}

/** A file of a torrent as Real-Debrid lists it. */
export interface TorrentFile {
  /** 1-based. */
  id: number;
  path: string;
  bytes: number;
}
