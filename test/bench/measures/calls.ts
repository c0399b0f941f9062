import { OPEN_TITLES, packFiles, type ReleaseSpec } from '../../../src/sandbox/index.js';
import { type Household, household } from '../../support/household.js';
import type { Measure } from '../bench.js';
import { type Row, shown } from '../rows.js';

/** Outside calls by kind of request, counted at the stand-ins on virtual time. */

const MEASURE = 'calls';
const MINUTE = 60_000;
const GIB = 1024 ** 3;
const { sintel } = OPEN_TITLES;
const LONG_SHOW = { tmdbId: 900_301, imdbId: 'tt9000301', title: 'Synthetic Decade' };

type Mode = 'probe' | 'instant';

interface Kind {
  what: string;
  /** The most calls of the addon and of Real-Debrid that it may take. */
  most: Record<Mode, [number, number]>;
  set: (home: Household) => void;
}

const movie = (home: Household, ...fates: Partial<ReleaseSpec>[]): void => {
  for (const [place, fate] of fates.entries()) {
    const name = `Sintel 2010 1080p BluRay x265-${'ABCD'[place]}`;
    home.sandbox.world.addRelease({ of: sintel.imdbId, name, seeders: 10 ** (4 - place), ...fate });
  }
  home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
};

const episodes = Array.from({ length: 10 }, (_, place) => place + 1);

const seasons = (home: Household, numbers: number[], pack: string): void => {
  const { world, seerr } = home.sandbox;
  const airDates = episodes.map(() => '2020-01-01');
  world.addShow({ ...LONG_SHOW, seasons: numbers.map((number) => ({ number, airDates })) });
  const files = numbers.flatMap((number) => packFiles(`${LONG_SHOW.title} S0${number} 1080p`, number, episodes, GIB));
  world.addRelease({ of: LONG_SHOW.imdbId, name: pack, files, cached: true });
  seerr.request({ tmdbId: LONG_SHOW.tmdbId, type: 'tv', seasons: numbers });
};

const cachedMovie: Kind = {
  what: 'movie, cached',
  most: { probe: [1, 3], instant: [1, 3] },
  set: (home) => movie(home, { cached: true }),
};

const kinds: readonly Kind[] = [
  cachedMovie,
  {
    what: 'movie, not cached',
    most: { probe: [1, 3], instant: [1, 4] },
    set: (home) => movie(home, { cached: false, downloadMs: 3 * MINUTE }),
  },
  {
    what: 'movie, best one refused by name',
    most: { probe: [1, 4], instant: [1, 4] },
    set: (home) => movie(home, { cached: true, infringing: true }, { cached: true }),
  },
  {
    what: 'season of 10, by one pack',
    most: { probe: [2, 3], instant: [2, 4] },
    set: (home) => seasons(home, [1], 'Synthetic Decade S01 1080p BluRay x265-PACK'),
  },
  {
    what: '3 seasons of 10, by one pack',
    most: { probe: [2, 3], instant: [2, 4] },
    set: (home) => seasons(home, [1, 2, 3], 'Synthetic Decade S01-S03 1080p BluRay x265-PACK'),
  },
];

const countedOperations = ['instantAvailability', 'addMagnet', 'info', 'selectFiles', 'delete'] as const;

const spent = ({ sandbox }: Household): number[] => {
  const realDebrid = sandbox.realDebrid.counts();
  const counted = countedOperations.reduce((sum, operation) => sum + (realDebrid[operation] ?? 0), 0);
  return [sandbox.torrentio.counts().stream ?? 0, counted];
};

const allCalls = ({ sandbox }: Household): number[] =>
  [sandbox.seerr, sandbox.torrentio, sandbox.realDebrid, sandbox.jellyfin].map(({ requests }) => requests.length);

const asText = (calls: readonly number[]): string => calls.join(' + ');

const COUNTED = 'addon + Real-Debrid';
const ALL = 'Seerr + addon + Real-Debrid + Jellyfin';

const row = (what: string, calls: readonly number[], most: readonly number[], note = COUNTED): Row => ({
  ...shown({ measure: MEASURE, what, value: asText(calls), unit: '', note, guard: 1 }),
  target: `≤ ${asText(most)}`,
  met: calls.every((count, place) => count <= (most[place] ?? 0)),
});

const oneKind = async (mode: Mode, kind: Kind): Promise<Row[]> => {
  const home = await household({ sandbox: { rdMode: mode }, config: { 'realDebrid.availability': mode } });
  try {
    kind.set(home);
    await home.live(10 * MINUTE);
    if (home.store.requests.openCount() > 0) {
      throw new Error(`${kind.what} (${mode}): the request is still open after ten minutes`);
    }
    const first = row(`${kind.what} (${mode})`, spent(home), kind.most[mode]);
    return kind === cachedMovie ? [first, ...(await afterwards(mode, home))] : [first];
  } finally {
    await home.stop();
  }
};

/** The same is approved once more, and then nothing happens at all. */
const afterwards = async (mode: Mode, home: Household): Promise<Row[]> => {
  home.sandbox.clearLogs();
  home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  await home.live(10 * MINUTE);
  const again = row(`the same again (${mode})`, spent(home), [0, 0]);
  home.sandbox.clearLogs();
  await home.tick();
  return [again, row(`idle tick (${mode})`, allCalls(home), [1, 0, 0, 0], ALL)];
};

export const calls: Measure = {
  name: MEASURE,
  guarded: true,
  run: async () => {
    const rows: Row[] = [];
    for (const mode of ['probe', 'instant'] as const) {
      for (const kind of kinds) {
        rows.push(...(await oneKind(mode, kind)));
      }
    }
    return rows;
  },
};
