import { type FailureClass, isServiceError } from '../domain/errors.js';
import { isLinkTrouble } from '../links/index.js';
import { oneLine } from '../log/redact.js';
import { messageOf } from '../messageOf.js';
import { databaseFaultOf } from '../store/faults.js';
import type { Tick } from './context.js';

/** A dry run came to the point where it would change something outside. Not an error: nothing was done, nothing will be. */
export class DryRunStop extends Error {
  constructor(action: string) {
    super(action);
    this.name = 'DryRunStop';
  }
}

/**
 * Runs one unit of work so that its failure stays its own: the failure is put into the report and the tick goes on.
 * A stop of the program is no failure and passes through; so does a database that cannot be written to, without which
 * nothing may go on. Returns undefined when the unit failed.
 */
export const guard = async <T>(tick: Tick, unit: string, work: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await work();
  } catch (error) {
    tick.signal.throwIfAborted();
    if (databaseFaultOf(error) !== null) {
      throw error;
    }
    if (error instanceof DryRunStop) {
      tick.log.info(error.message);
      return undefined;
    }
    note(tick, unit, error);
    return undefined;
  }
};

const note = (tick: Tick, unit: string, error: unknown): void => {
  if (isServiceError(error)) {
    const { service, failure, code, message } = error;
    tick.report.errors.push({ service, class: failure, code, text: oneLine(message, 300) });
    if (failure === 'ours') {
      tick.repeats.error(`${unit}: ${message}; skipped this time, everything else goes on`, { service, failure, code });
    } else {
      // The change of a service's state was logged once, when it happened; each unit that meets it is a detail.
      tick.log.debug(`${unit}: ${message}`, { service, failure, code });
    }
    return;
  }
  if (isLinkTrouble(error)) {
    const { code, message } = error;
    tick.report.errors.push({ service: null, class: 'source', code, text: oneLine(message, 300) });
    tick.log.debug(`${unit}: ${message}`, { code });
    return;
  }
  const failure: FailureClass = 'ours';
  const text = messageOf(error);
  tick.report.errors.push({ service: null, class: failure, code: 'unexpected', text: oneLine(text, 300) });
  tick.repeats.error(`${unit}: unexpected: ${text}; skipped this time, everything else goes on`, {
    stack: error instanceof Error ? error.stack : undefined,
  });
};
