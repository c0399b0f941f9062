import { HOUR } from '../clock.js';
import { isOpen } from '../domain/grab.js';
import type { Tick } from './context.js';

/**
 * Whether this hour's share of new grabs (`limits.newGrabsPerHour`) is used up. For a plan that is to be walked those
 * count as well that other walks are about to choose; what has begun to be walked has its place.
 */
export const isShareUsed = ({ config, store, clock }: Pick<Tick, 'config' | 'store' | 'clock'>, plan?: string) => {
  const { newGrabsPerHour } = config.limits;
  if (newGrabsPerHour === 0) {
    return false;
  }
  const begun = store.grabs.begunSince(clock.now() - HOUR);
  const chosen = begun.filter(({ role }) => role === 'chosen').length;
  const walked = new Set(begun.filter(({ role, state }) => role === 'probe' && isOpen(state)).map((grab) => grab.plan));
  const places = plan === undefined || walked.has(plan) ? 0 : walked.size;
  return chosen + places >= newGrabsPerHour;
};
