import { DAY } from '../clock.js';

const SLOW_LANE_AFTER = 30 * DAY;
const SLOW_LANE = 7 * DAY;

/**
 * How long to leave a want alone after nothing acceptable was found: the configured steps, the last one repeating;
 * weekly once it has been due for 30 days. It never gives up.
 */
export const searchBackoff = (steps: readonly number[], step: number, dueForMs: number): number => {
  if (dueForMs >= SLOW_LANE_AFTER) {
    return SLOW_LANE;
  }
  return steps[Math.min(step, steps.length - 1)] ?? DAY;
};
