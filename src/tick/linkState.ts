import type { GrabRow } from '../store/index.js';
import type { Tick } from './context.js';

/** Whether what a grab brings comes to Jellyfin by links, not by a scan of the mount. */
export const isForLinks = (tick: Tick, grab: GrabRow): boolean =>
  tick.links?.handles(grab.plan.startsWith('movie:') ? 'movie' : 'tv') ?? false;

/** Whether all that a grab serves is linked. */
export const isLinked = (tick: Tick, grab: GrabRow): boolean => {
  const rows = tick.store.links
    .ofGrab(grab.id)
    .filter(({ madeAt, removedAt }) => madeAt !== null && removedAt === null);
  const linked = new Set(rows.flatMap(({ wantIds }) => wantIds));
  return tick.store.grabs.wantIds(grab.id).every((wantId) => linked.has(wantId));
};
