import type { RequestRow } from '../store/index.js';
import type { Tick } from './context.js';
import { say, titleOf } from './narrate.js';

/**
 * Whether a request is ours to fetch. What Radarr or Sonarr has taken is left alone; where one is configured for its
 * tier it gets `seerr.arrGrace` to take it, so that not both of us fetch. Said once per request.
 */
export const isOurs = async (tick: Tick, row: RequestRow): Promise<boolean> => {
  if (row.handledByArr) {
    attend(tick, row, 'Radarr or Sonarr has taken it in Seerr, so it is left alone');
    return false;
  }
  const arr = await tick.seerr.arr();
  const tier = row.tier === '4k' ? '4k' : '';
  const configured = arr[`${row.type}${tier}`];
  if (!configured || tick.clock.now() - row.firstSeenAt >= tick.config.seerr.arrGrace) {
    relieve(tick, row);
    return true;
  }
  attend(tick, row, 'Seerr has Radarr or Sonarr configured for it; it gets a moment to take the request before we do');
  return false;
};

/** It is ours now: nobody has to look any more. */
const relieve = (tick: Tick, row: RequestRow): void => {
  if (row.attentionCode === 'arr-configured') {
    tick.store.requests.setAttention(row.id, null, tick.clock.now());
  }
};

const attend = (tick: Tick, row: RequestRow, why: string): void => {
  // What needs somebody for another reason goes on needing them.
  if (row.attentionMessage === why || (row.attentionCode !== null && row.attentionCode !== 'arr-configured')) {
    return;
  }
  const hint = 'Remove Radarr/Sonarr from Seerr to let fulfillarr fetch everything, or leave such requests to them.';
  tick.store.requests.setAttention(row.id, { code: 'arr-configured', message: why, hint }, tick.clock.now());
  // The log has one line of it.
  const level = row.attentionCode === null ? ({ level: 'warn' } as const) : {};
  say(tick, [row.id], `${titleOf(row)}: ${why}. ${hint}`, { kind: 'attention', code: 'arr-configured', ...level });
};
