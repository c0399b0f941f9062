import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, type Program, run, start, until } from '../support/program.js';
import { canMount, type SmallDisk, smallDisk } from '../support/smallDisk.js';

/** The daemon over its life: edits of its configuration, trouble with its disk and database, a tick that never ends. */

const { sintel, bigBuckBunny } = OPEN_TITLES;
const MB = 1024 ** 2;
const COMPLETED = 5;

let here: Ground;
let running: Program[];
beforeEach(async () => {
  here = await ground();
  running = [];
});
afterEach(async () => {
  for (const program of running) program.kill('SIGKILL');
  await Promise.all(running.map(({ ended }) => ended));
  await here.clear();
});

const daemon = (env: Record<string, string> = {}, args: string[] = []): Program => {
  const program = start(['run', ...args], { env: { ...here.env, ...env } });
  running.push(program);
  return program;
};
const says = (program: Program, text: string, limit?: number) =>
  until(
    () => program.err.includes(text),
    () => program.err,
    limit,
  );
const httpOf = async (program: Program): Promise<string> => {
  await says(program, 'health at ');
  return /health at (http:\S+)\/healthz/.exec(program.err)?.[1] ?? '';
};
const request = (title: { tmdbId: number; imdbId: string }) => {
  here.sandbox.world.addRelease({
    of: title.imdbId,
    name: `${title === sintel ? 'Sintel 2010' : 'Big Buck Bunny 2008'} 1080p BluRay x265-GRP`,
    bytes: 1400 * MB,
    cached: true,
  });
  return here.sandbox.seerr.request({ tmdbId: title.tmdbId, type: 'movie' });
};
const isClosed = (id: number) => here.sandbox.seerr.state(id)?.status === COMPLETED;

describe('an edit of the configuration', () => {
  const write = (lines: string[]) => writeFileSync(join(here.dir, 'config.yaml'), `${lines.join('\n')}\n`);
  const begin = () => daemon({}, ['--config', join(here.dir, 'config.yaml')]);

  test('is applied while it runs; what needs a restart and what is wrong is said; secrets are not', async () => {
    write(['library:', '  notSeenAfter: 20m']);
    const program = begin();
    await says(program, 'ready:');
    write(['library:', '  notSeenAfter: 5m', 'http:', '  webhookSecret: a secret of the house', '  host: 127.0.0.2']);
    await says(program, 'applied: ');
    expect(program.err).toContain('library.notSeenAfter: "20m" -> "5m"');
    expect(program.err).toContain('http.webhookSecret: another value');
    expect(program.err).toContain('takes effect with the next start only: http.host: "127.0.0.1" -> "127.0.0.2"');

    write(['library:', '  notSeenAfter: 5']);
    await says(program, 'the edited configuration is not valid, so what ran before goes on');
    expect(program.err).toContain('library.notSeenAfter: got 5; allowed: a duration');
    const id = request(sintel);
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect(program.err).not.toContain('a secret of the house');
  });

  test('by an atomic replacement of the file, a second time too; a service’s new address is gone to', async () => {
    const { FULFILLARR_SEERR_URL: url = '', ...env } = here.env;
    here.env = env;
    write(['seerr:', '  url: http://127.0.0.1:9']);
    const program = begin();
    await says(program, 'Seerr cannot be reached');
    const replace = (lines: string[]) => {
      writeFileSync(join(here.dir, 'new.yaml'), `${lines.join('\n')}\n`);
      renameSync(join(here.dir, 'new.yaml'), join(here.dir, 'config.yaml'));
    };
    replace(['seerr:', '  url: http://127.0.0.1:8']);
    await says(program, 'seerr.url: "http://127.0.0.1:9" -> "http://127.0.0.1:8"');
    replace(['seerr:', `  url: ${url}`, 'log:', '  levels: [seerr=debug]']);
    const id = request(sintel);
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect(program.err).toMatch(/DEBUG Seerr requests: 200 in \d+ ms/);
    expect(program.err).not.toMatch(/DEBUG Real-Debrid/);
  });

  test('of a secret that lies in a file of its own', async () => {
    const secret = join(here.dir, 'seerr-key');
    const { FULFILLARR_SEERR_API_KEY: key = '', ...env } = here.env;
    here.env = { ...env, FULFILLARR_SEERR_API_KEY_FILE: secret };
    writeFileSync(secret, 'a-key-that-is-wrong\n');
    const program = daemon();
    await says(program, 'Seerr refuses our key');
    writeFileSync(secret, `${key}\n`);
    const id = request(sintel);
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect(program.err).toContain('applied: seerr.apiKey: another value');
    expect(program.err).not.toContain(key);
  });
});

test('a tick that hangs is broken off, and the next one goes on', async () => {
  const id = request(sintel);
  const lift = here.sandbox.seerr.faults.fail('approvedList', { hang: true, times: Infinity });
  const program = daemon({ FULFILLARR_SCHEDULE_TICK_DEADLINE: '2s' });
  await says(program, 'the tick did not end within 2 s and was broken off');
  lift();
  await until(
    () => isClosed(id),
    () => program.err,
  );
  expect(program.err).not.toMatch(/at .*\(.*\.js:\d+/);
});

describe('the database', () => {
  test('is backed up, and a damaged one is refused with the way back', async () => {
    const id = request(sintel);
    const first = daemon();
    await until(
      () => isClosed(id),
      () => first.err,
    );
    first.kill('SIGTERM');
    await first.ended;
    expect(readdirSync(join(here.dir, 'backups'))).toHaveLength(1);
    const file = join(here.dir, 'fulfillarr.db');
    writeFileSync(file, 'no database '.repeat(1000));
    const { code, err } = await run(['run'], { env: here.env });
    expect(code).toBe(1);
    expect(err).toMatch(/is damaged .*; a copy of it as it is was put into .*copy the newest backup over it/);
    const [, from = '', to = ''] = /\(cp (\S+) (\S+)\)/.exec(err) ?? [];
    expect(existsSync(from)).toBe(true);
    writeFileSync(to, readFileSync(from));
    const again = daemon();
    await says(again, 'ready:');
  });

  test('locked by another program: waited for, said once, nothing lost', async () => {
    const program = daemon();
    await says(program, 'ready:');
    const other = new Database(join(here.dir, 'fulfillarr.db'));
    other.exec('BEGIN IMMEDIATE');
    const id = request(sintel);
    await says(program, 'another program holds the database locked');
    expect((await fetch(`${await httpOf(program)}/healthz`)).status).toBe(503);
    other.exec('COMMIT');
    other.close();
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect(program.err).toContain('the database is well again');
    expect(program.err.match(/holds the database locked/g)).toHaveLength(1);
  });
});

const mounting = canMount() ? describe : describe.skip;
mounting('a disk that fills up', () => {
  let disk: SmallDisk;
  beforeEach(() => {
    disk = smallDisk(6_000);
  });
  afterEach(async () => {
    for (const program of running) program.kill('SIGKILL');
    await Promise.all(running.map(({ ended }) => ended));
    disk.remove();
  });

  test('under the database: said once, red, nothing done outside; with room again it goes on', async () => {
    const program = daemon({ FULFILLARR_DATA_DIR: disk.dir });
    await says(program, 'ready:');
    const base = await httpOf(program);
    disk.fill();
    const sintelId = request(sintel);
    await says(program, 'the disk that holds the database is full');
    const answer = await fetch(`${base}/healthz`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { status: 'storage', reason: 'the disk that holds the database is full' },
    ]);
    const bunnyId = request(bigBuckBunny);
    const seen = here.sandbox.seerr.requests.length;
    await until(
      () => here.sandbox.seerr.requests.length > seen + 3,
      () => program.err,
    );
    expect(here.sandbox.realDebrid.counts().addMagnet ?? 0).toBe(0);
    disk.free();
    await until(
      () => isClosed(sintelId) && isClosed(bunnyId),
      () => program.err,
    );
    expect(program.err.match(/the disk that holds the database is full/g)).toHaveLength(1);
    expect(here.sandbox.realDebrid.entries()).toHaveLength(2);
  });

  test('under the log file: said on stderr, the program goes on', async () => {
    const file = join(disk.dir, 'log', 'fulfillarr.log');
    const program = daemon({ FULFILLARR_LOG_FILE: file, FULFILLARR_LOG_LEVEL: 'debug' });
    await says(program, 'ready:');
    disk.fill();
    const id = request(sintel);
    await until(
      () => isClosed(id),
      () => program.err,
    );
    await says(program, `the log file ${file} cannot be written: ENOSPC`);
    disk.free();
    await says(program, `the log file ${file} can be written again`);
    program.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
  });
});
