import { type Clock, HOUR } from '../clock.js';
import { humanSpan } from '../domain/span.js';
import type { Fields, Log } from './index.js';

/** Says the same trouble once, and then not more than once an hour, with how often it came. */
export interface Repeats {
  error(message: string, fields?: Fields): void;
}

const AGAIN_AFTER = HOUR;
/** Different troubles that are told apart; more of them at a time are no repeats. */
const MOST = 200;

export const createRepeats = (log: Pick<Log, 'error'>, clock: Pick<Clock, 'now'>): Repeats => {
  const said = new Map<string, { at: number; unsaid: number }>();
  return {
    error: (message, fields) => {
      const now = clock.now();
      const before = said.get(message);
      if (before !== undefined && now - before.at < AGAIN_AFTER && now >= before.at) {
        before.unsaid += 1;
        return;
      }
      if (said.size >= MOST) {
        said.clear();
      }
      said.set(message, { at: now, unsaid: 0 });
      const times =
        before === undefined || before.unsaid === 0
          ? ''
          : ` (${before.unsaid} times more since it was said ${humanSpan(now - before.at)} ago)`;
      log.error(`${message}${times}`, fields);
    },
  };
};
