import { afterEach, describe, expect, test } from '@jest/globals';
import { type Household, type HouseholdOptions, household } from '../support/household.js';
import { scenesOf } from '../support/scenes.js';

/** The process dies right before and right after every call of whole life cycles; every restart ends in the same world. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const {
  SINTEL,
  release,
  second,
  pack,
  requestSintel,
  requestSeason,
  unexpected,
  expectOnly,
  secondSeason,
  multi,
  requestMulti,
  entriesOf,
} = scenesOf(() => home);

type When = 'before' | 'after';

const services = ['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const;

/** The process dies around call number k to Real-Debrid. Returns whether it came to that call. */
const dieAt = (k: number, when: When): (() => boolean) => {
  const { sandbox } = home;
  let calls = 0;
  let dead = false;
  const lifts: (() => void)[] = [];
  for (const service of services) {
    const { faults } = sandbox[service];
    lifts.push(faults.fail('*', { times: Infinity, when: () => dead, resetBefore: true }));
    const dies = () => {
      calls += service === 'realDebrid' ? 1 : 0;
      if (service !== 'realDebrid' || calls !== k) {
        return false;
      }
      dead = true;
      // What a dead process cannot do either: write.
      home.store.close();
      return true;
    };
    lifts.push(
      faults.fail('*', {
        times: Infinity,
        when: dies,
        ...(when === 'before' ? { resetBefore: true } : { resetAfter: true }),
      }),
    );
  }
  return () => {
    if (dead) {
      for (const lift of lifts) {
        lift();
      }
    }
    return dead;
  };
};

interface Life {
  name: string;
  options?: HouseholdOptions;
  /** Sets the scene; returns what is to be true in the end. */
  begin: () => () => void;
  /** Virtual minutes until the end. */
  minutes: number;
  /** Called once after this many ticks. */
  later?: { ticks: number; act: () => void };
}

const closed = (id: number) => () => expect(home.sandbox.seerr.state(id)?.status).toBe(5);

const lives: Life[] = [
  {
    name: 'cached movie',
    minutes: 12,
    begin: () => {
      const { hash } = release();
      const id = requestSintel();
      return () => {
        expectOnly(hash);
        closed(id)();
      };
    },
  },
  {
    name: 'uncached movie',
    minutes: 14,
    begin: () => {
      const { hash } = release({ cached: false, downloadMs: 2 * MINUTE });
      const id = requestSintel();
      return () => {
        expectOnly(hash);
        closed(id)();
      };
    },
  },
  {
    name: 'season pack',
    minutes: 12,
    begin: () => {
      const { hash } = pack();
      const id = requestSeason();
      return () => {
        expectOnly(hash);
        closed(id)();
      };
    },
  },
  {
    name: 'candidate refused by its files',
    minutes: 14,
    begin: () => {
      release({
        seeders: 5000,
        files: [
          { path: 'Sintel/Sintel.2010.1080p.mkv', bytes: 2048 * MB },
          { path: 'Sintel/codec.exe', bytes: 5_000_000 },
        ],
      });
      const { hash } = second();
      const id = requestSintel();
      return () => {
        expectOnly(hash);
        closed(id)();
      };
    },
  },
  ...[true, false].map(
    (cached): Life => ({
      name: `three probes, the third ${cached ? 'cached' : 'not cached either'}`,
      minutes: 14,
      begin: () => {
        const first = release({ cached: false, seeders: 5000, downloadMs: MINUTE });
        release({ name: `${SINTEL}2`, cached: false, seeders: 500, downloadMs: HOUR });
        const third = release({ name: `${SINTEL}3`, cached, seeders: 50, downloadMs: HOUR });
        const id = requestSintel();
        return () => {
          expect(home.sandbox.realDebrid.entries()).toHaveLength(1);
          expect([first.hash, third.hash]).toContain(home.sandbox.realDebrid.entries()[0]?.hash);
          closed(id)();
        };
      },
    }),
  ),
  {
    name: 'withdrawn mid-download',
    minutes: 12,
    begin: () => {
      release({ cached: false, downloadMs: 3 * HOUR });
      requestSintel();
      return () => expectOnly();
    },
    later: { ticks: 3, act: () => home.sandbox.seerr.deleteRequest(1) },
  },
  {
    name: 'a foreign entry that waits, and one of ours beside it',
    minutes: 12,
    begin: () => {
      const foreign = release({ seeders: 5000 });
      const foreignId = home.sandbox.realDebrid.addForeign(foreign.hash);
      const { hash } = second();
      const id = requestSintel();
      return () => {
        expectOnly(hash);
        expect(home.sandbox.realDebrid.entriesOf(foreign.hash)).toMatchObject([{ id: foreignId, selected: [] }]);
        closed(id)();
      };
    },
  },
];

lives.push({
  name: 'two seasons from one pack',
  minutes: 20,
  begin: () => {
    secondSeason();
    const { hash } = multi();
    const id = requestMulti(1, 2);
    return () => {
      expectOnly(hash);
      expect(entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3, 4, 5, 6] }]);
      closed(id)();
    };
  },
});

const isOver = () => home.store.requests.open().length === 0 && home.store.grabs.unended().length === 0;

/** Plays a life with a death around call k; false = it has no call k. */
const playLife = async ({ options, begin, minutes, later }: Life, k: number, when: When): Promise<boolean> => {
  const { tick, clock } = await move(options);
  const end = begin();
  const died = dieAt(k, when);
  let struck = false;
  for (let ticks = 0; ticks < 2 * minutes; ticks += 1) {
    if (later?.ticks === ticks) {
      later.act();
    }
    const outcome = await tick().then(
      () => null,
      (error: unknown) => error,
    );
    if (!struck && died()) {
      struck = true;
      home.restart();
    } else if (outcome !== null) {
      throw outcome;
    }
    clock.pass(30_000);
    if (struck && ticks > (later?.ticks ?? 0) && isOver()) {
      break;
    }
  }
  end();
  expect(unexpected().filter(({ message }) => !message.includes('connection is not open'))).toEqual([]);
  expect(home.store.grabs.unended()).toEqual([]);
  return struck;
};

describe('SIGKILL around every call to Real-Debrid ends in the same world', () => {
  test.each(lives.flatMap((life) => (['before', 'after'] as const).map((when) => [life.name, when, life] as const)))(
    '%s, %s each call',
    async (_name, when, life) => {
      const wrong: string[] = [];
      for (let k = 1; k < 200; k += 1) {
        let struck = true;
        try {
          struck = await playLife(life, k, when);
        } catch (error) {
          const story = home.log.map(({ level, message }) => `${level} ${message}`).join('\n');
          wrong.push(`k=${k}: ${error instanceof Error ? error.message : String(error)}\n${story}`);
        }
        if (!struck) {
          break;
        }
        await home.stop();
      }
      expect(wrong).toEqual([]);
    },
    120_000,
  );
});
