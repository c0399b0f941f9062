import { MINUTE } from '../clock.js';
import type { MediaRequest } from '../domain/media.js';
import type { RequestRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { isActive } from './expand.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { fulfil } from './observe.js';
import { idsOf, isInLibrary } from './recognise.js';

/** Marked this often without effect: Seerr is stuck, and that is said. */
const MOST_TRIES = 3;
/** What Jellyfin showed before and does not show now is looked for again after this long (ms). */
const RECONFIRM = 10 * MINUTE;

/** Closes the requests whose every want was seen, in the way that `seerr.complete` says. */
export const close = async (tick: Tick): Promise<void> => {
  const now = tick.clock.now();
  const scan = { asked: false };
  for (const row of tick.store.requests.open()) {
    if (!isActive(row) || (row.closeNextAt ?? 0) > now || !sawAll(tick, row)) {
      continue;
    }
    tick.signal.throwIfAborted();
    await withWork({ requestId: row.id }, () =>
      guard(tick, `closing ${titleOf(row)}`, () => closeOne(tick, row, scan)),
    );
  }
};

/** Every want of it, the ones not aired yet included, was seen. */
const sawAll = (tick: Tick, row: RequestRow): boolean => {
  if (!row.expandedFully) {
    return false;
  }
  const wants = tick.store.wants.ofRequest(row.id);
  return wants.length > 0 && wants.every((want) => want.seenAt !== null);
};

const closeOne = async (tick: Tick, row: RequestRow, scan: { asked: boolean }): Promise<void> => {
  if (row.closeStep === null && !(await stillThere(tick, row))) {
    return;
  }
  const { complete } = tick.config.seerr;
  if (complete === 'off') {
    fulfil(tick, row, 'Jellyfin shows it (closing in Seerr is switched off)');
    return;
  }
  if (row.closeStep === null && complete !== 'mark' && row.completedBySeerrAt === null) {
    await askForScan(tick, row, scan);
    return;
  }
  if (row.closeStep === 'scanning' && complete === 'scan') {
    fulfil(tick, row, 'Jellyfin shows it and Seerr was asked to scan');
    return;
  }
  await mark(tick, row);
};

/** Seen is latched; closing wants it live. A no is not believed: a mount may have dropped. */
const stillThere = async (tick: Tick, row: RequestRow): Promise<boolean> => {
  const wants = tick.store.wants.ofRequest(row.id);
  const now = tick.clock.now();
  const fresh = wants.every((want) => want.seenAt !== null && want.seenAt >= tick.report.startedAt);
  if (fresh) {
    return true;
  }
  if (!(await tick.catalogue.refresh())) {
    return false;
  }
  for (const { want } of wants) {
    if (!(await isInLibrary(tick, want, idsOf(row)))) {
      tick.store.requests.update(row.id, { closeNextAt: now + RECONFIRM });
      return false;
    }
  }
  return true;
};

/** Seerr's own scan closes most requests, sets the play link and tells the requester. One serves all of a tick. */
const askForScan = async (tick: Tick, row: RequestRow, scan: { asked: boolean }): Promise<void> => {
  if (!scan.asked) {
    // Starting it while it runs would abort the running one.
    if (await tick.seerr.recentScanRunning()) {
      return;
    }
    await tick.seerr.startRecentScan();
    scan.asked = true;
  }
  tick.store.requests.update(row.id, {
    closeStep: 'scanning',
    closeTries: 0,
    closeNextAt: tick.clock.now() + tick.config.seerr.scanTimeout,
  });
  say(tick, [row.id], `${titleOf(row)}: Jellyfin shows it; asked Seerr to scan`, {
    kind: 'transition',
    code: 'seerr-scan',
    level: 'info',
  });
};

/** Marks by API what the scan left open. Read before each write; confirmed by reading again, never by the answer. */
const mark = async (tick: Tick, row: RequestRow): Promise<void> => {
  const request = await tick.seerr.request(row.id);
  const now = tick.clock.now();
  if (request === null) {
    tick.store.requests.update(row.id, { withdrawnAt: now });
    return;
  }
  const settled = request.status === 'completed' && request.media.status !== 'deleted';
  if (settled) {
    fulfil(
      tick,
      { ...row, completedBySeerrAt: now },
      row.closeTries > 0 ? 'marked available in Seerr' : 'Seerr has closed it',
    );
    return;
  }
  if (row.closeTries >= MOST_TRIES) {
    stuck(tick, row);
    return;
  }
  tick.store.requests.update(row.id, {
    closeStep: 'marking',
    closeTries: row.closeTries + 1,
    closeNextAt: now + settleTime(tick, row.closeTries),
  });
  await (request.type === 'movie' ? markMovie(tick, request) : markShow(tick, request, row));
};

const settleTime = (tick: Tick, tries: number): number => {
  const steps = tick.config.seerr.markBackoff;
  return steps[Math.min(tries, steps.length - 1)] ?? MINUTE;
};

/** A movie that is available already with its request still open: only a change of status fires, so make one. */
const markMovie = async (tick: Tick, { media, is4k }: MediaRequest): Promise<void> => {
  if (media.status === 'available') {
    await tick.seerr.mark(media.id, 'processing', { is4k });
  }
  await tick.seerr.mark(media.id, 'available', { is4k });
};

/** `partial` first when the show is available already, then exactly the seasons we saw, then `partial` if more is missing. */
const markShow = async (tick: Tick, { media, is4k, seasons }: MediaRequest, row: RequestRow): Promise<void> => {
  const options = { is4k };
  if (media.status === 'available') {
    await tick.seerr.mark(media.id, 'partial', options);
  }
  const wanted = seasons.map((season) => season.number);
  await tick.seerr.mark(media.id, 'available', { ...options, seasons: wanted });
  const show = await tick.seerr.show(row.tmdbId);
  const done = new Set([
    ...wanted,
    ...(media.seasons ?? []).filter((season) => season.status === 'available').map((season) => season.number),
  ]);
  if (show.seasons.some((season) => season.number > 0 && season.episodeCount > 0 && !done.has(season.number))) {
    await tick.seerr.mark(media.id, 'partial', options);
  }
};

const stuck = (tick: Tick, row: RequestRow): void => {
  const now = tick.clock.now();
  const message = `${titleOf(row)} can be watched, but Seerr keeps its request open whatever it is told`;
  const hint = 'Nothing is wrong with the file. Delete the request in Seerr to tidy up.';
  tick.store.requests.setAttention(row.id, { code: 'stuck-in-seerr', message, hint }, now);
  say(tick, [row.id], `${message}. ${hint}`, { kind: 'attention', code: 'stuck-in-seerr', level: 'warn' });
  fulfil(tick, { ...row, attentionCode: 'stuck-in-seerr' }, 'Jellyfin shows it; Seerr is stuck');
};
