import { addOpenTitles, OPEN_TITLES, packFiles, type Sandbox, type SandboxOptions } from '../sandbox/index.js';

/** How many times faster than life the stand-ins run. */
export const COMPRESS = 12;

export const sandboxOptions: SandboxOptions = {
  compress: COMPRESS,
  // The stand-ins' rate windows shrink with time; what a minute allows stays what a minute allows.
  realDebrid: { cachedMs: 3_000, queuedMs: 4_000, uploadingMs: 4_000 },
  jellyfin: { mountDelayMs: 12_000, scanMs: 10_000 },
  seerr: { scanMs: 10_000 },
};

/** One story of the demo: what is asked for, and what must have come of it. */
export interface Story {
  what: string;
  requestId: number;
  /** Hash that must be the only one of its title in the account; null = nothing may be there. */
  hash: string | null;
  /** Hashes that must not be in the account. */
  not: string[];
  expected: 'fulfilled' | 'waiting';
  why: string;
  /** What the call-counting note that this project began with would spend. */
  seed: { torrentio: number; realDebrid: number };
}

/** Fills the world, puts the requests into Seerr, and says what must come of each. */
export const tellStories = ({ world, seerr }: Sandbox): Story[] => {
  addOpenTitles(world);
  const { sintel, bigBuckBunny, pioneerOne, nightOfTheLivingDead, tearsOfSteel } = OPEN_TITLES;

  const cached = world.addRelease({
    of: sintel.imdbId,
    name: 'Sintel 2010 1080p BluRay x265-DEMO',
    cached: true,
    seeders: 84,
    bytes: 1.4 * 1024 ** 3,
  });
  world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 HDCAM 720p-FAKE', seeders: 900, bytes: 0.7 * 1024 ** 3 });

  const slow = world.addRelease({
    of: bigBuckBunny.imdbId,
    name: 'Big Buck Bunny 2008 1080p BluRay x265-DEMO',
    seeders: 40,
    bytes: 0.9 * 1024 ** 3,
    downloadMs: 90_000,
  });

  const pack = world.addRelease({
    of: pioneerOne.imdbId,
    name: 'Pioneer One S01 1080p BluRay x265-DEMO',
    files: packFiles('Pioneer One S01 1080p BluRay x265-DEMO', 1, [1, 2, 3, 4, 5, 6]),
    cached: true,
    seeders: 31,
  });

  const blocked = world.addRelease({
    of: nightOfTheLivingDead.imdbId,
    name: 'Night of the Living Dead 1968 1080p BluRay REMUX-DEMO',
    cached: true,
    infringing: true,
    seeders: 120,
    bytes: 12 * 1024 ** 3,
  });
  const nextBest = world.addRelease({
    of: nightOfTheLivingDead.imdbId,
    name: 'Night of the Living Dead 1968 720p BluRay x265-DEMO',
    cached: true,
    seeders: 60,
    bytes: 2 * 1024 ** 3,
  });

  const movie = (tmdbId: number) => seerr.request({ tmdbId, type: 'movie' });
  return [
    {
      what: 'a cached movie',
      requestId: movie(sintel.tmdbId),
      hash: cached.hash,
      not: [],
      expected: 'fulfilled',
      why: 'cached: there at once',
      seed: { torrentio: 1, realDebrid: 3 },
    },
    {
      what: 'an uncached movie',
      requestId: movie(bigBuckBunny.tmdbId),
      hash: slow.hash,
      not: [],
      expected: 'fulfilled',
      why: 'not cached: downloaded',
      seed: { torrentio: 1, realDebrid: 6 },
    },
    {
      what: 'a season',
      requestId: seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] }),
      hash: pack.hash,
      not: [],
      expected: 'fulfilled',
      why: 'six episodes by one pack',
      seed: { torrentio: 6, realDebrid: 18 },
    },
    {
      what: 'a blocked release',
      requestId: movie(nightOfTheLivingDead.tmdbId),
      hash: nextBest.hash,
      not: [blocked.hash],
      expected: 'fulfilled',
      why: '1st refused (451), 2nd taken',
      seed: { torrentio: 1, realDebrid: 7 },
    },
    {
      what: 'nobody has it',
      requestId: movie(tearsOfSteel.tmdbId),
      hash: null,
      not: [],
      expected: 'waiting',
      why: 'nobody has it: searched later',
      seed: { torrentio: 1, realDebrid: 0 },
    },
  ];
};
