import type { Release } from '../../release.js';
import type { Reading } from '../reading.js';
import { refuse } from '../rejections.js';
import { GB, MB } from '../units.js';
import type { Wanted } from '../wanted.js';
import type { Rule } from './subject.js';

/** Is the matched file as big as such a file should be? */

/** How many episodes the matched file holds (`S01E01E02` is two), 1 for movies. */
export function episodesInFile(reading: Reading, release: Release, wanted: Wanted): number {
  if (wanted.kind === 'movie') return 1;
  if (reading.fileNumbers !== null) return reading.fileNumbers.episodes.length;
  return release.packMarker ? 1 : Math.max(1, reading.torrent.episodes.length);
}

/**
 * The matched file's size in bytes; null = unknown. Where the addon knows no file of a torrent that holds several
 * episodes, the size it names is the whole torrent's and says nothing about one episode.
 */
export function fileBytes(release: Release, isPack: boolean): number | null {
  if (isPack && release.fileIndex === null && release.filePath === null) return null;
  return release.sizeBytes;
}

export function mbPerMinute(bytes: number | null, runtimeMin: number | null, episodes: number): number | null {
  if (bytes === null || runtimeMin === null || runtimeMin <= 0) return null;
  return bytes / MB / (runtimeMin * episodes);
}

export const perMinuteRule: Rule = ({ ctx, reading, wanted, mbPerMin }) => {
  const special = wanted.kind === 'episodes' && (wanted.specials || wanted.season === 0);
  const { resolution } = reading.merged;
  if (mbPerMin === null || special || resolution === null) return null;
  const bounds = Object.entries(ctx.profile.sizeMbPerMin).find(([key]) => key === resolution)?.[1];
  if (bounds === undefined) return null;
  const [min, max] = bounds;
  const got = `${mbPerMin.toFixed(1)} MB/min`;
  if (mbPerMin < min) return refuse('too-small', got, `at least ${min} MB/min`);
  return mbPerMin > max ? refuse('too-big', got, `at most ${max} MB/min`) : null;
};

export const maxSizeRule: Rule = ({ ctx, release, wanted, scope, episodesInFile: count }) => {
  const bytes = fileBytes(release, scope !== null && scope.pack !== 'single');
  const limit = wanted.kind === 'movie' ? ctx.profile.maxSizeGb.movie : ctx.profile.maxSizeGb.episode * count;
  if (bytes === null || bytes <= limit * GB) return null;
  return refuse('too-big', `${(bytes / GB).toFixed(2)} GB`, `at most ${limit} GB`);
};
