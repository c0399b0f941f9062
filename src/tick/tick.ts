import { DAY } from '../clock.js';
import { makePlans, type Plan } from '../domain/plan.js';
import type { RequestedWant, RequestRow } from '../store/index.js';
import { advance, finishRemovals, needsList, nothingToObserve } from './advance.js';
import { isOurs } from './arr.js';
import { close } from './close.js';
import type { Tick, TickReport } from './context.js';
import { expand, isActive } from './expand.js';
import { fulfil } from './fulfil.js';
import { guard } from './guard.js';
import { removeLeftovers } from './leftovers.js';
import { awaited, letGoOfUnasked, lookIntoLibrary } from './library.js';
import { lossText } from './librarySize.js';
import { keepLinks } from './links.js';
import { titleOf } from './narrate.js';
import { observeRequests } from './observe.js';
import { idsOf, recognise } from './recognise.js';
import { conclude } from './report.js';

/**
 * One pass of the reconcile loop: read what is wanted and what is there, act on the difference. Level-triggered: a
 * missed tick, a restart or a hint from a webhook in between cost nothing.
 */
export const runTick = async (tick: Tick): Promise<TickReport> => {
  const observed = await guard(tick, 'reading requests from Seerr', async () => {
    await observeRequests(tick);
    return true;
  });
  await advanceGrabs(tick);
  const read = await expand(tick);
  const plans = observed === true ? await planDue(tick, read) : [];
  await fulfil(tick, plans);
  removeLeftovers(tick);
  await finishRemovals(tick);
  await close(tick);
  return conclude(tick);
};

/** What is in flight moves on by what Real-Debrid and Jellyfin show. */
const advanceGrabs = async (tick: Tick): Promise<void> => {
  letGoOfUnasked(tick);
  if (needsList(tick)) {
    const list = await guard(tick, 'the Real-Debrid list', () => tick.account.list(0));
    if (list !== undefined) {
      await advance(tick, list);
    }
  } else {
    nothingToObserve(tick);
  }
  await keepLinks(tick);
  const ready = awaited(tick);
  if (ready.length > 0 && (await libraryKnown(tick))) {
    await lookIntoLibrary(tick, ready);
  }
};

/** false = Jellyfin cannot be asked, or shows so much less than before that a mount has probably dropped. */
const libraryKnown = async (tick: Tick): Promise<boolean> =>
  (await guard(tick, "Jellyfin's library", async () => {
    const known = await tick.catalogue.refresh(tick.report.startedAt);
    const loss = tick.catalogue.shrunk();
    if (!known && loss !== null) {
      tick.report.errors.push({
        service: 'jellyfin',
        class: 'source',
        code: 'library-shrunk',
        text: `${lossText(loss)}, so nothing is concluded from it`,
      });
    }
    return known;
  })) ?? false;

/** The due wants that Jellyfin does not have, as plans. Nothing is wanted on the word of a stale list or a shrunken library. */
const planDue = async (tick: Tick, read: readonly RequestRow[]): Promise<Plan[]> => {
  const due = await dueWants(tick);
  const early = earlyWants(tick, read);
  tick.report.dueIds = [...new Set(due.map(({ want }) => want.id))];
  tick.report.due = tick.report.dueIds.length;
  if (due.length + early.length === 0 || !(await libraryKnown(tick))) {
    return [];
  }
  const missingIds = await recognise(tick, [...new Map([...due, ...early].map((one) => [one.want.id, one])).values()]);
  // A mount that drops just now is noticed while one looks.
  const missing = tick.catalogue.shrunk() === null ? due.filter(({ want }) => missingIds.has(want.id)) : [];
  putOffUnsearchable(tick, missing);
  return tick.grabsHeld() ? [] : makePlans(missing);
};

type DueWant = RequestedWant & { request: RequestRow };

/**
 * What may be there before its time, of the requests whose details were read in this tick: a film that is in cinemas, an
 * episode that nobody has a date for. When it comes due may be never. Of a show it is looked at when the request is new;
 * later only where no other date would bring it up.
 */
const earlyWants = (tick: Tick, read: readonly RequestRow[]): DueWant[] => {
  const now = tick.clock.now();
  return read.flatMap((before) => {
    const request = tick.store.requests.get(before.id);
    const unseen = tick.store.wants.ofRequest(before.id).filter(({ seenAt }) => seenAt === null);
    const isDated = before.title !== null && before.type === 'tv' && unseen.some(({ want }) => want.dueAt !== null);
    if (request === undefined || request.handledByArr || isDated) {
      return [];
    }
    return unseen.filter(({ want }) => (want.dueAt ?? now + 1) > now).map((one) => ({ ...one, request }));
  });
};

/**
 * Without an IMDb id nothing can be searched: looking whether somebody else has brought it is worth a call a day. Of a
 * title of which it has a part Jellyfin may know the id that TMDB does not.
 */
const putOffUnsearchable = (tick: Tick, missing: readonly DueWant[]): void => {
  const nameless = missing.filter(({ want }) => want.imdbId === null);
  const ids = nameless.map(({ want }) => want.id);
  if (ids.length > 0) {
    tick.store.wants.postpone(ids, { nextActionAt: tick.clock.now() + DAY, waitCode: 'no-imdb-id' });
  }
  for (const request of new Set(nameless.map((one) => one.request))) {
    const imdbId = tick.catalogue.imdbId(request.type === 'movie' ? 'Movie' : 'Series', idsOf(request));
    if (imdbId !== null) {
      // The next tick works its wants out anew, with the id.
      tick.store.requests.update(request.id, { imdbId, expandAt: null });
    }
  }
};

/** What has left the list of the approved, and was not found to be completed, is unknown: nothing is fetched for it. */
const isAsked = ({ report }: Tick, { id, status, completedBySeerrAt }: RequestRow): boolean =>
  status !== 'approved' || completedBySeerrAt !== null || report.approved === null || report.approved.has(id);

const dueWants = async (tick: Tick): Promise<DueWant[]> => {
  const wants = tick.store.wants.due(tick.clock.now());
  const asking = new Set(wants.map(({ requestId }) => requestId));
  const open = new Map([...asking].map((id) => [id, tick.store.requests.get(id)]));
  const ours = new Map<number, boolean>();
  const due: DueWant[] = [];
  for (const want of wants) {
    const request = open.get(want.requestId);
    if (request === undefined || !isActive(request) || !isAsked(tick, request)) {
      continue;
    }
    const mine = ours.get(request.id) ?? (await guard(tick, titleOf(request), () => isOurs(tick, request))) ?? false;
    ours.set(request.id, mine);
    if (mine) {
      due.push({ ...want, request });
    }
  }
  return due;
};
