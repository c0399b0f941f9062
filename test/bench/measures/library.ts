import { DAY, HOUR } from '../../../src/clock.js';
import type { Bench, Measure } from '../bench.js';
import { mebibytes, median } from '../figures.js';
import { startHouse } from '../processes.js';
import { atMost, shown } from '../rows.js';

/** The map of a large Jellyfin library: read once, then kept up to date. */

const MEASURE = 'library';
const START = Date.parse('2026-11-22T12:00:00Z');
const ITEMS = 20_000;
const RUNS = 3;
const WARM_UP = 10;

interface Sweep {
  /** More than before it, at its highest and behind it (MiB). */
  peak: number;
  kept: number;
  cpu: number;
  calls: number;
  deltaCalls: number;
}

const itemCalls = async ({ standIns }: Bench): Promise<number> => {
  const { jellyfin = {} } = await standIns.call.counts(MEASURE);
  return Object.values(jellyfin).reduce((sum, count) => sum + count, 0);
};

const sweep = async (bench: Bench): Promise<Sweep> => {
  const { standIns } = bench;
  const addresses = await standIns.call.start(MEASURE, { startAt: START });
  const both = async (ms: number): Promise<void> => {
    await standIns.call.pass(MEASURE, ms);
    await house.call.pass(ms);
  };
  const house = startHouse();
  await house.call.open({ addresses, startAt: START });
  // What runs already has swept a library, an empty one, and made its calls.
  await house.call.refreshLibrary();
  for (let tick = 0; tick < WARM_UP; tick += 1) {
    await house.call.tick();
  }
  await standIns.call.movies(MEASURE, { from: 0, count: ITEMS, date: '2020-01-01', approve: false, owned: true });
  await both(DAY);
  const before = await house.call.memory();
  await standIns.call.clear(MEASURE);
  const { cpu } = await house.call.refreshLibrary();
  const after = await house.call.memory();
  const calls = await itemCalls(bench);
  await both(HOUR);
  await standIns.call.movies(MEASURE, { from: ITEMS, count: 1, date: '2020-01-01', approve: false, owned: true });
  await standIns.call.clear(MEASURE);
  await house.call.refreshLibrary();
  const deltaCalls = await itemCalls(bench);
  await house.call.close();
  await house.stop();
  await standIns.call.end(MEASURE);
  return {
    peak: mebibytes(after.peak - before.rss),
    kept: mebibytes(after.rss - before.rss),
    cpu,
    calls,
    deltaCalls,
  };
};

export const library: Measure = {
  name: MEASURE,
  guarded: false,
  run: async (bench) => {
    const runs: Sweep[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      runs.push(await sweep(bench));
    }
    const figure = (what: string, key: keyof Sweep, unit: string) => ({
      measure: MEASURE,
      what: `${what}, ${ITEMS} titles`,
      value: median(runs.map((run) => run[key])),
      unit,
    });
    return [
      atMost(figure('sweep, more memory at the peak', 'peak', 'MiB'), 40),
      shown(figure('sweep, more memory afterwards', 'kept', 'MiB')),
      shown(figure('sweep', 'cpu', 'ms CPU')),
      shown(figure('sweep', 'calls', 'calls')),
      atMost(figure('delta', 'deltaCalls', 'calls'), 1),
    ];
  },
};
