import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, type Program, run, start, until } from '../support/program.js';
import { leaks } from '../support/secrets.js';

/** The built program from outside: a child process, its log, its exit codes, and the state it leaves in the stand-ins. */

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
  for (const program of running) {
    program.kill('SIGKILL');
  }
  await Promise.all(running.map(({ ended }) => ended));
  await here.clear();
});

const daemon = (args: string[] = [], env: Record<string, string> = {}): Program => {
  const program = start(['run', ...args], { env: { ...here.env, ...env } });
  running.push(program);
  return program;
};
const command = (...args: string[]) => run(args, { env: here.env });
const releaseSintel = (cached: boolean, downloadMs = 240_000) =>
  here.sandbox.world.addRelease({
    of: sintel.imdbId,
    name: 'Sintel 2010 1080p BluRay x265-GRP',
    bytes: 1400 * MB,
    cached,
    downloadMs,
  });
const requestSintel = () => here.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
const isClosed = (id: number) => here.sandbox.seerr.state(id)?.status === COMPLETED;
const fulfilledIn = (program: Program) =>
  until(
    () => program.err.includes('fulfilled: Jellyfin shows it'),
    () => program.err,
  );
const httpOf = async (program: Program): Promise<string> => {
  await until(
    () => program.err.includes('health at '),
    () => program.err,
  );
  return /health at (http:\S+)\/healthz/.exec(program.err)?.[1] ?? '';
};

describe('run', () => {
  test('request → Real-Debrid → Jellyfin → Seerr closed; further ticks cost one Seerr call each; SIGTERM ends with 0', async () => {
    const { hash } = releaseSintel(true);
    const id = requestSintel();
    const program = daemon();
    const base = await httpOf(program);
    await fulfilledIn(program);
    expect(isClosed(id)).toBe(true);
    expect(here.sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect((await fetch(`${base}/readyz`)).status).toBe(200);
    expect(await (await fetch(`${base}/healthz`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${base}/api/status`)).json()).toMatchObject({
      requests: [{ id, state: 'fulfilled', title: 'Sintel', calls: { torrentio: 1, realDebrid: 3 } }],
    });

    here.sandbox.clearLogs();
    const quiet = program.err.length;
    await until(
      () => here.sandbox.seerr.requests.length >= 3,
      () => program.err,
    );
    expect(here.sandbox.torrentio.requests).toHaveLength(0);
    expect(here.sandbox.realDebrid.requests).toHaveLength(0);
    expect(here.sandbox.jellyfin.requests).toHaveLength(0);
    expect(program.err.slice(quiet)).toBe('');

    const asked = Date.now();
    program.kill('SIGTERM');
    const { code, out, err } = await program.ended;
    expect(code).toBe(0);
    expect(Date.now() - asked).toBeLessThan(10_000);
    expect(err).toContain('stopped; what is in flight is picked up at the next start');
    expect(out).toBe('');
  });

  test('stopped and started in the middle of a download: goes on, without a second addMagnet', async () => {
    const { hash } = releaseSintel(false);
    const id = requestSintel();
    const first = daemon();
    await until(
      () => first.err.includes('nothing better is cached'),
      () => first.err,
    );
    first.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    const second = daemon();
    await fulfilledIn(second);
    expect(second.err).toContain('1 open request, 1 grab in flight');
    expect(here.sandbox.realDebrid.counts().addMagnet).toBe(1);
    expect(here.sandbox.torrentio.counts().stream).toBe(1);
    expect(here.sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(isClosed(id)).toBe(true);
  });

  test.each(['addMagnet', 'selectFiles'])(
    'killed with SIGKILL right after %s took effect: one torrent, fulfilled',
    async (operation) => {
      const { hash } = releaseSintel(true);
      const id = requestSintel();
      const first = daemon();
      here.sandbox.realDebrid.tap(async (phase, entry) => {
        if (phase === 'after' && entry.operation === operation && first.pid > 0) {
          first.kill('SIGKILL');
          await first.ended;
        }
      });
      expect((await first.ended).code).toBeNull();
      const second = daemon();
      await fulfilledIn(second);
      expect(here.sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
      expect(here.sandbox.realDebrid.counts().addMagnet).toBe(1);
      expect(isClosed(id)).toBe(true);
    },
  );

  test('a second instance on the same data ends with 4 and names the holder', async () => {
    const first = daemon();
    await httpOf(first);
    const { code, err } = await command('run');
    expect(code).toBe(4);
    expect(err).toContain(`is held by process ${first.pid} on `);
  });

  test('services that are away at the start: it stays up, says which and what next, and goes on alone', async () => {
    releaseSintel(true);
    const id = requestSintel();
    const lift = here.sandbox.seerr.faults.fail('*', { status: 503, body: 'starting', times: Infinity });
    const program = daemon([], { FULFILLARR_SERVICES_BACKOFF: '200ms' });
    await until(
      () => /WARN .*Seerr.*tried again in/.test(program.err),
      () => program.err,
    );
    expect((await fetch(`${await httpOf(program)}/healthz`)).status).toBe(200);
    lift();
    await fulfilledIn(program);
    expect(isClosed(id)).toBe(true);
  });
});

describe('commands', () => {
  test('once does exactly one tick and reports it', async () => {
    const { hash } = releaseSintel(true);
    requestSintel();
    const { code, out } = await command('once', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      dryRun: false,
      requests: 1,
      due: 1,
      grabbed: [{ want: 'movie:tt1727587', release: 'Sintel 2010 1080p BluRay x265-GRP', infoHash: hash }],
      closed: [],
      nothing: [],
      errors: [],
    });
  });

  test('once --dry-run names what it would grab and changes nothing anywhere', async () => {
    const { hash } = releaseSintel(true);
    requestSintel();
    const { code, out } = await command('once', '--dry-run', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ dryRun: true, grabbed: [{ infoHash: hash }], errors: [] });
    const writes = [
      ...here.sandbox.realDebrid.requests,
      ...here.sandbox.seerr.requests,
      ...here.sandbox.jellyfin.requests,
    ];
    expect(writes.filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(readdirSync(here.dir)).not.toContain('fulfillarr.db');
    expect(await command('status')).toMatchObject({ code: 1, err: expect.stringContaining('there is no database') });
  });

  test('once --dry-run beside what a real tick left: decides by it and leaves every row as it was', async () => {
    releaseSintel(false, 3_600_000);
    const id = requestSintel();
    await command('once');
    const before = (await command('status', '--json')).out;
    here.sandbox.clearLogs();
    expect((await command('once', '--dry-run')).code).toBe(0);
    const after = (await command('status', '--json')).out;
    const requests = (text: string) => JSON.parse(text).requests;
    expect(requests(after)).toEqual(requests(before));
    expect(requests(after)).toMatchObject([{ id, wants: [{ state: 'in-flight' }] }]);
    expect(JSON.parse(after).calls.seerr).toBe(JSON.parse(before).calls.seerr);
    expect(here.sandbox.realDebrid.requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  });

  test('status beside a running daemon', async () => {
    releaseSintel(false, 3_600_000);
    const id = requestSintel();
    const program = daemon();
    await until(
      () => program.err.includes('nothing better is cached'),
      () => program.err,
    );
    const { code, out } = await command('status', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(out);
    expect(document.startedAt).toMatch(/^20/);
    expect(document.lastTick).toMatchObject({ error: null });
    expect(document.requests).toMatchObject([
      { id, state: 'active', wants: [{ state: 'in-flight', grab: { state: 'downloading', cached: false } }] },
    ]);
    const text = await command('status');
    expect(text.out).toContain('Sintel (2010)');
    expect(Math.max(...text.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  test('check leaves the account as it found it, in JSON and as a table', async () => {
    const { hash } = releaseSintel(true);
    here.sandbox.world.addRelease({
      of: sintel.imdbId,
      name: 'Sintel 2010 HDCAM 720p-FAKE',
      seeders: 900,
      bytes: 700 * MB,
    });
    const { code, out } = await command('check', sintel.imdbId, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      target: sintel.imdbId,
      mode: 'probe',
      chosen: hash,
      candidates: [
        { infoHash: hash, accepted: true, rejections: [], cached: null, files: [{ id: 1 }] },
        { accepted: false, score: null, rejections: [{ code: 'banned' }] },
      ],
      calls: { torrentio: 1, realDebrid: 3 },
      budget: { torrentio: 1, realDebrid: 3 },
    });
    expect(here.sandbox.realDebrid.entries()).toHaveLength(0);
    const text = await command('check', sintel.imdbId);
    expect(text.out).toContain('Sintel (2010)');
    expect(text.out.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test('a refused key ends once and check with 3 and says where to get a new one', async () => {
    here.sandbox.realDebrid.token = 'a-token-that-was-renewed-0123456789';
    releaseSintel(true);
    requestSintel();
    const { code, err } = await command('once');
    expect(code).toBe(3);
    expect(err).toMatch(/real-debrid\.com\/apitoken/);
  });

  test('bad targets and unknown commands are usage errors', async () => {
    expect((await command('check', 'Sintel')).code).toBe(2);
    expect((await command('frobnicate')).code).toBe(2);
    expect((await command('--help')).code).toBe(0);
  });
});

describe('configuration', () => {
  test('without any configuration it says what to do, and does not start', async () => {
    const { code, err } = await run(['run'], { cwd: here.dir });
    expect(code).toBe(2);
    expect(err).toContain('config/config.yaml');
    expect(err).toContain('config example');
    expect(readdirSync(here.dir)).toEqual([]);
  });

  test('all problems of a file at once, each with its place', async () => {
    const file = join(here.dir, 'config.yaml');
    writeFileSync(
      file,
      'seerr:\n  urll: http://seerr:5055\n  apiKey: "k-0123456789"\njellyfin:\n  url: seerr:5055\n  apiKey: "****"\n',
    );
    const { code, err } = await run(['config', 'validate', '--config', file]);
    expect(code).toBe(2);
    expect(err).toMatch(/config\.yaml:2:3 seerr\.urll: unknown key; did you mean url\?/);
    expect(err).toMatch(/config\.yaml:5:8 jellyfin\.url/);
    expect(err).toMatch(/config\.yaml:6:11 jellyfin\.apiKey/);
    expect(err).toMatch(/realDebrid\.token/);
  });

  test('validate, print, example and schema', async () => {
    expect(await command('config', 'validate')).toMatchObject({ code: 0 });
    const print = await command('config', 'print');
    expect(print.code).toBe(0);
    expect(print.out).not.toContain(here.sandbox.realDebrid.token);
    const example = await command('config', 'example');
    expect(example.out).toBe(readFileSync('config/config.example.yaml', 'utf8'));
    const schema = await command('config', 'schema');
    expect(JSON.parse(schema.out)).toMatchObject({ type: 'object' });
  });
});

test('no secret in the log, the database or any answer', async () => {
  const options = 'realdebrid=ABCDEFGHIJKLMNOPQRSTUVWX';
  releaseSintel(true);
  here.sandbox.world.addRelease({
    of: bigBuckBunny.imdbId,
    name: 'Big Buck Bunny 2008 1080p BluRay x265-GRP',
    bytes: 800 * MB,
    cached: true,
  });
  requestSintel();
  here.sandbox.realDebrid.faults.fail('addMagnet', { status: 500, body: here.sandbox.realDebrid.token });
  const program = daemon(['--log-level', 'debug'], {
    FULFILLARR_TORRENTIO_OPTIONS: options,
    FULFILLARR_LOG_FORMAT: 'json',
    FULFILLARR_SERVICES_BACKOFF: '100ms',
  });
  await fulfilledIn(program);
  const base = await httpOf(program);
  const answers = await Promise.all(
    ['/', '/healthz', '/metrics', '/api/status', '/api/overview', '/api/explain/1'].map(async (path) => {
      const answer = await fetch(base + path);
      expect(answer.status).toBe(200);
      return answer.text();
    }),
  );
  program.kill('SIGTERM');
  const { err } = await program.ended;
  const secrets = [
    here.sandbox.seerr.apiKey,
    here.sandbox.jellyfin.apiKey,
    here.sandbox.realDebrid.token,
    'ABCDEFGHIJKLMNOPQRSTUVWX',
  ];
  const files = readdirSync(here.dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(files.length).toBeGreaterThan(2);
  expect(leaks(secrets, { err, answers: answers.join('\n') }, here.dir)).toEqual([]);
});

test('a secret that is an ordinary word changes no document', async () => {
  requestSintel();
  await run(['once'], { env: here.env });
  const env = { ...here.env, FULFILLARR_HTTP_WEBHOOK_SECRET: 'seerr' };
  const { code, out } = await run(['status', '--json'], { env });
  expect(code).toBe(0);
  expect(out).not.toContain('***');
  expect(JSON.parse(out).requests).toMatchObject([{ title: 'Sintel' }]);
});

test('an error that nobody catches ends it with where it came from, and with nothing that hangs on it', async () => {
  const { apiKey } = here.sandbox.seerr;
  const bomb = join(here.dir, 'bomb.mjs');
  writeFileSync(
    bomb,
    `const key = process.env.FULFILLARR_SEERR_API_KEY;
     setTimeout(() => {
       Promise.reject(Object.assign(new Error('no ' + key), { config: { headers: { 'X-Api-Key': key } } }));
     }, 3_000);`,
  );
  const program = daemon([], { NODE_OPTIONS: `--import=${bomb}` });
  const { code, err, out } = await program.ended;
  expect(code).toBe(1);
  expect(err).toMatch(/unexpected failure: Error: no \*{3}\n +at .*bomb\.mjs/);
  expect(leaks([apiKey, here.sandbox.realDebrid.token], { err, out }, here.dir)).toEqual([]);
  // It picks up where it was, as after any other death.
  const again = daemon();
  await until(
    () => again.err.includes('ready:'),
    () => again.err,
  );
});
