import type { Level } from '../log/index.js';
import { oneLine } from '../log/redact.js';
import type { GrabRow, RequestRow, Store } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';

export interface Event {
  kind: 'candidate' | 'decision' | 'call' | 'transition' | 'attention';
  /** Stable slug, e.g. `grab-begun`. */
  code: string;
  /** Absent = journal only. */
  level?: Level;
  want?: string;
  data?: Record<string, unknown>;
}

const LONGEST_TEXT = 600;

/**
 * Says what was decided: to the log for whoever tails it, to the journal of every request concerned for `explain`.
 * `text` is one sentence that names the title.
 */
export const say = (
  tick: Pick<Tick, 'log' | 'store' | 'clock'>,
  requestIds: readonly number[],
  text: string,
  event: Event,
): void => {
  const line = oneLine(text, LONGEST_TEXT);
  const { kind, code, level, want, data } = event;
  for (const requestId of requestIds) {
    tick.store.journal.note({
      at: tick.clock.now(),
      requestId,
      want: want ?? null,
      kind,
      code,
      text: line,
      data: data ?? null,
    });
  }
  if (level !== undefined) {
    const [requestId] = requestIds;
    withWork(requestId === undefined ? {} : { requestId }, () => tick.log[level](line, { code, ...data }));
  }
};

/** `Sintel (2010)`; `Pioneer One (2010) [4K]`; before the title is known `movie tmdb:45745`. */
export const titleOf = (request: Pick<RequestRow, 'title' | 'year' | 'type' | 'tmdbId' | 'tier'>): string => {
  const tier = request.tier === '4k' ? ' [4K]' : '';
  if (request.title === null) {
    return `${request.type === 'movie' ? 'movie' : 'show'} tmdb:${request.tmdbId}${tier}`;
  }
  return `${oneLine(request.title, 120)}${request.year === null ? '' : ` (${request.year})`}${tier}`;
};

/** The requests that a grab is done for: those that wait for its wants, else the one that began it. */
export const requestsOf = (store: Store, grab: GrabRow): number[] => {
  const ids = new Set(store.grabs.allWantIds(grab.id).flatMap((wantId) => store.wants.askedBy(wantId)));
  if (grab.requestId !== null) {
    ids.add(grab.requestId);
  }
  return [...ids];
};

/** The title a grab is for, for people. */
export const grabTitle = (store: Store, grab: GrabRow): string => {
  const request = grab.requestId === null ? undefined : store.requests.get(grab.requestId);
  return request === undefined ? grab.plan : titleOf(request);
};
