import { DAY } from '../clock.js';
import type { MovieDetails, SeasonDetails } from './media.js';

/** TMDB's one date may be that of a premiere. So long after it there has been more than that. */
const LONG_OUT = 365 * DAY;

/**
 * When a movie may be searched (epoch ms): the earliest digital, physical or TV date of any region, or the first
 * theatrical date plus `theatricalDelay`, whichever comes first. Some films come with the dates of a re-issue only: one
 * that is called released and came out over a year ago is due. Without usable dates: now if it is called released, else
 * by TMDB's one date as if theatrical, else null (no date known).
 */
export const movieDueAt = (movie: MovieDetails, theatricalDelay: number, now: number): number | null => {
  const { firstReleaseAt, releases } = movie;
  const isReleased = movie.status === 'Released';
  const first = firstReleaseAt === null ? [] : [firstReleaseAt + theatricalDelay];
  const dates = releases.flatMap(({ kind, at }) => {
    if (kind === 'premiere') {
      return [];
    }
    return [kind === 'theatrical' ? at + theatricalDelay : at];
  });
  if (isReleased && firstReleaseAt !== null && firstReleaseAt + LONG_OUT <= now) {
    return Math.min(...dates, ...first);
  }
  if (dates.length > 0) {
    return Math.min(...dates);
  }
  return isReleased ? now : (first[0] ?? null);
};

/** 00:00 UTC of a `YYYY-MM-DD` date, or null when it is none. */
const midnightUtc = (date: string | null): number | null => {
  if (date === null || !/^\d{4}-\d{2}-\d{2}/.test(date)) {
    return null;
  }
  const at = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at) ? null : at;
};

/**
 * When each episode of a season may be searched (epoch ms): 00:00 UTC of its air date plus `airDelay`. An episode
 * without a date has aired if a later one has; else null.
 */
export const episodeDueAt = (season: SeasonDetails, airDelay: number, now: number): Map<number, number | null> => {
  const due = new Map<number, number | null>();
  let laterAiredAt: number | null = null;
  for (const episode of [...season.episodes].sort((a, b) => b.number - a.number)) {
    const aired = midnightUtc(episode.airDate);
    const at = aired === null ? laterAiredAt : aired + airDelay;
    due.set(episode.number, at);
    if (at !== null && at <= now) {
      laterAiredAt = Math.min(laterAiredAt ?? at, at);
    }
  }
  return new Map([...due].sort(([a], [b]) => a - b));
};
