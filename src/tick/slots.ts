import type { Tick } from './context.js';

/** Below so many active torrents no account is short of slots, and its limit need not be asked for. */
const HARMLESS = 5;
/** The rest of the account's slots is left to the user and to other tools. */
const SHARE = 0.75;

/**
 * Leaves room in the account: at most three quarters of its slots for active torrents are used. When they are, adding
 * pauses (`slots-held`) and that is thrown; nothing is held against any release, and the plan stays due.
 */
export const leaveRoom = async (tick: Tick): Promise<void> => {
  const active = tick.account.activeCount();
  if (active < HARMLESS) {
    return;
  }
  const { limit } = await tick.realDebrid.activeSlots();
  if (active >= Math.max(1, Math.floor(limit * SHARE))) {
    tick.realDebrid.holdAdds({
      code: 'slots-held',
      message: `${active} torrents of the account's ${limit} slots are active; nothing is added until some have ended`,
      hint: 'A quarter of the slots is left to you. Remove downloads that you do not need at real-debrid.com/torrents, or wait.',
    });
  }
};
