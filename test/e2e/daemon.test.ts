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

describe('passes of which nothing comes', () => {
  const patient = () => daemon({ FULFILLARR_SCHEDULE_ALARM_AFTER: '3' });
  const healthOf = async (program: Program) => (await fetch(`${await httpOf(program)}/healthz`)).json();
  const alarms = (program: Program) => program.err.match(/ ERROR .*This is probably a fault of fulfillarr/g);

  test('as an answer is off contract each time: red and one loud line; over by itself', async () => {
    const lift = here.sandbox.realDebrid.faults.fail('list', {
      status: 200,
      body: { torrents: 'none' },
      times: Infinity,
    });
    const program = patient();
    const id = request(sintel);
    await says(program, '1 want due, and nothing has come of it for 3 passes');
    expect(await healthOf(program)).toMatchObject({ status: 'stuck', reason: expect.stringContaining('3 passes') });
    lift();
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect([alarms(program)?.length, await healthOf(program)]).toEqual([1, { status: 'ok' }]);
  });

  test('as each of them fails: likewise', async () => {
    const program = patient();
    await says(program, 'ready:');
    const state = new Database(join(here.dir, 'fulfillarr.db'));
    const write = (value: string) => state.prepare("UPDATE state SET value = ? WHERE key = 'clock.seenAt'").run(value);
    write('no JSON');
    const id = request(sintel);
    await says(program, 'no pass has got to its end for 3 passes');
    expect(await healthOf(program)).toMatchObject({ status: 'stuck' });
    write('0');
    state.close();
    await until(
      () => isClosed(id),
      () => program.err,
    );
    expect([alarms(program)?.length, await healthOf(program)]).toEqual([1, { status: 'ok' }]);
  });
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
    expect(err).toMatch(/is damaged .*; a copy of it as it is was put into .*copy the newest backup, of .*, over it/);
    const [, from = '', to = ''] = /\(cp (\S+) (\S+)\)/.exec(err) ?? [];
    expect(existsSync(from)).toBe(true);
    writeFileSync(to, readFileSync(from));
    const again = daemon();
    await says(again, 'ready:');
  });

  test('damaged under the running program: said once with the way back, a copy put aside, red, nothing done', async () => {
    const program = daemon();
    await says(program, 'ready:');
    const file = join(here.dir, 'fulfillarr.db');
    const other = new Database(file);
    // What is only in its memory would do for long.
    other.exec('VACUUM');
    other.pragma('wal_checkpoint(TRUNCATE)');
    other.close();
    writeFileSync(file, Buffer.alloc(readFileSync(file).length, 'no database '));
    request(sintel);
    await says(program, 'the database is damaged');
    expect(program.err).toMatch(
      /nothing is done until that is over\. A copy of it as it is was put into \S+\. Stop fulfillarr, /,
    );
    expect((await fetch(`${await httpOf(program)}/healthz`)).status).toBe(503);
    expect(readdirSync(here.dir).filter((name) => name.startsWith('damaged-'))).toHaveLength(1);
    expect(here.sandbox.realDebrid.counts().addMagnet ?? 0).toBe(0);
    expect(program.err.match(/the database is damaged/g)).toHaveLength(1);
  });

  test('locked at the start: said, and it ends', async () => {
    await run(['once'], { env: here.env });
    const other = new Database(join(here.dir, 'fulfillarr.db'));
    other.exec('BEGIN IMMEDIATE');
    const program = daemon();
    const { code, err } = await program.ended;
    other.close();
    expect(code).toBe(1);
    expect(err).toMatch(/another program holds the database locked .*Close whatever has fulfillarr\.db open/);
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
