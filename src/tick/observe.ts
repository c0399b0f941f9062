import { HOUR, MINUTE } from '../clock.js';
import type { MediaRequest, Tier } from '../domain/media.js';
import type { ListedRequest, RequestRow } from '../store/index.js';
import type { Tick } from './context.js';
import { noteUnlinked } from './fullScan.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { recognise } from './recognise.js';

/** So many requests leaving at once says more about Seerr than about the requests, until it has said so for a while. */
const MASS_EXIT = { share: 0.2, least: 5, believedAfter: HOUR };
const MASS_EXIT_KEY = 'seerr.massExitSince';
/** Requests that Seerr completed before we saw them are read again this often: they can still be deleted. */
const RECHECK_COMPLETED = HOUR;
const COMPLETED_KEY = 'seerr.completedReadAt';
/** A request that is on hold (pending, failed) is read again after this long. */
const HOLD = 10 * MINUTE;

/** Reads Seerr's approved requests and brings our rows in line with them. */
export const observeRequests = async (tick: Tick): Promise<void> => {
  const approved = await tick.seerr.approvedRequests();
  const open = new Map(tick.store.requests.openListed().map((row) => [row.id, row]));
  // All in one: at a first start it may be thousands, and each commit waits for the disk.
  tick.store.transaction(() => {
    for (const request of approved) {
      takeOn(tick, request, open.get(request.id));
    }
  });
  const listed = new Set(approved.map((request) => request.id));
  await followLeavers(
    tick,
    [...open.keys()].filter((id) => !listed.has(id)).flatMap((id) => tick.store.requests.get(id) ?? []),
    open.size,
  );
  await followFulfilled(tick, listed);
  tick.report.approved = listed;
};

const takeOn = (tick: Tick, request: MediaRequest, row: ListedRequest | undefined): void => {
  if (row !== undefined && isSameTitle(request, row)) {
    keepUp(tick, request, row);
    return;
  }
  const before = tick.store.requests.get(request.id);
  if (before !== undefined && !isSameTitle(request, before)) {
    giveUpId(tick, before);
  } else if (before !== undefined && isDone(before) && asksNoMore(request, before)) {
    // Fulfilled by us, yet never left the approved list: Seerr is stuck, or closing is switched off. Nothing to do.
    return;
  }
  tick.store.requests.take({
    id: request.id,
    mediaId: request.media.id,
    type: request.type,
    tmdbId: request.media.tmdbId,
    tvdbId: request.media.tvdbId,
    imdbId: request.media.imdbId,
    tier: tierOf(request),
    seasons: wantedSeasons(request, []),
    requestedBy: request.requestedBy,
    handledByArr: request.media.handledByArr,
    status: request.status,
    firstSeenAt: tick.clock.now(),
  });
};

const tierOf = ({ is4k }: MediaRequest): Tier => (is4k ? '4k' : 'standard');

type AskedTitle = Pick<RequestRow, 'type' | 'tmdbId' | 'tier'>;

/** Another Seerr, or one that was set up anew or restored, has other titles under the ids that we know. */
const isSameTitle = (request: MediaRequest, { type, tmdbId, tier }: AskedTitle): boolean =>
  request.type === type && request.media.tmdbId === tmdbId && tierOf(request) === tier;

/** What Seerr says of a request now; null = it is gone, whatever else has its id. */
export const readAgain = async (tick: Tick, row: AskedTitle & { id: number }): Promise<MediaRequest | null> => {
  const request = await tick.seerr.request(row.id);
  return request !== null && isSameTitle(request, row) ? request : null;
};

const giveUpId = (tick: Tick, row: RequestRow): void => {
  tick.store.wants.releaseAll(row.id, tick.clock.now());
  tick.store.requests.disown(row.id);
  // In the journal it would be told of the other title.
  say(
    tick,
    [],
    `${titleOf(row)}: its request ${row.id} is for another title in Seerr now; what only it needed is let go`,
    { kind: 'transition', code: 'request-replaced', level: 'info' },
  );
};

const isDone = (row: RequestRow): boolean => row.fulfilledAt !== null && row.completedBySeerrAt === null;

/** An open request can be given more seasons at any time. */
const asksNoMore = (request: MediaRequest, before: RequestRow): boolean =>
  wantedSeasons(request, before.seasons).every((season) => before.seasons.includes(season));

const keepUp = (tick: Tick, request: MediaRequest, row: ListedRequest): void => {
  const seasons = wantedSeasons(request, row.seasons);
  const sameSeasons = seasons.join() === row.seasons.join();
  // Seerr's Jellyfin scanner may learn a movie's IMDb id where TMDB has none.
  const learned = row.imdbId === null ? request.media.imdbId : null;
  const same =
    row.status === request.status &&
    row.mediaId === request.media.id &&
    row.requestedBy === request.requestedBy &&
    learned === null;
  if (sameSeasons && same && row.handledByArr === request.media.handledByArr) {
    return;
  }
  const again = row.completedBySeerrAt !== null;
  tick.store.transaction(() => {
    tick.store.requests.update(row.id, {
      status: request.status,
      mediaId: request.media.id,
      requestedBy: request.requestedBy,
      handledByArr: request.media.handledByArr,
      seasons,
      ...(learned === null ? {} : { imdbId: learned, expandAt: null }),
      completedBySeerrAt: null,
      // What a new season holds is not known yet, so nothing about the request is complete.
      ...(sameSeasons && !again ? {} : { expandAt: null, expandedFully: false, closeStep: null, closeNextAt: null }),
    });
    if (!sameSeasons) {
      tick.store.wants.keepSeasons(row.id, seasons, tick.clock.now());
    }
    if (again) {
      // Completed once and approved again: what was there then may be what is asked for now.
      tick.store.wants.forgetSeen(row.id);
    }
  });
};

/**
 * Declined seasons are not wanted, nor those that were completed before the request was known to us (`known` = the
 * seasons that we took on), unless nothing else is left of it. Other statuses of a season lag behind the request's.
 */
export const wantedSeasons = (request: MediaRequest, known: readonly number[]): number[] => {
  const asked = request.seasons.filter(({ status }) => status !== 'declined');
  const open = asked.filter(({ status, number }) => status !== 'completed' || known.includes(number));
  return (open.length > 0 ? open : asked).map(({ number }) => number).sort((a, b) => a - b);
};

/** Ours are done where Seerr was not told or would not listen. That one has left its list in the end decides whether it may come back. */
const followFulfilled = async (tick: Tick, listed: ReadonlySet<number>): Promise<void> => {
  for (const row of tick.store.requests.fulfilledAlone()) {
    if (listed.has(row.id) || (row.closeNextAt ?? 0) > tick.clock.now()) {
      continue;
    }
    await guard(tick, `reading request ${row.id}`, async () => {
      const request = await readAgain(tick, row);
      const isOver = request === null || request.status === 'completed' || request.status === 'declined';
      const now = tick.clock.now();
      tick.store.requests.update(row.id, isOver ? { completedBySeerrAt: now } : { closeNextAt: now + HOLD });
    });
  }
};

/** A request that is no longer approved is read by its id before anything is concluded. */
const followLeavers = async (tick: Tick, leavers: RequestRow[], openCount: number): Promise<void> => {
  // Those that we are closing are expected to leave.
  const unexpected = leavers.filter((row) => row.status === 'approved' && row.closeStep === null);
  const unbelieved = isMassExit(tick, unexpected.length, openCount) ? new Set(unexpected) : new Set<RequestRow>();
  for (const row of [...leavers.filter((one) => isToBeRead(tick, one)), ...completedToRecheck(tick, leavers)]) {
    if (unbelieved.has(row)) {
      continue;
    }
    await guard(tick, `reading request ${row.id}`, async () => {
      await conclude(tick, row, await readAgain(tick, row));
    });
  }
};

const isToBeRead = (tick: Tick, row: RequestRow): boolean =>
  row.completedBySeerrAt === null && (row.status === 'approved' || (row.closeNextAt ?? 0) <= tick.clock.now());

/** All of them together, every hour. */
const completedToRecheck = (tick: Tick, leavers: RequestRow[]): RequestRow[] => {
  const now = tick.clock.now();
  const completed = leavers.filter((row) => row.completedBySeerrAt !== null);
  const age = now - (tick.store.state.get<number>(COMPLETED_KEY) ?? 0);
  if (completed.length === 0 || (age >= 0 && age < RECHECK_COMPLETED)) {
    return [];
  }
  tick.store.state.set(COMPLETED_KEY, now);
  return completed;
};

/** Said once when it begins. Whoever deletes many requests at once is believed when they stay away. */
const isMassExit = (tick: Tick, leaving: number, openCount: number): boolean => {
  const now = tick.clock.now();
  const since = tick.store.state.get<number>(MASS_EXIT_KEY);
  if (leaving < MASS_EXIT.least || leaving <= openCount * MASS_EXIT.share) {
    if (since !== undefined) {
      tick.store.state.delete(MASS_EXIT_KEY);
    }
    return false;
  }
  if (since === undefined) {
    tick.store.state.set(MASS_EXIT_KEY, now);
    tick.log.warn(
      `${leaving} of ${openCount} requests left Seerr's approved list at once: perhaps a fault of Seerr, so for an hour nothing is concluded from it`,
      { code: 'mass-exit' },
    );
  }
  return now - (since ?? now) < MASS_EXIT.believedAfter;
};

const conclude = async (tick: Tick, row: RequestRow, request: MediaRequest | null): Promise<void> => {
  if (request === null || request.status === 'declined') {
    withdraw(tick, row, request === null ? 'deleted in Seerr' : 'declined in Seerr');
    return;
  }
  if (request.status === 'completed') {
    await completed(tick, { ...row, handledByArr: row.handledByArr || request.media.handledByArr });
    if (row.closeStep === 'marking' && !request.media.hasJellyfinId) {
      noteUnlinked(tick, row.id);
    }
    return;
  }
  // Seerr never lists what is blocklisted, whatever the request's own status says.
  const status = request.media.status === 'blocklisted' ? 'blocklisted' : request.status;
  if (status !== 'approved') {
    tick.store.requests.update(row.id, { status, closeNextAt: tick.clock.now() + HOLD });
  }
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

const completed = async (tick: Tick, row: RequestRow): Promise<void> => {
  const now = tick.clock.now();
  if (row.handledByArr) {
    fulfil(tick, { ...row, completedBySeerrAt: now }, 'Radarr or Sonarr had it, and Seerr has closed it');
    return;
  }
  if (row.completedBySeerrAt !== null) {
    return;
  }
  if (await seesAll(tick, row)) {
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

/** Whether every want was seen, or is to be seen now: Seerr may have noticed before us, and before a search was due. */
const seesAll = async (tick: Tick, row: RequestRow): Promise<boolean> => {
  const unseen = () => tick.store.wants.ofRequest(row.id).filter((want) => want.seenAt === null);
  if (!row.expandedFully || tick.store.wants.ofRequest(row.id).length === 0) {
    return false;
  }
  if (unseen().length > 0) {
    await guard(tick, `looking for ${titleOf(row)} in Jellyfin`, async () => {
      if (await tick.catalogue.refresh(tick.report.startedAt)) {
        await recognise(
          tick,
          unseen().map(({ want }) => ({ want, request: row })),
        );
      }
    });
  }
  return unseen().length === 0;
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
