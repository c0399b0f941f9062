import { foldWords } from '../fold.js';
import { baseName } from '../reading.js';
import { refuse } from '../rejections.js';
import { seasonMarkerIndex } from '../seasons.js';
import { listNumbers } from '../units.js';
import { missingEpisodes } from './memory.js';
import type { Rule, Subject } from './subject.js';

/** Is it the wanted title, of the wanted year, and the wanted episode? */

export const titleRule: Rule = ({ title, reading, release, wanted }) =>
  title === null ? refuse('title', reading.torrent.title || release.name, wanted.titles.join(' / ')) : null;

export const yearRule: Rule = (subject) => {
  const { wanted } = subject;
  if (wanted.year === null) return null;
  const { stated, titled } = yearsIn(subject);
  if (stated.some((year) => isNear(year, wanted.year))) return null;
  if (stated.length > 0) return refuse('year', listNumbers(stated), String(wanted.year));
  // `1984.1984.1080p`: the title's own number may be the year, too.
  if (titled.some((year) => isNear(year, wanted.year))) return null;
  if (wanted.kind === 'episodes' || subject.title === 'unasked') return null;
  const certain = subject.title === 'exact' && !isCollection(subject);
  return certain ? null : refuse('year', 'none', String(wanted.year));
};

const isNear = (year: number, wanted: number | null): boolean => wanted !== null && Math.abs(year - wanted) <= 1;

/** Whether the name states a year (a certainty that ranking values). */
export const hasYear = (subject: Subject): boolean => {
  const { stated, titled } = yearsIn(subject);
  return stated.length > 0 || titled.some((year) => isNear(year, subject.wanted.year));
};

interface Years {
  /** Numbers that state a year. */
  stated: number[];
  /** Numbers that are words of the wanted title (`Pioneer 1900`). */
  titled: number[];
}

/** Of the line that holds the title, else of the other one. */
function yearsIn(subject: Subject): Years {
  const { torrent, file } = subject.reading;
  const { name, filePath } = subject.release;
  const ofTorrent = yearsOf(torrent.years, name, subject);
  const ofFile = file === null || filePath === null ? [] : yearsOf(file.years, baseName(filePath), subject);
  const [first, second] = subject.titleLine === 'torrent' ? [ofTorrent, ofFile] : [ofFile, ofTorrent];
  const words = new Set(subject.wanted.titles.flatMap(foldWords));
  const isTitled = (year: number): boolean => words.has(String(year));
  const stated = [first, second]
    .map((years) => years.filter((year) => !isTitled(year)))
    .find((years) => years.length > 0);
  return { stated: stated ?? [], titled: [...first, ...second].filter(isTitled) };
}

/** For a show only a year in front of the season counts: behind it seasons carry years of their own. */
function yearsOf(years: number[], line: string, { wanted, reading }: Subject): number[] {
  if (wanted.kind === 'movie') return years;
  if (reading.torrent.date !== null || reading.file?.date) return [];
  const marker = seasonMarkerIndex(line);
  return years.filter((year) => marker < 0 || line.indexOf(String(year)) < marker);
}

const COLLECTION =
  /(?<![\p{L}\p{N}])(?:trilogy|duology|quadrilogy|anthology|saga|pack|\d{1,2}\s?-\s?\d{1,2})(?![\p{L}\p{N}])/iu;

const isCollection = ({ reading, release }: Subject): boolean =>
  reading.torrent.flags.complete || COLLECTION.test(release.name);

export const movieRule: Rule = (subject) => {
  if (subject.wanted.kind !== 'movie') return null;
  const { torrent, file } = subject.reading;
  const numbered = torrent.seasons.length > 0 || torrent.episodes.length > 0;
  const absolute = torrent.absolute.filter((number) => !isTitleNumber(number, subject));
  if (!numbered && absolute.length === 0 && (file === null || file.seasons.length === 0)) return null;
  const seasons = torrent.seasons.length > 0 ? torrent.seasons : (file?.seasons ?? []);
  const episodes = [...torrent.episodes, ...absolute];
  const got = `season ${listNumbers(seasons) || '?'}${episodes.length > 0 ? `, episode ${listNumbers(episodes)}` : ''}`;
  return refuse('is-episode', got, 'a movie');
};

/** `Pioneer 100` has a number that looks like an episode. */
const isTitleNumber = (number: number, { title, wanted }: Subject): boolean =>
  title !== null && wanted.titles.some((text) => foldWords(text).some((word) => Number(word) === number));

export const episodeRule: Rule = ({ scope }) => scope?.rejection ?? null;

export const lackingRule: Rule = ({ wanted, ctx, scope }) => {
  if (wanted.kind !== 'episodes' || scope === null || scope.rejection !== null) return null;
  const missing = missingEpisodes(ctx.facts, wanted.episodes);
  return scope.covers.every((episode) => missing.has(episode))
    ? refuse('lacks-episode', `lacks episode ${listNumbers(scope.covers)}`, `episode ${listNumbers(wanted.episodes)}`)
    : null;
};

/** Season 0 is where bonus material belongs. */
export const extrasRule: Rule = ({ reading, wanted }) => {
  const special = wanted.kind === 'episodes' && wanted.season === 0;
  return reading.torrent.flags.extras && !special ? refuse('extras', 'extras', 'the work itself') : null;
};
