import type { Links } from '../links/index.js';
import type { LinkRow } from '../store/index.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { grabTitle, requestsOf, say } from './narrate.js';

/** Links whose torrent was removed, or that a person called bad, go; their rows once Jellyfin was told. */
export const removeUnkept = async (tick: Tick, links: Links): Promise<void> => {
  for (const row of tick.store.links.unkept()) {
    if (row.removedAt === null) {
      const isThere = tick.store.grabs.get(row.grabId)?.state === 'in-library';
      const why = isThere ? 'its copy was called bad' : 'its torrent was removed';
      await guard(tick, `removing the link ${row.path}`, () => removeLink(tick, links, row, why));
    } else if (row.reportedAt !== null) {
      tick.store.links.forget(row.id);
    }
  }
};

/** Removes a link of ours, and the folders of ours that it leaves empty. What is not ours any more is forgotten, not touched. */
export const removeLink = async (tick: Tick, links: Links, row: LinkRow, why: string): Promise<void> => {
  const { store, clock } = tick;
  const taken = await links.take({ ...row, folders: store.links.foldersAbove(row) });
  // Never made, so there is nothing to tell Jellyfin of either.
  if (taken.kind === 'foreign' || (taken.kind === 'absent' && row.madeAt === null)) {
    store.links.forget(row.id);
    return;
  }
  store.transaction(() => {
    store.links.foldersGone(row.root, taken.folders);
    store.links.update(row.id, { removedAt: clock.now(), reportedAt: null });
  });
  const grab = store.grabs.get(row.grabId);
  if (taken.kind === 'removed' && grab !== undefined) {
    say(tick, requestsOf(store, grab), `${grabTitle(store, grab)}: removed the link ${row.path}: ${why}`, {
      kind: 'transition',
      code: 'link-removed',
      level: 'info',
    });
  }
};
