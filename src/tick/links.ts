import type { Links, MountView } from '../links/index.js';
import type { GrabRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { linkGrab } from './linkGrab.js';
import { removeUnkept } from './linkRemoval.js';
import { repairLinks } from './linkRepair.js';
import { reportLinks } from './linkReport.js';
import { isForLinks, isLinked } from './linkState.js';
import { requestsOf } from './narrate.js';

/**
 * Keeps the library of links in line with the grabs and the mount: links that are to go, go; what is ready and in the
 * mount is linked; now and then all are looked over. Then Jellyfin is told of what has changed.
 */
export const keepLinks = async (tick: Tick): Promise<void> => {
  const { links } = tick;
  if (links === null) {
    return;
  }
  await guard(tick, 'links that are to go', () => removeUnkept(tick, links));
  const lookOver = links.isLookOverDue(tick.config.library.links.recheck);
  for (const root of lookOver ? links.roots : []) {
    await guard(tick, `the folder of ${root}`, () => links.check(root));
  }
  const waiting = toLink(tick, lookOver);
  if (waiting.length > 0 || lookOver) {
    const isExpected = waiting.length > 0 || tick.store.links.all().length > 0;
    const view = await guard(tick, 'the mount', () => links.look(isExpected));
    if (view !== undefined) {
      await bringUpToDate(tick, links, { view, waiting, lookOver });
    }
  }
  await guard(tick, 'telling Jellyfin of links', () => reportLinks(tick, links));
};

const bringUpToDate = async (
  tick: Tick,
  links: Links,
  { view, waiting, lookOver }: { view: MountView; waiting: GrabRow[]; lookOver: boolean },
): Promise<void> => {
  if (lookOver) {
    await guard(tick, 'repairing links', () => repairLinks(tick, links, view));
  }
  for (const grab of waiting) {
    tick.signal.throwIfAborted();
    // The rest has its turn with the next tick.
    if (tick.clock.now() > tick.workUntil) {
      return;
    }
    const [requestId] = requestsOf(tick.store, grab);
    await withWork({ grabId: grab.id, requestId }, () =>
      guard(tick, `linking ${grab.release}`, () => linkGrab(tick, links, grab, view)),
    );
  }
};

/**
 * Ready grabs that the mount has had time to show, with something not linked yet. One that stays away for long is
 * looked for only when all is looked over.
 */
const toLink = (tick: Tick, lookOver: boolean): GrabRow[] => {
  const now = tick.clock.now();
  return tick.store.grabs.unended().filter((grab) => {
    const shownFor = now - (grab.readyAt ?? now) - tick.config.realDebrid.mountDelay;
    return (
      grab.state === 'ready' &&
      isForLinks(tick, grab) &&
      shownFor >= 0 &&
      (lookOver || shownFor <= tick.config.library.notSeenAfter) &&
      !isLinked(tick, grab)
    );
  });
};
