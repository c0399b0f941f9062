import type { RequestRow, Store, WantRow } from './store/index.js';

/**
 * What a person may order about requests. Orders are changes of rows: a daemon beside it obeys with its next tick, and
 * without one they wait in the database.
 */

const PAUSED = 'paused';

export const isPaused = (store: Store): boolean => store.state.get(PAUSED) === true;

/** No new grabs until resumed; what is in flight goes on. */
export const setPaused = (store: Store, paused: boolean): void => store.state.set(PAUSED, paused);

export interface Aim {
  requests: RequestRow[];
  wants: WantRow[];
}

/**
 * Clears back-off and what is remembered against releases of the target, and makes it due now. Returns how many
 * remembered facts were dropped; what was rejected by hand is among them, so this also undoes a mistaken `reject`.
 */
export const retry = (store: Store, { requests, wants }: Aim, now: number): number =>
  store.transaction(() => {
    const ids = wants.map((want) => want.id);
    store.wants.retry(ids, now);
    for (const request of requests.filter((row) => row.fulfilledAt === null)) {
      store.requests.setAttention(request.id, null, now);
      store.requests.update(request.id, { expandAt: null, closeNextAt: null, closeTries: 0 });
    }
    for (const grab of ids.length === 0 ? [] : store.grabs.openFor(ids)) {
      // Another round of library scans for what is ready and was not seen.
      store.grabs.update(grab.id, { lookAt: now, scans: 0, ...(grab.state === 'ready' ? { readyAt: now } : {}) });
    }
    for (const { id } of requests) {
      note(
        store,
        id,
        now,
        'retry',
        'a person asked for another try: back-off and what was held against releases is cleared',
      );
    }
    return ids.length === 0 ? 0 : store.grabs.forgive(ids);
  });

export interface Rejected {
  release: string;
  wants: number;
}

/**
 * "This copy is bad": blocks the chosen release for these wants, reopens them and lets the next best be taken. Its
 * torrent is removed if it is ours and brings nothing else that is wanted. Empty when nothing was chosen yet.
 */
export const reject = (store: Store, { requests, wants }: Aim, now: number): Rejected[] =>
  store.transaction(() => {
    const rejected = new Map<number, Rejected>();
    const again = new Set<number>();
    for (const want of wants) {
      const grab = store.grabs.chosenFor(want.id);
      if (grab === undefined) {
        continue;
      }
      store.grabs.remember({ infoHash: grab.infoHash, wantId: want.id, code: 'rejected', until: null }, now);
      store.grabs.rejectWant(grab.id, want.id, now);
      store.wants.reject(want.id, now);
      again.add(want.id);
      const before = rejected.get(grab.id);
      rejected.set(grab.id, { release: grab.release, wants: (before?.wants ?? 0) + 1 });
    }
    for (const [grabId] of rejected) {
      removeIfUseless(store, grabId, now);
    }
    const concerned = requests.filter(({ id }) => store.wants.ofRequest(id).some(({ want }) => again.has(want.id)));
    reopen(store, concerned, now);
    return [...rejected.values()];
  });

/** What has to stay ends with the next tick, when nobody is found to wait for it any more. */
const removeIfUseless = (store: Store, grabId: number, now: number): void => {
  const grab = store.grabs.get(grabId);
  // Whether an add under way has left something in the account must be known before it can be removed.
  if (grab === undefined || grab.state === 'adding' || store.grabs.isOfUse(grab.infoHash)) {
    return;
  }
  if (grab.endedAt === null) {
    store.grabs.move(grabId, 'discarding', now, { reason: 'rejected', lookAt: now });
    return;
  }
  if (grab.ours && grab.rdId !== null) {
    const { infoHash, release, plan, rdId } = grab;
    store.grabs.beginRemoval({ infoHash, release, plan, rdId, now, reason: 'rejected' });
  }
};

const reopen = (store: Store, requests: RequestRow[], now: number): void => {
  for (const { id } of requests) {
    store.requests.update(id, { fulfilledAt: null, closeStep: null, closeNextAt: null, closeTries: 0, expandAt: null });
    store.requests.setAttention(id, null, now);
    note(store, id, now, 'reject', 'a person called this copy bad: its release is blocked and the next best is taken');
  }
};

const note = (store: Store, requestId: number, at: number, code: string, text: string): void =>
  store.journal.note({ at, requestId, want: null, kind: 'decision', code, text, data: null });
