import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';

export interface Finished {
  /** null = it could not be started, or took too long. */
  code: number | null;
  ms: number;
  /** Of stdout and stderr, in the order they came. */
  output: string;
}

export interface Command {
  node: string;
  args: string[];
  cwd: string;
  /** Longest time it may take (ms). */
  limit: number;
  /** Default: this process's own. */
  env?: NodeJS.ProcessEnv;
}

/** Runs a script on a given Node, which is also the first one on the PATH for whatever the script starts. */
export const runOn = ({ node, args, cwd, limit, env = process.env }: Command): Promise<Finished> =>
  new Promise((resolve) => {
    const begun = performance.now();
    const path = [dirname(node), env.PATH ?? ''].join(delimiter);
    const child = spawn(node, args, {
      cwd,
      env: { ...env, PATH: path },
      timeout: limit,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const end = (code: number | null) => resolve({ code, ms: performance.now() - begun, output });
    child.once('error', (error) => {
      output += error.message;
      end(null);
    });
    child.once('close', end);
  });

const CRASH = /Assertion failed|FATAL ERROR|Segmentation fault/;
const SHOWN = 12;

/** What a failed command said, for a message: from its crash on, else its end. */
export const tellingLines = (output: string): string => {
  const lines = output.trimEnd().split('\n');
  const crash = lines.findIndex((line) => CRASH.test(line));
  const shown = crash === -1 ? lines.slice(-SHOWN) : lines.slice(crash, crash + SHOWN);
  return shown.map((line) => `    ${line}`).join('\n');
};
