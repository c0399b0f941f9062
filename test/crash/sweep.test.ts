import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import PQueue from 'p-queue';
import type { RequestLogEntry } from '../../src/sandbox/index.js';
import { type Life, lives } from '../lives/lives.js';
import { type Disturb, type Theatre, theatre } from '../lives/play.js';
import { isInPart } from '../support/part.js';

/**
 * The built program dies by SIGKILL right before and right after every call of whole lives, is started again, and the
 * world must come to be as if it had not died. Judged by the stand-ins alone.
 */

type When = 'before' | 'after';

/** Worlds at once: each waits for the other end most of the time. */
const AT_ONCE = 4;

/** Dies around call number `k` from now on and is started again at once. Says where; null = there was no such call. */
const deathAt =
  (k: number, when: When): Disturb<string | null> =>
  (post) => {
    const { seerr, torrentio, realDebrid, jellyfin } = post.sandbox;
    const calls: RequestLogEntry[] = [];
    let struck: string | null = null;
    const strike = async ({ service, operation }: RequestLogEntry) => {
      struck = `${when} ${service} ${operation}`;
      await post.die();
      post.start();
      if (when === 'before') {
        throw new Error('never sent');
      }
    };
    const lifts = [seerr, torrentio, realDebrid, jellyfin].map((standIn) =>
      standIn.tap(async (phase, entry) => {
        if (phase === 'before') {
          calls.push(entry);
        }
        if (phase === when && calls[k - 1] === entry) {
          await strike(entry);
        }
      }),
    );
    return () => {
      for (const lift of lifts) {
        lift();
      }
      return struck;
    };
  };

interface Sweep {
  kills: number;
  wrong: string[];
}

/** All deaths of one life, one after the other in the same world; after a wrong end in a new one. */
const sweep = async (life: Life, when: When): Promise<Sweep> => {
  const result: Sweep = { kills: 0, wrong: [] };
  let world: Theatre | undefined;
  for (let k = 1; ; k += 1) {
    world ??= await theatre(life);
    const { post } = world;
    const begun = post.log.length;
    try {
      const struck = await world.play(life, deathAt(k, when));
      if (struck === null) {
        break;
      }
      result.kills += 1;
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      result.wrong.push(`call ${k}: ${what}\n${post.log.slice(begun)}`);
      await post.clear();
      world = undefined;
    }
  }
  await world?.post.clear();
  return result;
};

/** `LIVES=4K npm run test:crash` plays those alone whose names it fits; a part has all of the core lives. */
const asked = new RegExp(process.env.LIVES ?? '');
const casesOf = (some: Life[]) =>
  some.flatMap((life) => (['before', 'after'] as const).map((when) => ({ life, when })));
const cases = [
  ...casesOf(lives.filter(({ core }) => core)),
  ...casesOf(lives.filter(({ core }) => !core)).filter((_, number) => isInPart(number)),
].filter(({ life }) => asked.test(life.name));
const nameOf = ({ life, when }: (typeof cases)[number]) => `${life.name}: right ${when} each call`;
const pool = new PQueue({ concurrency: AT_ONCE });
const results = new Map<string, Promise<Sweep>>();
let kills = 0;

beforeAll(() => {
  for (const one of cases) {
    const result = pool.add(() => sweep(one.life, one.when));
    // Whoever waits for it gets to know.
    result.catch(() => undefined);
    results.set(nameOf(one), result);
  }
});

afterAll(() => {
  process.stderr.write(`crash sweep: ${kills} kills in ${new Set(cases.map(({ life }) => life)).size} lives\n`);
});

describe('SIGKILL around every call of a life ends in the same world', () => {
  test.each(cases.map((one) => [nameOf(one)]))(
    '%s',
    async (name) => {
      const { kills: tried, wrong } = (await results.get(name)) ?? { kills: 0, wrong: ['never played'] };
      kills += tried;
      expect(wrong).toEqual([]);
      expect(tried).toBeGreaterThan(0);
    },
    900_000,
  );
});
