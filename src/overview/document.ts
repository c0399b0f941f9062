import type { ServiceName } from '../domain/errors.js';

/** At most so many, and how many more there are. */
export interface Some<T> {
  items: T[];
  more: number;
}

/** Something that only a person can put right. */
export interface NeedsYou {
  id: string;
  code: string;
  /** The title that it is about; null = it concerns all. */
  subject: string | null;
  /** Seerr's request id; null = it concerns all. */
  requestId: number | null;
  message: string;
  hint: string;
}

export type FetchStage = 'adding' | 'checking' | 'queued' | 'downloading' | 'finishing' | 'ready' | 'closing';

/** One release on its way into the library. */
export interface Fetching {
  id: string;
  requestId: number | null;
  title: string;
  /** `Season 1, E01-E06`; null for a movie. */
  part: string | null;
  /** null = nothing had to be fetched: it is only being closed. */
  release: string | null;
  stage: FetchStage;
  /** Per cent. */
  progress: number;
  /** When it was added, or was ready. */
  since: string | null;
  /** A download that has not moved for a while: since when, and when it is given up. */
  stalled: { since: string; until: string } | null;
}

/** What of a request waits for the same thing. */
export interface WaitingPart {
  part: string | null;
  why: string;
  /** null = no time is known, or it is due now. */
  until: string | null;
  due: boolean;
}

export interface Waiting {
  id: string;
  requestId: number;
  title: string;
  parts: Some<WaitingPart>;
}

/** What has come into the library, and why it was this release. */
export interface Done {
  id: string;
  requestId: number | null;
  title: string;
  part: string | null;
  at: string;
  /** null = it was there already, or came as several. */
  release: string | null;
  /** What it is and how it was got: `1080p bluray, 120 seeders, 4.2 GB · Real-Debrid had it at once`. */
  told: string;
  /** Why it was this one, in a sentence; null = the journal does not know (any more). */
  why: string | null;
  /** What else there is to say to that. */
  more: string[];
}

export interface ServiceView {
  service: ServiceName;
  label: string;
  state: 'well' | 'left-alone' | 'refused';
  /** Why it is left alone; null = it is well. */
  message: string | null;
  /** When it is asked again; null = it is well, or with the next call. */
  until: string | null;
  /** Calls of the last 24 hours, by the hour, the running one last. */
  hours: number[];
  calls: number;
  failed: number;
  /** null = none is set. */
  limit: { used: number; of: number; per: 'day' | 'minute' } | null;
}

/** What the status page shows. Internal: page and program change together; `status --json` is for others. */
export interface Overview {
  version: string;
  startedAt: string;
  /** null = the loop makes progress; else what is wrong. */
  stuck: string | null;
  lastTick: { at: string; error: string | null } | null;
  paused: boolean;
  openRequests: number;
  needsYou: Some<NeedsYou>;
  fetching: Some<Fetching>;
  waiting: Some<Waiting>;
  done: Some<Done>;
  services: ServiceView[];
}

export const some = <T>(all: readonly T[], most: number): Some<T> => ({
  items: all.slice(0, most),
  more: Math.max(0, all.length - most),
});
