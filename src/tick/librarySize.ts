import { DAY } from '../clock.js';
import { isLoss } from '../domain/loss.js';

/** Tells a library that a mount has dropped out of from one that a person has tidied up, by its size. */

export interface Loss {
  before: number;
  now: number;
}

export interface Memory {
  get<T>(key: string): T | undefined;
  set(key: string, value: unknown): void;
}

/** The size of the library that was last believed. */
interface Believed {
  size: number;
  /** Since when sweeps have found much less (epoch ms). */
  shrunkSince: number | null;
}

const SIZE_KEY = 'library.size';
/** A smaller library is believed after a day; an empty one never, unless there was hardly anything to lose. */
const BELIEVE_SHRUNK_AFTER = DAY;
const HARDLY_ANYTHING = 5;

/** The library that is not believed at present, with what it had before; null = it is believed. */
export const shrunkLibrary = (memory: Pick<Memory, 'get'>): { before: number; since: number } | null => {
  const believed = memory.get<Believed>(SIZE_KEY);
  return believed === undefined || believed.shrunkSince === null
    ? null
    : { before: believed.size, since: believed.shrunkSince };
};

/** For people. */
export const lossText = ({ before, now }: Loss): string =>
  `Jellyfin shows ${now} titles where it had ${before}: a mount may have dropped`;

/** Compares what a sweep has found with the last size that was believed; null = believed, and remembered. */
export const weigh = (memory: Memory, size: number, now: number): Loss | null => {
  const believed = memory.get<Believed>(SIZE_KEY);
  if (believed === undefined || !isLoss(believed.size, size)) {
    memory.set(SIZE_KEY, { size, shrunkSince: null });
    return null;
  }
  const shrunkSince = believed.shrunkSince ?? now;
  const believable = size > 0 || believed.size <= HARDLY_ANYTHING;
  if (believable && now - shrunkSince >= BELIEVE_SHRUNK_AFTER) {
    memory.set(SIZE_KEY, { size, shrunkSince: null });
    return null;
  }
  memory.set(SIZE_KEY, { size: believed.size, shrunkSince });
  return { before: believed.size, now: size };
};

/** What deltas have added is part of what a later sweep is measured by. */
export const grown = (memory: Memory, size: number): void => {
  if (size > (memory.get<Believed>(SIZE_KEY)?.size ?? 0)) {
    memory.set(SIZE_KEY, { size, shrunkSince: null });
  }
};
