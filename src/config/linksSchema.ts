import { isAbsolute, relative, resolve } from 'node:path';
import { valueAt } from './issues.js';
import { duration, section, text } from './keys.js';
import type { Misfit } from './rules.js';

/** Links hold absolute paths, and are read by another program: nothing here may depend on where we were started. */
function folder(why: string) {
  const fault = (path: string) => {
    if (path === '') return undefined;
    if (!isAbsolute(path)) return 'write the whole path, beginning with /';
    return resolve(path) === '/' || /\p{Cc}/u.test(path) ? 'name a folder' : undefined;
  };
  return text({ byDefault: '', why }, 'an absolute path of a folder, or empty', fault);
}

export const links = section(
  'A library of symbolic links to what was fetched, named so that Jellyfin identifies it with certainty. Off unless ' +
    'the mount and one of the two library folders are set.',
  {
    mount: folder(
      'Where the mount of the Real-Debrid account is, as seen from here; its top, or the folder of torrents.',
    ),
    movies: folder('Where links to movies go, as seen from here: a folder that is a movie library in Jellyfin.'),
    series: folder('Where links to episodes go, as seen from here: a folder that is a series library in Jellyfin.'),
    jellyfinMount: folder('The mount as Jellyfin sees it, which is what the links say; empty if it is the same path.'),
    jellyfinMovies: folder('The folder of movies as Jellyfin sees it; empty if it is the same path.'),
    jellyfinSeries: folder('The folder of series as Jellyfin sees it; empty if it is the same path.'),
    reportInterval: duration({
      byDefault: '90s',
      max: '24h',
      why: 'Jellyfin is told of new links at most this often: each time it waits a minute anew before it looks.',
    }),
    recheck: duration({
      byDefault: '15m',
      max: '30d',
      why: 'How often all links are looked over: whether their files are still in the mount, or under another name.',
    }),
    removeAfter: duration({
      byDefault: '1h',
      max: '3650d',
      why: 'A link whose file the mount has not shown for this long is removed; it comes back with the file.',
    }),
  },
);

const FOLDERS = ['mount', 'movies', 'series'] as const;

const pathOf = (name: string) => ['library', 'links', name];

/** What one key cannot see: a half set-up does nothing, and one folder in another makes links to links. */
export function linkMisfits(raw: unknown): Misfit[] {
  const set = FOLDERS.flatMap((name) => {
    const path = valueAt(raw, pathOf(name));
    return typeof path === 'string' && isAbsolute(path) ? [{ name, path }] : [];
  });
  const misfits = set.flatMap(({ name, path }, place) => {
    const other = set.slice(0, place).find((one) => isWithin(one.path, path) || isWithin(path, one.path));
    return other === undefined ? [] : [overlap(name, other.name)];
  });
  const [first, second] = set;
  if (first?.name === 'mount' && second === undefined) {
    misfits.push(lacking('mount', 'movies, series or both'));
  }
  if (first !== undefined && first.name !== 'mount' && !valueAt(raw, pathOf('mount'))) {
    misfits.push(lacking(first.name, 'mount'));
  }
  return misfits;
}

const isWithin = (outer: string, inner: string): boolean => !relative(outer, inner).startsWith('..');

const overlap = (name: string, other: string): Misfit => ({
  path: pathOf(name),
  what: 'value',
  got: `lies in library.links.${other}, or holds it`,
  allowed: 'a folder apart',
});

const lacking = (name: string, missing: string): Misfit => ({
  path: pathOf(name),
  what: 'value',
  got: 'set alone',
  allowed: `together with ${missing}, or not at all`,
});
