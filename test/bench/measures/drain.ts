import type { Measure } from '../bench.js';
import { configFor, eventually, placeOf, seconds, start } from '../program.js';
import { atLeast, atMost, shown } from '../rows.js';

/** A backlog against Real-Debrid's limits: the default pace, all times a third, and a stand-in that refuses what is faster. */

const MEASURE = 'drain';
const MOVIES = 500;
const STREAMS = 20;
/** How many times faster everything is. */
const FASTER = 3;
/** The defaults of `realDebrid.addMagnetInterval` and so on, as they are so much faster. */
const ADD_EVERY = 1_500 / FASTER;
const settings = {
  'realDebrid.requestsPerMinute': String(200 * FASTER),
  'realDebrid.addMagnetInterval': `${ADD_EVERY}ms`,
  'realDebrid.probeWait': `${6_000 / FASTER}ms`,
  'realDebrid.mountDelay': `${30_000 / FASTER}ms`,
  'torrentio.minInterval': `${Math.ceil(1_000 / FASTER)}ms`,
  'schedule.poll': `*/${30 / FASTER} * * * * *`,
};

export const drain: Measure = {
  name: MEASURE,
  guarded: false,
  run: async ({ standIns }) => {
    const addresses = await standIns.call.start(MEASURE, { compress: FASTER });
    await standIns.call.record(MEASURE);
    await standIns.call.movies(MEASURE, { from: 0, count: MOVIES, date: '2020-01-01', streams: STREAMS });
    const place = placeOf({ ...configFor(addresses), ...settings });
    const program = start(place);
    try {
      const adds = await eventually(
        program,
        async () => {
          await seconds(0.5);
          const served = await standIns.call.served(MEASURE, 'addMagnet');
          return served.length >= MOVIES ? served.map(({ arrived }) => arrived) : undefined;
        },
        10 * 60_000,
      );
      const took = Math.max(...adds) - Math.min(...adds);
      const pace = (((adds.length - 1) * ADD_EVERY) / took) * 100;
      const figure = (what: string, value: number, unit: string, note = '') => ({
        measure: MEASURE,
        what,
        value,
        unit,
        note,
      });
      const note = `the tightest: one addMagnet in 1.5 s; everything ${FASTER} times faster`;
      return [
        atLeast(figure(`${MOVIES} movies, of the pace that the limit allows`, pace, '%', note), 95),
        atMost(figure('refused as too many', await standIns.call.refused(MEASURE), 'calls'), 0),
        shown(figure('torrents added', adds.length, '')),
      ];
    } finally {
      await program.stop();
      place.clear();
      await standIns.call.end(MEASURE);
    }
  },
};
