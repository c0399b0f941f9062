import { ServiceError } from '../domain/errors.js';
import type { Tick } from './context.js';

/** Below so many active torrents no account is short of slots, and its limit need not be asked for. */
const HARMLESS = 5;
/** The rest of the account's slots is left to the user and to other tools. */
const SHARE = 0.75;

/**
 * Leaves room in the account: at most three quarters of its slots for active torrents are used. Throws `ServiceError`
 * (`slots-held`) when they are; nothing is held against any release, and the plan stays due.
 */
export const leaveRoom = async (tick: Tick): Promise<void> => {
  const active = tick.account.activeCount();
  if (active < HARMLESS) {
    return;
  }
  const { limit } = await tick.realDebrid.activeSlots();
  if (active >= Math.max(1, Math.floor(limit * SHARE))) {
    throw new ServiceError({
      service: 'realDebrid',
      operation: 'addMagnet',
      failure: 'throttle',
      code: 'slots-held',
      message: `${active} torrents of the account's ${limit} slots are active; nothing is added until some have ended`,
    });
  }
};
