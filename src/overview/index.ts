import { attentionList } from '../attention.js';
import { DAY } from '../clock.js';
import { describedRequests, lastTick, situation } from '../status.js';
import type { GrabRow, Store } from '../store/index.js';
import { type Overview, some } from './document.js';
import { done, type Why, whyOfGrab } from './done.js';
import { fetching } from './fetching.js';
import { needsYou } from './needsYou.js';
import { type Limits, serviceViews } from './services.js';
import { waiting } from './waiting.js';

/** So many of each are shown; the page says how many more there are. */
const SHOWN = { needsYou: 8, fetching: 30, waiting: 30, done: 12 };
const LATELY = 7 * DAY;
/** Read for what was done: episodes that came one by one are told of together. */
const READ = 60;

export interface OverviewOptions {
  version: string;
  startedAt: number;
  now: number;
  /** null = the loop makes progress; else what is wrong. */
  stuck: string | null;
  limits: Limits;
  /** `inFlight.stalledAfter` (ms). */
  stalledAfter: number;
  /** Why a release was the one; default: from the journal. */
  whyOf?: (grab: GrabRow) => Why;
}

/** All that the status page shows, from the database alone; bounded, whatever is requested. */
export const overview = (store: Store, options: OverviewOptions): Overview => {
  const { version, startedAt, now, stuck, limits, stalledAfter, whyOf } = options;
  const around = situation(store, now);
  const requests = describedRequests(store, around);
  const last = lastTick(store);
  const lately = store.views.broughtSince(now - LATELY, READ);
  const finished = done(store, lately.rows, requests, whyOf ?? ((grab) => whyOfGrab(store, grab)));
  const shown = some(finished, SHOWN.done);
  return {
    version,
    startedAt: new Date(startedAt).toISOString(),
    stuck,
    lastTick: last === null ? null : { at: last.at, error: last.error },
    paused: around.paused,
    openRequests: requests.filter(({ row }) => row.fulfilledAt === null).length,
    needsYou: some(attentionList(store, now).map(needsYou), SHOWN.needsYou),
    fetching: some(fetching(store, requests, { now, stalledAfter }), SHOWN.fetching),
    waiting: some(waiting(requests, around), SHOWN.waiting),
    done: { ...shown, more: shown.more + lately.more },
    services: serviceViews(store, around, limits),
  };
};

/** Ended grabs do not change: the reasons of those on show are kept. */
export const rememberedWhy = (store: Store): ((grab: GrabRow) => Why) => {
  const known = new Map<number, Why>();
  return (grab) => {
    const why = known.get(grab.id) ?? whyOfGrab(store, grab);
    known.delete(grab.id);
    known.set(grab.id, why);
    for (const [oldest] of known) {
      if (known.size > READ) {
        known.delete(oldest);
      }
    }
    return why;
  };
};

export type { Overview } from './document.js';
