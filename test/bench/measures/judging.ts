import { resolve } from 'node:path';
import type { Measure } from '../bench.js';
import { median } from '../figures.js';
import { startHouse } from '../processes.js';
import { atLeast } from '../rows.js';

/** Reading, judging and ranking what the addon offers, on the recorded answers. */

const MEASURE = 'judging';
const RUNS = 5;
const ROUNDS = 200;

export const judging: Measure = {
  name: MEASURE,
  guarded: false,
  run: async ({ standIns, profiles }) => {
    const addresses = await standIns.call.start(MEASURE, {});
    const house = startHouse();
    await house.call.open({ addresses });
    const folder = resolve('test/fixtures/torrentio');
    await house.call.judge(folder, 10);
    const speeds: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { releases, cpu } = await house.call.judge(folder, ROUNDS);
      speeds.push((releases / cpu) * 1000);
    }
    if (profiles !== null) {
      await house.call.profileJudging(profiles, MEASURE, folder, ROUNDS);
    }
    await house.call.close();
    await house.stop();
    await standIns.call.end(MEASURE);
    const note = `${RUNS} × ${ROUNDS} times all recorded streams`;
    const figure = {
      measure: MEASURE,
      what: 'releases read, judged and ranked',
      value: median(speeds),
      unit: '/s',
      note,
    };
    return [atLeast(figure, 10_000)];
  },
};
