import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, type Program, run, start, until } from '../support/program.js';

/** The program's shell under stress: stops in every phase, taken ports, hostile titles, a check broken off. */

const { sintel } = OPEN_TITLES;
const MB = 1024 ** 2;
/** What a container platform grants. */
const STOP_WITHIN = 10_000;

let here: Ground;
let running: Program[];
beforeEach(async () => {
  here = await ground();
  running = [];
});
afterEach(async () => {
  for (const program of running) {
    program.kill('SIGKILL');
  }
  await Promise.all(running.map(({ ended }) => ended));
  await here.clear();
});

const begin = (args: string[], env: Record<string, string> = {}): Program => {
  const program = start(args, { env: { ...here.env, ...env } });
  running.push(program);
  return program;
};
const releaseSintel = (name = 'Sintel 2010 1080p BluRay x265-GRP', cached = true) =>
  here.sandbox.world.addRelease({ of: sintel.imdbId, name, bytes: 1400 * MB, cached, downloadMs: 3_600_000 });
const requestSintel = () => here.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
const stopped = async (program: Program, signal: NodeJS.Signals = 'SIGTERM') => {
  const asked = Date.now();
  program.kill(signal);
  const { code } = await program.ended;
  return { code, took: Date.now() - asked };
};

describe('a stop', () => {
  test.each([
    ['realDebrid', 'user'],
    ['seerr', 'approvedList'],
    ['seerr', 'movie'],
    ['torrentio', 'stream'],
    ['jellyfin', 'items'],
    ['realDebrid', 'list'],
    ['realDebrid', 'addMagnet'],
    ['realDebrid', 'info'],
    ['realDebrid', 'selectFiles'],
    ['jellyfin', 'tasks'],
    ['seerr', 'jobs'],
  ] as const)('while %s does not answer %s ends with 0 in time, and leaves no lock', async (service, operation) => {
    releaseSintel();
    requestSintel();
    let hung = false;
    here.sandbox[service].faults.fail(operation, {
      hang: true,
      times: Infinity,
      when: () => {
        hung = true;
        return true;
      },
    });
    const program = begin(['run']);
    await until(
      () => hung,
      () => program.err,
    );
    const { code, took } = await stopped(program);
    expect(code).toBe(0);
    expect(took).toBeLessThan(STOP_WITHIN);
    expect(existsSync(join(here.dir, 'lock.json'))).toBe(false);
    expect(program.err).toContain('stopped; what is in flight');
  });

  test('a Real-Debrid that does not answer at the start does not hold up the others', async () => {
    const id = requestSintel();
    here.sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    here.sandbox.realDebrid.faults.fail('*', { hang: true, times: Infinity });
    const program = begin(['run']);
    await until(
      () => here.sandbox.seerr.state(id)?.status === 5,
      () => program.err,
    );
    expect((await stopped(program)).code).toBe(0);
  });

  test('in the first moments, before anything was read', async () => {
    const program = begin(['run']);
    await until(
      () => program.err.includes('started'),
      () => program.err,
    );
    expect(await stopped(program, 'SIGINT')).toMatchObject({ code: 0 });
  });
});

describe('check', () => {
  test.each(['info', 'addMagnet', 'remove'])('broken off during %s leaves the account as it was', async (operation) => {
    releaseSintel();
    const program = begin(['check', sintel.imdbId, '--json']);
    here.sandbox.realDebrid.tap(async (phase, entry) => {
      if (phase === 'after' && entry.operation === operation && program.pid > 0) {
        program.kill('SIGINT');
        await new Promise((done) => setTimeout(done, 300));
      }
    });
    await program.ended;
    expect(here.sandbox.realDebrid.counts().addMagnet).toBe(1);
    expect(here.sandbox.realDebrid.entries()).toEqual([]);
  });

  test('beside a daemon: its calls are its own, the daemon goes on', async () => {
    releaseSintel('Sintel 2010 1080p BluRay x265-GRP', false);
    const id = requestSintel();
    const program = begin(['run']);
    await until(
      () => here.sandbox.realDebrid.entries().length === 1,
      () => program.err,
    );
    const other = OPEN_TITLES.bigBuckBunny.imdbId;
    here.sandbox.world.addRelease({
      of: other,
      name: 'Big Buck Bunny 2008 1080p BluRay x265-GRP',
      bytes: 900 * MB,
      cached: true,
    });
    const { code, out } = await run(['check', other, '--json'], { env: here.env });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ calls: { torrentio: 1, realDebrid: 3 } });
    expect(here.sandbox.realDebrid.entries()).toHaveLength(1);
    const status = JSON.parse((await run(['status', '--json'], { env: here.env })).out);
    expect(status.requests).toMatchObject([{ id, calls: { torrentio: 1 }, wants: [{ state: 'in-flight' }] }]);
  });
});

describe('the command line', () => {
  test.each([
    [['--data', 'DIR', '--log-level', 'error', 'once', '--json']],
    [['once', '--json', '--data', 'DIR', '--log-level', 'error']],
    [['--log-level', 'error', 'once', '--data', 'DIR', '--json']],
  ])('%j', async (args) => {
    const { FULFILLARR_DATA_DIR: _, ...env } = here.env;
    const { code, out, err } = await run(
      args.map((arg) => (arg === 'DIR' ? here.dir : arg)),
      { env },
    );
    expect({ code, err: err.split('\n').filter((line) => !line.startsWith('warning:')) }).toEqual({
      code: 0,
      err: [''],
    });
    expect(JSON.parse(out)).toMatchObject({ requests: 0 });
    expect(existsSync(join(here.dir, 'fulfillarr.db'))).toBe(true);
  });

  test('a port that is taken is said in a sentence, with its key', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await begin(['run'], { FULFILLARR_HTTP_PORT: String(port) }).ended;
    other.close();
    expect(code).toBe(1);
    expect(err).toContain(`127.0.0.1:${port}`);
    expect(err).toContain('http.port');
    expect(err).not.toContain('    at ');
    expect(existsSync(join(here.dir, 'lock.json'))).toBe(false);
  });

  test('warnings about the configuration and all log lines keep out of a document', async () => {
    requestSintel();
    const { code, out, err } = await run(['once', '--json', '--log-level', 'debug'], {
      env: { ...here.env, FULFILLARR_NO_SUCH_KEY: 'x' },
    });
    expect(code).toBe(0);
    expect(err).toContain('FULFILLARR_NO_SUCH_KEY');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(() => JSON.parse(out)).not.toThrow();
  });
});

describe('the log', () => {
  test('a title cannot forge a line or steer a terminal', async () => {
    const title = 'Synthetic\n2026-11-22 12:00:00 ERROR forged\u001b[2J\u202e';
    here.sandbox.world.addMovie({ tmdbId: 900_901, imdbId: 'tt9900901', title, year: 2001 });
    here.sandbox.seerr.request({ tmdbId: 900_901, type: 'movie' });
    const { code, err, out } = await run(['once'], { env: here.env });
    const status = await run(['status'], { env: here.env });
    expect(code).toBe(0);
    for (const text of [err, out, status.out]) {
      expect(text).not.toMatch(/^2026-11-22 12:00:00 ERROR forged/m);
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('\u202e');
    }
    expect(err).toContain('forged');
  });

  test('its last line is in the file when the program has ended, and secrets in no spelling of it', async () => {
    const file = join(here.dir, 'logs', 'fulfillarr.log');
    const secret = 'a "quoted" secret\\';
    const program = begin(['run'], {
      FULFILLARR_LOG_FILE: file,
      FULFILLARR_LOG_FORMAT: 'json',
      FULFILLARR_HTTP_WEBHOOK_SECRET: secret,
      FULFILLARR_DATA_DIR: join(here.dir, secret),
    });
    await until(
      () => program.err.includes('health at'),
      () => program.err,
    );
    expect((await stopped(program)).code).toBe(0);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).code)).toContain('stopped');
    expect(JSON.parse(lines.at(-1) ?? '{}')).toMatchObject({ code: 'stopped' });
    expect(readFileSync(file, 'utf8')).not.toContain('quoted');
  });
});
