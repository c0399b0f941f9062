import type { NameFilter } from '../profile.js';
import type { Release } from '../release.js';

type Patterns = Pick<NameFilter, 'contains' | 'dotted'>;

/** Whether Real-Debrid is predicted to refuse this name. A prediction: it judges the name in the torrent's metadata. */
export function nameIsRefused(name: string, filter: Patterns): boolean {
  const lower = name.toLowerCase();
  return (
    filter.contains.some((pattern) => pattern !== '' && lower.includes(pattern.toLowerCase())) ||
    filter.dotted.some((pattern) => pattern !== '' && lower.includes(`.${pattern.toLowerCase()}`))
  );
}

/** The same for a release: a hit in the torrent line or in the file line counts. Always false in mode `off`. */
export function predictsNameRefusal(release: Pick<Release, 'name' | 'filePath'>, filter: NameFilter): boolean {
  if (filter.mode === 'off') return false;
  return nameIsRefused(release.name, filter) || (release.filePath !== null && nameIsRefused(release.filePath, filter));
}
