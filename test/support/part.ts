import { test } from '@jest/globals';

/** What takes long is cut into so many parts; CI takes another one every day. */
const PARTS = 10;

const asked = process.env.PART ?? '';

/** `PART=3` tries number 3 of what is numbered, 13, 23 and so on; without it everything is tried. */
export const isInPart = (number: number): boolean => asked === '' || number % PARTS === Number(asked) % PARTS;

/** `test`, numbered by the order of its calls. */
export const numberedTest = () => {
  let count = 0;
  return (name: string, run: () => Promise<void>, limitMs: number): void => {
    if (isInPart(count)) {
      test(name, run, limitMs);
    }
    count += 1;
  };
};
