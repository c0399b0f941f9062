import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { rotatingFile } from '../../src/log/rotatingFile.js';
import { quickDisk } from '../support/disk.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(quickDisk(), 'fulfillarr-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const filled = (lines: string[], options: { size: number; kept: number }) => {
  const troubles: (Error | null)[] = [];
  const file = join(dir, 'deep', 'a.log');
  const stream = rotatingFile({ file, ...options, onTrouble: (error) => void troubles.push(error) });
  for (const line of lines) stream.write(`${line}\n`);
  const texts = Object.fromEntries(
    readdirSync(join(dir, 'deep')).map((name) => [
      name,
      readFileSync(join(dir, 'deep', name), 'utf8')
        .trim()
        .split('\n'),
    ]),
  );
  return { texts, troubles };
};
const numbered = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`);

test('every line of a burst is in one of the files, in order, newest first; no more files than asked for', () => {
  const { texts } = filled(numbered(9), { size: 21, kept: 3 });
  expect(texts).toEqual({
    'a.log': ['line 7', 'line 8', 'line 9'],
    'a.log.1': ['line 4', 'line 5', 'line 6'],
    'a.log.2': ['line 1', 'line 2', 'line 3'],
  });
  rmSync(join(dir, 'deep'), { recursive: true });
  expect(Object.keys(filled(numbered(30), { size: 21, kept: 3 }).texts)).toHaveLength(3);
});

test('one file only: it begins anew', () => {
  expect(filled(numbered(4), { size: 21, kept: 1 }).texts).toEqual({ 'a.log': ['line 4'] });
});

test('a line that is longer than a file is written all the same; what was there before counts', () => {
  filled(['before'], { size: 100, kept: 2 });
  const { texts } = filled(['x'.repeat(99)], { size: 100, kept: 2 });
  expect(texts).toEqual({ 'a.log': ['x'.repeat(99)], 'a.log.1': ['before'] });
});

test('trouble is told once, and when it is over', () => {
  const file = join(dir, 'gone', 'a.log');
  const troubles: (Error | null)[] = [];
  const stream = rotatingFile({ file, size: 100, kept: 2, onTrouble: (error) => void troubles.push(error) });
  rmSync(join(dir, 'gone'), { recursive: true });
  writeFileSync(join(dir, 'gone'), 'in the way');
  for (const line of numbered(3)) stream.write(line);
  rmSync(join(dir, 'gone'));
  filled([], { size: 1, kept: 1 });
  expect(troubles).toHaveLength(1);
  expect(troubles[0]?.message).toContain('ENOTDIR');
  rotatingFile({ file, size: 100, kept: 2, onTrouble: () => undefined });
  stream.write('again');
  expect(troubles.at(-1)).toBeNull();
  expect(readFileSync(file, 'utf8')).toBe('again');
});
