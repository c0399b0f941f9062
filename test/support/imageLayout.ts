import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The Dockerfile, one instruction a line, without comments and continuations. */
export const instructions: readonly string[] = readFileSync('Dockerfile', 'utf8')
  .replace(/^\s*#.*$/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line !== '');

/** What the instructions of a kind say. */
export const instructionsOf = (name: string): string[] =>
  instructions.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

/** Lays out in a folder, by the Dockerfile's own lines, what the image has beside Node. */
export const layOutImage = (root: string): void => {
  const [layOut = ''] = instructionsOf('RUN').filter((line) => line.includes('/image/app'));
  execFileSync('sh', ['-euc', layOut.replaceAll('/image/', `${root}/`)]);
};
