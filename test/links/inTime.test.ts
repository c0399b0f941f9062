import { expect, test } from '@jest/globals';
import { callsInTime } from '../../src/links/inTime.js';

test('a call that hangs is given up, and no other is made until it returns', async () => {
  const inTime = callsInTime(20);
  let free: (value: string) => void = () => undefined;
  let made = 0;
  const hanging = () => {
    made += 1;
    return new Promise<string>((resolve) => {
      free = resolve;
    });
  };
  await expect(inTime(hanging)).rejects.toMatchObject({ code: 'TIMEOUT' });
  await expect(inTime(hanging)).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(made).toBe(1);
  free('at last');
  await new Promise(setImmediate);
  expect(await inTime(() => Promise.resolve('well'))).toBe('well');
});

test('what comes in time is passed on, failures too', async () => {
  const inTime = callsInTime(10_000);
  expect(await inTime(() => Promise.resolve(1))).toBe(1);
  await expect(inTime(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await Promise.all([inTime(() => Promise.resolve(1)), inTime(() => Promise.resolve(2))])).toEqual([1, 2]);
});
