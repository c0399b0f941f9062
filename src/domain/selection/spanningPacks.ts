import type { Release } from '../release.js';

/**
 * Hashes that the addon offers both for the first and for the last wanted episode, with a different file each: packs
 * that hold the span without a call to Real-Debrid. A hash without file indexes proves nothing and is left out.
 */
export function spanningPacks(first: readonly Release[], last: readonly Release[]): Set<string> {
  const indexes = new Map<string, Set<number>>();
  for (const release of first) {
    if (release.fileIndex === null) continue;
    const known = indexes.get(release.infoHash) ?? new Set<number>();
    indexes.set(release.infoHash, known.add(release.fileIndex));
  }
  const spanning = last.filter((release) => {
    const known = indexes.get(release.infoHash);
    return known !== undefined && release.fileIndex !== null && !known.has(release.fileIndex);
  });
  return new Set(spanning.map((release) => release.infoHash));
}
