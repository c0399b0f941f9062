import type { TorrentInfo } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import type { Tick } from './context.js';

/** Older entries of ours of which it has every file are not needed any more: their grabs go on with this one. */
export const supersede = (tick: Tick, grab: GrabRow): void => {
  const { infoHash, release, plan } = grab;
  for (const { rdId } of superseded(tick, grab)) {
    tick.store.grabs.takeOver(rdId, grab);
    tick.store.grabs.beginRemoval({ infoHash, release, plan, rdId, now: tick.clock.now() });
  }
};

export const superseded = ({ store }: Tick, grab: GrabRow) => {
  if (!grab.ours || grab.rdId === null || grab.selectedIds === null) {
    return [];
  }
  const brings = new Set(grab.selectedIds);
  return store.grabs
    .liveEntries(grab.infoHash)
    .filter(({ rdId, selectedIds }) => rdId !== grab.rdId && selectedIds?.every((id) => brings.has(id)) === true);
};

/**
 * With the files that it really has. Its row says what was asked for, and where another tool has selected before us,
 * Real-Debrid takes that in silence: nothing older is to go for files that it lacks.
 */
export const asSelected = (grab: GrabRow, info: TorrentInfo | null): GrabRow => ({
  ...grab,
  selectedIds: (info?.files ?? []).filter(({ selected }) => selected).map(({ id }) => id),
});
