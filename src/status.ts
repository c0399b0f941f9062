import { type AttentionItem, attentionCodeOf, attentionList } from './attention.js';
import { DAY } from './clock.js';
import type { ServiceName } from './domain/errors.js';
import { isOpen } from './domain/grab.js';
import { wantKey } from './domain/want.js';
import { oneLine } from './log/redact.js';
import { messageOf } from './messageOf.js';
import type { ServiceState } from './services/index.js';
import type { CallCounts, GrabRow, RequestedWant, RequestRow, Store } from './store/index.js';
import type { TickReport } from './tick/context.js';
import { isActive } from './tick/expand.js';
import { keepTroubles, type Trouble, troublesOf } from './troubles.js';

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
  /** All that only a person can end, of requests and beside them. */
  attention: AttentionItem[];
  /** Services that are left alone, as of the last tick: what waits may wait for them. `until` in the past = the next call tells. */
  leftAlone: { service: ServiceName; code: string; message: string; hint: string | null; until: string }[];
  calls: CallCounts & { since: string };
}

/** What a tick leaves behind for whoever asks. */
interface TickRecord {
  at: number;
  durationMs: number;
  error: string | null;
}

const LAST_TICK = 'tick.last';
export const DAEMON = 'daemon';

/** Keeps what `status` tells of the last tick, and of the services as it left them. */
export const recordTick = (store: Store, report: TickReport, health: Record<ServiceName, ServiceState>): void => {
  const [error] = report.errors;
  const record: TickRecord = { at: report.startedAt, durationMs: report.durationMs, error: error?.text ?? null };
  store.state.set(LAST_TICK, record);
  keepTroubles(store, health);
};

/** When the last tick began (epoch ms); null = there was none. */
export const lastTickAt = (store: Store): number | null => store.state.get<TickRecord>(LAST_TICK)?.at ?? null;

/** The same for a tick that came to no report. */
export const recordFailedTick = (store: Store, startedAt: number, error: unknown): void => {
  const text = oneLine(messageOf(error), 300);
  store.state.set(LAST_TICK, { at: startedAt, durationMs: 0, error: text } satisfies TickRecord);
};

const LISTED_AFTER_FULFILMENT = DAY;

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** What holds for all requests alike. */
export interface Situation {
  now: number;
  paused: boolean;
  troubles: Trouble[];
}

export const situation = (store: Store, now: number): Situation => ({
  now,
  paused: store.state.get('paused') === true,
  troubles: troublesOf(store),
});

/** Everything a person may ask about what is going on, from the database alone. */
export const statusDocument = (
  store: Store,
  version: string,
  now: number,
  startedAt: number | null,
): StatusDocument => {
  const around = situation(store, now);
  return {
    version,
    startedAt: iso(startedAt),
    lastTick: lastTick(store),
    requests: describedRequests(store, around).map(({ document }) => document),
    attention: attentionList(store, now),
    leftAlone: around.troubles.map(({ service, code, message, hint, until }) => ({
      service,
      code,
      message,
      hint,
      until: new Date(until).toISOString(),
    })),
    calls: { since: new Date(now - DAY).toISOString(), ...store.journal.callsSince(now - DAY) },
  };
};

/** What the last tick left behind; null = there was none yet. */
export const lastTick = (store: Store): StatusDocument['lastTick'] => {
  const last = store.state.get<TickRecord>(LAST_TICK);
  return last === undefined
    ? null
    : { at: new Date(last.at).toISOString(), durationMs: last.durationMs, error: last.error };
};

const listedRequests = (store: Store, now: number): RequestRow[] =>
  store.requests.listed(now - LISTED_AFTER_FULFILMENT).filter((row) => row.withdrawnAt === null);

/** One element of `status`. */
export const requestStatus = (store: Store, row: RequestRow, now: number): RequestStatusDocument => {
  const [described] = describe(store, [row], situation(store, now));
  if (described === undefined) {
    throw new Error(`request ${row.id} could not be described`);
  }
  return described.document;
};

/** A request with what it asks for, and what `status` says of it. */
export interface DescribedRequest {
  row: RequestRow;
  /** In the order of `document.wants`. */
  wants: RequestedWant[];
  document: RequestStatusDocument;
}

/** Every request that `status` lists. */
export const describedRequests = (store: Store, around: Situation): DescribedRequest[] =>
  describe(store, listedRequests(store, around.now), around);

/** Three queries, for one request as for a thousand. */
const describe = (store: Store, rows: readonly RequestRow[], around: Situation): DescribedRequest[] => {
  const ids = rows.map(({ id }) => id);
  const wantsOf = store.views.wantsOf(ids);
  const grabs = store.views.grabsOf([...wantsOf.values()].flat().map(({ want }) => want.id));
  const charges = store.views.chargesOf(ids);
  return rows.map((row) => {
    const wants = wantsOf.get(row.id) ?? [];
    const calls = charges.get(row.id) ?? { torrentio: 0, realDebrid: 0 };
    return { row, wants, document: { ...documentOf(row, wants, grabs, around), calls } };
  });
};

const documentOf = (
  row: RequestRow,
  wants: RequestedWant[],
  grabs: ReadonlyMap<number, GrabRow>,
  around: Situation,
): Omit<RequestStatusDocument, 'calls'> => {
  const held = around.paused || isHeld(row);
  const attention =
    row.fulfilledAt === null ? (ownAttention(row) ?? sharedAttention(wants, around)) : ownAttention(row);
  return {
    id: row.id,
    type: row.type,
    title: row.title,
    year: row.year,
    imdbId: row.imdbId,
    tmdbId: row.tmdbId,
    is4k: row.tier === '4k',
    state: row.fulfilledAt !== null ? 'fulfilled' : attention !== null ? 'attention' : 'active',
    attention,
    wants: wants.map((requested) => wantStatus(requested, grabs.get(requested.want.id), { ...around, held })),
  };
};

type Attention = RequestStatusDocument['attention'];

const ownAttention = (row: RequestRow): Attention =>
  row.attentionCode === null
    ? null
    : { code: row.attentionCode, message: row.attentionMessage ?? '', hint: row.attentionHint ?? '' };

/** A refused key or account is everybody's trouble, and only a person can end it. */
const sharedAttention = (wants: RequestedWant[], { troubles }: Situation): Attention => {
  const refusal = troubles.find(({ kind }) => kind === 'account');
  if (refusal === undefined || wants.every(({ seenAt }) => seenAt !== null)) {
    return null;
  }
  return { code: attentionCodeOf(refusal.code), message: refusal.message, hint: refusal.hint ?? '' };
};

/** Nothing is searched for it now, whatever is due: it is on hold in Seerr, or Radarr or Sonarr has it or may still take it. */
export const isHeld = (row: RequestRow): boolean =>
  !isActive(row) || row.handledByArr || row.attentionCode === 'arr-configured' || row.imdbId === null;

/** Until when nothing can be searched or added, because a service it takes is left alone (epoch ms); 0 = it can. */
export const blockedUntil = ({ troubles, now }: Situation): number =>
  Math.max(0, ...troubles.filter(({ service, until }) => service !== 'seerr' && until > now).map(({ until }) => until));

const wantStatus = (
  { want, seenAt }: RequestedWant,
  grab: GrabRow | undefined,
  around: Situation & { held: boolean },
): WantStatus => {
  const key = wantKey(want);
  if (seenAt !== null) {
    const brought = grab?.state === 'in-library' ? grabStatus(grab) : null;
    return { key, state: 'in-library', nextActionAt: null, grab: brought };
  }
  if (grab !== undefined && isOpen(grab.state)) {
    return { key, state: 'in-flight', nextActionAt: iso(grab.lookAt), grab: grabStatus(grab) };
  }
  if (want.dueAt === null || want.dueAt > around.now) {
    return { key, state: 'unreleased', nextActionAt: iso(want.nextActionAt), grab: null };
  }
  const until = blockedUntil(around);
  const next = want.nextActionAt === null ? null : Math.max(want.nextActionAt, until);
  const waits = around.held || next === null || next > around.now;
  return { key, state: waits ? 'waiting' : 'searching', nextActionAt: iso(next), grab: null };
};

const grabStatus = (grab: GrabRow): WantStatus['grab'] => ({
  infoHash: grab.infoHash,
  release: grab.release,
  state: grab.state,
  cached: grab.cached,
  progress: grab.progress,
  expiresAt: new Date(grab.expiresAt).toISOString(),
});
