import { runDaemon } from '../daemon/daemon.js';
import { version } from '../root.js';
import { type CommonFlags, type ExitCode, exit, type Io, openLog, readSettings, settle, verbosityOf } from './io.js';

/** `run`: the daemon, until SIGTERM or SIGINT. */
export const run = async (io: Io, flags: CommonFlags): Promise<ExitCode> => {
  const config = settle(io, flags);
  const log = openLog(config);
  try {
    const read = () => readSettings(io, flags);
    await runDaemon({ config, read, verbosityOf, version: version(), log, clock: io.clock, stop: io.stop });
    return exit.ok;
  } finally {
    await log.close();
  }
};
