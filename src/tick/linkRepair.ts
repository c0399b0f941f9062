import { groupBy } from '../domain/group.js';
import type { Links, MountView } from '../links/index.js';
import { locate } from '../links/locate.js';
import type { LinkRow } from '../store/index.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { makeLink, namesOf } from './linkGrab.js';
import { removeLink } from './linkRemoval.js';
import { grabTitle, requestsOf, say } from './narrate.js';

/** So many torrents may be gone from a mount that is believed: this share, and a few of a small library. */
const TOLERATED_LOSS = { share: 0.1, torrents: 2 };

/**
 * Goes over all links: those whose folder the mount shows under another name now are led there, and those whose file
 * it has not shown for long are removed. A mount that shows far less than it should says nothing about any of them.
 */
export const repairLinks = async (tick: Tick, links: Links, view: MountView): Promise<void> => {
  const rows = tick.store.links.all();
  const sources = new Map<LinkRow, string | null>(
    rows.filter((row) => view.covers(row.source)).map((row) => [row, row.source]),
  );
  if (sources.size < rows.length) {
    await findAgain(tick, links, view, sources, rows);
  }
  const believed = isBelievable(
    rows,
    rows.filter((row) => sources.get(row) === null),
  );
  for (const [row, source] of sources) {
    await guard(tick, `the link ${row.path}`, async () => {
      if (source !== null) {
        await settle(tick, links, row, source);
      } else if (believed && row.removedAt === null) {
        await letGo(tick, links, row);
      }
    });
  }
};

/**
 * Looks for what is missing from `sources` under other names: Real-Debrid and mounts rename torrents. null = nowhere.
 * What there is no time for is looked at next time.
 */
const findAgain = async (
  tick: Tick,
  links: Links,
  view: MountView,
  sources: Map<LinkRow, string | null>,
  rows: readonly LinkRow[],
): Promise<void> => {
  // What the account calls them now, in one call for all.
  await guard(tick, 'the Real-Debrid list', () => tick.account.list(tick.config.library.links.recheck));
  const missing = rows.filter((row) => !sources.has(row));
  for (const [grabId, ofGrab] of groupBy(missing, (row) => row.grabId)) {
    if (tick.clock.now() > tick.workUntil) {
      return;
    }
    const grab = tick.store.grabs.get(grabId);
    const where = grab === undefined ? null : view.find(namesOf(tick, grab));
    const shown = where === null ? [] : await links.filesOf(where);
    for (const row of ofGrab) {
      sources.set(row, locate(row.source, shown));
    }
  }
};

const torrentsOf = (rows: readonly LinkRow[]): number =>
  new Set(rows.filter(({ removedAt }) => removedAt === null).map(({ grabId }) => grabId)).size;

const isBelievable = (all: readonly LinkRow[], lost: readonly LinkRow[]): boolean =>
  torrentsOf(lost) <= Math.max(TOLERATED_LOSS.torrents, torrentsOf(all) * TOLERATED_LOSS.share);

/** Its file is there. Whoever has removed the link does not want it back, unless nobody has seen it yet, or it was us. */
const settle = async (tick: Tick, links: Links, row: LinkRow, source: string): Promise<void> => {
  const { store } = tick;
  const target = links.targetOf(source);
  const asMeant = row.source === source && row.targets.at(-1) === target;
  if (asMeant && row.madeAt !== null && row.removedAt === null) {
    if (row.missingSince !== null) {
      store.links.update(row.id, { missingSince: null });
    }
    return;
  }
  const grab = store.grabs.get(row.grabId);
  const { root, path, grabId, tmdbId, wantIds } = row;
  const meant = store.links.intend({ root, path, grabId, tmdbId, wantIds, source }, target);
  const made = await makeLink(tick, links, meant, row.removedAt !== null || grab?.state === 'ready');
  if (made === 'made' && grab !== undefined) {
    say(tick, requestsOf(store, grab), `${grabTitle(store, grab)}: the link ${path} leads to ${source} now`, {
      kind: 'transition',
      code: 'link-repaired',
      level: 'info',
    });
  }
};

const letGo = async (tick: Tick, links: Links, row: LinkRow): Promise<void> => {
  const now = tick.clock.now();
  const since = row.missingSince ?? now;
  if (now - since >= tick.config.library.links.removeAfter) {
    await removeLink(tick, links, row, 'the mount does not show its file any more; it comes back with it');
  } else if (row.missingSince === null) {
    tick.store.links.update(row.id, { missingSince: now });
  }
};
