import { episodeOfDay } from './airDates.js';
import type { ParsedRelease } from './parsedRelease.js';
import type { Reading } from './reading.js';
import type { Rejection } from './rejections.js';
import { listNumbers } from './units.js';
import type { JudgeContext, PackKind } from './verdict.js';
import type { WantedEpisodes } from './wanted.js';

/** Which of the wanted episodes a release may bring, going by its two lines. */
export interface Scope {
  pack: PackKind;
  covers: number[];
  /** Why it brings none; null exactly when `covers` is not empty. */
  rejection: Rejection | null;
}

type Maps = Pick<JudgeContext, 'absoluteMap'>;

export function scopeOf(reading: Reading, packMarker: boolean, wanted: WantedEpisodes, maps: Maps): Scope {
  const pack = packKind(reading.torrent, packMarker, wanted.seasonEpisodeCount);
  const found = reading.torrent.seasons.length > 0 ? bySeason(reading, pack, wanted) : byFile(reading, wanted, maps);
  return 'code' in found ? { pack, covers: [], rejection: found } : { pack, covers: found.covers, rejection: null };
}

type Found = { covers: number[] } | Rejection;

function packKind(torrent: ParsedRelease, packMarker: boolean, seasonEpisodeCount: number | null): PackKind {
  if (torrent.seasons.length > 1) return 'multi-season';
  const count = torrent.episodes.length + torrent.absolute.length;
  if (torrent.seasons.length === 1 && count === 0) return torrent.flags.partialPack ? 'partial' : 'season';
  if (count > 1) return wholeSeason(torrent, seasonEpisodeCount) ? 'season' : 'partial';
  if (count === 1 || torrent.date !== null) return 'single';
  if (torrent.flags.complete) return 'multi-season';
  return packMarker ? 'partial' : 'single';
}

const wholeSeason = (torrent: ParsedRelease, seasonEpisodeCount: number | null): boolean =>
  torrent.seasons.length === 1 && seasonEpisodeCount !== null && torrent.episodes.length >= seasonEpisodeCount;

function bySeason(reading: Reading, pack: PackKind, wanted: WantedEpisodes): Found {
  const { torrent, fileNumbers: file } = reading;
  const shown = file?.season === wanted.season ? wanted.episodes.filter((e) => file.episodes.includes(e)) : [];
  if (!torrent.seasons.includes(wanted.season)) {
    // The file line is decisive: specials sit in packs that name the season only.
    if (torrent.episodes.length === 0 && shown.length > 0) return { covers: shown };
    return rejection('season', `season ${listNumbers(torrent.seasons)}`, `season ${wanted.season}`);
  }
  if (file !== null && file.season !== wanted.season) {
    return rejection('season', `file of season ${file.season}`, `season ${wanted.season}`);
  }
  if (torrent.episodes.length > 0) return byEpisodes(torrent, file?.episodes ?? null, wanted);
  if (pack !== 'partial') return { covers: [...wanted.episodes] };
  return shown.length > 0
    ? { covers: shown }
    : rejection('partial-pack', 'part of the season', `episode ${listNumbers(wanted.episodes)}`);
}

/** The torrent line names episodes; a file line that names others speaks of a wrong join when there is only one. */
function byEpisodes(torrent: ParsedRelease, fileEpisodes: number[] | null, wanted: WantedEpisodes): Found {
  const covers = wanted.episodes.filter((episode) => torrent.episodes.includes(episode));
  if (covers.length === 0)
    return rejection('episode', `episode ${listNumbers(torrent.episodes)}`, `episode ${listNumbers(wanted.episodes)}`);
  const contradicted = fileEpisodes !== null && !fileEpisodes.some((episode) => wanted.episodes.includes(episode));
  return contradicted && torrent.episodes.length === 1
    ? rejection('episode', `file of episode ${listNumbers(fileEpisodes)}`, `episode ${listNumbers(wanted.episodes)}`)
    : { covers };
}

/** No season in the torrent line: the file line, an absolute number, an air date or "complete" must tell. */
function byFile(reading: Reading, wanted: WantedEpisodes, maps: Maps): Found {
  const { torrent, fileNumbers: file } = reading;
  if (file !== null) {
    if (file.season !== wanted.season) return rejection('season', `season ${file.season}`, `season ${wanted.season}`);
    const shown = wanted.episodes.filter((episode) => file.episodes.includes(episode));
    if (torrent.flags.complete) return { covers: [...wanted.episodes] };
    return shown.length > 0
      ? { covers: shown }
      : rejection('episode', `episode ${listNumbers(file.episodes)}`, `episode ${listNumbers(wanted.episodes)}`);
  }
  const absolute = torrent.absolute.length > 0 ? torrent.absolute : (reading.file?.absolute ?? []);
  if (absolute.length > 0) return byAbsolute(absolute, wanted, maps.absoluteMap);
  const date = torrent.date ?? reading.file?.date ?? null;
  if (date !== null) return byDate(date, wanted);
  const named = torrent.episodes.length > 0;
  if (torrent.flags.complete && !named) return { covers: [...wanted.episodes] };
  const got = named ? `episode ${listNumbers(torrent.episodes)}, no season` : 'no season, no episode';
  return rejection('numbering', got, `season ${wanted.season}`);
}

function byAbsolute(numbers: number[], wanted: WantedEpisodes, map: ReadonlyMap<number, number> | undefined): Found {
  const got = `number ${listNumbers(numbers)}, no season`;
  if (map === undefined) return rejection('numbering', got, `season ${wanted.season}`);
  const covers = wanted.episodes.filter((episode) => numbers.some((number) => number === map.get(episode)));
  return covers.length > 0 ? { covers } : rejection('episode', got, `episode ${listNumbers(wanted.episodes)}`);
}

function byDate(date: string, { season, episodes, airDates }: WantedEpisodes): Found {
  const got = `date ${date}, no season`;
  const episode = airDates === undefined ? null : episodeOfDay(date, airDates);
  if (episode === null) return rejection('numbering', got, `season ${season}`);
  return episodes.includes(episode)
    ? { covers: [episode] }
    : rejection('episode', `date ${date}: episode ${episode}`, `episode ${listNumbers(episodes)}`);
}

const PERMANENT: ReadonlySet<string> = new Set(['season', 'episode', 'partial-pack']);

function rejection(code: 'season' | 'episode' | 'partial-pack' | 'numbering', got: string, wanted: string): Rejection {
  return { code, got, wanted, permanent: PERMANENT.has(code) };
}
