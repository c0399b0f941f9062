import { MINUTE } from '../clock.js';
import { isServiceError } from '../domain/errors.js';
import type { MediaRequest } from '../domain/media.js';
import type { RequestRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { isActive } from './expand.js';
import { linkByFullScan, noteUnlinked } from './fullScan.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { fulfil, readAgain, wantedSeasons } from './observe.js';
import { idsOf, isInLibrary } from './recognise.js';

/** Marked this often without effect: Seerr is stuck, and that is said. */
const MOST_TRIES = 3;
/** What Jellyfin showed before and does not show now is looked for again after this long (ms). */
const RECONFIRM = 10 * MINUTE;

/** Closes the requests whose every want was seen, in the way that `seerr.complete` says. */
export const close = async (tick: Tick): Promise<void> => {
  const now = tick.clock.now();
  const scan = { asked: false };
  for (const row of tick.store.requests.toClose(now).filter(isActive)) {
    tick.signal.throwIfAborted();
    await withWork({ requestId: row.id }, () =>
      guard(tick, `closing ${titleOf(row)}`, () => closeOne(tick, row, scan)),
    );
  }
  await guard(tick, "Seerr's full scan", () => linkByFullScan(tick));
};

const closeOne = async (tick: Tick, row: RequestRow, scan: { asked: boolean }): Promise<void> => {
  if (!(await stillThere(tick, row))) {
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

/** Seen is latched; each step of closing wants it live. A no is not believed: a mount may have dropped. */
const stillThere = async (tick: Tick, row: RequestRow): Promise<boolean> => {
  const wants = tick.store.wants.ofRequest(row.id);
  const now = tick.clock.now();
  const fresh = wants.every((want) => want.seenAt !== null && want.seenAt >= tick.report.startedAt);
  if (fresh) {
    return true;
  }
  if (!(await tick.catalogue.refresh(tick.report.startedAt))) {
    return false;
  }
  for (const { want } of wants) {
    if ((await isInLibrary(tick, want, idsOf(row))) !== true) {
      tick.store.requests.update(row.id, { closeNextAt: now + RECONFIRM });
      attendToGone(tick, row);
      return false;
    }
  }
  if (row.attentionCode === 'gone-from-library') {
    tick.store.requests.setAttention(row.id, null, now);
  }
  return true;
};

/** Deleted after it was watched, or a mount that is away: which of them, only a human knows. */
const attendToGone = (tick: Tick, row: RequestRow): void => {
  if (row.attentionCode !== null) {
    return;
  }
  const message = `Jellyfin has shown all of ${titleOf(row)}, but does not show all of it now, so the request stays open`;
  const hint =
    'If it was deleted on purpose, close or delete the request in Seerr; else check the mount. Nothing is fetched again.';
  tick.store.requests.setAttention(row.id, { code: 'gone-from-library', message, hint }, tick.clock.now());
  say(tick, [row.id], `${message}. ${hint}`, { kind: 'attention', code: 'gone-from-library', level: 'warn' });
};

/** Seerr's own scan closes most requests, sets the play link and tells the requester. One serves all of a tick. */
const askForScan = async (tick: Tick, row: RequestRow, scan: { asked: boolean }): Promise<void> => {
  const state = scan.asked ? 'idle' : await scanState(tick);
  if (state === 'running') {
    return;
  }
  if (state === 'useless') {
    await mark(tick, row);
    return;
  }
  if (!scan.asked) {
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

const SCANNING_KEY = 'seerr.scanningSince';

/** Starting a scan while it runs would abort the running one. One that there is not, or that never ends, is done without. */
const scanState = async (tick: Tick): Promise<'idle' | 'running' | 'useless'> => {
  const now = tick.clock.now();
  const running = await scanRuns(tick);
  const since = tick.store.state.get<number>(SCANNING_KEY);
  if (running !== true) {
    if (since !== undefined) {
      tick.store.state.delete(SCANNING_KEY);
    }
    return running === null ? 'useless' : 'idle';
  }
  if (since === undefined) {
    tick.store.state.set(SCANNING_KEY, now);
  }
  return now - (since ?? now) < tick.config.seerr.scanTimeout ? 'running' : 'useless';
};

/** null = Seerr has no such job. */
const scanRuns = async (tick: Tick): Promise<boolean | null> => {
  try {
    return await tick.seerr.recentScanRunning();
  } catch (error) {
    if (isServiceError(error) && error.code === 'no-scan-job') {
      return null;
    }
    throw error;
  }
};

/** Marks by API what the scan left open. Read before each write; confirmed by reading again, never by the answer. */
const mark = async (tick: Tick, row: RequestRow): Promise<void> => {
  const request = await readAgain(tick, row);
  const now = tick.clock.now();
  if (request === null) {
    tick.store.requests.update(row.id, { withdrawnAt: now });
    return;
  }
  // Before the first mark the same column counts something else.
  const tries = row.closeStep === 'marking' ? row.closeTries : 0;
  if (request.status === 'completed' && request.media.status !== 'deleted') {
    closed(tick, { ...row, completedBySeerrAt: now }, tries > 0, request);
    return;
  }
  if (!isActive(request) || wantedSeasons(request, row.seasons).join() !== row.seasons.join()) {
    // Declined meanwhile, or more is asked for than we have seen: the next sweep takes it in.
    return;
  }
  if (tries >= MOST_TRIES) {
    stuck(tick, row);
    return;
  }
  const attempt = { closeStep: 'marking', closeNextAt: now + settleTime(tick, tries) } as const;
  tick.store.requests.update(row.id, { ...attempt, closeTries: tries });
  try {
    await (request.type === 'movie' ? markMovie(tick, request) : markShow(tick, request, row));
  } catch (error) {
    // What Seerr could not take in was no try, unless it refuses just this.
    if (isServiceError(error) && error.failure !== 'ours') {
      throw error;
    }
    tick.store.requests.update(row.id, { closeTries: tries + 1 });
    throw error;
  }
  tick.store.requests.update(row.id, { closeTries: tries + 1 });
};

const closed = (tick: Tick, row: RequestRow, byOurMark: boolean, { media }: MediaRequest): void => {
  if (byOurMark && !media.hasJellyfinId) {
    noteUnlinked(tick, row.id);
  }
  fulfil(tick, row, byOurMark ? 'marked available in Seerr' : 'Seerr has closed it');
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
const markShow = async (tick: Tick, { media, is4k }: MediaRequest, row: RequestRow): Promise<void> => {
  const options = { is4k };
  if (media.status === 'available') {
    await tick.seerr.mark(media.id, 'partial', options);
  }
  await tick.seerr.mark(media.id, 'available', { ...options, seasons: row.seasons });
  const show = await tick.seerr.show(row.tmdbId);
  const done = new Set([
    ...row.seasons,
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
