import { DAY } from '../clock.js';
import { LIST_LAG } from './account.js';
import type { Tick } from './context.js';
import { grabTitle, requestsOf, say } from './narrate.js';

/** Removed before that, and not listed since. */
const LOOKED_FOR = 7 * DAY;

/**
 * Real-Debrid has said that these are gone, and lists them still: they are removed once more. Its word may have been a
 * gateway's, or the delete may have been lost behind it. What a grab uses again is none of them.
 */
export const removeLeftovers = (tick: Tick): void => {
  const list = tick.account.last();
  if (list === null) {
    return;
  }
  const { grabs } = tick.store;
  const now = tick.clock.now();
  const removed = grabs.removedBetween(list.startedAt - LOOKED_FOR, list.startedAt - LIST_LAG);
  if (removed.length === 0) {
    return;
  }
  const listed = new Map(list.entries.map((entry) => [entry.id, entry]));
  const busy = new Set(grabs.unended().map(({ rdId }) => rdId));
  for (const { rdId, infoHash, grabId, removedAt } of removed) {
    const entry = listed.get(rdId);
    if (entry === undefined || busy.has(rdId)) {
      continue;
    }
    // Doubled with every removal that has been in vain.
    const lag = LIST_LAG * 2 ** (grabs.timesUsed({ rdId, infoHash }) - 1);
    if (list.startedAt - (removedAt ?? now) < lag) {
      continue;
    }
    const before = grabId === null ? undefined : grabs.get(grabId);
    const release = before?.release ?? entry.name;
    const plan = before?.plan ?? '';
    const reason = before?.reason ?? 'not-wanted';
    const removal = grabs.beginRemoval({ infoHash, release, plan, rdId, now, reason });
    const told = before ?? removal;
    say(
      tick,
      requestsOf(tick.store, told),
      `${grabTitle(tick.store, told)}: ${release} is still in the account, where Real-Debrid had said that it is gone; removed once more`,
      { kind: 'transition', code: 'still-listed', level: 'info', data: { infoHash } },
    );
  }
};
