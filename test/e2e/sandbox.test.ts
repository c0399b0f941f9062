import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type Program, start, until } from '../support/program.js';

/** What the README shows to somebody who has no accounts at hand, and nothing but what is printed there. */

const dir = mkdtempSync(join(tmpdir(), 'fulfillarr-first-run-'));
let standIns: ChildProcess | undefined;
let program: Program | undefined;
afterEach(async () => {
  program?.kill('SIGKILL');
  await program?.ended;
  if (standIns?.pid !== undefined && standIns.exitCode === null) {
    // npm, its shell and the stand-ins.
    process.kill(-standIns.pid, 'SIGTERM');
  }
  rmSync(dir, { recursive: true, force: true });
});

test('the configuration that the stand-ins print is enough to fulfil the request that waits there', async () => {
  let printed = '';
  standIns = spawn('npm', ['run', '-s', 'sandbox', '--', 'anywhere'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [standIns.stdout, standIns.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  await until(
    () => printed.includes('One request waits'),
    () => printed,
  );

  mkdirSync(join(dir, 'config'));
  writeFileSync(join(dir, 'config', 'config.yaml'), printed);
  program = start([], { cwd: dir, env: { FULFILLARR_HTTP_PORT: '0', FULFILLARR_SCHEDULE_POLL: '* * * * * *' } });
  const log = () => program?.err ?? '';
  await until(
    () => /Sintel \(2010\): fulfilled: /.test(log()),
    () => log(),
    120_000,
  );
  expect(log().split('\n')).not.toContainEqual(expect.stringMatching(/ (?:WARN|ERROR) /));
});
