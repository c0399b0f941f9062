import type { Bench, Measure } from '../bench.js';
import { median } from '../figures.js';
import { configFor, eventually, type Place, placeOf, type Start, start } from '../program.js';
import { atMost, type Row, shown } from '../rows.js';

/** From the start of the process to its first call: the built program, as the image starts it. */

const MEASURE = 'start';
const RUNS = 15;

const untilFirstCall = async ({ standIns }: Bench, place: Place, how: Start): Promise<number> => {
  await standIns.call.clear(MEASURE);
  const program = start(place, how);
  try {
    const first = await eventually(program, async () => {
      const [call] = await standIns.call.served(MEASURE, 'approvedList');
      return call;
    });
    return first.arrived - program.startedAt;
  } finally {
    await program.stop();
  }
};

const onNode = async (bench: Bench, version: string, how: Start): Promise<Row[]> => {
  const addresses = await bench.standIns.call.start(MEASURE, {});
  await bench.standIns.call.record(MEASURE);
  const first: number[] = [];
  const again: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const place = placeOf(configFor(addresses));
    first.push(await untilFirstCall(bench, place, how));
    again.push(await untilFirstCall(bench, place, how));
    place.clear();
  }
  await bench.standIns.call.end(MEASURE);
  const figure = (what: string, figures: number[]) => ({
    measure: MEASURE,
    what: `${what}, Node ${version}`,
    value: median(figures),
    unit: 'ms',
  });
  return [atMost(figure('start to first call', again), 300), shown(figure('the same with a new database', first))];
};

export const startUp: Measure = {
  name: MEASURE,
  guarded: false,
  run: async (bench) => {
    const rows = await onNode(bench, process.versions.node, {});
    for (const { version, node, program } of bench.others) {
      rows.push(...(await onNode(bench, version.replace(/^v/, ''), { node, project: program })));
    }
    return rows;
  },
};
