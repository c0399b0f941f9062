import { foldWords } from './selection/fold.js';

/** Under which names a torrent's files may stand in a mount: what their paths in Jellyfin are recognised by. */
export interface PlacedNames {
  folders: string[];
  /** Base names of the selected files. */
  files: string[];
}

/** File names kept of one torrent: those of a long season say no more than its first ones. */
const MOST_FILES = 40;
const LONGEST_NAME = 255;

export const placedNames = (
  names: readonly string[],
  files: readonly { id: number; path: string }[],
  selectedIds: readonly number[],
): PlacedNames => {
  const selected = new Set(selectedIds);
  const chosen = files.filter(({ id }) => selected.has(id)).slice(0, MOST_FILES);
  const kept = (list: readonly string[]) => [
    ...new Set(list.map((name) => name.slice(0, LONGEST_NAME)).filter((name) => name !== '')),
  ];
  return { folders: kept(names), files: kept(chosen.map(({ path }) => segmentsOf(path).at(-1) ?? '')) };
};

/**
 * Those that have the release's title in them. `Season 1/S01E01.mkv` may be anybody's. Without a title: all.
 */
export const tellingNames = ({ folders, files }: PlacedNames, title: string): PlacedNames => {
  const part = foldWords(title).join('');
  const tells = (name: string) => foldWords(name).join('').includes(part);
  return { folders: folders.filter(tells), files: files.filter(tells) };
};

const segmentsOf = (path: string): string[] => path.split(/[\\/]/).filter((segment) => segment !== '');

const stem = (name: string): string => name.replace(/\.[a-z0-9]{2,4}$/i, '').toLowerCase();

/** Whether a path of Jellyfin's has the torrent's folder in it, or one of the selected files, with or without extension. */
export const isPlacedAt = ({ folders, files }: PlacedNames, path: string): boolean => {
  const names = new Set([...folders, ...files].flatMap((name) => [name.toLowerCase(), stem(name)]));
  return segmentsOf(path).some((segment) => names.has(segment.toLowerCase()) || names.has(stem(segment)));
};
