import { DAY } from '../clock.js';
import { type GrabReason, linkFaultIn, removalIsCertain } from '../domain/grab.js';
import type { TorrentInfo } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { asSelected, supersede } from './supersede.js';

/** How long a fault of a release is held against it (ms); null = for ever. Trouble of the account or a service never is. */
const memory: Partial<Record<GrabReason, number | null>> = {
  'not-cached': DAY,
  'no-metadata': DAY,
  'magnet-error': null,
  dead: 7 * DAY,
  virus: null,
  'download-error': 7 * DAY,
  archived: null,
  'no-links': 7 * DAY,
  stalled: 7 * DAY,
  'too-old': 7 * DAY,
  gone: 7 * DAY,
  'not-accepted': 7 * DAY,
};

/** Writes down what is held against this grab's release. */
export const remember = (tick: Tick, grab: GrabRow, reason: GrabReason): void => {
  const span = reason === 'refused-by-name' ? tick.config.realDebrid.nameFilter.remember : memory[reason];
  if (span === undefined) {
    return;
  }
  const now = tick.clock.now();
  tick.store.grabs.remember(
    {
      infoHash: grab.infoHash,
      wantId: null,
      fileIds: reason === 'not-cached' ? grab.selectedIds : null,
      code: reason,
      until: span === null ? null : now + span,
    },
    now,
  );
};

/** Ends a grab's service to its wants and removes its entry if it is ours. The wants are due again at once. */
export const discard = async (tick: Tick, grab: GrabRow, reason: GrabReason): Promise<void> => {
  const now = tick.clock.now();
  const row = tick.store.transaction(() => {
    tick.store.wants.reopen(tick.store.grabs.wantIds(grab.id), now);
    return tick.store.grabs.move(grab.id, 'discarding', now, { reason, lookAt: now });
  });
  await finishDiscarding(tick, row);
};

const endState = (reason: GrabReason | null) =>
  reason === 'not-wanted' || reason === 'lost-to-better' || reason === 'not-added' ? 'withdrawn' : 'failed';

/** Deletes what is ours until Real-Debrid says that it is gone. Throws `ServiceError`; the row then stays for the next tick. */
export const finishDiscarding = async (tick: Tick, grab: GrabRow): Promise<void> =>
  withWork({ grabId: grab.id }, async () => {
    const { rdId, reason } = grab;
    if (rdId !== null && grab.ours && reason !== 'gone') {
      const kept = removalIsCertain(reason ?? 'not-wanted') ? null : await turnedOutReady(tick, rdId);
      if (kept !== null) {
        tick.store.grabs.entryRemoved(rdId, null);
        supersede(tick, asSelected(grab, kept));
        say(
          tick,
          requestsOf(tick.store, grab),
          `${grabTitle(tick.store, grab)}: ${grab.release} was to be removed (${reason}) but is downloaded by now; it stays in the account`,
          {
            kind: 'transition',
            code: 'kept-downloaded',
            level: 'info',
          },
        );
      } else {
        await tick.realDebrid.remove(rdId);
        tick.store.grabs.entryRemoved(rdId, tick.clock.now());
        tick.account.removed(rdId);
      }
    }
    tick.store.grabs.move(grab.id, endState(reason), tick.clock.now());
  });

const turnedOutReady = async (tick: Tick, rdId: string): Promise<TorrentInfo | null> => {
  const info = await tick.realDebrid.info(rdId);
  return info?.status === 'downloaded' && linkFaultIn(info) === null ? info : null;
};
