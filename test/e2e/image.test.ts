import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { instructions, instructionsOf, layOutImage } from '../support/imageLayout.js';
import { type Ground, ground, until } from '../support/program.js';

/**
 * The container image without a container engine: the Dockerfile's own lines lay it out in a temporary folder, and its
 * own ENTRYPOINT, CMD and HEALTHCHECK run there, as another user, in a tree that nobody may write to.
 */

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;
const execForm = (name: string): string[] =>
  JSON.parse((instructionsOf(name).at(-1) ?? '').replace(/^.*?(?=\[)/, '')) as string[];

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'fulfillarr-image-'));
  chmodSync(root, 0o755);
  layOutImage(root);
  execFileSync('chmod', ['-R', 'a+rX,a-w', root]);
});
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', root]);
  rmSync(root, { recursive: true, force: true });
});

let here: Ground;
beforeEach(async () => {
  here = await ground();
});
afterEach(() => here.clear());

/** As the container's user, with its working directory and environment. */
const inside = ([program = '', ...args]: string[], env: Record<string, string> = {}) => {
  const child = spawn(
    program === 'node' ? process.execPath : program,
    args.map((arg) => arg.replace(/^\/app\//, `${root}/app/`)),
    {
      cwd: '/',
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  return { said: () => text, ended, stop: () => void child.kill('SIGTERM'), kill: () => void child.kill('SIGKILL') };
};

describe('the image', () => {
  test('runs as another user in a read-only tree, is healthy by its own check, and stops in time', async () => {
    const data = mkdtempSync(join(here.dir, 'data-'));
    if (isRoot) chownSync(data, NOBODY, NOBODY);
    chmodSync(here.dir, 0o755);
    const port = String(20_000 + (process.pid % 20_000));
    const env = { ...here.env, FULFILLARR_DATA_DIR: data, FULFILLARR_HTTP_PORT: port, FULFILLARR_HTTP_HOST: '0.0.0.0' };
    const daemon = inside([...execForm('ENTRYPOINT'), ...execForm('CMD')], env);
    try {
      await until(() => daemon.said().includes('ready:'), daemon.said);
      const check = inside(execForm('HEALTHCHECK'), { FULFILLARR_HTTP_PORT: port });
      expect([await check.ended, check.said()]).toEqual([0, '']);
      const shortcut = readFileSync(join(root, 'usr/local/bin/fulfillarr'), 'utf8');
      expect(shortcut).toMatch(/^#!\/bin\/sh\nexec node --enable-source-maps \/app\/dist\/main\.js "\$@"\n$/);
      const status = inside([...execForm('ENTRYPOINT'), 'status'], env);
      expect([await status.ended, status.said()]).toEqual([0, expect.stringContaining('running since')]);
      const asked = Date.now();
      daemon.stop();
      expect(await daemon.ended).toBe(0);
      expect(Date.now() - asked).toBeLessThan(10_000);
    } finally {
      daemon.kill();
    }
    const unhealthy = inside(execForm('HEALTHCHECK'), { FULFILLARR_HTTP_PORT: port });
    expect(await unhealthy.ended).toBe(1);
  });

  test('a data volume that belongs to somebody else is said with what to do', async () => {
    const data = mkdtempSync(join(here.dir, 'data-'));
    chmodSync(here.dir, 0o755);
    chmodSync(data, 0o555);
    const daemon = inside(execForm('ENTRYPOINT').concat(execForm('CMD')), { ...here.env, FULFILLARR_DATA_DIR: data });
    expect(await daemon.ended).toBe(1);
    expect(daemon.said()).toMatch(
      /cannot be (?:reached|written to).*(?:writable for|belongs to) the user this runs as/,
    );
    chmodSync(data, 0o755);
  });

  test('holds the program, the compiled driver and the migrations, and nothing else', () => {
    const files = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(root.length));
    expect(files).toContain('/app/dist/main.js');
    expect(files).toContain('/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node');
    expect(files.filter((file) => file.includes('/migrations/') && file.endsWith('.sql')).length).toBeGreaterThan(0);
    expect(files.filter((file) => /\/(?:src|deps|test)\//.test(file))).toEqual([]);
  });
});

describe('the Dockerfile', () => {
  test('builds and runs on the same release of Debian, by pinned Node majors, as a plain user', () => {
    const bases = instructionsOf('FROM').map((line) =>
      /^node:(\d+)-(bookworm)(?:-slim)?(?: AS \w+)?$/.exec(line)?.slice(1, 3),
    );
    expect(bases).toHaveLength(2);
    expect(bases[0]).toEqual(bases[1]);
    expect(bases[0]?.[0]).toBe(readFileSync('.nvmrc', 'utf8').trim());
    expect(instructionsOf('USER')).toEqual(['node']);
    expect(instructionsOf('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  test('needs no shell to start, to stop or to be checked', () => {
    for (const name of ['ENTRYPOINT', 'CMD', 'HEALTHCHECK']) {
      expect(execForm(name).every((word) => typeof word === 'string')).toBe(true);
    }
    expect(instructions.join('\n')).not.toMatch(/curl|wget|:latest|sudo|apt-get/);
  });
});
