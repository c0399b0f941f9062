import type { Place } from './fileChoice.js';
import type { TorrentFile } from './release.js';
import { type ChooseFilesOptions, chooseFiles, type Wanted } from './selection/index.js';

/** A file, and what of the wanted it brings. */
export interface ServingFile {
  file: TorrentFile;
  /** Ascending, of one season; empty = the movie. */
  places: Place[];
}

/** Which of a torrent's selected files serves what: the movie's, or one per episode (a double one serves two). */
export const filesForWants = (
  files: readonly TorrentFile[],
  wanted: readonly Wanted[],
  options: ChooseFilesOptions,
): ServingFile[] =>
  wanted.flatMap((part) => {
    const choice = chooseFiles(files, part, options);
    return choice.outcome === 'selected'
      ? files
          .filter(({ id }) => choice.ids.includes(id))
          .map((file) => ({ file, places: placesIn(file, part, options) }))
      : [];
  });

/** Of one file alone: what it says it is. */
const placesIn = (file: TorrentFile, part: Wanted, options: ChooseFilesOptions): Place[] => {
  if (part.kind === 'movie') {
    return [];
  }
  const choice = chooseFiles([file], part, options);
  const episodes = choice.outcome === 'selected' ? choice.episodes : [];
  return episodes.map((episode) => ({ season: part.season, episode }));
};
