import { ACCOUNT, type AccountState, PREMIUM_ENDS_SOON } from '../attention.js';
import { type Clock, DAY, HOUR } from '../clock.js';
import { isServiceError } from '../domain/errors.js';
import { count, humanSpan } from '../domain/span.js';
import type { Log } from '../log/index.js';
import type { RealDebridPort } from '../services/index.js';
import type { Store } from '../store/index.js';
import { withWork } from '../work.js';

const LOOK_EVERY = 6 * HOUR;
/** A failed look is repeated after this. */
const LOOK_AGAIN = HOUR;
export interface AccountWatchOptions {
  store: Store;
  clock: Clock;
  log: Log;
}

/** Looks at the Real-Debrid account at the start and every few hours. Nothing waits for the answer. */
export const createAccountWatch = ({ store, clock, log }: AccountWatchOptions) => {
  let nextAt = 0;
  let said: string | null = null;

  const tell = ({ premium, premiumUntil, at }: AccountState): void => {
    const days = Math.floor((premiumUntil - at) / DAY);
    const line = premium ? `premium ${days}` : 'not premium';
    if (said === line) {
      return;
    }
    const first = said === null;
    said = line;
    if (!premium) {
      const text =
        'Real-Debrid: the account is not premium, so nothing can be added. Renew it at real-debrid.com/premium';
      log.error(text, { code: 'not-premium', component: 'realDebrid' });
    } else if (premiumUntil - at <= PREMIUM_ENDS_SOON) {
      const text = `Real-Debrid: premium ends in ${count(days, 'day')}; renew it at real-debrid.com/premium`;
      log.warn(text, { code: 'premium-ends', component: 'realDebrid' });
    } else if (first) {
      log.info(`Real-Debrid: premium for ${days} more days`, { code: 'account', component: 'realDebrid' });
    }
  };

  const look = async (realDebrid: Pick<RealDebridPort, 'account'>): Promise<void> => {
    const { premium, premiumSeconds } = await realDebrid.account();
    const at = clock.now();
    const state: AccountState = { premium, premiumUntil: at + premiumSeconds * 1000, at };
    store.state.set(ACCOUNT, state);
    nextAt = at + LOOK_EVERY;
    tell(state);
  };

  /** Resolves when it has looked, or has found that it need not. */
  return async (realDebrid: Pick<RealDebridPort, 'account'>, signal: AbortSignal): Promise<void> => {
    const now = clock.now();
    if (now < nextAt && nextAt - now <= LOOK_EVERY) {
      return;
    }
    nextAt = now + LOOK_AGAIN;
    try {
      await withWork({ signal }, () => look(realDebrid));
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (!isServiceError(error)) {
        throw error;
      }
      // Any other failure of a service was announced where its state changed.
      if (error.failure === 'ours') {
        const { service, failure, code, message } = error;
        const text = `the look at the Real-Debrid account failed: ${message}; looked at again in ${humanSpan(LOOK_AGAIN)}, everything else goes on`;
        log.warn(text, { service, failure, code });
      }
    }
  };
};
