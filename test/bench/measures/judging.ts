import { resolve } from 'node:path';
import type { Measure } from '../bench.js';
import { median } from '../figures.js';
import { startHouse } from '../processes.js';
import { atLeast, shown } from '../rows.js';

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
    await house.call.parse(folder, 10);
    const speeds: number[] = [];
    const floors: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const { releases, cpu } = await house.call.judge(folder, ROUNDS);
      speeds.push((releases / cpu) * 1000);
      const alone = await house.call.parse(folder, ROUNDS / 4);
      floors.push((alone.releases / alone.cpu) * 1000);
    }
    if (profiles !== null) {
      await house.call.profileJudging(profiles, MEASURE, folder, ROUNDS);
    }
    await house.call.close();
    await house.stop();
    await standIns.call.end(MEASURE);
    const note = `${RUNS} × ${ROUNDS} times all recorded streams`;
    const figure = (what: string, values: number[]) => ({
      measure: MEASURE,
      what,
      value: median(values),
      unit: '/s',
    });
    return [
      atLeast({ ...figure('releases read, judged and ranked', speeds), note }, 10_000),
      shown(figure('the library that reads names, alone', floors)),
    ];
  },
};
