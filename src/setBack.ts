import { type Clock, MINUTE } from './clock.js';
import { humanSpan } from './domain/span.js';
import type { Log } from './log/index.js';
import type { Store } from './store/index.js';

const SEEN_KEY = 'clock.seenAt';
/** Time servers set a clock back a little, and no wait is much longer for it. */
const TOLERATED = MINUTE;

/**
 * Looks whether the wall clock was set back since the last look. If so, all times on record are moved back with it, or
 * every wait would last that much longer: a clock that was wrong by years for a minute must not silence anything for
 * years. Returns true when it was; whoever remembers times in memory should forget them.
 */
export const followClock = (store: Store, clock: Clock, log: Log): boolean => {
  const now = clock.now();
  const seen = store.state.get<number>(SEEN_KEY) ?? now;
  const back = seen - now;
  if (Math.abs(back) >= TOLERATED || seen === now) {
    store.state.set(SEEN_KEY, now);
  }
  if (back <= TOLERATED) {
    return false;
  }
  store.rewind(back);
  log.warn(
    `the clock of this machine was set back by ${humanSpan(back)}; what waits for a time waits that much less, and what was cached is asked for again`,
    { code: 'clock-set-back' },
  );
  return true;
};
