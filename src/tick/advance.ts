import { DAY, MINUTE } from '../clock.js';
import { type GrabReason, linkFault } from '../domain/grab.js';
import type { TorrentEntry, TorrentInfo, TorrentList } from '../services/ports.js';
import type { GrabRow, WantRow } from '../store/index.js';
import { withWork } from '../work.js';
import { accepted, chooseAndSelect } from './acquire.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { discard, finishDiscarding, remember } from './remove.js';
import { asSelected, supersede, superseded } from './supersede.js';
import { partsOf } from './wanted.js';

/** Nearly there: past its age limit it gets one more `stalledAfter`. */
const NEARLY_DONE = 95;
/** That it was cached once says something for so long. */
const CACHED_FOR = 30 * DAY;

/** Whether any grab needs the account's list now. */
export const needsList = (tick: Tick): boolean =>
  tick.store.grabs
    .unended()
    .some(({ state, lookAt }) => state !== 'discarding' && (state !== 'ready' || lookAt <= tick.clock.now()));

const OBSERVED_KEY = 'realDebrid.observedAt';
/** Polls this much further apart than usual: the host slept, the clock jumped, or Real-Debrid was away. */
const LONGEST_GAP = 5 * MINUTE;

/** Deadlines count only time in which Real-Debrid was observed. */
const discountUnobserved = (tick: Tick): void => {
  const now = tick.clock.now();
  const before = tick.store.state.get<number>(OBSERVED_KEY);
  tick.store.state.set(OBSERVED_KEY, now);
  if (before === undefined) {
    return;
  }
  const gap = now - before;
  const usual = Math.max(LONGEST_GAP, 3 * tick.pollInterval);
  if (gap > usual || gap < 0) {
    // What this very tick has begun has lost no time; what a clock that was ahead has begun is dated later than now.
    const begunBefore = gap > 0 ? tick.report.startedAt : Number.MAX_SAFE_INTEGER;
    tick.store.grabs.shiftDeadlines(gap > 0 ? gap - tick.pollInterval : gap, begunBefore);
  }
};

/** Time that passes now is not taken from a deadline that begins later. */
export const nothingToObserve = (tick: Tick): void => tick.store.state.set(OBSERVED_KEY, tick.clock.now());

/**
 * Moves every grab on by what the account shows: first the observed status, then the deadlines. Whichever step of a tick
 * has got the first list since long ago: the account may have come back behind an earlier one.
 */
export const advance = async (tick: Tick, list: TorrentList): Promise<void> => {
  discountUnobserved(tick);
  for (const { id } of tick.store.grabs.unended()) {
    tick.signal.throwIfAborted();
    // Read again: an earlier one of this round may have decided over this one.
    const grab = tick.store.grabs.get(id);
    if (grab !== undefined && grab.endedAt === null) {
      await withWork({ grabId: id, ...(grab.requestId === null ? {} : { requestId: grab.requestId }) }, () =>
        guard(tick, grab.release, () => advanceOne(tick, grab, list)),
      );
    }
  }
};

/** Removals need no list. One that is due in a moment is in the hands of another process, which looks into it. */
export const finishRemovals = async (tick: Tick): Promise<void> => {
  for (const grab of tick.store.grabs.unended()) {
    const soon = grab.lookAt - tick.clock.now();
    if (grab.state === 'discarding' && !(soon > 0 && soon <= MINUTE)) {
      await guard(tick, `removing ${grab.release}`, () => finishDiscarding(tick, grab));
    }
  }
};

const advanceOne = async (tick: Tick, grab: GrabRow, list: TorrentList): Promise<void> => {
  if (grab.state === 'discarding') {
    return;
  }
  if (grab.state === 'adding') {
    return resolveAdding(tick, grab, list);
  }
  const entry = await entryOf(tick, grab, list);
  if (entry === null) {
    return missing(tick, grab, list);
  }
  // Read again: it may have come back under another id.
  const found = tick.store.grabs.get(grab.id) ?? grab;
  const row = found.missingSince === null ? found : tick.store.grabs.update(grab.id, { missingSince: null });
  const failed = failureOf(entry);
  if (failed !== null && grab.state !== 'ready') {
    return fail(tick, row, failed);
  }
  if (grab.state === 'selecting') {
    return resumeSelecting(tick, row, entry);
  }
  if (grab.state === 'downloading') {
    return watch(tick, row, entry);
  }
};

/** Entries of the grab's hash that came after it. What we have on record belongs to another grab, or was removed. */
const newcomers = (tick: Tick, grab: GrabRow, list: TorrentList): TorrentEntry[] =>
  list.entries.filter(
    ({ id, infoHash }) =>
      infoHash === grab.infoHash && !grab.knownIds.includes(id) && tick.store.grabs.entry(id) === undefined,
  );

/** By id, else by hash: repair tools re-add a torrent under a new id. */
const entryOf = async (tick: Tick, grab: GrabRow, list: TorrentList): Promise<TorrentEntry | null> => {
  const byId = list.entries.find((entry) => entry.id === grab.rdId);
  if (byId !== undefined) {
    return byId;
  }
  const [byHash] = newcomers(tick, grab, list);
  // The list may lag behind: nothing takes the place of an entry that is still there.
  if (byHash === undefined || (grab.rdId !== null && (await tick.realDebrid.info(grab.rdId)) !== null)) {
    return null;
  }
  // In doubt it is somebody else's: we follow it, but will never delete it.
  tick.store.transaction(() => {
    tick.store.grabs.update(grab.id, { rdId: byHash.id, ours: false });
    tick.store.grabs.setEntry({
      rdId: byHash.id,
      infoHash: grab.infoHash,
      grabId: grab.id,
      ours: false,
      createdAt: tick.clock.now(),
    });
  });
  return byHash;
};

/** Was the add that got no answer carried out? A new id of that hash says yes; two complete lists without one say no. */
const resolveAdding = async (tick: Tick, grab: GrabRow, list: TorrentList): Promise<void> => {
  // We have selected nothing yet: what has files selected was added by somebody else, and is there to be adopted.
  const fresh = newcomers(tick, grab, list).filter((entry) => unselected.has(entry.status));
  const [only, ...others] = fresh;
  if (only !== undefined && others.length === 0) {
    say(
      tick,
      requestsOf(tick.store, grab),
      `${grabTitle(tick.store, grab)}: ${grab.release} did reach the account; going on with it`,
      {
        kind: 'transition',
        code: 'add-found',
        level: 'info',
      },
    );
    await resumeSelecting(tick, accepted(tick, grab, only.id), only);
    return;
  }
  // Several new ones: which is ours cannot be told, so none is.
  if (only !== undefined || (list.startedAt > (grab.addSentAt ?? 0) && isAbsent(tick, grab, list))) {
    const wantIds = tick.store.grabs.wantIds(grab.id);
    tick.store.transaction(() => {
      tick.store.grabs.move(grab.id, 'withdrawn', tick.clock.now(), { reason: 'not-added' });
      tick.store.wants.reopen(wantIds, tick.clock.now());
    });
    say(
      tick,
      requestsOf(tick.store, grab),
      `${grabTitle(tick.store, grab)}: ${grab.release} ${only === undefined ? 'never reached the account; it is tried again' : 'is in the account several times now; which one is ours cannot be told'}`,
      {
        kind: 'transition',
        code: 'not-added',
        level: 'info',
      },
    );
  }
};

/** Missing from two complete lists at least `absentAfter` apart. Writes down the first miss. */
const isAbsent = (tick: Tick, grab: GrabRow, list: TorrentList): boolean => {
  if (grab.missingSince === null) {
    tick.store.grabs.update(grab.id, { missingSince: list.startedAt });
    return false;
  }
  return (
    list.startedAt - grab.missingSince >= tick.config.realDebrid.absentAfter && list.startedAt !== grab.missingSince
  );
};

const missing = async (tick: Tick, grab: GrabRow, list: TorrentList): Promise<void> => {
  if (!isAbsent(tick, grab, list) || grab.rdId === null) {
    return;
  }
  if ((await tick.realDebrid.info(grab.rdId)) !== null) {
    tick.store.grabs.update(grab.id, { missingSince: null });
    return;
  }
  await fail(tick, grab, 'gone');
};

const failureOf = (entry: TorrentEntry): GrabReason | null => {
  switch (entry.status) {
    case 'magnet_error':
      return 'magnet-error';
    case 'virus':
      return 'virus';
    case 'error':
      return 'download-error';
    case 'dead':
      return entry.linkCount > 0 ? null : 'dead';
    default:
      return null;
  }
};

/** What each end means to the person who waits. */
const meaning: Partial<Record<GrabReason, string>> = {
  'magnet-error': 'Real-Debrid cannot read the magnet',
  virus: 'Real-Debrid reports a virus',
  dead: 'no seeders are left',
  'download-error': 'the download failed at Real-Debrid',
  archived: 'Real-Debrid packed it into one archive that cannot be played',
  'no-links': 'Real-Debrid has dropped its content',
  stalled: 'it makes no progress',
  'too-old': 'it takes too long',
  'no-metadata': 'its file list never arrived',
  gone: 'it was removed from the account from outside',
};

const fail = async (tick: Tick, grab: GrabRow, reason: GrabReason): Promise<void> => {
  const requests = requestsOf(tick.store, grab);
  const wantIds = tick.store.grabs.wantIds(grab.id);
  const repeatedly = reason === 'gone' && wantIds.some((wantId) => tick.store.grabs.timesGone(wantId) > 0);
  remember(tick, grab, reason);
  say(
    tick,
    requests,
    `${grabTitle(tick.store, grab)}: giving up ${grab.release}: ${meaning[reason] ?? reason}; ${repeatedly ? 'it happened before, so a human should look' : 'next candidate'}`,
    {
      kind: 'transition',
      code: reason,
      level: 'warn',
      data: { infoHash: grab.infoHash },
    },
  );
  await discard(tick, grab, reason);
  if (repeatedly) {
    await removedOutside(tick, requests, wantIds);
  }
};

/** Something else deletes what we add: adding more would only feed it. */
const removedOutside = async (tick: Tick, requestIds: number[], wantIds: number[]): Promise<void> => {
  const now = tick.clock.now();
  const wait = tick.config.search.backoff.at(-1) ?? 0;
  tick.store.wants.postpone(wantIds, { nextActionAt: now + wait, waitCode: 'removed-outside' });
  for (const requestId of requestIds) {
    tick.store.requests.setAttention(
      requestId,
      {
        code: 'removed-outside',
        message: 'What we add to the Real-Debrid account for this keeps disappearing',
        hint: 'Look for another tool or a mount setting that deletes torrents (repair, auto-delete of archives).',
      },
      now,
    );
  }
};

/** Statuses of an entry of which no files are selected. */
const unselected: ReadonlySet<TorrentEntry['status']> = new Set([
  'magnet_conversion',
  'waiting_files_selection',
  'magnet_error',
]);

const resumeSelecting = async (tick: Tick, grab: GrabRow, entry: TorrentEntry): Promise<void> => {
  if (entry.status === 'magnet_conversion') {
    if (isOverdue(tick, grab)) {
      await fail(tick, grab, 'no-metadata');
    }
    return;
  }
  // Something else has taken its place, and nobody else's entry is selected on.
  if (!grab.ours && unselected.has(entry.status)) {
    return fail(tick, grab, 'gone');
  }
  const wants = tick.store.grabs
    .wantIds(grab.id)
    .map((id) => tick.store.wants.get(id))
    .filter((want): want is WantRow => want !== undefined);
  // Nobody waits for it any more: the next tick lets go of it.
  if (!wants.some((want) => tick.store.wants.askedBy(want.id).length > 0)) {
    return;
  }
  const { kind } = await chooseAndSelect(tick, grab, await partsOf(tick, wants), null);
  const isUnread = kind === 'unsure' || kind === 'no-metadata';
  // A list may go on naming what is gone already.
  if (isUnread && isOverdue(tick, grab)) {
    await fail(tick, grab, 'no-metadata');
  }
};

const isOverdue = (tick: Tick, { progressAt }: GrabRow): boolean =>
  tick.clock.now() - progressAt >= tick.config.inFlight.stalledAfter;

const watch = async (tick: Tick, grab: GrabRow, entry: TorrentEntry): Promise<void> => {
  const now = tick.clock.now();
  if (entry.status === 'downloaded' || entry.status === 'dead') {
    return finished(tick, grab, entry);
  }
  const moved = entry.status !== grab.status || entry.progress > grab.progress;
  const row = tick.store.grabs.update(grab.id, {
    status: entry.status,
    progress: Math.max(grab.progress, Math.floor(entry.progress)),
    ...(moved ? { progressAt: now } : {}),
  });
  await enforceDeadlines(tick, row, entry);
};

const enforceDeadlines = async (tick: Tick, grab: GrabRow, entry: TorrentEntry): Promise<void> => {
  const now = tick.clock.now();
  const { stalledAfter, maxAge, ttl } = tick.config.inFlight;
  const nearly = grab.progress >= NEARLY_DONE || entry.status === 'uploading' || entry.status === 'compressing';
  if (now - grab.progressAt >= stalledAfter) {
    return afresh(tick, grab, 'stalled');
  }
  if (now - grab.createdAt >= maxAge + (nearly ? stalledAfter : 0)) {
    return afresh(tick, grab, 'too-old');
  }
  if (now >= grab.expiresAt) {
    return afresh(tick, grab, null, ttl);
  }
};

/**
 * A deadline has passed, or the de-dupe window: the torrent's true state decides, not the list's. That there is none is
 * one word against the list that has just shown it: whether it is gone, the next lists will tell.
 */
const afresh = async (tick: Tick, grab: GrabRow, suspicion: GrabReason | null, ttl = 0): Promise<void> => {
  const info = grab.rdId === null ? null : await tick.realDebrid.info(grab.rdId);
  if (info?.status === 'downloaded') {
    return finished(tick, grab, info);
  }
  const failed = (info === null ? null : failureOf(info)) ?? suspicion;
  if (failed !== null) {
    return fail(tick, grab, failed);
  }
  tick.store.grabs.update(grab.id, { expiresAt: tick.clock.now() + ttl });
  say(
    tick,
    requestsOf(tick.store, grab),
    `${grabTitle(tick.store, grab)}: still downloading ${grab.release} (${grab.progress} %); waiting on`,
    {
      kind: 'decision',
      code: 'looked-afresh',
      level: 'debug',
    },
  );
};

/** Downloaded. It is ready only if it can be played: a link for every selected file, not one archive for all. */
const finished = async (tick: Tick, grab: GrabRow, entry: TorrentEntry | TorrentInfo): Promise<void> => {
  const now = tick.clock.now();
  const fault = linkFault(grab.selectedIds?.length ?? 1, entry.linkCount);
  if (fault !== null) {
    if (grab.status !== entry.status) {
      tick.store.grabs.update(grab.id, { status: entry.status, progress: 100, progressAt: now });
    } else if (now - grab.progressAt >= tick.config.realDebrid.linksDelay) {
      await fail(tick, grab, fault);
    }
    return;
  }
  const replaces = superseded(tick, grab).length > 0;
  becomeReady(tick, replaces ? asSelected(grab, await infoOf(tick, entry)) : grab);
};

const infoOf = async (tick: Tick, entry: TorrentEntry | TorrentInfo): Promise<TorrentInfo | null> =>
  'files' in entry ? entry : tick.realDebrid.info(entry.id);

/**
 * Downloaded as soon as it was looked at: it is cached, and chosen. Its links may lag behind; `finished` waits for them.
 */
export const wasCached = (tick: Tick, probe: GrabRow, info: TorrentInfo): void => {
  if (linkFault(probe.selectedIds?.length ?? 1, info.linkCount) === null) {
    becomeReady(tick, { ...asSelected(probe, info), cached: true });
    return;
  }
  tick.store.grabs.update(probe.id, { cached: true, status: info.status, progress: 100, progressAt: tick.clock.now() });
  choose(tick, probe);
};

/** A probe has won: it serves its wants, its rivals are let go. */
export const choose = (tick: Tick, probe: GrabRow): void => {
  const wantIds = tick.store.grabs.wantIds(probe.id);
  const rivals = tick.store.grabs.openFor(wantIds).filter(({ id, role }) => id !== probe.id && role === 'probe');
  tick.store.grabs.promote(
    probe.id,
    rivals.map((rival) => rival.id),
    tick.clock.now(),
  );
  reportGrabbed(tick, probe, wantIds);
};

/** Ready to be played. A probe that gets here has won: it serves the wants, its rivals are let go. */
export const becomeReady = (tick: Tick, grab: GrabRow): void => {
  const now = tick.clock.now();
  const { mountDelay } = tick.config.realDebrid;
  // Still undecided when it turned up, and no part of it was seen to come: it was there at once.
  const cached = grab.cached ?? grab.progress === 0;
  tick.store.transaction(() => {
    if (grab.role === 'probe') {
      choose(tick, grab);
    }
    supersede(tick, grab);
    tick.store.grabs.move(grab.id, 'ready', now, {
      cached,
      status: 'downloaded',
      progress: 100,
      readyAt: now,
      lookAt: now + mountDelay,
    });
    if (cached) {
      tick.store.grabs.remember(
        { infoHash: grab.infoHash, wantId: null, fileIds: grab.selectedIds, code: 'instant', until: now + CACHED_FOR },
        now,
      );
    }
  });
  say(
    tick,
    requestsOf(tick.store, grab),
    `${grabTitle(tick.store, grab)}: ready: ${grab.release} (${cached ? 'cached' : 'downloaded'}); waiting for Jellyfin to show it`,
    {
      kind: 'transition',
      code: 'grab-ready',
      level: 'info',
      data: { infoHash: grab.infoHash, cached },
    },
  );
};

/** A probe's report is due when it is chosen. */
export const reportGrabbed = (tick: Tick, grab: GrabRow, wantIds: readonly number[]): void => {
  if (grab.role === 'chosen') {
    return;
  }
  for (const wantId of wantIds) {
    const want = tick.store.wants.get(wantId);
    if (want !== undefined) {
      tick.report.grabbed.push({ want: tick.store.keyOf(want), release: grab.release, infoHash: grab.infoHash });
    }
  }
};
