import type { Guard } from './pause.js';
import { sourceTrouble, type Trouble } from './trouble.js';

export interface WholeListOptions {
  operation: string;
  guard: Guard;
  /** For people: what is wrong with a list that is not whole, and what to do about it. */
  message: string;
  hint: string;
}

/**
 * A list counts only as a whole. `sweep` answers null when what it read does not add up: as a rule the list has moved
 * meanwhile, so it is read once more. After that it is the service's trouble, although each of its answers was well.
 */
export async function wholeList<T>(options: WholeListOptions, sweep: () => Promise<T | null>): Promise<T> {
  const { operation, guard, message, hint } = options;
  guard.check('list', operation);
  const list = (await sweep()) ?? (await sweep());
  if (list === null) {
    return guard.stop(notWhole(message, hint), operation);
  }
  guard.succeeded('list');
  return list;
}

/** Stops lists and nothing else: each answer was well. */
export const notWhole = (message: string, hint: string): Trouble =>
  sourceTrouble({ code: 'off-contract', message, hint, pause: 'lists' });
