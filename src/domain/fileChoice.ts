import type { TorrentFile } from './release.js';
import { absoluteMapOf, type ChooseFilesOptions, chooseFiles, type Rejection, type Wanted } from './selection/index.js';

/** An episode by its place in the show. */
export interface Place {
  season: number;
  episode: number;
}

/** Which files of a torrent serve a plan. */
export type FilesForPlan =
  /** `brought`: the wanted episodes among them; empty for movies. */
  | { outcome: 'selected'; ids: number[]; brought: Place[] }
  | { outcome: 'rejected'; rejection: Rejection }
  /** The file list is not there yet. */
  | { outcome: 'undecided' };

/**
 * Chooses the files for everything a plan wants: one movie, or the episodes of one or several seasons. A season that
 * the torrent does not hold is left out; any other fault of the files refuses the whole torrent.
 */
export const chooseForPlan = (
  files: readonly TorrentFile[],
  wanted: readonly Wanted[],
  options: ChooseFilesOptions,
): FilesForPlan => {
  const ids = new Set<number>();
  const brought: Place[] = [];
  let absent: Rejection | null = null;
  for (const part of wanted) {
    const choice = chooseFiles(files, part, { ...options, absoluteMap: absoluteMapOf(part) });
    if (choice.outcome === 'undecided') {
      return choice;
    }
    if (choice.outcome === 'rejected') {
      if (choice.rejection.code !== 'episode-absent') {
        return choice;
      }
      absent ??= choice.rejection;
      continue;
    }
    for (const id of choice.ids) {
      ids.add(id);
    }
    if (part.kind === 'episodes') {
      brought.push(...choice.episodes.map((episode) => ({ season: part.season, episode })));
    }
  }
  if (ids.size === 0 && absent !== null) {
    return { outcome: 'rejected', rejection: absent };
  }
  return { outcome: 'selected', ids: [...ids].sort((a, b) => a - b), brought };
};
