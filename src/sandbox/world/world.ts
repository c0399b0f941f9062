import {
  type MovieSpec,
  type MovieTitle,
  movieOf,
  type ShowSpec,
  type ShowTitle,
  showOf,
  type Title,
} from './titles.js';
import { type ReleaseSpec, type Torrent, torrentOf } from './torrents.js';

/** One source of what exists: titles and torrents. The stand-ins only look at it. */
export class World {
  readonly #titles: Title[] = [];
  readonly #movies = new Map<number, MovieTitle>();
  readonly #shows = new Map<number, ShowTitle>();
  readonly #torrents = new Map<string, Torrent>();
  readonly #byImdb = new Map<string, Torrent[]>();
  /** Moves with every addition, so that nothing is remembered past it. */
  revision = 0;

  addMovie(spec: MovieSpec): MovieTitle {
    return this.#keep(this.#movies, movieOf(spec));
  }

  addShow(spec: ShowSpec): ShowTitle {
    return this.#keep(this.#shows, showOf(spec));
  }

  /** A torrent of a title. `of` is the IMDb id it is filed under. */
  addRelease(spec: ReleaseSpec): Torrent {
    const torrent = torrentOf(spec);
    if (this.#torrents.has(torrent.hash)) throw new Error(`two torrents with hash ${torrent.hash} (${torrent.name})`);
    this.#torrents.set(torrent.hash, torrent);
    const filed = this.#byImdb.get(torrent.imdbId);
    if (filed === undefined) this.#byImdb.set(torrent.imdbId, [torrent]);
    else filed.push(torrent);
    this.revision += 1;
    return torrent;
  }

  get titles(): readonly Title[] {
    return this.#titles;
  }

  get torrents(): Torrent[] {
    return [...this.#torrents.values()];
  }

  movie(tmdbId: number): MovieTitle | null {
    return this.#movies.get(tmdbId) ?? null;
  }

  show(tmdbId: number): ShowTitle | null {
    return this.#shows.get(tmdbId) ?? null;
  }

  titleByImdb(imdbId: string): Title | null {
    return this.#titles.find((title) => title.imdbId === imdbId) ?? null;
  }

  showByTvdb(tvdbId: number): ShowTitle | null {
    return [...this.#shows.values()].find((show) => show.tvdbId === tvdbId) ?? null;
  }

  /** Hash in any case. */
  torrent(hash: string): Torrent | null {
    return this.#torrents.get(hash.toLowerCase()) ?? null;
  }

  torrentsOf(imdbId: string): readonly Torrent[] {
    return this.#byImdb.get(imdbId) ?? [];
  }

  #keep<T extends Title>(shelf: Map<number, T>, title: T): T {
    if (shelf.has(title.tmdbId)) throw new Error(`two ${title.type} titles with TMDB id ${title.tmdbId}`);
    shelf.set(title.tmdbId, title);
    this.#titles.push(title);
    this.revision += 1;
    return title;
  }
}
