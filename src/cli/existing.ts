import { existsSync } from 'node:fs';
import type { Config } from '../config/index.js';
import { databaseFile } from '../store/database.js';
import { openStore, type Store } from '../store/index.js';
import { type CommonFlags, type ExitCode, exit, type Io, settle } from './io.js';

/** Opens the database that a `run` or `once` has made; works beside a running daemon. */
export const openExisting = (
  io: Io,
  flags: CommonFlags,
  work: (store: Store, config: Config) => ExitCode,
): ExitCode => {
  const config = settle(io, flags);
  const { dir } = config.data;
  if (!existsSync(databaseFile(dir))) {
    io.err(`there is no database in ${dir} yet: it appears with the first \`run\` or \`once\``);
    return exit.failed;
  }
  const store = openStore(dir, io.clock);
  try {
    return work(store, config);
  } finally {
    store.close();
  }
};
