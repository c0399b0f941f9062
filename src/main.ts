#!/usr/bin/env node
import pc from 'picocolors';
import { runCli } from './cli/program.js';
import { systemClock } from './clock.js';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => stop.abort(new Error(`${signal} received`)));
}

// Exit by itself once everything is written; only the code is set.
process.exitCode = await runCli(process.argv.slice(2), {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  stop: stop.signal,
  colour: pc.isColorSupported && process.stdout.isTTY === true,
});
