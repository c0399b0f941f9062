import type { Bench, Measure } from '../bench.js';
import { median, ratioOf } from '../figures.js';
import { startHouse } from '../processes.js';
import { atMost, type Row, shown } from '../rows.js';
import { EPISODES } from '../seed.js';

/** What a tick costs in which there is nothing to do, as work and history grow. */

const MEASURE = 'growth';
const START = Date.parse('2026-11-22T12:00:00Z');
/** Until Node has compiled what is used often. */
const WARM_UP = 12;

interface Case {
  name: string;
  /** Open requests for movies, and for seasons of ten episodes. */
  movies: number;
  seasons: number;
  closed?: number;
}

/** One process for each case, so that none disturbs another's memory. */
const openCase = async ({ standIns }: Bench, { name, movies, seasons, closed = 0 }: Case) => {
  const addresses = await standIns.call.start(name, { startAt: START, realDebrid: { limits: null } });
  const date = '2020-01-01';
  await standIns.call.movies(name, { from: 0, count: movies, date });
  await standIns.call.shows(name, { from: 0, count: seasons, episodes: EPISODES, date });
  const house = startHouse();
  await house.call.open({ addresses, startAt: START, closed });
  const wants = await house.call.seed();
  if (wants !== movies + seasons * EPISODES) {
    throw new Error(`${name}: ${wants} wants were stated`);
  }
  for (let i = 0; i < WARM_UP; i += 1) {
    await house.call.tick();
  }
  await standIns.call.clear(name);
  return { name, house };
};

interface Cost {
  /** CPU time of idle ticks (ms). */
  tick: number[];
  /** Of the yardstick, right behind each. */
  yardstick: number[];
}

/** What idle ticks cost, case by case. They take turns, so that what disturbs the machine disturbs all alike. */
const compare = async (bench: Bench, cases: readonly Case[], rounds: number): Promise<Cost[]> => {
  const open = await Promise.all(cases.map((one) => openCase(bench, one)));
  const figures = open.map((): Cost => ({ tick: [], yardstick: [] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const [place, { house }] of open.entries()) {
      figures[place]?.tick.push((await house.call.tick()).cpu);
      figures[place]?.yardstick.push((await house.call.yardstick()).cpu);
    }
  }
  for (const { name, house } of open) {
    await onlySeerrWasAsked(bench, name);
    if (bench.profiles !== null) {
      await house.call.profile(bench.profiles, name, 50);
    }
    await house.call.close();
    await house.stop();
    await bench.standIns.call.end(name);
  }
  return figures;
};

const onlySeerrWasAsked = async ({ standIns }: Bench, name: string): Promise<void> => {
  const { seerr = {}, ...others } = await standIns.call.counts(name);
  if (Object.keys(seerr).join() !== 'approvedList' || Object.values(others).flatMap(Object.keys).length > 0) {
    throw new Error(`${name}: the ticks were not idle: ${JSON.stringify({ seerr, ...others })}`);
  }
};

const mixed = (wants: number): Case =>
  wants < 100
    ? { name: `wants-${wants}`, movies: wants, seasons: 0 }
    : { name: `wants-${wants}`, movies: wants / 10, seasons: (wants * 0.9) / EPISODES };

const ratio = (what: string, value: number, guard: number, most = 10): Row =>
  atMost({ measure: MEASURE, what, value, unit: '×', guard }, most);

/** What a machine's speed has little to do with. */
const inYardsticks = (wants: number, { tick, yardstick }: Cost): Row => ({
  ...shown({ measure: MEASURE, what: `${wants} wants, of the yardstick`, value: ratioOf(tick, yardstick), unit: '×' }),
  guard: 1.6,
});

const none: Cost = { tick: [], yardstick: [] };

const byWork = async (bench: Bench): Promise<Row[]> => {
  const sizes = [10, 100, 1_000, 10_000];
  const worst: Case = { name: 'movies-10000', movies: 10_000, seasons: 0 };
  const cases = [...sizes.map(mixed), ...(bench.quick ? [] : [worst])];
  const costs = await compare(bench, cases, bench.quick ? 21 : 41);
  const [ten = none, hundred = none, thousand = none, tenThousand = none, movies] = costs;
  const rows = sizes.map((wants, place): Row => {
    const what = `idle tick, ${wants} open wants`;
    const figure = { measure: MEASURE, what, value: median(costs[place]?.tick ?? []), unit: 'ms CPU' };
    return wants === 10_000 ? atMost({ ...figure, note: 'a tenth movies, else seasons of ten' }, 150) : shown(figure);
  });
  rows.push(
    ratio('100 wants, of 10', ratioOf(hundred.tick, ten.tick), 1.4),
    ratio('1000 wants, of 100', ratioOf(thousand.tick, hundred.tick), 1.4),
    ratio('10000 wants, of 1000', ratioOf(tenThousand.tick, thousand.tick), 1.4),
    inYardsticks(10, ten),
    inYardsticks(10_000, tenThousand),
  );
  if (movies !== undefined) {
    const what = 'idle tick, 10000 movies';
    const note = 'a request for each want';
    rows.push(shown({ measure: MEASURE, what, value: median(movies.tick), unit: 'ms CPU', note }));
  }
  return rows;
};

const byHistory = async (bench: Bench): Promise<Row[]> => {
  const closed = bench.quick ? 20_000 : 100_000;
  const cases = [0, closed].map((n) => ({ ...mixed(100), name: `closed-${n}`, closed: n }));
  const [empty = none, full = none] = await compare(bench, cases, bench.quick ? 61 : 201);
  return [
    shown({ measure: MEASURE, what: `idle tick, ${closed} closed requests`, value: median(full.tick), unit: 'ms CPU' }),
    ratio('with history, of without', ratioOf(full.tick, empty.tick), 1.15, 1.1),
  ];
};

export const growth: Measure = {
  name: MEASURE,
  guarded: true,
  run: async (bench) => [...(await byWork(bench)), ...(await byHistory(bench))],
};
