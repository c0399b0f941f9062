import type { Bench, Measure } from '../bench.js';
import { mebibytes, median } from '../figures.js';
import { startHouse } from '../processes.js';
import { configFor, eventually, type Program, placeOf, seconds, start, unlimited } from '../program.js';
import { atMost, type Row, shown } from '../rows.js';
import { EPISODES } from '../seed.js';
import type { Addresses } from '../standIns.js';

/** Resident memory of the built program, started as the image does it. */

const MEASURE = 'memory';
const DATE = '2020-01-01';
const IDLE_RUNS = 3;
/** Passes of ten minutes, half a minute apart, and the time they take with one in each second. */
const TEN_MINUTES = 20;
const WANTS = 10_000;
const REQUESTS = 1_000;
const STREAMS = 500;

const settingsFor = (addresses: Addresses) => ({
  ...configFor(addresses),
  ...unlimited,
  'schedule.poll': '* * * * * *',
  'realDebrid.probeWait': '0s',
  'realDebrid.mountDelay': '0s',
});

const onStandIns = async <T>(bench: Bench, work: (addresses: Addresses) => Promise<T>): Promise<T> => {
  const addresses = await bench.standIns.call.start(MEASURE, {
    realDebrid: { limits: null, cachedMs: 0 },
    torrentio: { dailyLimit: 1_000_000 },
    jellyfin: { mountDelayMs: 0, scanMs: 0 },
  });
  try {
    return await work(addresses);
  } finally {
    await bench.standIns.call.end(MEASURE);
  }
};

const passes = async ({ standIns }: Bench, program: Program, count: number): Promise<void> => {
  await standIns.call.clear(MEASURE);
  await eventually(
    program,
    async () => {
      await seconds(0.2);
      const { approvedList = 0 } = (await standIns.call.counts(MEASURE)).seerr ?? {};
      return approvedList >= count ? true : undefined;
    },
    120_000,
  );
  await seconds(1);
};

/** Of a program that has nothing to do. */
const idle = (bench: Bench): Promise<number> =>
  onStandIns(bench, async (addresses) => {
    const place = placeOf(settingsFor(addresses));
    const program = start(place);
    try {
      await passes(bench, program, TEN_MINUTES);
      return mebibytes(program.rss());
    } finally {
      await program.stop();
      place.clear();
    }
  });

/** The same with many wants that wait. */
const waiting = (bench: Bench): Promise<number> =>
  onStandIns(bench, async (addresses) => {
    const movies = WANTS / 10;
    const seasons = (WANTS - movies) / EPISODES;
    await bench.standIns.call.movies(MEASURE, { from: 0, count: movies, date: DATE });
    await bench.standIns.call.shows(MEASURE, { from: 0, count: seasons, episodes: EPISODES, date: DATE });
    const house = startHouse();
    await house.call.open({ addresses });
    await house.call.seed();
    const place = placeOf(settingsFor(addresses), await house.call.close(true));
    await house.stop();
    const program = start(place);
    try {
      // Seerr's list has several pages.
      await passes(bench, program, TEN_MINUTES * Math.ceil((movies + seasons) / 500));
      return mebibytes(program.rss());
    } finally {
      await program.stop();
      place.clear();
    }
  });

interface Loaded {
  half: number;
  end: number;
  peak: number;
}

/** While a backlog is worked off, and behind it. */
const loaded = (bench: Bench): Promise<Loaded> =>
  onStandIns(bench, async (addresses) => {
    const { standIns } = bench;
    const place = placeOf(settingsFor(addresses));
    const program = start(place);
    const after = async (requests: number): Promise<number> => {
      await standIns.call.movies(MEASURE, {
        from: requests - REQUESTS / 2,
        count: REQUESTS / 2,
        date: DATE,
        streams: STREAMS,
      });
      await eventually(
        program,
        async () => {
          await seconds(0.5);
          return (await standIns.call.completed(MEASURE)) >= requests ? true : undefined;
        },
        20 * 60_000,
      );
      await passes(bench, program, TEN_MINUTES);
      return mebibytes(program.rss());
    };
    try {
      const half = await after(REQUESTS / 2);
      const end = await after(REQUESTS);
      return { half, end, peak: mebibytes(program.peak()) };
    } finally {
      await program.stop();
      place.clear();
    }
  });

export const memory: Measure = {
  name: MEASURE,
  guarded: false,
  run: async (bench) => {
    const figure = (what: string, value: number, note = '') => ({ measure: MEASURE, what, value, unit: 'MiB', note });
    const still: number[] = [];
    for (let run = 0; run < IDLE_RUNS; run += 1) {
      still.push(await idle(bench));
    }
    const many = await waiting(bench);
    const { half, end, peak } = await loaded(bench);
    const what = `${REQUESTS} requests with ${STREAMS} releases each`;
    const rows: Row[] = [
      atMost(figure('idle, after 10 minutes', median(still), `${TEN_MINUTES} passes, one a second`), 80),
      atMost(figure(`idle, with ${WANTS} open wants`, many), 120),
      atMost(figure(`after ${what}`, end), 120),
      shown(figure('the most while they were worked off', peak)),
      atMost({ measure: MEASURE, what: 'after all of them, of after half', value: end / half, unit: '×' }, 1.1),
    ];
    return rows;
  },
};
