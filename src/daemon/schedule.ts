import cron from 'node-cron';
import type { Config } from '../config/index.js';
import type { Log } from '../log/index.js';

export interface Schedule {
  stop(): Promise<void>;
}

/** Calls `run` at the times of `schedule.poll`. */
export const startSchedule = ({ schedule }: Config, log: Log, run: () => void): Schedule => {
  const quiet = (message: unknown) => log.debug(String(message));
  cron.setLogger({ info: quiet, warn: quiet, error: quiet, debug: quiet });
  const task = cron.schedule(schedule.poll, run, {
    ...(schedule.timezone === '' ? {} : { timezone: schedule.timezone }),
    name: 'poll',
    // After a suspend it would otherwise say each of thousands of missed slots.
    suppressMissedWarning: true,
  });
  return { stop: async () => void (await task.destroy()) };
};
