import { DAY } from '../../clock.js';

/** `YYYY-MM-DD` by episode, of a whole season: without the others a neighbour's day could not be told from a wrong one. */
export type AirDates = Readonly<Record<number, string>>;

/**
 * The episode that a release means by a day: the one of that very day, else the only one within a day of it, as releases
 * go by the local date of whoever recorded it. null = none, or it cannot be told.
 */
export function episodeOfDay(day: string, airDates: AirDates): number | null {
  const apart = Object.entries(airDates).map(([episode, aired]) => ({
    episode: Number(episode),
    ms: Math.abs(Date.parse(aired) - Date.parse(day)),
  }));
  const within = (most: number): number[] => apart.filter(({ ms }) => ms <= most).map(({ episode }) => episode);
  const exact = within(0);
  const candidates = exact.length > 0 ? exact : within(DAY);
  return candidates.length === 1 ? (candidates[0] ?? null) : null;
}
