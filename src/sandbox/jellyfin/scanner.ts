import { videosOf } from './folders.js';
import { type Item, LIBRARIES } from './items.js';
import type { Library } from './library.js';
import type { Mount } from './mount.js';
import type { JellyfinSettings } from './settings.js';
import { TaggedLibrary } from './tagged.js';

/** Looks at the files of the libraries and brings the library database in line with them. */
export class LibraryScanner {
  constructor(
    readonly library: Library,
    readonly mount: Mount,
    readonly settings: JellyfinSettings,
  ) {}

  /** Everything, as it was when the scan started. */
  scan(startedAt: number, endedAt: number): void {
    this.library.rebuild(this.#found(startedAt), !this.mount.down, endedAt);
  }

  /** Goes up from a reported path to the nearest thing that is known: a series, else all of its library. */
  lookAt(path: string, at: number): void {
    const libraries = this.librariesOf(path);
    const known = [...this.library.items.values()].find(
      (item) => item.type === 'Series' && item.path !== null && isIn(item.path, path),
    );
    const series = this.settings.folders === null ? undefined : known;
    const within = (item: Item) =>
      series === undefined ? libraries.includes(item.libraryId) : item.id === series.id || item.seriesId === series.id;
    this.library.rebuild(this.#found(at), !this.mount.down, at, within);
  }

  /** Ids of the libraries that a path lies in. */
  librariesOf(path: string): string[] {
    return Object.values(LIBRARIES)
      .filter(({ collectionType }) => this.locations(collectionType).some((location) => isIn(location, path)))
      .map(({ id }) => id);
  }

  locations(collectionType: string): string[] {
    const { folders, mountRoot } = this.settings;
    const isMovies = collectionType === 'movies';
    if (folders !== null) return [isMovies ? folders.movies.seenAs : folders.series.seenAs];
    return [`/media/${isMovies ? 'movies' : 'shows'}`, mountRoot];
  }

  #found(moment: number): Item[] {
    const mounted = this.mount.filesAt(moment);
    const { folders } = this.settings;
    if (folders === null) return this.library.itemsOf(mounted);
    const byPath = new Map(mounted.map((file) => [file.path, file]));
    const tagged = new TaggedLibrary(this.settings, this.library.identification);
    return [
      ...tagged.movies(videosOf(folders.movies, byPath)),
      ...tagged.series(videosOf(folders.series, byPath), folders.series.seenAs),
    ];
  }
}

const isIn = (outer: string, path: string): boolean => path === outer || path.startsWith(`${outer}/`);
