import cron from 'node-cron';
import { SECOND } from '../clock.js';
import type { Config } from '../config/index.js';

export interface Schedule {
  stop(): Promise<void>;
}

/** The clock is looked at this often at least: it may be set forth or back while we wait. */
const LONGEST_WAIT = 30 * SECOND;

/** Who starts it has just had a run: the first time is worked out behind that one's first call, as it takes 20 ms. */
const FIRST_LOOK = SECOND;

/**
 * Calls `run` at the times of `schedule.poll`. The waiting is ours: node-cron's own walks each slot that a clock which is
 * set forth has skipped (millions of them where a board without a battery learns the date), and one that is set back
 * keeps it silent for as long.
 */
export const startSchedule = ({ schedule }: Config, run: () => void): Schedule => {
  const zone = schedule.timezone === '' ? {} : { timezone: schedule.timezone };
  const task = cron.createTask(schedule.poll, () => undefined, zone);
  const nextRun = (): number => task.getNextRuns(1)[0]?.getTime() ?? Number.POSITIVE_INFINITY;
  let next = Number.POSITIVE_INFINITY;
  const look = (): void => {
    const isTime = Date.now() >= next;
    next = nextRun();
    timer = setTimeout(look, Math.min(Math.max(next - Date.now(), 1), LONGEST_WAIT));
    if (isTime) {
      run();
    }
  };
  let timer = setTimeout(look, FIRST_LOOK);
  return {
    stop: async () => {
      clearTimeout(timer);
      await task.destroy();
    },
  };
};
