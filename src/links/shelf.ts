import { access, constants, lstat, mkdir, readlink, rename, rmdir, stat, symlink, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { callsInTime } from './inTime.js';
import { isLinkTrouble, rootTrouble, systemCode } from './trouble.js';

/** A link below a library root, and what makes it ours. */
export interface ShelfLink {
  /** Below the root, names joined by `/`. */
  path: string;
  /** Targets that we have given it: a link that leads anywhere else is somebody else's. */
  ours: readonly string[];
}

export type Put =
  /** `folders`: those that had to be made for it, below the root. */
  | { kind: 'made' | 'replaced' | 'there'; folders: string[] }
  /** It is not there, and was not to be made. */
  | { kind: 'absent' }
  /** Something that is not ours is in its place. Nothing was changed. */
  | { kind: 'foreign'; path: string };

/** `folders`: those that were left empty and are gone as well. */
export type Taken = { kind: 'removed' | 'absent'; folders: string[] } | { kind: 'foreign' };

/**
 * One library folder, in which only links of ours are ever changed. Never follows a link, never overwrites, never
 * makes the root itself. Throws `LinkTrouble` when the folder cannot be used.
 */
export interface Shelf {
  /** Makes the link, or makes it lead to `target`. With `make: false` only one that is there. */
  put(link: ShelfLink & { target: string; make: boolean }): Promise<Put>;
  /** Removes the link, then those of `folders` that are left empty (below the root; ours). */
  take(link: ShelfLink & { folders: readonly string[] }): Promise<Taken>;
  /** Throws `LinkTrouble` unless the root is a folder that we may write to. */
  check(): Promise<void>;
}

/** Longest silence of the file system behind the root (ms). */
const TIME_LIMIT = 20_000;

export const createShelf = (root: string, key: string): Shelf => {
  const inTime = callsInTime(TIME_LIMIT);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await inTime(work);
    } catch (error) {
      const code = systemCode(error);
      throw isLinkTrouble(error) || code === '' ? error : rootTrouble(root, key, code);
    }
  };
  const check = async (): Promise<void> => {
    if (!(await stat(root)).isDirectory()) {
      throw rootTrouble(root, key, 'ENOTDIR');
    }
    await access(root, constants.W_OK | constants.X_OK);
  };
  return {
    check: () => guarded(check),
    put: (link) => guarded(() => check().then(() => put(root, link))),
    take: (link) => guarded(() => check().then(() => take(root, link))),
  };
};

const put = async (root: string, { path, target, ours, make }: Parameters<Shelf['put']>[0]): Promise<Put> => {
  const folders = await enter(root, path, make);
  if (!Array.isArray(folders)) {
    return folders;
  }
  const file = join(root, path);
  const there = await targetOf(file);
  if (there === null) {
    return make ? create(file, target, { path, folders }) : { kind: 'absent' };
  }
  if (there === target) {
    return { kind: 'there', folders };
  }
  if (there === undefined || !ours.includes(there)) {
    return { kind: 'foreign', path };
  }
  await replace(file, target);
  return { kind: 'replaced', folders };
};

/** Makes the folders above a path, down to it: those that were missing. A link among them is not followed. */
const enter = async (root: string, path: string, make: boolean): Promise<string[] | Put> => {
  const made: string[] = [];
  for (const folder of parentsOf(path)) {
    const kind = await kindOf(join(root, folder));
    if (kind === 'other') {
      return { kind: 'foreign', path: folder };
    }
    if (kind === 'absent' && !make) {
      return { kind: 'absent' };
    }
    if (kind === 'absent') {
      await mkdir(join(root, folder));
      made.push(folder);
    }
  }
  return made;
};

/** Atomic, and refused by the system where anything is there already. */
const create = async (file: string, target: string, at: { path: string; folders: string[] }): Promise<Put> => {
  try {
    await symlink(target, file);
    return { kind: 'made', folders: at.folders };
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      return { kind: 'foreign', path: at.path };
    }
    throw error;
  }
};

/** Jellyfin passes over names with a leading dot. */
const TEMPORARY = '.fulfillarr-link';

/** There is never a moment without a link. */
const replace = async (file: string, target: string): Promise<void> => {
  const temporary = join(dirname(file), TEMPORARY);
  if (typeof (await targetOf(temporary)) === 'string') {
    // Left by a death between the two steps.
    await unlink(temporary);
  }
  await symlink(target, temporary);
  await rename(temporary, file);
};

const take = async (root: string, { path, ours, folders }: Parameters<Shelf['take']>[0]): Promise<Taken> => {
  const parents = parentsOf(path);
  for (const folder of parents) {
    const kind = await kindOf(join(root, folder));
    if (kind !== 'folder') {
      return kind === 'absent' ? { kind, folders: [] } : { kind: 'foreign' };
    }
  }
  const there = await targetOf(join(root, path));
  if (there === undefined || (there !== null && !ours.includes(there))) {
    return { kind: 'foreign' };
  }
  if (there !== null) {
    await unlink(join(root, path));
  }
  const removed: string[] = [];
  for (const folder of parents.reverse()) {
    if (folders.includes(folder) && (await removedEmpty(join(root, folder)))) {
      removed.push(folder);
    }
  }
  return { kind: there === null ? 'absent' : 'removed', folders: removed };
};

/** What others have put into it stays, and so does the folder. */
const removedEmpty = async (folder: string): Promise<boolean> => {
  try {
    await rmdir(folder);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'ENOENT', 'ENOTDIR'].includes(systemCode(error))) {
      return false;
    }
    throw error;
  }
};

/** `a/b/c` → `a`, `a/b`. Throws on a path that could lead anywhere else: none is ever made. */
const parentsOf = (path: string): string[] => {
  const names = path.split('/');
  if (names.some((name) => name === '' || name === '.' || name === '..' || name.includes('\0'))) {
    throw new Error(`not a path below a library folder: ${JSON.stringify(path)}`);
  }
  return names.slice(0, -1).map((_, depth) => names.slice(0, depth + 1).join('/'));
};

const kindOf = async (path: string): Promise<'folder' | 'absent' | 'other'> => {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'other';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return 'absent';
    }
    throw error;
  }
};

/** Where a link leads, not followed; null = nothing is there; undefined = something else is. */
const targetOf = async (path: string): Promise<string | null | undefined> => {
  try {
    return (await lstat(path)).isSymbolicLink() ? await readlink(path) : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') {
      return null;
    }
    throw error;
  }
};
