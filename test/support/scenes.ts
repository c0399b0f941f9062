import { expect } from '@jest/globals';
import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import type { Household } from './household.js';

const MB = 1024 ** 2;
const { sintel, pioneerOne } = OPEN_TITLES;

/** What tests of grabs keep setting up and asking, for whichever household is theirs at the moment. */
export const scenesOf = (home: () => Household) => {
  const SINTEL = 'Sintel 2010 1080p BluRay x265-GRP';
  const release = (spec: Partial<ReleaseSpec> = {}) =>
    home().sandbox.world.addRelease({ of: sintel.imdbId, name: SINTEL, cached: true, ...spec });
  const second = (spec: Partial<ReleaseSpec> = {}) =>
    release({ name: 'Sintel 2010 720p BluRay x265-NEXT', bytes: 800 * MB, ...spec });
  const PACK = 'Pioneer One S01 1080p BluRay x265-PACK';
  const pack = (spec: Partial<ReleaseSpec> = {}) =>
    release({ of: pioneerOne.imdbId, name: PACK, files: packFiles(PACK, 1, [1, 2, 3, 4, 5, 6]), ...spec });
  const requestSintel = () => home().sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  const requestSeason = (...seasons: number[]) =>
    home().sandbox.seerr.request({
      tmdbId: pioneerOne.tmdbId,
      type: 'tv',
      seasons: seasons.length === 0 ? [1] : seasons,
    });
  const adds = () => home().sandbox.realDebrid.counts().addMagnet ?? 0;
  const said = (part: string) => home().log.filter(({ message }) => message.includes(part));
  const unexpected = () => home().log.filter(({ message }) => message.includes('unexpected'));

  /** The account's entries of these hashes: one each; nothing else that we made. */
  const expectOnly = (...hashes: (string | undefined)[]) => {
    const ours = home()
      .sandbox.realDebrid.entries()
      .filter(({ by }) => by === 'api');
    expect(ours.map(({ hash }) => hash).sort()).toEqual([...hashes].sort());
  };

  const secondSeason = () =>
    home().sandbox.world.addShow({
      tmdbId: 900_201,
      imdbId: 'tt9000201',
      tvdbId: 990_201,
      title: 'Synthetic Seasons',
      status: 'Ended',
      seasons: [1, 2].map((number) => ({ number, airDates: ['2020-01-01', '2020-01-08', '2020-01-15'] })),
    });
  const MULTI_NAME = 'Synthetic Seasons S01-S02 1080p BluRay x265-PACK';
  const multi = (spec: Partial<ReleaseSpec> = {}) =>
    release({
      of: 'tt9000201',
      name: MULTI_NAME,
      files: [1, 2].flatMap((season) =>
        [1, 2, 3].map((episode) => ({
          path: `Synthetic Seasons/Synthetic.Seasons.S0${season}E0${episode}.1080p.mkv`,
          bytes: 1024 * MB,
        })),
      ),
      ...spec,
    });
  const requestMulti = (...seasons: number[]) => home().sandbox.seerr.request({ tmdbId: 900_201, type: 'tv', seasons });
  const entriesOf = (hash: string) => home().sandbox.realDebrid.entriesOf(hash);

  return {
    SINTEL,
    release,
    second,
    PACK,
    pack,
    requestSintel,
    requestSeason,
    adds,
    said,
    unexpected,
    expectOnly,
    secondSeason,
    MULTI_NAME,
    multi,
    requestMulti,
    entriesOf,
  };
};
