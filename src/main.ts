#!/usr/bin/env node
import pc from 'picocolors';
import { exit, type Io } from './cli/io.js';
import { runCli, unexpected } from './cli/program.js';
import { systemClock } from './clock.js';
import { redactor } from './log/redact.js';

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => stop.abort(new Error(`${signal} received`)));
}

let secrets: readonly string[] = [];

const io: Io = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${redactor(secrets)(text)}\n`),
  env: process.env,
  cwd: process.cwd(),
  clock: systemClock,
  stop: stop.signal,
  colour: pc.isColorSupported && process.stdout.isTTY === true,
  hide: (more) => {
    secrets = [...new Set([...secrets, ...more])];
  },
};

// Node would print all that hangs on the error: of a failed call that is its headers, with the key in them.
process.on('uncaughtException', (error) => {
  io.err(unexpected(error));
  process.exit(exit.failed);
});

// Exit by itself once everything is written; only the code is set.
process.exitCode = await runCli(process.argv.slice(2), io);
