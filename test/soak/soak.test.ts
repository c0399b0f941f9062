import { expect, test } from '@jest/globals';
import { soak } from './soak.js';
import { summary } from './summary.js';

/** In its six days there is something of everything: deaths, outages, dropped mounts, writes in doubt, cancellations. */
const SEED = '14';

test('a week of a household in which much goes wrong', async () => {
  const { lines, wrong } = await soak({ seed: SEED, poll: 60, goOn: (days) => days < 6, settleDays: 5 }, summary);
  expect(wrong).toEqual([]);
  expect(lines.join('\n')).toMatch(/\d+ kills.*duplicates 0, losses 0/);
}, 600_000);
