import { expect, test } from '@jest/globals';
import { soak } from './soak.js';
import { summary } from './summary.js';

/** In its six days there is something of everything: deaths, outages, dropped mounts, writes in doubt, cancellations. */
const SEED = '14';

test('a week of a household in which much goes wrong', async () => {
  // What must not be ends it.
  const { figures, wrong } = await soak(
    { seed: SEED, poll: 60, goOn: (days) => days < 6, settleDays: 5 },
    (seen, post) => ({ figures: seen, ...summary(seen, post) }),
  );
  expect(wrong).toEqual([]);
  expect(figures.life.kills).toBeGreaterThan(0);
  expect(figures.fulfilled).toBeGreaterThan(5);
  expect(figures.looks).toBeGreaterThan(500);
  expect(figures.reckonings).toBe(1);
}, 600_000);
