import { type ListedFile, largest } from './fileClasses.js';
import { scanEpisodes } from './markers.js';
import { type Rejection, refuse } from './rejections.js';
import { parseRelease } from './releaseName.js';
import { matchTitle } from './titles.js';
import type { WantedMovie } from './wanted.js';

/** A second file this big (as a share of the largest) is no extra but another movie or another part. */
const RIVAL_SHARE = 0.45;

const PART = /(?<![\p{L}\p{N}])(?:cd|dvd|dis[ck]|part|pt)[\s._-]?(?:\d{1,2}|[ab])(?![\p{L}\p{N}])/iu;

/** The one file of a movie among the videos that are left, or why there is none. `videos` is not empty. */
export function movieFile(
  videos: readonly ListedFile[],
  wanted: WantedMovie,
  fileIndex: number | null,
): { file: ListedFile } | { rejection: Rejection } {
  const films = videos.filter((file) => scanEpisodes(file.base) === null);
  const biggest = largest(films);
  if (biggest === undefined) return { rejection: refuse('is-series', videos[0]?.path ?? '', 'a movie') };
  const rivals = films.filter((file) => file.bytes > RIVAL_SHARE * biggest.bytes);
  if (rivals.length === 1) return { file: biggest };
  if (isCutInParts(rivals)) return { rejection: refuse('multi-part', rivals[0]?.path ?? '', 'one file') };
  const matching = rivals.filter((file) => isWantedFilm(file, wanted));
  const file =
    matching.length === 1 ? matching[0] : matching.find(({ id }) => fileIndex !== null && id === fileIndex + 1);
  if (file !== undefined) return { file };
  const got = `${rivals.length} movies, ${matching.length} with the wanted title and year`;
  return { rejection: refuse('ambiguous-collection', got, 'exactly one') };
}

/** Names that differ in nothing but the number of the part. */
function isCutInParts(files: readonly ListedFile[]): boolean {
  const stems = files.flatMap(({ base }) => (PART.test(base) ? [base.replace(PART, '#').toLowerCase()] : []));
  return new Set(stems).size < stems.length;
}

/** By the base name, or by the folder it lies in. */
function isWantedFilm(file: ListedFile, wanted: WantedMovie): boolean {
  const names = [file.base, file.folders.at(-1)];
  return names.some((name) => {
    if (name === undefined) return false;
    const { title, years } = parseRelease(name);
    const { year } = wanted;
    const yearFits = year === null || years.some((stated) => Math.abs(stated - year) <= 1);
    return yearFits && matchTitle(name, title, wanted.titles, year) !== null;
  });
}
