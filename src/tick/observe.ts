import { MINUTE } from '../clock.js';
import type { MediaRequest } from '../domain/media.js';
import type { RequestRow } from '../store/index.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';

/** So many requests leaving at once says more about Seerr than about the requests. */
const MASS_EXIT = { share: 0.2, least: 5 };
/** A request that is on hold (pending, failed) is read again after this long. */
const HOLD = 10 * MINUTE;

/** Reads Seerr's approved requests and brings our rows in line with them. */
export const observeRequests = async (tick: Tick): Promise<void> => {
  const approved = await tick.seerr.approvedRequests();
  const open = new Map(tick.store.requests.open().map((row) => [row.id, row]));
  for (const request of approved) {
    takeOn(tick, request, open.get(request.id));
  }
  const listed = new Set(approved.map((request) => request.id));
  await followLeavers(
    tick,
    [...open.values()].filter((row) => !listed.has(row.id)),
    open.size,
  );
};

const takeOn = (tick: Tick, request: MediaRequest, row: RequestRow | undefined): void => {
  if (row !== undefined) {
    keepUp(tick, request, row);
    return;
  }
  const before = tick.store.requests.get(request.id);
  // Fulfilled by us, yet never left the approved list: Seerr is stuck, or closing is switched off. Nothing to do.
  if (before?.fulfilledAt != null && before.completedBySeerrAt === null) {
    return;
  }
  tick.store.requests.take({
    id: request.id,
    mediaId: request.media.id,
    type: request.type,
    tmdbId: request.media.tmdbId,
    tvdbId: request.media.tvdbId,
    imdbId: request.media.imdbId,
    tier: request.is4k ? '4k' : 'standard',
    seasons: wantedSeasons(request),
    handledByArr: request.media.handledByArr,
    status: request.status,
    firstSeenAt: tick.clock.now(),
  });
};

const keepUp = (tick: Tick, request: MediaRequest, row: RequestRow): void => {
  const seasons = wantedSeasons(request);
  const sameSeasons = seasons.join() === row.seasons.join();
  const same = row.status === request.status && row.mediaId === request.media.id;
  if (sameSeasons && same && row.handledByArr === request.media.handledByArr) {
    return;
  }
  tick.store.requests.update(row.id, {
    status: request.status,
    mediaId: request.media.id,
    handledByArr: request.media.handledByArr,
    seasons,
    ...(sameSeasons ? {} : { expandAt: null }),
  });
};

/** Declined seasons are not wanted; a season's other statuses lag behind the request's and say nothing. */
const wantedSeasons = (request: MediaRequest): number[] =>
  request.seasons
    .filter((season) => season.status !== 'declined')
    .map((season) => season.number)
    .sort((a, b) => a - b);

/** A request that is no longer approved is read by its id before anything is concluded. */
const followLeavers = async (tick: Tick, leavers: RequestRow[], openCount: number): Promise<void> => {
  const now = tick.clock.now();
  const unread = leavers.filter(
    (row) => row.completedBySeerrAt === null && (row.status === 'approved' || (row.closeNextAt ?? 0) <= now),
  );
  const fresh = unread.filter((row) => row.status === 'approved');
  if (fresh.length >= MASS_EXIT.least && fresh.length > openCount * MASS_EXIT.share) {
    tick.log.warn(
      `${fresh.length} of ${openCount} requests left Seerr's approved list at once: taken as a fault of Seerr, nothing is concluded from it`,
      { code: 'mass-exit' },
    );
    return;
  }
  for (const row of unread) {
    await guard(tick, `reading request ${row.id}`, async () => {
      conclude(tick, row, await tick.seerr.request(row.id));
    });
  }
};

const conclude = (tick: Tick, row: RequestRow, request: MediaRequest | null): void => {
  if (request === null || request.status === 'declined') {
    withdraw(tick, row, request === null ? 'deleted in Seerr' : 'declined in Seerr');
    return;
  }
  if (request.status === 'completed') {
    completed(tick, row);
    return;
  }
  tick.store.requests.update(row.id, { status: request.status, closeNextAt: tick.clock.now() + HOLD });
};

const withdraw = (tick: Tick, row: RequestRow, why: string): void => {
  const now = tick.clock.now();
  tick.store.transaction(() => {
    tick.store.wants.releaseAll(row.id, now);
    tick.store.requests.update(row.id, { withdrawnAt: now });
  });
  say(tick, [row.id], `${titleOf(row)}: ${why}; withdrawn, what only it needed is let go`, {
    kind: 'transition',
    code: 'request-withdrawn',
    level: 'info',
  });
};

const completed = (tick: Tick, row: RequestRow): void => {
  const now = tick.clock.now();
  const wants = tick.store.wants.ofRequest(row.id);
  const sawAll = row.expandedFully && wants.length > 0 && wants.every((want) => want.seenAt !== null);
  if (sawAll) {
    const how = row.closeStep === 'marking' ? 'it was marked available in Seerr' : 'Seerr has closed it';
    fulfil(tick, { ...row, completedBySeerrAt: now }, `Jellyfin shows it and ${how}`);
    return;
  }
  tick.store.requests.update(row.id, { status: 'completed', completedBySeerrAt: now });
  say(tick, [row.id], `${titleOf(row)}: Seerr calls it completed, but Jellyfin does not show all of it; we go on`, {
    kind: 'decision',
    code: 'completed-early',
    level: 'warn',
  });
};

/** The request is done: everything was seen and Seerr knows, as far as it lets itself be told. */
export const fulfil = (tick: Tick, row: RequestRow, why: string): void => {
  const now = tick.clock.now();
  tick.store.requests.update(row.id, {
    fulfilledAt: now,
    completedBySeerrAt: row.completedBySeerrAt,
    closeStep: null,
    closeNextAt: null,
    ...(row.attentionCode === 'stuck-in-seerr'
      ? {}
      : { attentionCode: null, attentionMessage: null, attentionHint: null }),
  });
  tick.report.closed.push(row.id);
  say(tick, [row.id], `${titleOf(row)}: fulfilled: ${why}`, {
    kind: 'transition',
    code: 'request-fulfilled',
    level: 'info',
  });
};
