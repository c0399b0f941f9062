import { filesForWants, type ServingFile } from '../domain/filesForWants.js';
import { episodeFile, movieFile, seasonFolder, titleFolder } from '../domain/linkNames.js';
import type { TorrentFile } from '../domain/release.js';
import type { LinkRoot, Links, MountView } from '../links/index.js';
import { locate } from '../links/locate.js';
import type { GrabRow, LinkRow, RequestRow, WantRow } from '../store/index.js';
import type { Tick } from './context.js';
import { removeLink } from './linkRemoval.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { partsOf } from './wanted.js';

/** Links what a ready grab serves, as far as the mount shows it. */
export const linkGrab = async (tick: Tick, links: Links, grab: GrabRow, view: MountView): Promise<void> => {
  const request = requestsOf(tick.store, grab).flatMap((id) => tick.store.requests.get(id) ?? [])[0];
  const where = view.find(namesOf(tick, grab));
  if (request === undefined || where === null) {
    return;
  }
  const wants = tick.store.grabs.wantIds(grab.id).flatMap((id) => tick.store.wants.get(id) ?? []);
  const shown = await links.filesOf(where);
  const made: LinkRow[] = [];
  for (const { file, places } of await serving(tick, grab, wants)) {
    const source = locate(file.path, shown);
    const served = wants.filter((want) => want.type === 'movie' || places.some((place) => isPlace(place, want)));
    if (source !== null && served.length > 0) {
      made.push(...(await linkFile(tick, links, { grab, request, served, source })));
    }
  }
  if (made.length > 0) {
    sayLinked(tick, grab, made);
  }
};

/** Under which names the mount may show its torrent: what Real-Debrid calls it now, too. */
export const namesOf = (tick: Tick, grab: GrabRow): string[] => {
  const { folders = [], files = [] } = grab.placed ?? {};
  const listed = tick.account.entriesOf(grab.infoHash).map(({ name }) => name);
  const alone = files.length === 1 ? files : [];
  return [...new Set([...folders, ...listed, grab.release, ...alone, grab.infoHash])].filter((name) => name !== '');
};

const isPlace = (place: { season: number; episode: number }, want: WantRow): boolean =>
  place.season === want.season && place.episode === want.episode;

/** Which of its selected files serves what. By Real-Debrid's list of files, which knows their folders, unlike many a mount. */
const serving = async (tick: Tick, grab: GrabRow, wants: readonly WantRow[]): Promise<ServingFile[]> => {
  const files = await filesIn(tick, grab);
  const once = wants.filter((want, place) => wants.findIndex((other) => isPlace(other, want)) === place);
  if (files.length === 0 || once.length === 0) {
    return [];
  }
  const selected = grab.selectedIds === null ? files : files.filter(({ id }) => grab.selectedIds?.includes(id));
  return filesForWants(selected, await partsOf(tick, once), {
    torrentName: grab.placed?.folders[0] ?? grab.release,
    fileIndex: grab.fileIndex,
  });
};

/** No call, as long as the answer that its files were chosen by is remembered. */
const filesIn = async (tick: Tick, grab: GrabRow): Promise<readonly TorrentFile[]> => {
  const remembered = await tick.realDebrid.rememberedFiles(grab.infoHash);
  return remembered ?? (grab.rdId === null ? null : await tick.realDebrid.info(grab.rdId))?.files ?? [];
};

interface FileToLink {
  grab: GrabRow;
  request: RequestRow;
  /** What the file brings; not empty. */
  served: readonly WantRow[];
  /** Below the mount. */
  source: string;
}

/** Makes one link. Returns its row if it is new. */
const linkFile = async (tick: Tick, links: Links, file: FileToLink): Promise<LinkRow[]> => {
  const { grab, request, served, source } = file;
  const { store } = tick;
  const wantIds = served.map(({ id }) => id);
  const place = placeOf(tick, file);
  const link = { ...place, grabId: grab.id, tmdbId: request.tmdbId, wantIds, source };
  const made = await makeLink(tick, links, store.links.intend(link, links.targetOf(source)), true);
  if (made === 'foreign') {
    sayTaken(tick, links, grab, place);
    return [];
  }
  for (const row of store.links.ofGrab(grab.id)) {
    const isSame = row.path !== place.path && row.source === source && row.wantIds.every((id) => wantIds.includes(id));
    if (isSame) {
      await removeLink(tick, links, row, `it is ${place.path} now`);
    }
  }
  const row = store.links.at(place);
  return made === 'made' && row !== undefined ? [row] : [];
};

/**
 * Brings what is on disk in line with a link's row, which says what is meant. With `make: false` a link that somebody
 * has removed stays away. A row whose place is taken by something that is not ours is forgotten.
 */
export const makeLink = async (
  tick: Tick,
  links: Links,
  row: LinkRow,
  make: boolean,
): Promise<'made' | 'there' | 'absent' | 'foreign'> => {
  const { store, clock } = tick;
  const put = await links.put({ ...row, make });
  if (put.kind === 'foreign') {
    store.links.forget(row.id);
    return 'foreign';
  }
  if (put.kind === 'absent') {
    store.links.update(row.id, { madeAt: clock.now() });
    return 'absent';
  }
  const changed = put.kind !== 'there' || row.madeAt === null;
  store.transaction(() => {
    store.links.foldersMade(row.root, put.folders);
    store.links.update(row.id, {
      targets: row.targets.slice(-1),
      madeAt: clock.now(),
      missingSince: null,
      removedAt: null,
      ...(changed ? { reportedAt: null } : {}),
    });
  });
  return changed ? 'made' : 'there';
};

/** Where a file's link belongs: in the folder in which the title stands already, if it does. */
const placeOf = (tick: Tick, { request, served, source }: FileToLink): { root: LinkRoot; path: string } => {
  const root: LinkRoot = request.type === 'movie' ? 'movies' : 'series';
  const folder = tick.store.links.folderOf(root, request.tmdbId) ?? titleFolder(request.type, request);
  const tier = served.some((want) => want.tier === '4k') ? '4k' : 'standard';
  const extension = source.slice(source.lastIndexOf('.') + 1).toLowerCase();
  if (request.type === 'movie') {
    return { root, path: `${folder}/${movieFile(folder, tier, extension)}` };
  }
  const season = served[0]?.season ?? 0;
  const episodes = served.map(({ episode }) => episode).sort((a, b) => a - b);
  const name = episodeFile(request.title, { season, episodes }, tier, extension);
  return { root, path: `${folder}/${seasonFolder(season)}/${name}` };
};

const sayLinked = (tick: Tick, grab: GrabRow, made: readonly LinkRow[]): void => {
  const [first] = made;
  const others = made.length === 1 ? '' : ` and ${made.length - 1} more`;
  // Whatever was concluded while it was not to be seen: Jellyfin is asked from now on.
  tick.store.grabs.update(grab.id, { lookAt: tick.clock.now() });
  for (const requestId of requestsOf(tick.store, grab)) {
    if (tick.store.requests.get(requestId)?.attentionCode === 'link-taken') {
      tick.store.requests.setAttention(requestId, null, tick.clock.now());
    }
  }
  say(tick, requestsOf(tick.store, grab), `${grabTitle(tick.store, grab)}: linked as ${first?.path}${others}`, {
    kind: 'transition',
    code: 'linked',
    level: 'info',
    data: { links: made.map(({ root, path, source }) => ({ root, path, source })) },
  });
};

/** Once for each request: what is not ours is never touched, so a human has to. */
const sayTaken = (tick: Tick, links: Links, grab: GrabRow, { root, path }: { root: LinkRoot; path: string }): void => {
  const message = `${grab.release} cannot be linked: ${links.path(root, path)} is there already, and not by us`;
  const hint = 'Nothing that is not ours is touched. Remove or rename it, and the link is made.';
  for (const requestId of requestsOf(tick.store, grab)) {
    if (tick.store.requests.get(requestId)?.attentionCode == null) {
      tick.store.requests.setAttention(requestId, { code: 'link-taken', message, hint }, tick.clock.now());
      say(tick, [requestId], `${grabTitle(tick.store, grab)}: ${message}. ${hint}`, {
        kind: 'attention',
        code: 'link-taken',
        level: 'warn',
      });
    }
  }
};
