import type { Sandbox } from '../../src/sandbox/index.js';

/** Synthetic titles by their number, the same in every process. */

export interface Movies {
  /** Number of the first one. */
  from: number;
  count: number;
  /** ISO date of the release. */
  date: string;
  /** Releases on offer for each, the best of them cached. */
  streams?: number;
  /** Default: requested and approved at once. */
  approve?: boolean;
  /** In Jellyfin already. */
  owned?: boolean;
}

export interface Shows {
  from: number;
  count: number;
  /** Of its only season. */
  episodes: number;
  date: string;
}

export const movieTmdb = (n: number): number => 1_000_000 + n;
export const showTmdb = (n: number): number => 2_000_000 + n;
export const movieImdb = (n: number): string => `tt${1_000_000 + n}`;
export const showImdb = (n: number): string => `tt${2_000_000 + n}`;
export const movieTitle = (n: number): string => `Synthetic Feature ${n}`;
export const showTitle = (n: number): string => `Synthetic Series ${n}`;

const GIB = 1024 ** 3;
const resolutions = ['1080p', '2160p', '720p', '1080p', '480p'];
const sources = ['BluRay', 'WEB-DL', 'WEBRip', 'BluRay REMUX', 'HDTV', 'DVDRip'];
const codecs = ['x265', 'x264', 'HEVC', 'AVC', 'AV1'];
const sounds = ['DTS-HD MA 5.1', 'DDP5.1 Atmos', 'AAC2.0', 'AC3', 'TrueHD 7.1'];

const pick = (list: readonly string[], place: number): string => list[place % list.length] ?? '';

const releaseName = (title: string, year: string, place: number): string =>
  [
    title,
    year,
    pick(resolutions, place),
    pick(sources, Math.floor(place / 5)),
    pick(sounds, Math.floor(place / 3)),
    `${pick(codecs, place)}-GRP${place}`,
  ].join(' ');

export const addMovies = ({ world, seerr, jellyfin }: Sandbox, movies: Movies): void => {
  const { from, count, date, streams = 0, approve = true, owned = false } = movies;
  for (let n = from; n < from + count; n += 1) {
    const title = movieTitle(n);
    world.addMovie({ tmdbId: movieTmdb(n), imdbId: movieImdb(n), title, releaseDate: date });
    for (let place = 0; place < streams; place += 1) {
      world.addRelease({
        of: movieImdb(n),
        name: releaseName(title, date.slice(0, 4), place),
        cached: place === 0,
        // The first one is the best.
        seeders: place === 0 ? 9_000 : 1 + (place % 400),
        bytes: (2 + (place % 12)) * GIB,
      });
    }
    if (owned) {
      jellyfin.ownMovie({ tmdbId: movieTmdb(n) });
    }
    if (approve) {
      seerr.request({ tmdbId: movieTmdb(n), type: 'movie' });
    }
  }
};

/** Requested and approved, without any release. */
export const addShows = ({ world, seerr }: Sandbox, { from, count, episodes, date }: Shows): void => {
  for (let n = from; n < from + count; n += 1) {
    const airDates = Array.from({ length: episodes }, () => date);
    world.addShow({
      tmdbId: showTmdb(n),
      imdbId: showImdb(n),
      tvdbId: showTmdb(n),
      title: showTitle(n),
      seasons: [{ number: 1, airDates }],
    });
    seerr.request({ tmdbId: showTmdb(n), type: 'tv', seasons: [1] });
  }
};
