import { mkdirSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { MountedFile } from './mount.js';

/** A folder that exists, and under which path Jellyfin has it. */
export interface RealFolder {
  at: string;
  seenAs: string;
}

/** The debrid mount, and two libraries that hold links into it. */
export interface RealFolders {
  mount: RealFolder;
  movies: RealFolder;
  series: RealFolder;
}

/** A video found in a library. */
export interface FoundVideo {
  /** Below the library folder. */
  path: string;
  /** As Jellyfin sees it. */
  seenAs: string;
  /** What a link leads to; null for a file of the user's own. */
  mounted: MountedFile | null;
}

const VIDEO = /\.(mkv|mp4|avi|m4v|mov|wmv|ts|m2ts|webm|mpg)$/i;

/** Shows the mount's files in a real folder: empty files of the right size. */
export class RealMount {
  #shown = new Set<string>();

  constructor(readonly folder: RealFolder) {}

  show(files: readonly MountedFile[]): void {
    const wanted = new Map(files.map((file) => [relative(this.folder.seenAs, file.path), file]));
    for (const path of this.#shown) if (!wanted.has(path)) this.#remove(path);
    for (const [path, { file }] of wanted) if (!this.#shown.has(path)) this.#add(path, file.bytes);
    this.#shown = new Set(wanted.keys());
  }

  #add(path: string, bytes: number): void {
    const file = join(this.folder.at, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '');
    truncateSync(file, bytes);
  }

  /** With the folders that are left empty: a mount has no folders of its own. */
  #remove(path: string): void {
    rmSync(join(this.folder.at, path), { force: true });
    for (let above = dirname(path); above !== '.'; above = dirname(above)) {
      const folder = join(this.folder.at, above);
      if (readdirSync(folder).length > 0) return;
      rmSync(folder, { recursive: true });
    }
  }
}

/** The videos of a library folder. A link is worth what the mount shows under its target; one that leads nowhere is none. */
export function videosOf(library: RealFolder, mounted: ReadonlyMap<string, MountedFile>): FoundVideo[] {
  const found: FoundVideo[] = [];
  const walk = (folder: string) => {
    const entries = readdirSync(join(library.at, folder), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      // Dot names and samples are ignored.
      if (/^\.|^sample$/i.test(entry.name)) continue;
      if (entry.isDirectory()) walk(path);
      else if (VIDEO.test(entry.name)) found.push(...videoAt(library, path, entry.isSymbolicLink(), mounted));
    }
  };
  walk('');
  return found;
}

function videoAt(
  library: RealFolder,
  path: string,
  isLink: boolean,
  mounted: ReadonlyMap<string, MountedFile>,
): FoundVideo[] {
  const video = { path, seenAs: `${library.seenAs}/${path}` };
  if (!isLink) return [{ ...video, mounted: null }];
  const target = mounted.get(readlinkSync(join(library.at, path)));
  return target === undefined ? [] : [{ ...video, mounted: target }];
}
