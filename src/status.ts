import { DAY } from './clock.js';
import { wantKey } from './domain/want.js';
import type { CallCounts, GrabRow, RequestedWant, RequestRow, Store } from './store/index.js';
import { isActive } from './tick/expand.js';

export type WantState = 'waiting' | 'searching' | 'in-flight' | 'in-library' | 'unreleased';

export interface WantStatus {
  key: string;
  state: WantState;
  nextActionAt: string | null;
  grab: {
    infoHash: string;
    release: string;
    state: GrabRow['state'];
    cached: boolean | null;
    progress: number;
    expiresAt: string;
  } | null;
}

export interface RequestStatusDocument {
  id: number;
  type: 'movie' | 'tv';
  title: string | null;
  year: number | null;
  imdbId: string | null;
  tmdbId: number;
  is4k: boolean;
  state: 'active' | 'fulfilled' | 'attention';
  attention: { code: string; message: string; hint: string } | null;
  wants: WantStatus[];
  calls: { torrentio: number; realDebrid: number };
}

/** The public document of `status --json` and `GET /api/status`. */
export interface StatusDocument {
  version: string;
  startedAt: string | null;
  lastTick: { at: string; durationMs: number; error: string | null } | null;
  requests: RequestStatusDocument[];
  calls: CallCounts & { since: string };
}

/** What a tick leaves behind for whoever asks. */
export interface TickRecord {
  at: number;
  durationMs: number;
  error: string | null;
}

export const LAST_TICK = 'tick.last';
export const DAEMON = 'daemon';

const LISTED_AFTER_FULFILMENT = DAY;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Everything a person may ask about what is going on, from the database alone. */
export const statusDocument = (
  store: Store,
  version: string,
  now: number,
  startedAt: number | null,
): StatusDocument => {
  const last = store.state.get<TickRecord>(LAST_TICK);
  const paused = store.state.get('paused') === true;
  return {
    version,
    startedAt: iso(startedAt),
    lastTick:
      last === undefined
        ? null
        : { at: new Date(last.at).toISOString(), durationMs: last.durationMs, error: last.error },
    requests: store.requests
      .listed(now - LISTED_AFTER_FULFILMENT)
      .filter((row) => row.withdrawnAt === null)
      .map((row) => requestStatus(store, row, now, paused)),
    calls: { since: new Date(now - DAY).toISOString(), ...store.journal.callsSince(now - DAY) },
  };
};

export const requestStatus = (store: Store, row: RequestRow, now: number, paused: boolean): RequestStatusDocument => ({
  id: row.id,
  type: row.type,
  title: row.title,
  year: row.year,
  imdbId: row.imdbId,
  tmdbId: row.tmdbId,
  is4k: row.tier === '4k',
  state: row.fulfilledAt !== null ? 'fulfilled' : row.attentionCode !== null ? 'attention' : 'active',
  attention:
    row.attentionCode === null
      ? null
      : { code: row.attentionCode, message: row.attentionMessage ?? '', hint: row.attentionHint ?? '' },
  wants: store.wants
    .ofRequest(row.id)
    .map((requested) => wantStatus(store, requested, { now, held: paused || isHeld(row) })),
  calls: store.journal.chargedTo(row.id),
});

/** Nothing is searched for it now, whatever is due: it is on hold in Seerr, or Radarr or Sonarr has it or may still take it. */
const isHeld = (row: RequestRow): boolean =>
  !isActive(row) || row.handledByArr || row.attentionCode === 'arr-configured' || row.imdbId === null;

const wantStatus = (
  store: Store,
  { want, seenAt }: RequestedWant,
  { now, held }: { now: number; held: boolean },
): WantStatus => {
  const grab = store.grabs.latestFor(want.id);
  const serving = grab !== undefined && grab.endedAt === null && grab.state !== 'discarding' ? grab : null;
  const base = { key: wantKey(want), nextActionAt: iso(want.nextActionAt) };
  if (seenAt !== null) {
    return {
      ...base,
      state: 'in-library',
      nextActionAt: null,
      grab: grab?.state === 'in-library' ? grabStatus(grab) : null,
    };
  }
  if (serving !== null) {
    return { ...base, state: 'in-flight', nextActionAt: iso(serving.lookAt), grab: grabStatus(serving) };
  }
  if (want.dueAt === null || want.dueAt > now) {
    return { ...base, state: 'unreleased', grab: null };
  }
  const waits = held || want.nextActionAt === null || want.nextActionAt > now;
  return { ...base, state: waits ? 'waiting' : 'searching', grab: null };
};

const grabStatus = (grab: GrabRow): WantStatus['grab'] => ({
  infoHash: grab.infoHash,
  release: grab.release,
  state: grab.state,
  cached: grab.cached,
  progress: grab.progress,
  expiresAt: new Date(grab.expiresAt).toISOString(),
});
