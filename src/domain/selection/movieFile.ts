import { type ListedFile, largest } from './fileClasses.js';
import { foldWords } from './fold.js';
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
  const named = films.find(({ id }) => fileIndex !== null && id === fileIndex + 1);
  const isOther = isOtherFilm(biggest, wanted) || (isFilm(named, wanted) && !isFilm(biggest, wanted));
  const rivals = isOther ? films : films.filter((file) => file.bytes > RIVAL_SHARE * biggest.bytes);
  if (isCutInParts(rivals, films)) return { rejection: refuse('multi-part', rivals[0]?.path ?? '', 'one file') };
  if (rivals.length === 1 && !isOther) return { file: biggest };
  const matching = rivals.filter((file) => isFilm(file, wanted));
  const file = matching.length === 1 ? matching[0] : matching.find((one) => one === named);
  if (file !== undefined) return { file };
  if (films.length === 1) return { rejection: refuse('year', biggest.path, String(wanted.year)) };
  const got = `${rivals.length} movies, ${matching.length} with the wanted title and year`;
  return { rejection: refuse('ambiguous-collection', got, 'exactly one') };
}

/** Names that differ in nothing but the number of the part, however small the last one is. */
function isCutInParts(rivals: readonly ListedFile[], films: readonly ListedFile[]): boolean {
  const stemsOf = (files: readonly ListedFile[]): string[] =>
    files.flatMap(({ base }) => (PART.test(base) ? [base.replace(PART, '#').toLowerCase()] : []));
  const stems = stemsOf(films);
  return stemsOf(rivals).some((stem) => stems.indexOf(stem) !== stems.lastIndexOf(stem));
}

/** The name states a year, and none that could be the wanted one's: another film, or a remake. */
function isOtherFilm(file: ListedFile, wanted: WantedMovie): boolean {
  const { year } = wanted;
  const words = new Set(wanted.titles.flatMap(foldWords));
  const stated = parseRelease(file.base).years.filter((one) => !words.has(String(one)));
  return year !== null && stated.length > 0 && stated.every((one) => Math.abs(one - year) > 1);
}

/** Whether title and year are the wanted ones, by the base name or by the folder it lies in. */
function isFilm(file: ListedFile | undefined, wanted: WantedMovie): boolean {
  const names = [file?.base, file?.folders.at(-1)];
  return names.some((name) => {
    if (name === undefined) return false;
    const { title, years } = parseRelease(name);
    const { year } = wanted;
    const yearFits = year === null || years.some((stated) => Math.abs(stated - year) <= 1);
    return yearFits && matchTitle(name, title, wanted.titles, year) !== null;
  });
}
