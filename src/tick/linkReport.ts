import type { Links } from '../links/index.js';
import type { GrabRow, LinkRow } from '../store/index.js';
import type { Tick } from './context.js';
import { isForLinks, isLinked } from './linkState.js';
import { grabTitle, requestsOf, say } from './narrate.js';

const REPORTED_KEY = 'links.reportedAt';
/** In one call. */
const MOST_FOLDERS = 200;

/**
 * Tells Jellyfin of the titles whose links have changed, all in one call, instead of having it scan everything. Each
 * report makes Jellyfin wait anew before it looks, so they are kept apart.
 */
export const reportLinks = async (tick: Tick, links: Links): Promise<void> => {
  const { store } = tick;
  const now = tick.clock.now();
  remindOfUnseen(tick);
  const changed = store.links.unreported();
  const age = now - (store.state.get<number>(REPORTED_KEY) ?? 0);
  const { scan, links: settings } = tick.config.library;
  if (changed.length === 0 || (scan && age >= 0 && age < settings.reportInterval)) {
    return;
  }
  const folders = [...new Set(changed.map((row) => folderOf(links, row)))].slice(0, MOST_FOLDERS);
  const told = changed.filter((row) => folders.includes(folderOf(links, row)));
  if (scan) {
    await tick.jellyfin.reportPaths(folders);
    store.state.set(REPORTED_KEY, now);
  }
  noteReport(tick, told, scan);
};

/** The title's folder: Jellyfin goes up from there to what it knows. */
const folderOf = (links: Links, { root, path }: LinkRow): string =>
  links.jellyfinPath(root, path.slice(0, path.indexOf('/')));

/** A report counts as a scan does. One may get lost, by a scan that begins just then: it is repeated as a scan would be. */
const remindOfUnseen = (tick: Tick): void => {
  const now = tick.clock.now();
  for (const grab of tick.store.grabs.unended()) {
    if (grab.state !== 'ready' || !isForLinks(tick, grab) || !isLinked(tick, grab)) {
      continue;
    }
    const wait = [0, ...tick.config.library.rescanAfter][grab.scans];
    const rows = tick.store.links.ofGrab(grab.id);
    const since = Math.max(grab.readyAt ?? now, ...rows.map(({ madeAt }) => madeAt ?? now));
    if (wait !== undefined && now >= since + wait) {
      for (const { id } of rows) {
        tick.store.links.update(id, { reportedAt: null });
      }
    }
  }
};

const noteReport = (tick: Tick, told: readonly LinkRow[], asked: boolean): void => {
  const { store } = tick;
  const now = tick.clock.now();
  const grabs = [...new Set(told.map(({ grabId }) => grabId))].flatMap((id) => store.grabs.get(id) ?? []);
  store.transaction(() => {
    store.links.reported(
      told.map(({ id }) => id),
      now,
    );
    for (const grab of grabs) {
      store.grabs.update(grab.id, { scans: grab.scans + 1, ...(asked ? { scanAskedAt: now } : {}) });
    }
  });
  const first = grabs.find(({ state }) => state === 'ready');
  if (asked && first !== undefined) {
    sayAsked(tick, first, grabs.length - 1);
  }
};

const sayAsked = (tick: Tick, grab: GrabRow, others: number): void =>
  say(
    tick,
    requestsOf(tick.store, grab),
    `${grabTitle(tick.store, grab)}${others === 0 ? '' : ` and ${others} more`}: asked Jellyfin to look at the new links`,
    { kind: 'decision', code: 'links-reported', level: 'info' },
  );
