import { resolve } from 'node:path';
import { type Clock, SECOND } from '../clock.js';
import { type MountView, mountView } from './mountView.js';
import { type MountEntry, readMount } from './reader.js';
import { createShelf, type Put, type Shelf, type Taken } from './shelf.js';
import { isLinkTrouble, type LinkTrouble, MOUNT_EMPTY, mountTrouble } from './trouble.js';

export type LinkRoot = 'movies' | 'series';

/** `library.links` of the configuration: absolute paths, '' = none. */
export interface LinkSettings {
  mount: string;
  movies: string;
  series: string;
  /** The same as Jellyfin sees them; '' = just so. */
  jellyfinMount: string;
  jellyfinMovies: string;
  jellyfinSeries: string;
}

/** A link as it is to be, or was made. Paths are names joined by `/`. */
export interface Link {
  root: LinkRoot;
  /** Below the root. */
  path: string;
  /** Targets that we may have given it: with any other it is somebody else's. */
  targets: readonly string[];
}

/**
 * A library of links: files of the mount under names that Jellyfin identifies with certainty. All that touches a disk
 * is in here. Every method may throw `LinkTrouble`: then nothing is known, and nothing was changed.
 */
export interface Links {
  /** All folders that it works with, as seen from here. */
  readonly folders: readonly string[];
  /** The library folders among them. */
  readonly roots: readonly LinkRoot[];
  /** Whether titles of this type are linked. */
  handles(type: 'movie' | 'tv'): boolean;
  /** Whether it is time to look everything over: at the first call, and every so often (ms) after. */
  isLookOverDue(every: number): boolean;
  /** What the mount shows now. That it shows nothing is a trouble, unless nothing is expected of it. */
  look(isExpected?: boolean): Promise<MountView>;
  /** The files of a torrent, as paths below the mount. `where` comes from a look. */
  filesOf(where: { path: readonly string[]; isFolder: boolean }): Promise<string[]>;
  /** Makes the link, or makes it lead to the last of its targets. With `make: false` only one that is there. */
  put(link: Link & { make: boolean }): Promise<Put>;
  /** Removes the link, then those of `folders` that are left empty. */
  take(link: Link & { folders: readonly string[] }): Promise<Taken>;
  /** Throws when a library folder cannot be used. */
  check(root: LinkRoot): Promise<void>;
  /** What a link to this file holds: the file as Jellyfin sees it. `source` is its path below the mount. */
  targetOf(source: string): string;
  /** A path below a root, as seen from here. */
  path(root: LinkRoot, path: string): string;
  /** The same as Jellyfin sees it. */
  jellyfinPath(root: LinkRoot, path: string): string;
}

export interface LinksOptions {
  clock: Clock;
  /** When a folder turns out to be unusable, or so for another reason, and when it is well (null); not every time. */
  onTrouble: (folder: string, trouble: LinkTrouble | null) => void;
  /** How the mount is read, and for how long at most (ms). */
  reader?: typeof readMount;
  timeLimit?: number;
}

/** A look at every torrent of a large account takes a moment. */
const TIME_LIMIT = 20 * SECOND;
/** A mount that has not answered is left alone for so many times as long. */
const REST = 10;

const keys: Record<LinkRoot, string> = { movies: 'library.links.movies', series: 'library.links.series' };

/** null = switched off. */
export const createLinks = (settings: LinkSettings, options: LinksOptions): Links | null => {
  const { mount, ...folders } = absolute(settings);
  const shelves = new Map<LinkRoot, Shelf>();
  for (const root of ['movies', 'series'] as const) {
    if (folders[root] !== '') {
      shelves.set(root, createShelf(folders[root], keys[root]));
    }
  }
  if (mount === '' || shelves.size === 0) {
    return null;
  }
  const told = tellOnce(options.onTrouble);
  const onShelf = <T>(root: LinkRoot, work: (shelf: Shelf) => Promise<T>): Promise<T> => {
    const shelf = shelves.get(root);
    return shelf === undefined
      ? Promise.reject(new Error(`${keys[root]} is not set`))
      : told(folders[root], () => work(shelf));
  };
  const entries = mountReader(mount, options);
  let lookedOverAt: number | null = null;
  return {
    folders: [mount, folders.movies, folders.series].filter((folder) => folder !== ''),
    roots: [...shelves.keys()],
    handles: (type) => shelves.has(type === 'movie' ? 'movies' : 'series'),
    isLookOverDue: (every) => {
      const now = options.clock.now();
      const isDue = lookedOverAt === null || now - lookedOverAt >= every || now < lookedOverAt;
      lookedOverAt = isDue ? now : lookedOverAt;
      return isDue;
    },
    look: (isExpected = true) =>
      told(mount, async () => {
        const listed = entries('torrents', []);
        return mountView(await (isExpected ? listed : listed.catch(noneIfEmpty)));
      }),
    filesOf: ({ path, isFolder }) =>
      told(mount, async () =>
        isFolder ? (await entries('files', path)).map((file) => file.path.join('/')) : [path.join('/')],
      ),
    put: ({ root, path, targets, make }) =>
      onShelf(root, (shelf) => shelf.put({ path, target: targets.at(-1) ?? '', ours: targets, make })),
    take: ({ root, path, targets, folders: above }) =>
      onShelf(root, (shelf) => shelf.take({ path, ours: targets, folders: above })),
    check: (root) => onShelf(root, (shelf) => shelf.check()),
    targetOf: (source) => `${folders.jellyfinMount || mount}/${source}`,
    path: (root, path) => `${folders[root]}/${path}`,
    jellyfinPath: (root, path) =>
      `${(root === 'movies' ? folders.jellyfinMovies : folders.jellyfinSeries) || folders[root]}/${path}`,
  };
};

/** Without a slash at the end, and without detours. */
const absolute = (settings: LinkSettings): LinkSettings => {
  const tidy = (path: string) => (path === '' ? '' : resolve(path));
  return {
    mount: tidy(settings.mount),
    movies: tidy(settings.movies),
    series: tidy(settings.series),
    jellyfinMount: tidy(settings.jellyfinMount),
    jellyfinMovies: tidy(settings.jellyfinMovies),
    jellyfinSeries: tidy(settings.jellyfinSeries),
  };
};

/** Reads the mount, and leaves it alone for a while after it has not answered. */
const mountReader = (
  mount: string,
  { clock, reader = readMount, timeLimit = TIME_LIMIT }: LinksOptions,
): ((kind: 'torrents' | 'files', folder: readonly string[]) => Promise<MountEntry[]>) => {
  let restsUntil = 0;
  return async (kind, folder) => {
    const now = clock.now();
    if (now < restsUntil && restsUntil - now <= REST * timeLimit) {
      throw mountTrouble(mount, 'TIMEOUT');
    }
    const answer = await reader({ kind, mount, folder: [...folder] }, timeLimit);
    if (!answer.ok && kind === 'files' && answer.code === 'ENOENT') {
      // Gone since the look: the next one shows.
      return [];
    }
    if (!answer.ok) {
      restsUntil = answer.code === 'TIMEOUT' ? clock.now() + REST * timeLimit : 0;
      throw mountTrouble(mount, answer.code);
    }
    return answer.entries;
  };
};

const noneIfEmpty = (error: unknown): MountEntry[] => {
  if (isLinkTrouble(error) && error.code === MOUNT_EMPTY) {
    return [];
  }
  throw error;
};

/** Tells of a folder's state when it is first known and when it changes. */
const tellOnce = (onTrouble: LinksOptions['onTrouble']) => {
  const told = new Map<string, string | null>();
  const tell = (folder: string, trouble: LinkTrouble | null): void => {
    const code = trouble?.code ?? null;
    if (told.get(folder) !== code) {
      told.set(folder, code);
      onTrouble(folder, trouble);
    }
  };
  return async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      tell(folder, null);
      return result;
    } catch (error) {
      if (isLinkTrouble(error)) {
        tell(folder, error);
      }
      throw error;
    }
  };
};

export type { MountView } from './mountView.js';
export { isLinkTrouble, type LinkTrouble } from './trouble.js';
