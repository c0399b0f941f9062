import type { FailureClass } from '../../domain/errors.js';

/**
 * What a call does at the other side; a pause can cover only some of these. `add` = makes a new thing, `list` = reads a
 * list that counts only as a whole.
 */
export type Effect = 'read' | 'list' | 'write' | 'add' | 'remove';

/** What a failure stops: nothing, the service, its writes (`write` and `add`), `add` only, or `list` only. */
export type PauseScope = 'none' | 'service' | 'writes' | 'adds' | 'lists';

/** Why one attempt failed, before it becomes a `ServiceError`. All text is ours or has been cleaned. */
export interface Trouble {
  failure: FailureClass;
  code: string;
  /** What happened, as the end of "Real-Debrid, addMagnet: …". */
  message: string;
  hint?: string | undefined;
  pause: PauseScope;
  /** Milliseconds the service asked us to wait. */
  retryAfterMs?: number | null | undefined;
  /** May be tried again at once, if the call as such may. */
  retry: boolean;
  /** The request cannot have had an effect: it was refused, or never sent. */
  noEffect: boolean;
}

type Bits = Pick<Trouble, 'code' | 'message'> & Partial<Trouble>;

export const sourceTrouble = (bits: Bits): Trouble => ({
  failure: 'source',
  pause: 'service',
  retry: false,
  noEffect: false,
  ...bits,
});

export const throttleTrouble = (bits: Bits): Trouble => ({
  failure: 'throttle',
  pause: 'service',
  retry: false,
  noEffect: true,
  ...bits,
});

export const accountTrouble = (bits: Bits): Trouble => ({
  failure: 'account',
  pause: 'service',
  retry: false,
  noEffect: true,
  ...bits,
});

export const releaseTrouble = (bits: Bits): Trouble => ({
  failure: 'release',
  pause: 'none',
  retry: false,
  noEffect: true,
  ...bits,
});

/** Something about this one call; the service as such is well. */
export const ourTrouble = (bits: Bits): Trouble => ({
  failure: 'ours',
  pause: 'none',
  retry: false,
  noEffect: true,
  ...bits,
});
