import { episodeLabel } from '../domain/want.js';
import type { Attention, GrabRow } from '../store/index.js';
import type { Tick } from './context.js';
import { isForLinks, isLinked } from './linkState.js';

/** What to tell of a ready grab that Jellyfin does not show: where to look depends on how it should have come there. */
export const notSeen = (tick: Tick, grab: GrabRow): Attention => {
  if (isForLinks(tick, grab) && !isLinked(tick, grab)) {
    return {
      code: 'not-seen',
      message: `${grab.release} is ready on Real-Debrid, but not all of its files are to be found in ${tick.config.library.links.mount}, so they are not linked`,
      hint: 'Does the mount show this account, and is it up to date? It is looked for again, and linked as soon as it is there.',
    };
  }
  return {
    code: 'not-seen',
    message: `${grab.release} is ready on Real-Debrid, but Jellyfin does not show ${unseenPart(tick, grab)} under the ids of this title`,
    hint: linkHint(tick, grab) ?? MOUNT_HINT,
  };
};

/** Episodes named in the message. */
const NAMED = 5;

/** A pack of which some episodes are there: the others by name. */
const unseenPart = (tick: Tick, grab: GrabRow): string => {
  const { grabs, wants } = tick.store;
  const waiting = grabs.wantIds(grab.id);
  if (waiting.length === grabs.allWantIds(grab.id).length) {
    return 'it';
  }
  const labels = waiting.flatMap((wantId) => {
    const want = wants.get(wantId);
    return want === undefined ? [] : [episodeLabel(want.season, want.episode)];
  });
  return `${labels.slice(0, NAMED).join(', ')}${labels.length > NAMED ? ` and ${labels.length - NAMED} more` : ''} of it`;
};

const MOUNT_HINT =
  'Check that the mount shows the file, that it lies in a Jellyfin library of the right type, and that Jellyfin identified it as this title.';

const linkHint = ({ store, links }: Tick, grab: GrabRow): string | null => {
  const [link] = store.links.ofGrab(grab.id);
  if (links === null || link === undefined) {
    return null;
  }
  const path = links.jellyfinPath(link.root, link.path);
  return `Does ${path} lie in a Jellyfin library of the right type, and is there ${link.targets.at(-1)} where Jellyfin runs? If its paths are others, set library.links.jellyfinMount, jellyfinMovies and jellyfinSeries.`;
};
