import type { Repeats } from '../log/repeats.js';
import { messageOf } from '../messageOf.js';

/** Runs one job at a time. A call while it runs is remembered, and the job runs once more. */
export interface Runner {
  request(): void;
  /** No further runs; resolves when the running one has ended. */
  stop(): Promise<void>;
}

export const createRunner = (job: () => Promise<void>, log: Repeats): Runner => {
  let running: Promise<void> | null = null;
  let again = false;
  let stopped = false;

  const loop = async (): Promise<void> => {
    do {
      again = false;
      try {
        await job();
      } catch (error) {
        log.error(`the tick failed: ${messageOf(error)}; the next one is on time`, {
          stack: error instanceof Error ? error.stack : undefined,
        });
      }
    } while (again && !stopped);
    running = null;
  };

  return {
    request: () => {
      if (stopped) {
        return;
      }
      if (running !== null) {
        again = true;
        return;
      }
      running = loop();
    },
    stop: async () => {
      stopped = true;
      await running;
    },
  };
};
