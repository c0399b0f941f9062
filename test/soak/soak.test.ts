import { expect, test } from '@jest/globals';
import { soak } from './soak.js';
import { summary } from './summary.js';

test('a fortnight of a household in which much goes wrong', async () => {
  const goOn = (days: number) => days < 10;
  const { lines, wrong } = await soak({ seed: 'suite', poll: 30, goOn, settleDays: 4 }, summary);
  expect(wrong).toEqual([]);
  expect(lines.join('\n')).toMatch(/kills.*duplicates 0, losses 0/);
}, 600_000);
