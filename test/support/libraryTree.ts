import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { RealFolders } from '../../src/sandbox/index.js';
import { quickDisk } from './disk.js';

/** A mount and two library folders that really exist; Jellyfin has them at other paths. */
export interface LibraryTree {
  root: string;
  /** For the stand-in. */
  folders: RealFolders;
  /** For the program, by key path. */
  config: Record<string, string>;
  /** The same as environment variables, with some changed. */
  env(change?: Record<string, string>): Record<string, string>;
  /** Every file and link below the libraries, with where it leads. */
  links(): Record<string, string>;
  clear(): void;
}

export const libraryTree = (): LibraryTree => {
  const root = mkdtempSync(join(quickDisk(), 'fulfillarr-tree-'));
  for (const name of ['mount', 'movies', 'series']) {
    mkdirSync(join(root, name));
  }
  const folder = (name: string) => ({ at: join(root, name), seenAs: `/media/${name}` });
  const walk = (path: string): [string, string][] =>
    readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry): [string, string][] => {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        return walk(below);
      }
      return [[below, entry.isSymbolicLink() ? readlinkSync(join(root, below)) : 'a file']];
    });
  const config = {
    'library.links.mount': join(root, 'mount'),
    'library.links.movies': join(root, 'movies'),
    'library.links.series': join(root, 'series'),
    'library.links.jellyfinMount': '/media/mount',
    'library.links.jellyfinMovies': '/media/movies',
    'library.links.jellyfinSeries': '/media/series',
  };
  const variable = (path: string) =>
    `FULFILLARR_${path
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .replaceAll('.', '_')
      .toUpperCase()}`;
  return {
    root,
    folders: { mount: folder('mount'), movies: folder('movies'), series: folder('series') },
    config,
    env: (change = {}) =>
      Object.fromEntries(Object.entries({ ...config, ...change }).map(([path, value]) => [variable(path), value])),
    links: () => Object.fromEntries([...walk('movies'), ...walk('series')].sort()),
    clear: () => rmSync(root, { recursive: true, force: true }),
  };
};
