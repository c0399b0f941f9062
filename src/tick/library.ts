import { planKey } from '../domain/want.js';
import type { GrabRow, WantRow } from '../store/index.js';
import type { Tick } from './context.js';
import { isActive } from './expand.js';
import { guard } from './guard.js';
import { isForLinks } from './linkState.js';
import { findMistaken, type Mistaken, mistakenText } from './misidentified.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { notSeen } from './notSeen.js';
import { awaitedWants, idsOf, recognise } from './recognise.js';

/** Ready grabs that the mount has had time to show. */
export const awaited = (tick: Tick): GrabRow[] => {
  const now = tick.clock.now();
  return tick.store.grabs
    .unended()
    .filter(
      (grab) =>
        grab.state === 'ready' &&
        grab.lookAt <= now &&
        (grab.readyAt ?? now) + tick.config.realDebrid.mountDelay <= now,
    );
};

/** Sees what Jellyfin has come to show, and asks it to scan for what it does not. `known` = the catalogue is up to date. */
export const lookIntoLibrary = async (tick: Tick, grabs: GrabRow[]): Promise<void> => {
  if (grabs.length === 0) {
    return;
  }
  const missing = await recognise(tick, awaitedWants(tick, grabs));
  letGoOfUnasked(tick);
  if (tick.catalogue.shrunk() !== null) {
    return;
  }
  // Of the others it could not be found out: nothing is concluded from that.
  const isMissing = ({ id }: GrabRow) => tick.store.grabs.wantIds(id).some((wantId) => missing.has(wantId));
  const unseen = grabs.filter((grab) => tick.store.grabs.get(grab.id)?.state === 'ready' && isMissing(grab));
  if (tick.config.library.scan) {
    // What comes by links is reported by its path.
    const mounted = unseen.filter((grab) => !isForLinks(tick, grab));
    await guard(tick, "Jellyfin's library scan", () => scanFor(tick, mounted));
  }
  await attendToUnseen(
    tick,
    unseen.flatMap((grab) => tick.store.grabs.get(grab.id) ?? []),
  );
};

/**
 * Ends what nobody waits for any more: a ready grab whose wants were all seen has done its work; one that is still on
 * its way is removed if it is ours, and kept if it turns out to be downloaded.
 */
export const letGoOfUnasked = (tick: Tick): void => {
  const isExpected = expectation(tick);
  for (const grab of tick.store.grabs.unended()) {
    // Whether an unsure add has left something in the account must be known before it can be removed.
    if (grab.state !== 'discarding' && grab.state !== 'adding') {
      letGo(tick, grab, isExpected);
    }
  }
};

const letGo = (tick: Tick, grab: GrabRow, isExpected: (wantId: number) => boolean): void => {
  const now = tick.clock.now();
  const { grabs, wants } = tick.store;
  const serving = grabs.wantIds(grab.id);
  const unasked = serving.filter((wantId) => wants.askedBy(wantId).length === 0 && !isExpected(wantId));
  if (unasked.length < serving.length) {
    for (const wantId of unasked) {
      grabs.releaseWant(grab.id, wantId, wants.isSeen(wantId) ? 'seen' : 'not-wanted', now);
    }
    return;
  }
  if (grab.state === 'ready' && serving.length > 0 && unasked.every((wantId) => wants.isSeen(wantId))) {
    arrived(tick, grab);
    return;
  }
  end(tick, grab, now);
};

/**
 * Whether an open request is for a want and has none of that season yet: one deleted and made anew is not to lose what is
 * on its way. Looked up once for a season: that which has just been seen may have a thousand episodes.
 */
const expectation = (tick: Tick): ((wantId: number) => boolean) => {
  const { requests, wants } = tick.store;
  const known = new Map<string, boolean>();
  const look = ({ type, tmdbId, tier, season }: WantRow): boolean =>
    requests
      .openListed()
      .some(
        (request) =>
          isActive(request) &&
          request.tmdbId === tmdbId &&
          request.tier === tier &&
          (request.type === 'movie') === (type === 'movie') &&
          (type === 'movie' || request.seasons.includes(season)) &&
          !wants.ofRequest(request.id).some(({ want }) => want.season === season),
      );
  return (wantId) => {
    const want = wants.get(wantId);
    if (want === undefined) {
      return false;
    }
    const answer = known.get(planKey(want)) ?? look(want);
    known.set(planKey(want), answer);
    return answer;
  };
};

const arrived = (tick: Tick, grab: GrabRow): void => {
  const requests = requestsOf(tick.store, grab);
  tick.store.grabs.move(grab.id, 'in-library', tick.clock.now(), { reason: 'seen' });
  say(tick, requests, `${grabTitle(tick.store, grab)}: in the library: Jellyfin shows ${grab.release}`, {
    kind: 'transition',
    code: 'in-library',
    level: 'info',
    data: { infoHash: grab.infoHash },
  });
};

const end = (tick: Tick, grab: GrabRow, now: number): void => {
  if (grab.state === 'ready') {
    tick.store.grabs.move(grab.id, 'withdrawn', now, { reason: 'not-wanted' });
    return;
  }
  say(tick, requestsOf(tick.store, grab), `${grabTitle(tick.store, grab)}: ${grab.release} is not needed any more`, {
    kind: 'transition',
    code: 'not-wanted',
    level: 'info',
  });
  tick.store.grabs.move(grab.id, 'discarding', now, { reason: 'not-wanted', lookAt: now });
};

/** One scan serves all: it is started only if idle, and counts only if it began after the mount had the files. */
const scanFor = async (tick: Tick, unseen: GrabRow[]): Promise<void> => {
  const now = tick.clock.now();
  const due = unseen.filter((grab) => scanDueAt(tick, grab) <= now);
  if (due.length === 0) {
    return;
  }
  const task = await tick.jellyfin.scanTask();
  if (task.running) {
    return;
  }
  // One that was broken off has not looked everywhere.
  const lookedAt = task.lastStatus === 'Completed' ? tick.catalogue.byOurClock(task.lastStartedAt ?? 0) : 0;
  const uncovered = due.filter((grab) => lookedAt < scanDueAt(tick, grab));
  for (const grab of due.filter((one) => !uncovered.includes(one))) {
    tick.store.grabs.update(grab.id, { scans: grab.scans + 1, scanAskedAt: lookedAt });
  }
  if (uncovered.length === 0) {
    return;
  }
  await tick.jellyfin.startScan(task.id);
  for (const grab of uncovered) {
    tick.store.grabs.update(grab.id, { scans: grab.scans + 1, scanAskedAt: now });
  }
  const [first] = uncovered;
  if (first !== undefined) {
    const others = uncovered.length === 1 ? '' : ` and ${uncovered.length - 1} more`;
    say(
      tick,
      requestsOf(tick.store, first),
      `${grabTitle(tick.store, first)}${others}: asked Jellyfin to scan its libraries`,
      {
        kind: 'decision',
        code: 'scan-asked',
        level: 'info',
      },
    );
  }
};

const mountedAt = (tick: Tick, grab: GrabRow): number => (grab.readyAt ?? 0) + tick.config.realDebrid.mountDelay;

/** The first scan when the mount has had its time, then some more in case it had not. */
const scanDueAt = (tick: Tick, grab: GrabRow): number => {
  const mounted = mountedAt(tick, grab);
  const later = [0, ...tick.config.library.rescanAfter];
  const step = later[grab.scans];
  return step === undefined ? Number.POSITIVE_INFINITY : mounted + step;
};

/** Ready, scanned, and still not there: a human has to look. Never a second download. */
const attendToUnseen = async (tick: Tick, unseen: GrabRow[]): Promise<void> => {
  const now = tick.clock.now();
  const late = unseen.filter((grab) => now >= unseenAt(tick, grab));
  if (late.length === 0) {
    return;
  }
  const finished = await guard(tick, "Jellyfin's library scan", () => hasFinished(tick, late));
  // While a scan runs it may still come, but a scan that never ends must not hide it.
  const patience = finished === true ? 0 : tick.config.library.unseenRecheck;
  const overdue = late.filter((one) => now >= unseenAt(tick, one) + patience);
  if (overdue.length === 0) {
    return;
  }
  const mistaken = await guard(tick, 'looking for what Jellyfin misidentified', () => findMistaken(tick, overdue));
  // The look at everything may show that a mount has dropped: then no grab is to blame.
  if (mistaken === undefined || tick.catalogue.shrunk() !== null) {
    return;
  }
  for (const grab of overdue) {
    sayUnseen(tick, grab, mistaken.get(grab.id));
  }
};

/** Whether the last scan has looked everywhere. One that was broken off has not, and is asked for again. */
const hasFinished = async (tick: Tick, late: GrabRow[]): Promise<boolean> => {
  if (!tick.config.library.scan) {
    return true;
  }
  const { id, running, lastStatus, lastStartedAt } = await tick.jellyfin.scanTask();
  const startedAt = tick.catalogue.byOurClock(lastStartedAt ?? 0);
  const unscanned = late.filter((grab) => !isForLinks(tick, grab) && startedAt >= mountedAt(tick, grab));
  if (running || lastStatus === 'Completed' || unscanned.length === 0) {
    return !running;
  }
  const now = tick.clock.now();
  const askedAt = Math.max(...unscanned.map((grab) => grab.scanAskedAt ?? 0));
  if (now - askedAt >= Math.max(0, ...tick.config.library.rescanAfter)) {
    await tick.jellyfin.startScan(id);
    for (const grab of unscanned) {
      tick.store.grabs.update(grab.id, { scanAskedAt: now });
    }
  }
  return false;
};

/**
 * When a ready grab that Jellyfin does not show is called unseen: `notSeenAfter` after the mount had it, and no sooner
 * after the last scan than that leaves in the usual course. Without any scan yet: much later.
 */
const unseenAt = (tick: Tick, grab: GrabRow): number => {
  const { notSeenAfter, rescanAfter, unseenRecheck, scan } = tick.config.library;
  const usual = (grab.readyAt ?? tick.clock.now()) + tick.config.realDebrid.mountDelay + notSeenAfter;
  if (!scan) {
    return usual;
  }
  const scanTime = Math.max(0, notSeenAfter - Math.max(0, ...rescanAfter));
  if (grab.scanAskedAt === null) {
    return isForLinks(tick, grab) ? usual : usual + unseenRecheck;
  }
  return Math.max(usual, grab.scanAskedAt + scanTime);
};

const sayUnseen = (tick: Tick, grab: GrabRow, mistaken: Mistaken | undefined): void => {
  const now = tick.clock.now();
  tick.store.grabs.update(grab.id, { lookAt: now + tick.config.library.unseenRecheck });
  for (const requestId of requestsOf(tick.store, grab)) {
    const request = tick.store.requests.get(requestId);
    if (request === undefined) {
      continue;
    }
    const attention = mistaken === undefined ? notSeen(tick, grab) : mistakenText(tick, grab, request, mistaken);
    if (request.attentionCode === attention.code || !mayReplace(request.attentionCode)) {
      continue;
    }
    tick.store.requests.setAttention(requestId, attention, now);
    say(tick, [requestId], `${grabTitle(tick.store, grab)}: ${attention.message}. ${attention.hint}`, {
      kind: 'attention',
      code: attention.code,
      level: 'warn',
      data: { ids: idsOf(request), ...(mistaken === undefined ? {} : { ...mistaken }) },
    });
  }
};

/** Nothing else that needs somebody is covered up. */
const mayReplace = (code: string | null): boolean => code === null || code === 'not-seen' || code === 'misidentified';
