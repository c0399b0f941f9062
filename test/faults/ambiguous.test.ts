import { afterAll, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../src/sandbox/index.js';
import { type Life, lives } from '../lives/lives.js';
import { type Disturb, type Theatre, theatre } from '../lives/play.js';
import { isInPart } from '../support/part.js';

/** A write that was carried out, and whose answer says nothing or something else: in the end all is as if it had. */

type Service = 'seerr' | 'realDebrid' | 'jellyfin';

const lifeNamed = (name: string): Life => {
  const life = lives.find((one) => one.name === name);
  if (life === undefined) {
    throw new Error(`no life is called ${name}`);
  }
  return life;
};

const SECOND = 1_000;
/** What holds a write up for longer than its time limit. */
const LATE = { realDebrid: 20 * SECOND, jellyfin: 40 * SECOND, seerr: 55 * SECOND } as const;

/** It is held up right before it is carried out, or its answer behind that. */
type End = Fault | { held: 'before' | 'after' };

const ends: [string, End][] = [
  ['its reply is lost', { resetAfter: true }],
  ['it arrives after its time limit', { held: 'before' }],
  ['its reply comes after its time limit', { held: 'after' }],
  ['500', { statusAfter: 500 }],
  ['502, a web page', { statusAfter: 502, html: true }],
  ['503', { statusAfter: 503 }],
  ['503 with a code', { statusAfter: 503, body: { error: 'service_unavailable', error_code: 25 } }],
  ['half of its reply', { truncated: true }],
];

/** The nth of these calls goes wrong. Says how many there were. */
const nth =
  (service: Service, operation: string, n: number, end: End): Disturb<number> =>
  ({ sandbox, clock }) => {
    const standIn = sandbox[service];
    let calls = 0;
    const lifts = [
      standIn.tap(async (phase, entry) => {
        if (entry.operation !== operation) {
          return;
        }
        calls += phase === 'before' ? 1 : 0;
        if ('held' in end && phase === end.held && calls === n) {
          await clock.pass(LATE[service]);
        }
      }),
      ...('held' in end ? [] : [standIn.faults.fail(operation, { ...end, after: n - 1 })]),
    ];
    return () => {
      for (const lift of lifts) {
        lift();
      }
      return calls;
    };
  };

const writes: [Service, string, number, string][] = [
  ['realDebrid', 'addMagnet', 1, 'cached movie'],
  ['realDebrid', 'addMagnet', 2, 'first candidate refused by its files'],
  ['realDebrid', 'selectFiles', 1, 'cached movie'],
  ['realDebrid', 'selectFiles', 1, 'uncached movie'],
  ['realDebrid', 'delete', 1, 'first candidate refused by its files'],
  ['realDebrid', 'delete', 1, 'cancelled while it downloads'],
  ['jellyfin', 'startTask', 1, 'cached movie'],
  ['seerr', 'runJob', 1, 'cached movie'],
  ['seerr', 'markMedia', 1, 'closing of a 4K movie: Seerr’s scan, then a mark'],
  ['seerr', 'markMedia', 1, 'closing of two 4K seasons of three: scan, mark, marked partial'],
  ['seerr', 'markMedia', 2, 'closing of two 4K seasons of three: scan, mark, marked partial'],
  ['seerr', 'markMedia', 2, 'closing of a movie that is there already: asked for again'],
];

let world: Theatre | undefined;
afterAll(async () => world?.post.clear());

const cases = writes
  .flatMap(([service, operation, n, life]) =>
    ends.map(([what, end]) => [operation, n, life, what, service, end] as const),
  )
  .filter((_, number) => isInPart(number));

describe('a write whose effect is not known', () => {
  test.each(cases)(
    '%s (no. %d of a %s): %s',
    async (operation, n, life, _what, service, end) => {
      world ??= await theatre({ options: { env: { FULFILLARR_LOG_LEVEL: 'debug' } } });
      const { post, play } = world;
      const begun = post.log.length;
      try {
        expect(await play(lifeNamed(life), nth(service, operation, n, end))).toBeGreaterThanOrEqual(n);
        // Nobody has waited for it.
        expect(/: timeout in \d+ ms/.test(post.log.slice(begun))).toBe('held' in end);
      } catch (error) {
        world = undefined;
        await post.clear();
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${post.log.slice(begun)}`);
      }
    },
    600_000,
  );
});
