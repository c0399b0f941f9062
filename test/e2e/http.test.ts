import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, type Program, start, until } from '../support/program.js';

/** HTTP of the built program, as Seerr and Prometheus meet it. */

const { sintel } = OPEN_TITLES;
const SECRET = 'a-webhook-secret-0123456789';
const NEW_SECRET = 'another-webhook-secret-987654';
/** So that no pass comes by itself. */
const NEVER = '0 0 1 1 *';

let here: Ground;
let program: Program;
let base: string;
beforeEach(async () => {
  here = await ground();
  const file = join(here.dir, 'config.yaml');
  writeFileSync(file, `http:\n  webhookSecret: ${SECRET}\n  webhookDelay: 50ms\n`);
  const { FULFILLARR_SCHEDULE_POLL: _often, ...env } = here.env;
  program = start(['run', '--config', file], { env: { ...env, FULFILLARR_SCHEDULE_POLL: NEVER } });
  await says('ready:');
  base = /health at (http:\S+)\/healthz/.exec(program.err)?.[1] ?? '';
});
afterEach(async () => {
  program.kill('SIGKILL');
  await program.ended;
  await here.clear();
});

const says = (text: string) =>
  until(
    () => program.err.includes(text),
    () => program.err,
  );
const call = async (secret: string): Promise<number> =>
  (await fetch(`${base}/webhook/seerr`, { method: 'POST', headers: { authorization: secret }, body: '{}' })).status;
const sweeps = () => here.sandbox.seerr.counts().approvedList ?? 0;

test('a call of the webhook is a pass: what was approved is taken at once, and never on a stranger’s word', async () => {
  const { hash } = here.sandbox.world.addRelease({
    ...{ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true, bytes: 1400 * 1024 ** 2 },
  });
  here.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  const before = sweeps();
  expect(await call('a-guess')).toBe(401);
  await new Promise((done) => setTimeout(done, 300));
  expect(sweeps()).toBe(before);

  expect(await Promise.all([call(SECRET), call(SECRET), call(SECRET)])).toEqual([202, 202, 202]);
  await until(
    () => here.sandbox.realDebrid.entriesOf(hash).length === 1,
    () => program.err,
  );
  expect(sweeps()).toBe(before + 1);
  const metrics = async () => (await fetch(`${base}/metrics`)).text();
  // The first pass, and the one that was asked for.
  await until(
    async () => /^fulfillarr_tick_duration_seconds_count 2$/m.test(await metrics()),
    () => program.err,
  );
  expect(await metrics()).toContain(
    'fulfillarr_calls_total{service="realDebrid",operation="addMagnet",outcome="ok"} 1',
  );
  expect(program.err).not.toContain(SECRET);
});

test('an edited secret counts from the edit on; without one there is no webhook', async () => {
  const file = join(here.dir, 'config.yaml');
  writeFileSync(file, `http:\n  webhookSecret: ${NEW_SECRET}\n  webhookDelay: 50ms\n`);
  await says('the configuration was edited');
  expect(await call(SECRET)).toBe(401);
  expect(await call(NEW_SECRET)).toBe(202);
  const end = program.err.length;
  writeFileSync(file, 'http:\n  webhookDelay: 50ms\n');
  await until(
    () => program.err.slice(end).includes('the configuration was edited'),
    () => program.err,
  );
  expect(await call(NEW_SECRET)).toBe(404);
  expect(program.err).not.toMatch(new RegExp(`${SECRET}|${NEW_SECRET}`));
});
