import { addOpenTitles, OPEN_TITLES, packFiles, World } from '../../src/sandbox/index.js';
import type { Household } from './household.js';

const GB = 1024 ** 3;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { sintel, bigBuckBunny, pioneerOne, nightOfTheLivingDead, tearsOfSteel } = OPEN_TITLES;

const synthetic = {
  sunrise: { tmdbId: 900_301, imdbId: 'tt9000301' },
  tides: { tmdbId: 900_302, imdbId: 'tt9000302', tvdbId: 990_302 },
  lighthouse: { tmdbId: 900_303, imdbId: 'tt9000303' },
  gardens: { tmdbId: 900_304, imdbId: 'tt9000304' },
};

/** The openly licensed titles, and some that nobody made. */
export const livedInWorld = (): World => {
  const world = new World();
  addOpenTitles(world);
  world.addMovie({ ...synthetic.sunrise, title: 'Synthetic Sunrise', releaseDate: '2027-03-12', status: 'Planned' });
  world.addMovie({
    ...synthetic.lighthouse,
    title: 'The Imaginary Lighthouse',
    releaseDate: '2019-05-01',
    runtime: 20,
  });
  world.addMovie({ ...synthetic.gardens, title: 'Invented Gardens', releaseDate: '2021-08-01', runtime: 20 });
  world.addShow({
    ...synthetic.tides,
    title: 'Made-up Tides',
    status: 'Returning Series',
    seasons: [
      { number: 1, airDates: ['2024-01-05', '2024-01-12', '2024-01-19', '2024-01-26'] },
      { number: 2, airDates: ['2026-11-06', '2026-11-13', '2026-11-20', '2026-11-27', '2026-12-04', '2026-12-11'] },
    ],
  });
  return world;
};

/**
 * Two days in a household with a bit of everything: done, under way, waiting, and in need of somebody. Ends in the
 * middle of two downloads.
 */
export const liveALittle = async (home: Household): Promise<void> => {
  const { world, seerr, jellyfin } = home.sandbox;
  const movie = (tmdbId: number) => seerr.request({ tmdbId, type: 'movie' });
  const release = (of: string, name: string, more: object = {}) =>
    world.addRelease({ of, name, cached: true, seeders: 84, bytes: 1.4 * GB, ...more });

  // Nobody has a good one, and what there is will not do.
  release(tearsOfSteel.imdbId, 'Tears of Steel 2012 480p DVDRip XviD-OLD', { bytes: 0.4 * GB });
  release(tearsOfSteel.imdbId, 'Tears of Steel 2012 HDCAM 720p-FAKE', { bytes: 0.7 * GB });
  movie(tearsOfSteel.tmdbId);
  movie(synthetic.sunrise.tmdbId);
  // Taken for another title by Jellyfin.
  const lost = release(synthetic.lighthouse.imdbId, 'The Imaginary Lighthouse 2019 1080p WEB x265-GRP');
  jellyfin.identify(lost.hash, {
    kind: 'wrong',
    name: 'Another Lighthouse',
    providerIds: { Tmdb: '900399', Imdb: 'tt9000399' },
  });
  movie(synthetic.lighthouse.tmdbId);
  await home.live(22 * HOUR, 10 * MINUTE);

  // Done today: at once, after two that Real-Debrid refused, and by one pack.
  release(nightOfTheLivingDead.imdbId, 'Night of the Living Dead 1968 1080p BluRay REMUX-DEMO', {
    infringing: true,
    bytes: 12 * GB,
  });
  release(nightOfTheLivingDead.imdbId, 'Night of the Living Dead 1968 1080p BluRay x264-DEMO', {
    infringing: true,
    bytes: 8 * GB,
  });
  release(nightOfTheLivingDead.imdbId, 'Night of the Living Dead 1968 720p BluRay x265-DEMO', { bytes: 2 * GB });
  release(nightOfTheLivingDead.imdbId, 'Night of the Living Dead 1968 HDCAM-FAKE', { bytes: 2 * GB });
  movie(nightOfTheLivingDead.tmdbId);
  for (const episode of [1, 2]) {
    release(synthetic.tides.imdbId, `Made-up Tides S02E0${episode} 1080p WEB x265-GRP`, { bytes: 0.8 * GB });
  }
  seerr.request({ tmdbId: synthetic.tides.tmdbId, type: 'tv', seasons: [1, 2] });
  await home.live(90 * MINUTE, 2 * MINUTE);
  release(sintel.imdbId, 'Sintel 2010 1080p BluRay x265-GRP');
  release(sintel.imdbId, 'Sintel 2010 720p BluRay x265-NEXT', { bytes: 0.8 * GB });
  movie(sintel.tmdbId);
  await home.live(30 * MINUTE, MINUTE);

  // Under way.
  release(bigBuckBunny.imdbId, 'Big Buck Bunny 2008 1080p BluRay x265-DEMO', {
    cached: false,
    downloadMs: 40 * MINUTE,
    bytes: 0.9 * GB,
  });
  movie(bigBuckBunny.tmdbId);
  const pack = 'Pioneer One S01 1080p BluRay x265-DEMO';
  world.addRelease({
    of: pioneerOne.imdbId,
    name: pack,
    files: packFiles(pack, 1, [1, 2, 3, 4, 5, 6]),
    seeders: 31,
    downloadMs: 25 * MINUTE,
  });
  seerr.request({ tmdbId: pioneerOne.tmdbId, type: 'tv', seasons: [1] });
  await home.live(17 * MINUTE, MINUTE);
  // Only just asked for.
  release(synthetic.gardens.imdbId, 'Invented Gardens 2021 1080p WEB x265-GRP');
  movie(synthetic.gardens.tmdbId);
  await home.tick();
};
