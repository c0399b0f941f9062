import { reject, retry, setPaused } from '../orders.js';
import type { Store } from '../store/index.js';
import { isLocked } from '../store/lock.js';
import { openExisting } from './existing.js';
import { type CommonFlags, type ExitCode, exit, type Io } from './io.js';
import { aimAt } from './target.js';

const when = (dataDir: string): string =>
  isLocked(dataDir) ? 'The running daemon obeys with its next tick.' : 'It takes effect with the next `run` or `once`.';

const order = (io: Io, flags: CommonFlags, give: (store: Store) => { said: string; code?: ExitCode }): ExitCode =>
  openExisting(io, flags, (store, { data }) => {
    const { said, code = exit.ok } = give(store);
    io.out(code === exit.ok ? `${said} ${when(data.dir)}` : said);
    return code;
  });

/** `retry`: clears back-off and what is remembered against releases of the target, and makes it due now. */
export const retryTarget = (io: Io, text: string, flags: CommonFlags): ExitCode =>
  order(io, flags, (store) => {
    const aim = aimAt(store, text);
    const forgotten = retry(store, aim, io.clock.now());
    return { said: `${text} is due now; ${forgotten} remembered faults of releases were dropped.` };
  });

/** `reject`: blocks the chosen release, reopens the want, takes the next best. */
export const rejectTarget = (io: Io, text: string, flags: CommonFlags): ExitCode =>
  order(io, flags, (store) => {
    const rejected = reject(store, aimAt(store, text), io.clock.now());
    return rejected.length === 0
      ? { said: `No release is chosen for ${text} yet, so there is none to reject.`, code: exit.failed }
      : { said: `Blocked: ${rejected.map(({ release }) => release).join('; ')}. The next best is taken.` };
  });

/** `pause`: no new grabs until resumed. */
export const pause = (io: Io, flags: CommonFlags): ExitCode =>
  order(io, flags, (store) => {
    setPaused(store, true);
    return { said: 'Paused: nothing new is grabbed until `resume`; what is in flight goes on.' };
  });

/** `resume`: new grabs again. */
export const resume = (io: Io, flags: CommonFlags): ExitCode =>
  order(io, flags, (store) => {
    setPaused(store, false);
    return { said: 'Resumed.' };
  });
