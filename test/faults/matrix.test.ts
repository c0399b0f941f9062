import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import { MINUTE } from '../lives/lives.js';
import { type Disturb, type Theatre, theatre } from '../lives/play.js';
import { connectProxy, type TestProxy } from '../services/proxies.js';
import type { Outpost } from '../support/outpost.js';
import { isInPart } from '../support/part.js';
import {
  type Class,
  type Column,
  columns,
  expectedClass,
  isLie,
  lateness,
  MAY_PASS,
  type Operation,
  operations,
  secretOf,
  strikesOnce,
} from './cells.js';
import { ADDON_KEY, leaksOf, proxyEnv, secretEnv } from './secrets.js';

/**
 * Every operation goes wrong in every way for ten minutes. The program lives and stays small, calls the failure by its
 * right name, brings the request to its end afterwards, leaves the account clean, and tells no secret.
 */

const LASTS = 10 * MINUTE;
/** The longest pause that trouble of ten minutes leads to, and some. */
const AFTERWARDS = 25 * MINUTE;
const AT_ONCE = 6;
/** Peak resident memory (MB): what a start takes, and a few answers of the largest size that is read. */
const MOST_MEMORY = 400;

let proxy: TestProxy;

const envOf = ({ service }: Operation): Record<string, string> => ({
  FULFILLARR_LOG_LEVEL: 'debug',
  FULFILLARR_LOG_FORMAT: 'json',
  ...secretEnv,
  // What goes wrong with the addon is to reach the program as it is.
  ...(service === 'torrentio' ? {} : proxyEnv(proxy.address)),
});

/** Lays the fault on; it ends by itself ten minutes after it has struck first. Says whether it has. */
const trouble =
  (operation: Operation, column: Column): Disturb<boolean> =>
  ({ sandbox, clock }) => {
    const standIn = sandbox[operation.service];
    const lifts: (() => void | Promise<void>)[] = [];
    let over: Promise<void> | null = null;
    const strike = () => {
      over ??= new Promise((done) => {
        clock.at(clock.now() + LASTS, async () => {
          for (const lift of lifts.splice(0)) {
            await lift();
          }
          done();
        });
      });
    };
    if (typeof column.fault === 'object') {
      const times = strikesOnce(operation, column) ? 1 : Number.POSITIVE_INFINITY;
      const when = () => {
        strike();
        return true;
      };
      lifts.push(standIn.faults.fail(operation.name, { ...column.fault, times, when }));
    } else {
      lifts.push(
        standIn.tap(async (phase, entry) => {
          if (phase !== 'before' || entry.operation !== operation.name) {
            return;
          }
          strike();
          if (column.fault === 'late') {
            await clock.pass(lateness[operation.service]);
            return;
          }
          if (lifts.length === 1) {
            lifts.push(standIn.refuse());
          }
          throw new Error('never arrived');
        }),
      );
    }
    return async () => {
      await over;
      for (const lift of lifts) {
        await lift();
      }
      return over !== null;
    };
  };

/** Where the machine is slow an answer takes too long by itself. */
const isSlowness = ({ code, message = '' }: Record<string, string>): boolean =>
  code === 'timeout' || /did not (?:answer|finish)/.test(message);

/** Who was made to pay, by the log. */
const classesIn = (log: string, { service }: Operation, expected: Class | null): Set<Class> => {
  const found = new Set<Class>();
  for (const text of log.split('\n')) {
    const line = text.startsWith('{') ? (JSON.parse(text) as Record<string, string>) : {};
    const named = line.failure ?? (line.kind === 'slots' ? 'throttle' : line.kind);
    if (line.service === service && named !== undefined && (expected === 'source' || !isSlowness(line))) {
      found.add(named as Class);
    }
    if (line.code === 'not-accepted') {
      found.add('release');
    }
  }
  return found;
};

const peakMemory = (pid: number): number => {
  const [, kilobytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
};

const playCell = async (world: Theatre, operation: Operation, column: Column): Promise<void> => {
  const begun = world.post.log.length;
  const life = strikesOnce(operation, column) ? (operation.whenRefused ?? operation.life) : operation.life;
  const struck = await world.play(life, trouble(operation, column), { untidy: isLie(operation, column) });
  expect(struck).toBe(true);
  const expected = expectedClass(operation, column);
  const classes = classesIn(world.post.log.slice(begun), operation, expected);
  const mayPass = MAY_PASS.has(column.name) && classes.size === 0;
  if (expected !== null && !mayPass) {
    expect([...classes]).toEqual(expected === 'none' ? [] : [expected]);
  }
  expect(peakMemory(world.post.program.pid)).toBeLessThan(MOST_MEMORY);
};

const columnNames = columns('seerr', '').map(({ name }) => name);
const columnsOf = (operation: Operation): string[] =>
  columnNames.filter((_, number) => isInPart(operations.indexOf(operation) + number));

const columnOf = ({ service }: Operation, name: string, sandbox: Outpost['sandbox']): Column => {
  const column = columns(service, secretOf(sandbox, service, ADDON_KEY)).find((one) => one.name === name);
  if (column === undefined) {
    throw new Error(`no column is called ${name}`);
  }
  return column;
};

/** The columns of one operation, one after the other in the same world; after a wrong end in a new one. */
const row = async (operation: Operation): Promise<Map<string, string | null>> => {
  const results = new Map<string, string | null>();
  const { options = {} } = operation.life;
  const life = { options: { ...options, env: { ...envOf(operation), ...options.env } } };
  let world: Theatre | undefined;
  const told: string[] = [];
  const end = async ({ post }: Theatre) => {
    told.push(...(await leaksOf(post).catch((error: Error) => [error.message])));
    await post.clear();
  };
  for (const name of columnsOf(operation)) {
    let begun = 0;
    try {
      world ??= await theatre(life, { afterwards: AFTERWARDS });
      const { sandbox, log } = world.post;
      begun = log.length;
      await playCell(world, operation, columnOf(operation, name, sandbox));
      results.set(name, null);
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      results.set(name, `${what}\n${world?.post.log.slice(begun) ?? ''}`);
      await (world && end(world));
      world = undefined;
    }
  }
  await (world && end(world));
  results.set('secrets', told.length === 0 ? null : told.join('\n'));
  return results;
};

/** `CELLS=realDebrid npm run test:faults` tries those operations alone whose names it fits. */
const asked = new RegExp(process.env.CELLS ?? '');
const pool = new PQueue({ concurrency: AT_ONCE });
const results = new Map<string, Promise<Map<string, string | null>>>();
const chosen = operations.filter(({ service, name }) => asked.test(`${service} ${name}`));

beforeAll(async () => {
  proxy = await connectProxy();
  for (const operation of chosen) {
    const result = pool.add(() => row(operation));
    // Whoever waits for it gets to know.
    result.catch(() => undefined);
    results.set(operation.name, result);
  }
});

let tried = 0;
afterAll(async () => {
  await proxy.close();
  process.stderr.write(`fault matrix: ${tried} cells of ${chosen.length} operations\n`);
});

describe.each(chosen.map((operation) => ({ ...operation, operation })))('$service $name', ({ operation }) => {
  test.each([...columnsOf(operation), 'secrets'])(
    '%s',
    async (column) => {
      const wrong = (await results.get(operation.name))?.get(column);
      tried += column === 'secrets' ? 0 : 1;
      if (wrong !== null) {
        throw new Error(wrong ?? 'never tried');
      }
    },
    1_800_000,
  );
});
