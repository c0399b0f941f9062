import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runOn, tellingLines } from './command.js';
import { type Prepared, prepare, type Workshop } from './prepare.js';

/**
 * Does the built program start on other releases of Node than the one it was built with? By hand, for it needs the
 * network and compiles for minutes: `npm run test:nodes`.
 */

const MAJORS = [22, 24];
const STARTS = 5;
const MINUTE = 60_000;

interface Row {
  node: string;
  startMs: number | null;
  /** null = all is well. */
  fault: string | null;
}

const say = (text: string) => process.stdout.write(`${text}\n`);

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** What a user does first; each must exit 0. */
const FIRST_STEPS = [['--version'], ['config', 'example'], ['demo']];

const tryOut = async ({ version, node, program }: Prepared): Promise<Row> => {
  const on = (args: string[]) => runOn({ node, args: ['dist/main.js', ...args], cwd: program, limit: 2 * MINUTE });
  for (const step of FIRST_STEPS) {
    say(`${version}: fulfillarr ${step.join(' ')}`);
    const { code, output } = await on(step);
    if (code !== 0) {
      return { node: version, startMs: null, fault: `${step.join(' ')} ended with ${code}:\n${tellingLines(output)}` };
    }
  }
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i += 1) {
    starts.push((await on(['--version'])).ms);
  }
  return { node: version, startMs: Math.round(median(starts)), fault: null };
};

const rowOf = async (major: number, prepared: Promise<Prepared>): Promise<Row> => {
  try {
    return await tryOut(await prepared);
  } catch (error) {
    return { node: `v${major}`, startMs: null, fault: error instanceof Error ? error.message : String(error) };
  }
};

const present = (rows: Row[]): void => {
  say(`\n${'node'.padEnd(10)}  ${'start-up'.padStart(8)}  result`);
  for (const { node, startMs, fault } of rows) {
    const took = startMs === null ? '' : `${startMs} ms`;
    say(`${node.padEnd(10)}  ${took.padStart(8)}  ${fault === null ? 'ok' : 'FAILED'}`);
  }
  say(`\nstart-up: \`--version\` from start to exit, the median of ${STARTS}.`);
  for (const { node, fault } of rows.filter((row) => row.fault !== null)) {
    say(`\n${node}: ${fault}`);
  }
};

/** Compiles side by side, then tries one Node after the other, so that they do not disturb each other's times. */
const tryAll = async (workshop: Workshop): Promise<boolean> => {
  say(`Installing Node ${MAJORS.join(' and ')} and compiling better-sqlite3 for each; a minute or two.`);
  const preparing = MAJORS.map((major) => prepare(major, workshop));
  await Promise.allSettled(preparing);
  const rows: Row[] = [];
  for (const [place, major] of MAJORS.entries()) {
    rows.push(await rowOf(major, preparing[place] ?? prepare(major, workshop)));
  }
  present(rows);
  return rows.every(({ fault }) => fault === null);
};

const main = async (): Promise<boolean> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    say(
      `This runs on Linux x64 only: it takes Node from npm packages for that. Here it is ${process.platform} ${process.arch}.`,
    );
    return false;
  }
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    say('Start it as `npm run test:nodes`: it uses the npm that runs it.');
    return false;
  }
  const project = join(dirname(fileURLToPath(import.meta.url)), '..');
  if (!existsSync(join(project, 'dist', 'main.js'))) {
    say('There is no dist/main.js yet: `npm run build` makes it.');
    return false;
  }
  const folder = mkdtempSync(join(tmpdir(), 'fulfillarr-nodes-'));
  try {
    return await tryAll({ project, npm, folder });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

process.exitCode = (await main()) ? 0 : 1;
