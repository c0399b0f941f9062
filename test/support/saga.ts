import { type FileSpec, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { type RequestStatusDocument, statusDocument } from '../../src/status.js';
import type { Household } from './household.js';

/** A synthetic show, its releases and its requests, for whichever household is the test's at the moment. */

const MB = 1024 ** 2;
export const SAGA = { tmdbId: 900_601, imdbId: 'tt9000601', tvdbId: 990_601, title: 'Synthetic Saga' };

const two = (n: number) => String(n).padStart(2, '0');

/** Air dates of a season that is long out. */
export const aired = (episodes: number): string[] => Array<string>(episodes).fill('2020-01-01');

export const sagaOf = (home: () => Household) => {
  const show = (...seasons: (string | null)[][]) =>
    home().sandbox.world.addShow({
      ...SAGA,
      seasons: seasons.map((airDates, i) => ({ number: i + 1, airDates })),
    });

  const release = (name: string, spec: Partial<ReleaseSpec> = {}) =>
    home().sandbox.world.addRelease({ of: SAGA.imdbId, name, cached: true, ...spec });

  const single = (season: number, episode: number, spec: Partial<ReleaseSpec> = {}) =>
    release(`Synthetic Saga S${two(season)}E${two(episode)} 1080p WEB x265-ONE`, spec);

  const seasonPack = (season: number, episodes: number[], spec: Partial<ReleaseSpec> = {}) => {
    const name = `Synthetic Saga S${two(season)} 1080p BluRay x265-PACK`;
    return release(name, { files: packFiles(name, season, episodes), ...spec });
  };

  /** One torrent for several seasons. */
  const saga = (seasons: Record<number, number[]>, spec: Partial<ReleaseSpec> = {}) => {
    const numbers = Object.keys(seasons).map(Number);
    const name = `Synthetic Saga S${two(Math.min(...numbers))}-S${two(Math.max(...numbers))} 1080p BluRay x265-SAGA`;
    const files = numbers.flatMap((season): FileSpec[] =>
      (seasons[season] ?? []).map((episode) => ({
        path: `Synthetic Saga/Season ${season}/Synthetic.Saga.S${two(season)}E${two(episode)}.1080p.mkv`,
        bytes: 1024 * MB,
      })),
    );
    return release(name, { files, ...spec });
  };

  const request = (seasons: number[], is4k = false) =>
    home().sandbox.seerr.request({ tmdbId: SAGA.tmdbId, type: 'tv', seasons, is4k });

  /** Somebody edits the seasons of a request in Seerr. */
  const edit = async (id: number, seasons: number[]) => {
    const { url, apiKey } = home().sandbox.seerr;
    await fetch(`${url}/api/v1/request/${id}`, {
      method: 'PUT',
      headers: { 'X-Api-Key': apiKey, 'Content-Type': 'application/json' },
      body: JSON.stringify({ mediaType: 'tv', seasons }),
    });
  };

  const status = (id: number) => home().sandbox.seerr.state(id)?.status;

  const shown = (id: number): RequestStatusDocument | undefined =>
    statusDocument(home().store, 'test', home().clock.now(), null).requests.find((one) => one.id === id);

  /** Episodes of a season in Jellyfin. */
  const owned = (season: number) => home().sandbox.jellyfin.episodesOf(SAGA.tmdbId, season);

  const adds = () => home().sandbox.realDebrid.counts().addMagnet ?? 0;
  const streams = () => home().sandbox.torrentio.counts().stream ?? 0;

  /** Calls to Real-Debrid that count against a request. */
  const spentOnRd = () => {
    const counts = home().sandbox.realDebrid.counts();
    return ['instantAvailability', 'addMagnet', 'info', 'selectFiles', 'delete'].reduce(
      (sum, operation) => sum + (counts[operation] ?? 0),
      0,
    );
  };

  const entries = () => home().sandbox.realDebrid.entries();
  const hashes = () =>
    entries()
      .map(({ hash }) => hash)
      .sort();
  const said = (part: string) => home().log.filter(({ message }) => message.includes(part));

  return {
    show,
    release,
    single,
    seasonPack,
    saga,
    request,
    edit,
    status,
    shown,
    owned,
    adds,
    streams,
    spentOnRd,
    entries,
    hashes,
    said,
  };
};
