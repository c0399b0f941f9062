import { DAY, HOUR } from '../clock.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';

/**
 * What we marked available in Seerr has no play link there until one of Seerr's scans connects it with Jellyfin's item.
 * The recently-added scan never sees single episodes, so the full one is asked for: once a day at most, for all.
 */

const UNLINKED_KEY = 'seerr.unlinked';
const SCANNED_KEY = 'seerr.fullScanAt';
const MOST = 50;
/** Seerr's own scan of what was added lately runs every few minutes: it gets its chance first. */
const PATIENCE = HOUR;

interface Unlinked {
  since: number;
  requestIds: number[];
}

/** A request was closed by our mark and its media still has no Jellyfin id. */
export const noteUnlinked = (tick: Tick, requestId: number): void => {
  const before = tick.store.state.get<Unlinked>(UNLINKED_KEY);
  const requestIds = [...new Set([...(before?.requestIds ?? []), requestId])].slice(-MOST);
  tick.store.state.set(UNLINKED_KEY, { since: before?.since ?? tick.clock.now(), requestIds });
};

export const linkByFullScan = async (tick: Tick): Promise<void> => {
  const now = tick.clock.now();
  const unlinked = tick.store.state.get<Unlinked>(UNLINKED_KEY);
  if (unlinked === undefined || now - unlinked.since < PATIENCE) {
    return;
  }
  if (now - (tick.store.state.get<number>(SCANNED_KEY) ?? Number.NEGATIVE_INFINITY) < DAY) {
    return;
  }
  // It is everybody's, whichever request was the first.
  await withWork({ requestId: undefined }, async () => {
    if (!(await someStillUnlinked(tick, unlinked.requestIds))) {
      tick.store.state.delete(UNLINKED_KEY);
      return;
    }
    const running = await tick.seerr.fullScanRunning();
    if (running === true) {
      return;
    }
    if (running === false) {
      await tick.seerr.startFullScan();
      tick.log.info('Seerr was asked for a full library scan: what was marked available there has no play link yet', {
        code: 'seerr-full-scan',
        requests: unlinked.requestIds.length,
      });
    }
    tick.store.state.set(SCANNED_KEY, now);
    tick.store.state.delete(UNLINKED_KEY);
  });
};

const someStillUnlinked = async (tick: Tick, requestIds: readonly number[]): Promise<boolean> => {
  for (const requestId of requestIds) {
    const request = await tick.seerr.request(requestId);
    if (request !== null && request.status === 'completed' && !request.media.hasJellyfinId) {
      return true;
    }
  }
  return false;
};
