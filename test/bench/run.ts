import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepare } from '../nodes/prepare.js';
import type { Bench, Measure, OtherNode } from './bench.js';
import { mebibytes } from './figures.js';
import { keepBaseline, keepFigures, readBaseline } from './files.js';
import { regressions } from './guard.js';
import { calls } from './measures/calls.js';
import { drain } from './measures/drain.js';
import { growth } from './measures/growth.js';
import { image } from './measures/image.js';
import { judging } from './measures/judging.js';
import { latency } from './measures/latency.js';
import { library } from './measures/library.js';
import { memory } from './measures/memory.js';
import { startUp } from './measures/start.js';
import { startStandIns } from './processes.js';
import { type Row, table } from './rows.js';

/** `npm run bench`; see README.md beside this. */

const measures: readonly Measure[] = [calls, drain, latency, growth, startUp, memory, library, judging, image];
/** Beside the Node that runs this. */
const OTHER_NODES = [24];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    profile: { type: 'string' },
    baseline: { type: 'boolean', default: false },
  },
});

/** Those that can be had here. What is missing is said, and its rows are not there. */
const otherNodes = async (folder: string): Promise<OtherNode[]> => {
  const found: OtherNode[] = [];
  for (const major of OTHER_NODES) {
    say(`preparing Node ${major}`);
    try {
      const npm = process.env.npm_execpath;
      if (npm === undefined) {
        throw new Error('it takes the npm that runs this: start it as `npm run bench`');
      }
      found.push(await prepare(major, { project: resolve('.'), npm, folder }));
    } catch (error) {
      say(`without Node ${major}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return found;
};

/** What a measure could not end with; the others go on. */
const failures: string[] = [];

const run = async (bench: Bench, chosen: readonly Measure[]): Promise<Row[]> => {
  const rows: Row[] = [];
  for (const measure of chosen) {
    const began = performance.now();
    try {
      rows.push(...(await measure.run(bench)));
    } catch (error) {
      failures.push(`${measure.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    say(`${measure.name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
  }
  return rows;
};

const environment = () => ({
  date: new Date().toISOString(),
  node: process.versions.node,
  cpu: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  memory: `${Math.round(mebibytes(totalmem()) / 1024)} GiB`,
});

/** What is worse than it was, measured twice: a machine that is busy elsewhere must fail nobody. */
const guard = async (bench: Bench, rows: readonly Row[]): Promise<boolean> => {
  const baseline = readBaseline();
  const suspects = regressions(rows, baseline);
  if (suspects.length === 0) {
    say('\nnothing is worse than in test/bench/baseline.json');
    return true;
  }
  const names = new Set(suspects.map(({ row }) => row.measure));
  say(`\nmeasuring again: ${[...names].join(', ')}`);
  const again = await run(
    bench,
    measures.filter(({ name }) => names.has(name)),
  );
  const keys = new Set(suspects.map(({ row }) => row.what));
  const worse = regressions(again, baseline).filter(({ row }) => keys.has(row.what));
  for (const { text } of worse) {
    say(`WORSE  ${text}`);
  }
  return worse.length === 0;
};

const main = async (folder: string): Promise<boolean> => {
  const only = flags.only?.split(',');
  const chosen = measures.filter(({ name, guarded }) =>
    only === undefined ? guarded || !flags.quick : only.includes(name),
  );
  if (flags.profile !== undefined) {
    mkdirSync(flags.profile, { recursive: true });
  }
  const others = chosen.includes(startUp) ? await otherNodes(folder) : [];
  const bench = { standIns: startStandIns(), quick: flags.quick, profiles: flags.profile ?? null, others, say };
  try {
    const rows = await run(bench, chosen);
    const { date, node, cpu, memory: installed } = environment();
    say(`\n${table(rows)}\n\n${date.slice(0, 10)}, Node ${node}, ${cpu}, ${installed}`);
    const isGood = flags.quick && !flags.baseline ? await guard(bench, rows) : true;
    for (const failure of failures) {
      say(`FAILED  ${failure}`);
    }
    if (!isGood || failures.length > 0) {
      return false;
    }
    if (flags.baseline) {
      keepBaseline(rows);
    } else if (!flags.quick && only === undefined) {
      keepFigures(environment(), rows);
    }
    return true;
  } finally {
    await bench.standIns.stop();
  }
};

const folder = mkdtempSync(join(tmpdir(), 'fulfillarr-bench-nodes-'));
let code = 1;
try {
  code = (await main(folder)) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
// What a measure that failed has left running ends with this.
process.exit(code);
