import type { World } from './world.js';

export const OPEN_TITLES = {
  bigBuckBunny: { tmdbId: 10378, imdbId: 'tt1254207' },
  sintel: { tmdbId: 45745, imdbId: 'tt1727587' },
  tearsOfSteel: { tmdbId: 133701, imdbId: 'tt2285752' },
  nightOfTheLivingDead: { tmdbId: 10331, imdbId: 'tt0063350' },
  pioneerOne: { tmdbId: 32816, imdbId: 'tt1748166', tvdbId: 170551 },
} as const;

/** Openly licensed and public-domain titles, without releases. */
export function addOpenTitles(world: World): void {
  const { bigBuckBunny, sintel, tearsOfSteel, nightOfTheLivingDead, pioneerOne } = OPEN_TITLES;
  world.addMovie({ ...bigBuckBunny, title: 'Big Buck Bunny', releaseDate: '2008-04-10', runtime: 10 });
  world.addMovie({ ...sintel, title: 'Sintel', releaseDate: '2010-09-27', runtime: 15 });
  world.addMovie({ ...tearsOfSteel, title: 'Tears of Steel', releaseDate: '2012-09-26', runtime: 12 });
  world.addMovie({
    ...nightOfTheLivingDead,
    title: 'Night of the Living Dead',
    releaseDate: '1968-10-04',
    runtime: 96,
  });
  world.addShow({
    ...pioneerOne,
    title: 'Pioneer One',
    status: 'Ended',
    seasons: [
      { number: 0, airDates: ['2010-07-01'] },
      {
        number: 1,
        airDates: ['2010-06-16', '2010-12-15', '2011-02-17', '2011-03-28', '2011-04-18', '2011-12-13'],
      },
    ],
  });
}
