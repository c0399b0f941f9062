import type { RealFolders } from './folders.js';

/** Durations are real time, before compression. */
export interface JellyfinSettings {
  version: string;
  /** From `downloaded` in the account until the file is in the mount. */
  mountDelayMs: number;
  /** How long a library scan takes. */
  scanMs: number;
  /** From a reported path until Jellyfin looks at it; each further report starts it anew. */
  monitorDelayMs: number;
  /** New files come without video streams until somebody asks for PlaybackInfo. */
  unprobed: boolean;
  /** Where the mount is, as Jellyfin sees it. */
  mountRoot: string;
  /** With these, the mount and the libraries are real folders, and only what is linked into the libraries is found. */
  folders: RealFolders | null;
}

export const DEFAULT_SETTINGS: JellyfinSettings = {
  version: '12.0.0',
  mountDelayMs: 15_000,
  scanMs: 5_000,
  monitorDelayMs: 60_000,
  unprobed: false,
  mountRoot: '/mnt/debrid',
  folders: null,
};

/** What identification makes of a torrent's files. */
export type Identification =
  | { kind: 'correct' }
  /** No match: an item without ProviderIds. */
  | { kind: 'unidentified' }
  /** The right series, but another season or episode; null = none was found. */
  | { kind: 'misnumbered'; season: number | null; episode: number | null }
  /** Another title's ids. */
  | { kind: 'wrong'; name: string; providerIds: Record<string, string> }
  /** The scan never picks the files up (permissions, ignore rules, wrong library). */
  | { kind: 'unseen' };
