import { runDaemon } from '../daemon.js';
import { version } from '../root.js';
import { type CommonFlags, type ExitCode, exit, type Io, openLog, settle } from './io.js';

/** `run`: the daemon, until SIGTERM or SIGINT. */
export const run = async (io: Io, flags: CommonFlags): Promise<ExitCode> => {
  const config = settle(io, flags);
  const log = openLog(config);
  try {
    await runDaemon({ config, version: version(), log, clock: io.clock, stop: io.stop });
    return exit.ok;
  } finally {
    await log.close();
  }
};
