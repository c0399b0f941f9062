import type { MountEntry } from './reader.js';

/** What the mount showed at one look. */
export interface MountView {
  /** How many torrents, or files on their own. */
  readonly size: number;
  /** Where a torrent of one of these names stands, as names below the mount; null = nowhere. */
  find(names: readonly string[]): MountEntry | null;
  /** Whether a file (or its folder) that was there is still listed. `source` is its path below the mount. */
  covers(source: string): boolean;
}

const EXTENSION = /\.(?:mkv|mp4|m4v|avi|mov|wmv|ts|m2ts|mts|webm|mpg|mpeg|ogm|flv|mk3d)$/i;

const withoutExtension = (name: string): string => name.replace(EXTENSION, '');

/** How names compare where a mount has put something else for characters that it cannot show. */
export const foldName = (name: string): string =>
  withoutExtension(name)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const nameOf = ({ path }: MountEntry): string => path.at(-1) ?? '';

/** null = two that differ in nothing but signs: they cannot be told apart. */
const foldedNames = (entries: readonly MountEntry[]): Map<string, MountEntry | null> => {
  const folded = new Map<string, MountEntry | null>();
  for (const entry of entries) {
    const key = foldName(nameOf(entry));
    folded.set(key, folded.has(key) ? null : entry);
  }
  return folded;
};

export const mountView = (entries: readonly MountEntry[]): MountView => {
  const paths = new Set(entries.map(({ path }) => path.join('/')));
  const exact = new Map<string, MountEntry>();
  for (const entry of entries) {
    const name = nameOf(entry);
    for (const key of [name, withoutExtension(name)]) {
      exact.set(key, exact.get(key) ?? entry);
    }
  }
  let folded: Map<string, MountEntry | null> | undefined;
  return {
    size: entries.length,
    find: (names) => {
      for (const name of names) {
        const entry = exact.get(name) ?? exact.get(withoutExtension(name));
        if (entry !== undefined) {
          return entry;
        }
      }
      folded ??= foldedNames(entries);
      return names.map((name) => folded?.get(foldName(name))).find((entry) => entry != null) ?? null;
    },
    covers: (source) => {
      const names = source.split('/');
      return names.some((_, depth) => paths.has(names.slice(0, depth + 1).join('/')));
    },
  };
};
