import { foldName } from './mountView.js';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const only = (paths: readonly string[]): string | undefined => (paths.length === 1 ? paths[0] : undefined);

/**
 * Where a file of a torrent stands among those that the mount shows of it; null = it does not. `path` is what
 * Real-Debrid calls it: mounts leave out its folders, and may write some characters in another way.
 */
export const locate = (path: string, shown: readonly string[]): string | null => {
  const name = baseName(path);
  const called = shown.filter((file) => baseName(file) === name);
  return (
    called.find((file) => file.endsWith(`/${path.replace(/^\/+/, '')}`)) ??
    called[0] ??
    only(shown.filter((file) => foldName(baseName(file)) === foldName(name))) ??
    null
  );
};
