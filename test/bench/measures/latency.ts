import type { Bench, Measure } from '../bench.js';
import { median } from '../figures.js';
import { configFor, eventually, monotonic, type Program, placeOf, seconds, start, unlimited } from '../program.js';
import { atMost, shown } from '../rows.js';
import type { Served } from '../standIns.js';

/** What the program itself adds to the time that the services take, for one movie that was just approved. */

const MEASURE = 'latency';
const MOVIES = 25;
/** As many as the recorded answers for movies hold. */
const USUAL = 25;
const MANY = 100;
const SECRET = 'bench-webhook-secret';

interface Times {
  /** From the webhook's call to addMagnet (ms). */
  toAdd: number;
  /** From the end of Seerr's answer to selectFiles, less the time in which a service was at work (ms). */
  own: number;
}

const settings = {
  ...unlimited,
  'http.webhookSecret': SECRET,
  'http.webhookDelay': '0s',
  // Nothing but the webhook starts a pass.
  'schedule.poll': '0 0 4 * * *',
  'realDebrid.probeWait': '0s',
};

/** How much of the stretch lies in none of the intervals. */
const outside = (from: number, to: number, intervals: readonly Served[]): number => {
  let left = 0;
  let reached = from;
  for (const { arrived, answered } of [...intervals].sort((a, b) => a.arrived - b.arrived)) {
    left += Math.max(0, Math.min(arrived, to) - reached);
    reached = Math.max(reached, Math.min(answered, to));
  }
  return left + Math.max(0, to - reached);
};

const call = async (program: Program): Promise<number> => {
  const url = await eventually(program, program.http);
  const sent = monotonic();
  const answer = await fetch(`${url}/webhook/seerr`, {
    method: 'POST',
    headers: { authorization: SECRET },
    body: '{}',
  });
  if (answer.status !== 202) {
    throw new Error(`the webhook answered ${answer.status}`);
  }
  return sent;
};

const oneMovie = async ({ standIns }: Bench, program: Program, n: number, streams: number): Promise<Times> => {
  await standIns.call.clear(MEASURE);
  await standIns.call.movies(MEASURE, { from: n, count: 1, date: '2020-01-01', streams });
  const sent = await call(program);
  const selected = await eventually(program, async () => (await standIns.call.served(MEASURE, 'selectFiles'))[0]);
  const all = await standIns.call.served(MEASURE);
  const added = all.find(({ operation }) => operation === 'addMagnet');
  const seen = all.find(({ operation }) => operation === 'approvedList');
  if (added === undefined || seen === undefined) {
    throw new Error('files were selected without that anything was added');
  }
  const others = all.filter(({ answered, arrived }) => answered > seen.answered && arrived < selected.arrived);
  // What the pass still has to do for it, and the next one, which finds it in the library.
  await seconds(0.5);
  await call(program);
  await seconds(0.5);
  return { toAdd: added.arrived - sent, own: outside(seen.answered, selected.arrived, others) };
};

const withLatency = async (bench: Bench, ms: number, streams: number): Promise<Times[]> => {
  const { standIns } = bench;
  const addresses = await standIns.call.start(MEASURE, {
    realDebrid: { limits: null, cachedMs: 0 },
    jellyfin: { mountDelayMs: 0, scanMs: 0 },
  });
  await standIns.call.record(MEASURE);
  await standIns.call.latency(MEASURE, ms);
  const place = placeOf({ ...configFor(addresses), ...settings });
  const program = start(place);
  const times: Times[] = [];
  try {
    await eventually(program, async () => (await standIns.call.served(MEASURE, 'approvedList'))[0]);
    await seconds(2);
    for (let n = 0; n < MOVIES; n += 1) {
      times.push(await oneMovie(bench, program, n, streams));
    }
  } finally {
    await program.stop();
    place.clear();
    await standIns.call.end(MEASURE);
  }
  return times;
};

const figure = (what: string, values: number[], note = `${MOVIES} movies, ${USUAL} releases each`) => ({
  measure: MEASURE,
  what,
  value: median(values),
  unit: 'ms',
  note,
});

export const latency: Measure = {
  name: MEASURE,
  guarded: false,
  run: async (bench) => {
    const atOnce = await withLatency(bench, 0, USUAL);
    const slow = await withLatency(bench, 50, USUAL);
    const many = await withLatency(bench, 0, MANY);
    const own = (times: Times[]): number[] => times.map((one) => one.own);
    const toAdd = atOnce.map((one) => one.toAdd);
    return [
      atMost(figure('own time, approval to files, services answer at once', own(atOnce)), 25),
      atMost(figure('own time, approval to files, services take 50 ms', own(slow)), 25),
      atMost(figure('webhook to addMagnet, services answer at once', toAdd), 100),
      shown(figure('own time, approval to files, many releases', own(many), `${MOVIES} movies, ${MANY} releases each`)),
    ];
  },
};
