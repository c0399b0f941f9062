import { type FileSpec, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import type { Outpost, OutpostOptions } from '../support/outpost.js';

/** Whole lives of requests, each played many times in one outpost, every time with titles and releases of its own. */

const GB = 1024 ** 3;
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;

/** What is to be true when a life is over. */
export interface Scene {
  /** Entries of ours: one each, with exactly these files. */
  holds: { hash: string; files: number[] }[];
  /** Torrents that we may add on the way, those included that go again. */
  adds: number;
  /** Requests that are completed, each told to its requester once. */
  closed: number[];
  /** Entries that others have made, by the end of it, and that stay as they are. */
  foreign?: string[];
  /** What happens once the deaths begin. */
  act?: () => Promise<void> | void;
}

export interface Life {
  name: string;
  /** The sweep of every day is through these; the others vary them. */
  core?: boolean;
  options?: OutpostOptions;
  /** Sets the scene of play number n. */
  begin: (place: Stage) => Scene | Promise<Scene>;
}

/** An outpost, and what scenes are built of; names and ids carry the number of the play. */
export class Stage {
  readonly movie: { tmdbId: number; imdbId: string };
  readonly show: { tmdbId: number; tvdbId: number; imdbId: string };
  readonly name: string;

  constructor(
    readonly post: Outpost,
    n: number,
  ) {
    const digits = String(n).padStart(7, '0');
    this.movie = { tmdbId: 500_000 + n, imdbId: `tt5${digits}` };
    this.show = { tmdbId: 700_000 + n, tvdbId: 900_000 + n, imdbId: `tt7${digits}` };
    this.name = `Synthetic ${inWords(n)}`;
  }

  addMovie(): void {
    this.post.sandbox.world.addMovie({ ...this.movie, title: this.name, releaseDate: '2020-01-01', runtime: 90 });
  }

  /** A show of so many seasons, three episodes each. */
  addShow(seasons: number) {
    const dates = ['2020-01-01', '2020-01-08', '2020-01-15'];
    return this.post.sandbox.world.addShow({
      ...this.show,
      title: this.name,
      seasons: Array.from({ length: seasons }, (_, index) => ({ number: index + 1, airDates: dates })),
    });
  }

  /** `tail` is what follows the title in the release's name. */
  release(tail: string, spec: Partial<ReleaseSpec> = {}): string {
    const name = `${this.name} 2020 ${tail}`;
    return this.post.sandbox.world.addRelease({ of: this.movie.imdbId, name, cached: true, ...spec }).hash;
  }

  pack(tail: string, files: (name: string) => FileSpec[], spec: Partial<ReleaseSpec> = {}): string {
    const name = `${this.name} ${tail}`;
    const { world } = this.post.sandbox;
    return world.addRelease({ of: this.show.imdbId, name, cached: true, files: files(name), ...spec }).hash;
  }

  seasonPack(season: number, quality = '1080p', spec: Partial<ReleaseSpec> = {}): string {
    return this.pack(
      `S0${season} ${quality} BluRay x265-PACK`,
      (name) => packFiles(name, season, [1, 2, 3], 2 * GB),
      spec,
    );
  }

  multiPack(): string {
    return this.pack('S01-S02 1080p BluRay x265-PACK', () =>
      [1, 2].flatMap((season) =>
        [1, 2, 3].map((episode) => ({
          path: `${this.name}/${this.name.replaceAll(' ', '.')}.S0${season}E0${episode}.1080p.mkv`,
          bytes: GB,
        })),
      ),
    );
  }

  requestMovie(is4k = false): number {
    return this.post.sandbox.seerr.request({ tmdbId: this.movie.tmdbId, type: 'movie', is4k });
  }

  requestSeasons(seasons: number[], is4k = false): number {
    return this.post.sandbox.seerr.request({ tmdbId: this.show.tmdbId, type: 'tv', seasons, is4k });
  }

  isClosed(id: number): boolean {
    return this.post.sandbox.seerr.state(id)?.status === 5;
  }

  /** Lets a first part of the life pass undisturbed. */
  async untilClosed(id: number): Promise<void> {
    if (!(await this.post.clock.until(() => this.isClosed(id), 30 * MINUTE))) {
      throw new Error(`request ${id} is not closed`);
    }
    // The program has to notice, too.
    await this.post.clock.pass(2 * MINUTE);
  }
}

/** A title that no other is the beginning of. */
const inWords = (n: number): string =>
  String(n)
    .split('')
    .map((digit) => ['Nil', 'Uno', 'Duo', 'Trio', 'Quad', 'Quint', 'Sext', 'Sept', 'Okt', 'Non'][Number(digit)])
    .join('')
    .concat('x');

const one = (hash: string) => ({ hash, files: [1] });
const all = (hash: string) => ({ hash, files: [1, 2, 3] });

const QUICK = '1080p BluRay x265-GRP';
const NEXT = '720p BluRay x265-NEXT';
const download = { cached: false, downloadMs: 90 * SECOND } as const;

const cachedMovie = (stage: Stage): Scene => {
  stage.addMovie();
  const hash = stage.release(QUICK);
  return { holds: [one(hash)], adds: 1, closed: [stage.requestMovie()] };
};

const movies: Life[] = [
  {
    name: 'cached movie, from the start of the program on',
    core: true,
    begin: async (stage) => {
      await stage.post.stop();
      return { ...cachedMovie(stage), act: () => stage.post.start() };
    },
  },
  { name: 'cached movie', begin: cachedMovie },
  {
    name: 'cached movie, where Real-Debrid can be asked what it has',
    options: { sandbox: { rdMode: 'instant' } },
    begin: cachedMovie,
  },
  {
    name: 'uncached movie',
    core: true,
    begin: (stage) => {
      stage.addMovie();
      const hash = stage.release(QUICK, download);
      return { holds: [one(hash)], adds: 1, closed: [stage.requestMovie()] };
    },
  },
  {
    name: 'first candidate refused by its name',
    begin: (stage) => {
      stage.addMovie();
      stage.release(QUICK, { infringing: true, seeders: 5000 });
      return { holds: [one(stage.release(NEXT))], adds: 1, closed: [stage.requestMovie()] };
    },
  },
  {
    name: 'first candidate refused by its files',
    core: true,
    begin: (stage) => {
      stage.addMovie();
      const files = [
        { path: `${stage.name}/${stage.name}.2020.1080p.mkv`, bytes: 2 * GB },
        { path: `${stage.name}/codec.exe`, bytes: 5_000_000 },
      ];
      stage.release(QUICK, { files, seeders: 5000 });
      return { holds: [one(stage.release(NEXT))], adds: 2, closed: [stage.requestMovie()] };
    },
  },
  ...[true, false].map(
    (cached): Life => ({
      name: `three probes, the third ${cached ? 'cached' : 'not cached either'}`,
      core: cached,
      begin: (stage) => {
        stage.addMovie();
        const slow = { cached: false, downloadMs: 60 * MINUTE } as const;
        const first = stage.release(QUICK, { ...(cached ? slow : download), seeders: 5000 });
        stage.release(`${QUICK}2`, { ...slow, seeders: 500 });
        const third = stage.release(`${QUICK}3`, { ...slow, cached, seeders: 50 });
        return { holds: [one(cached ? third : first)], adds: 3, closed: [stage.requestMovie()] };
      },
    }),
  ),
  {
    name: 'cancelled while it downloads',
    core: true,
    begin: (stage) => {
      stage.addMovie();
      const hash = stage.release(QUICK, { ...download, downloadMs: 60 * MINUTE });
      const id = stage.requestMovie();
      const { clock, sandbox } = stage.post;
      const act = async () => {
        await clock.until(() => sandbox.realDebrid.entriesOf(hash)[0]?.status === 'downloading', 10 * MINUTE);
        await clock.pass(SECOND);
        // Of the same torrent: only its id tells it from ours.
        foreign.push(sandbox.realDebrid.addForeign(hash, { select: 'all' }));
        sandbox.seerr.deleteRequest(id);
        await clock.until(() => sandbox.realDebrid.entriesOf(hash).length === 1, 10 * MINUTE);
      };
      const foreign: string[] = [];
      return { holds: [], adds: 1, closed: [], foreign, act };
    },
  },
  {
    name: 'rejected after it was fulfilled',
    begin: async (stage) => {
      stage.addMovie();
      const bad = stage.release(QUICK);
      // On offer from the start: what came later would be seen with the next search that asks the addon anew.
      const good = stage.release(NEXT);
      const id = stage.requestMovie();
      await stage.untilClosed(id);
      const { clock, sandbox } = stage.post;
      const act = async () => {
        await stage.post.command('reject', String(id));
        const isOver = () =>
          sandbox.realDebrid.entriesOf(bad).length === 0 &&
          sandbox.jellyfin.moviesOf(stage.movie.tmdbId).some(({ path }) => path?.includes('NEXT'));
        await clock.until(isOver, 30 * MINUTE);
      };
      // The bad one was added before the deaths began.
      return { holds: [one(good)], adds: 1, closed: [id], act };
    },
  },
  {
    name: 'what others have in the account: one that waits, one that will do',
    begin: (stage) => {
      stage.addMovie();
      const { realDebrid } = stage.post.sandbox;
      const waits = realDebrid.addForeign(stage.release(QUICK, { seeders: 5000 }));
      const hash = stage.release(NEXT, { listed: true });
      const does = realDebrid.addForeign(hash, { select: 'all' });
      return { holds: [], adds: 0, closed: [stage.requestMovie()], foreign: [waits, does] };
    },
  },
];

const shows: Life[] = [
  {
    name: 'season by one pack',
    core: true,
    begin: (stage) => {
      stage.addShow(1);
      return { holds: [all(stage.seasonPack(1))], adds: 1, closed: [stage.requestSeasons([1])] };
    },
  },
  {
    name: 'two seasons from one pack',
    begin: (stage) => {
      stage.addShow(2);
      const hash = stage.multiPack();
      return { holds: [{ hash, files: [1, 2, 3, 4, 5, 6] }], adds: 1, closed: [stage.requestSeasons([1, 2])] };
    },
  },
  {
    name: 'a second season from the pack that brought the first',
    begin: async (stage) => {
      stage.addShow(2);
      const hash = stage.multiPack();
      const first = stage.requestSeasons([1]);
      await stage.untilClosed(first);
      const second = stage.requestSeasons([2]);
      return { holds: [{ hash, files: [1, 2, 3, 4, 5, 6] }], adds: 1, closed: [first, second] };
    },
  },
];

const closings: Life[] = [
  {
    name: 'closing of a 4K movie: Seerr’s scan, then a mark',
    begin: (stage) => {
      stage.addMovie();
      const hash = stage.release('2160p BluRay x265-GRP', { bytes: 20 * GB });
      return { holds: [one(hash)], adds: 1, closed: [stage.requestMovie(true)] };
    },
  },
  {
    name: 'closing of two 4K seasons of three: scan, mark, marked partial',
    core: true,
    begin: (stage) => {
      stage.addShow(3);
      const packs = [1, 2].map((season) => all(stage.seasonPack(season, '2160p')));
      return { holds: packs, adds: 2, closed: [stage.requestSeasons([1, 2], true)] };
    },
  },
  {
    name: 'closing of a new season of a show that Seerr calls available',
    options: { env: { FULFILLARR_SEERR_COMPLETE: 'mark' } },
    begin: async (stage) => {
      const show = stage.addShow(1);
      const packs = [1, 2].map((season) => all(stage.seasonPack(season)));
      const first = stage.requestSeasons([1]);
      await stage.untilClosed(first);
      show.seasons.push({ ...(show.seasons[0] ?? { name: '', airDate: null, episodes: [] }), number: 2 });
      return { holds: packs, adds: 1, closed: [first, stage.requestSeasons([2])] };
    },
  },
  {
    name: 'closing of a movie that is there already: asked for again',
    begin: async (stage) => {
      const scene = cachedMovie(stage);
      await stage.untilClosed(scene.closed[0] ?? 0);
      return { ...scene, adds: 0, closed: [...scene.closed, stage.requestMovie()] };
    },
  },
];

export const lives: Life[] = [...movies, ...shows, ...closings];
