/** A Radarr or Sonarr that Seerr is configured with. */
export interface ArrServer {
  id: number;
  name: string;
  is4k: boolean;
  isDefault: boolean;
  /** What comes of handing it a request. `unreachable` also shows up in the list's serviceErrors. */
  does: 'takes' | 'fails' | 'unreachable';
}

/** Durations are real time, before compression. */
export interface SeerrSettings {
  version: string;
  /** From a change of a media row until its requests follow: seen to be about half a second. */
  settleMs: number;
  /** How long a scan job runs: at least 4 s per library with anything in it. */
  scanMs: number;
  /** Runs the recently-added scan every five minutes by itself. */
  scheduledScans: boolean;
  csrfProtection: boolean;
  enableSpecialEpisodes: boolean;
  radarr: ArrServer[];
  sonarr: ArrServer[];
}

export const DEFAULT_SETTINGS: SeerrSettings = {
  version: '3.1.0',
  settleMs: 500,
  scanMs: 8_000,
  scheduledScans: false,
  csrfProtection: false,
  enableSpecialEpisodes: false,
  radarr: [],
  sonarr: [],
};
