import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What the program is working on right now. Bound once per unit of work, read by the log (which request a line
 * belongs to) and by the ledger (which request paid for a call), so that no function has to pass it along.
 */
export interface Work {
  /** Seerr's request id. */
  requestId?: number | undefined;
  /** The plan being fulfilled, e.g. `movie:tt0063350` or `season:tt1748166:1`. */
  plan?: string;
  grabId?: number;
  /** Calls made now serve everybody: they are charged to no request. */
  shared?: boolean;
  /** Aborts every outside call of this unit of work. */
  signal?: AbortSignal;
}

const storage = new AsyncLocalStorage<Work>();

export const currentWork = (): Work => storage.getStore() ?? {};

/** Runs `fn` with `work` added to what is already bound. */
export const withWork = <T>(work: Work, fn: () => T): T => storage.run({ ...currentWork(), ...work }, fn);
