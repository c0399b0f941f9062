import type { GrabRow } from '../store/index.js';
import type { Tick } from './context.js';

/** Older entries of ours of which it has every file are not needed any more: their grabs go on with this one. */
export const supersede = (tick: Tick, grab: GrabRow): void => {
  if (!grab.ours || grab.rdId === null || grab.selectedIds === null) {
    return;
  }
  const { grabs } = tick.store;
  const brings = new Set(grab.selectedIds);
  for (const { rdId, selectedIds } of grabs.liveEntries(grab.infoHash)) {
    if (rdId === grab.rdId || selectedIds === null || !selectedIds.every((id) => brings.has(id))) {
      continue;
    }
    const { infoHash, release, plan } = grab;
    grabs.takeOver(rdId, grab);
    grabs.beginRemoval({ infoHash, release, plan, rdId, now: tick.clock.now() });
  }
};
