/** Real-Debrid's habits and the questions nobody's code answers, each as a switch. Durations are real time, before compression. */
export interface RealDebridSettings {
  /** `probe`: instantAvailability is switched off, as since November 2024. `instant`: its historic answer. `bare`: a bare `[]`. */
  mode: 'probe' | 'instant' | 'bare';
  /** From selectFiles to `downloaded` where the content is cached: 0 to 6 s were seen. */
  cachedMs: number;
  /** `queued` before a download starts. */
  queuedMs: number;
  /** `uploading` at the end of a download. */
  uploadingMs: number;
  /** A hash re-added this soon after a delete is not recognised as cached ... */
  coldWindowMs: number;
  /** ... for this long after selectFiles. */
  coldMs: number;
  /** The list shows the account as it was this long ago. */
  listLagMs: number;
  /** links[] stays empty this long after `downloaded`. */
  linksLagMs: number;
  /** `added` and `ended` are local time labelled UTC. */
  timeOffsetMs: number;
  /** Unknown hashes: metadata never comes; `magnet_error` after this long. */
  lostMagnetMs: number;
  /** Slots for active torrents. */
  slots: number;
  /** Whether a torrent waiting for file selection takes a slot. */
  waitingTakesSlot: boolean;
  /** Adding a hash that is in the account: a second entry, or code 33. */
  duplicates: 'new-id' | 'refused';
  /** The release-name filter in force since May 2026. */
  nameFilter: boolean;
  /** An empty list: 204 without body or 200 with `[]`. */
  emptyList: 'no-content' | 'array';
  limits: RateLimits | null;
}

/** Calls allowed per window; refused calls count as well. */
export interface RateLimits {
  perMinute: number;
  listPerMinute: number;
  addMagnetPer10s: number;
}

export const DEFAULT_SETTINGS: RealDebridSettings = {
  mode: 'probe',
  cachedMs: 1_000,
  queuedMs: 2_000,
  uploadingMs: 5_000,
  coldWindowMs: 60_000,
  coldMs: 15_000,
  listLagMs: 0,
  linksLagMs: 0,
  timeOffsetMs: 3_600_000,
  lostMagnetMs: 10 * 60_000,
  slots: 100,
  waitingTakesSlot: false,
  duplicates: 'new-id',
  nameFilter: true,
  emptyList: 'no-content',
  limits: { perMinute: 250, listPerMinute: 75, addMagnetPer10s: 22 },
};
