import { episodeOfDay } from './airDates.js';
import type { ListedFile } from './fileClasses.js';
import { fileNumbers } from './fileNumbers.js';
import type { ParsedRelease } from './parsedRelease.js';
import { baseName } from './reading.js';
import { type Rejection, refuse } from './rejections.js';
import { parseRelease } from './releaseName.js';
import { singleSeason } from './seasons.js';
import { ascending, listNumbers } from './units.js';
import type { WantedEpisodes } from './wanted.js';

interface NumberedFile {
  file: ListedFile;
  /** Wanted episodes in it, ascending. */
  episodes: number[];
  via: 'name' | 'folder' | 'season-folder' | 'torrent' | 'absolute' | 'date';
}

export interface EpisodeOptions {
  torrentName: string;
  torrent: ParsedRelease;
  fileIndex: number | null;
  absoluteMap: ReadonlyMap<number, number> | undefined;
}

/** The files that bring wanted episodes, one per episode, or why there are none. `videos` is not empty. */
export function episodeFiles(
  videos: readonly ListedFile[],
  wanted: WantedEpisodes,
  options: EpisodeOptions,
): { files: ListedFile[]; episodes: number[]; warnings: string[] } | { rejection: Rejection } {
  const numbered = numberFiles(videos, wanted, options);
  const chosen = withoutRedundant(largestPerEpisode(numbered, wanted.episodes, options.fileIndex));
  if (chosen.length === 0) {
    const shown = listNumbers(wanted.episodes);
    return {
      rejection: refuse('episode-absent', found(videos, wanted.titles), `season ${wanted.season}, episode ${shown}`),
    };
  }
  return {
    files: chosen.map(({ file }) => file),
    episodes: ascending(chosen.flatMap(({ episodes }) => episodes)),
    warnings: chosen.some(({ via }) => via === 'absolute')
      ? ['absolute-numbers: episodes were told by absolute number']
      : [],
  };
}

function numberFiles(videos: readonly ListedFile[], wanted: WantedEpisodes, options: EpisodeOptions): NumberedFile[] {
  const season = torrentSeason(options);
  const numbered = videos.flatMap((file) => numberFile(file, season, wanted, options.absoluteMap) ?? []);
  if (numbered.length > 0 || videos.length > 1) return numbered;
  return videos.flatMap((only) => inheritFromTorrent(only, season, wanted, options.torrent));
}

const torrentSeason = ({ torrent, torrentName }: EpisodeOptions): number | null =>
  torrent.seasons.length === 1 ? (torrent.seasons[0] ?? null) : singleSeason(torrentName);

function numberFile(
  file: ListedFile,
  season: number | null,
  wanted: WantedEpisodes,
  absoluteMap: ReadonlyMap<number, number> | undefined,
): NumberedFile | null {
  const numbers = fileNumbers(file.path, season, wanted.titles);
  if (numbers !== null) {
    if (numbers.season !== wanted.season) return null;
    const episodes = wanted.episodes.filter((episode) => numbers.episodes.includes(episode));
    return { file, episodes: ascending(episodes), via: numbers.via };
  }
  const { date, absolute } = parseRelease(baseName(file.path));
  const dated = episodeOfDate(date, wanted);
  if (dated !== null) return { file, episodes: dated, via: 'date' };
  if (absoluteMap === undefined) return null;
  const episodes = wanted.episodes.filter((episode) => absolute.some((number) => number === absoluteMap.get(episode)));
  return episodes.length > 0 ? { file, episodes: ascending(episodes), via: 'absolute' } : null;
}

/** The wanted episode that aired then, if it is wanted; null where days tell nothing. */
function episodeOfDate(day: string | null, { airDates, episodes }: WantedEpisodes): number[] | null {
  if (day === null || airDates === undefined) return null;
  const episode = episodeOfDay(day, airDates);
  return episode === null ? null : episodes.filter((wanted) => wanted === episode);
}

/** A single file without any number of its own (`abc123.mkv`) is what the torrent says it is. */
function inheritFromTorrent(
  file: ListedFile,
  season: number | null,
  wanted: WantedEpisodes,
  torrent: ParsedRelease,
): NumberedFile[] {
  if (fileNumbers(file.path, season, wanted.titles) !== null) return [];
  const dated = episodeOfDate(torrent.date, wanted);
  if (dated !== null) return [{ file, episodes: dated, via: 'date' }];
  if (season !== wanted.season) return [];
  const episodes = wanted.episodes.filter((episode) => torrent.episodes.includes(episode));
  return [{ file, episodes: ascending(episodes), via: 'torrent' }];
}

function largestPerEpisode(
  numbered: readonly NumberedFile[],
  episodes: readonly number[],
  fileIndex: number | null,
): NumberedFile[] {
  const chosen = new Set<NumberedFile>();
  for (const episode of episodes) {
    const having = numbered.filter((candidate) => candidate.episodes.includes(episode));
    const best = having.sort((a, b) => compareSize(a.file, b.file, fileIndex))[0];
    if (best !== undefined) chosen.add(best);
  }
  return [...chosen];
}

/** Largest first; of equal ones the file that the addon named, else the first. */
function compareSize(a: ListedFile, b: ListedFile, fileIndex: number | null): number {
  const isNamed = ({ id }: ListedFile): boolean => fileIndex !== null && id === fileIndex + 1;
  return b.bytes - a.bytes || Number(isNamed(b)) - Number(isNamed(a)) || a.id - b.id;
}

/** Nothing twice: a file whose episodes all come with the other chosen ones (a double episode) is left out. */
function withoutRedundant(chosen: readonly NumberedFile[]): NumberedFile[] {
  const kept = [...chosen].sort(
    (a, b) => a.episodes.length - b.episodes.length || a.file.bytes - b.file.bytes || a.file.id - b.file.id,
  );
  for (const candidate of [...kept]) {
    const others = kept.filter((other) => other !== candidate).flatMap(({ episodes }) => episodes);
    if (candidate.episodes.every((episode) => others.includes(episode))) kept.splice(kept.indexOf(candidate), 1);
  }
  return kept;
}

/** What the files say they are, for the rejection's text. */
function found(videos: readonly ListedFile[], titles: readonly string[]): string {
  const names = videos.slice(0, 3).map(({ path }) => {
    const numbers = fileNumbers(path, null, titles);
    return numbers === null ? path.slice(-80) : `S${numbers.season}E${listNumbers(numbers.episodes)}`;
  });
  return videos.length > 3 ? `${names.join(', ')} and ${videos.length - 3} more` : names.join(', ');
}
