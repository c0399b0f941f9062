import { CHAPTER } from './chapter.js';
import type { Dice } from './dice.js';
import { DAY, HOUR, MINUTE, SECOND } from './time.js';

/** What goes wrong in a fortnight, and when. Pure. */

export type Service = 'seerr' | 'torrentio' | 'realDebrid' | 'jellyfin';

export const ILLNESSES = [
  'throttled',
  'throttled with Retry-After',
  '500',
  '503',
  '502 after taking effect',
  'cut before',
  'cut after taking effect',
  'half of the answer',
  'web page',
  'never answers',
] as const;

export type Mishap = { at: number } & (
  | { kind: 'down'; lasts: number; service: Service }
  /** Every so manieth call. */
  | { kind: 'ill'; lasts: number; service: Service; illness: (typeof ILLNESSES)[number]; every: number }
  /** Throttled first, then it says of every release that it is not allowed. */
  | { kind: 'escalation'; lasts: number }
  | { kind: 'mount dropped'; lasts: number }
  | { kind: 'token refused'; lasts: number }
  | { kind: 'not premium'; lasts: number }
  | { kind: 'slots full'; lasts: number }
  | { kind: 'addon blocked'; lasts: number }
  /** A repair tool adds a torrent of ours anew and removes ours. */
  | { kind: 'repaired' }
  | { kind: 'host asleep'; lasts: number }
  | { kind: 'clock wrong'; lasts: number; by: number }
  /** SIGKILL around call number `calls` from then on; started again after `pause`. */
  | { kind: 'killed'; calls: number; when: 'before' | 'after'; pause: number }
  | { kind: 'restarted'; pause: number }
);

/** The end of every chapter is quiet. */
export const CALM = 4 * DAY;
const STORM = CHAPTER - CALM;
const COUNT = 34;
const DEADLY = 0.25;

const SERVICES = ['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const;

const trouble = (dice: Dice, at: number): Mishap => {
  const service = dice.pick(SERVICES);
  const lasts = dice.stretch(2 * MINUTE, 12 * HOUR);
  const kind = dice.int(0, 15);
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return { at, kind: 'down', lasts, service };
    case 3:
      return { at, kind: 'escalation', lasts: dice.int(5, 60) * SECOND };
    case 4:
      return { at, kind: 'mount dropped', lasts };
    case 5:
      return { at, kind: dice.pick(['token refused', 'not premium', 'slots full', 'addon blocked']), lasts };
    case 6:
      return { at, kind: 'repaired' };
    case 7:
      return dice.chance(0.5)
        ? { at, kind: 'host asleep', lasts }
        : { at, kind: 'clock wrong', lasts: dice.stretch(MINUTE, 3 * HOUR), by: dice.int(-50, 50) * HOUR };
    default: {
      const illness = dice.pick(ILLNESSES);
      // Whoever waits for its answers takes real time.
      const brief = illness === 'never answers' ? dice.stretch(MINUTE, 20 * MINUTE) : lasts;
      return { at, kind: 'ill', lasts: brief, service, illness, every: dice.pick([1, 2, 3, 7]) };
    }
  }
};

const death = (dice: Dice, at: number): Mishap => {
  const pause = dice.chance(0.7) ? 0 : dice.stretch(MINUTE, 5 * HOUR);
  return dice.chance(0.25)
    ? { at, kind: 'restarted', pause }
    : { at, kind: 'killed', calls: dice.int(1, 14), when: dice.pick(['before', 'after']), pause };
};

/**
 * Those of the chapter that begins then. In every other one the program is left alive, so that it can be seen to stay
 * small.
 */
export const mishaps = (dice: Dice, number: number, start: number): Mishap[] => {
  const quiet = start + STORM;
  const isDeadly = number % 2 === 0;
  const moments = Array.from({ length: COUNT }, () => start + dice.int(0, STORM - HOUR));
  const some = moments.map((at) => (isDeadly && dice.chance(DEADLY) ? death(dice, at) : trouble(dice, at)));
  const long = { at: start + dice.int(0, STORM - 2 * DAY), lasts: dice.stretch(DAY, 2 * DAY) };
  const outage: Mishap = dice.chance(0.75)
    ? { ...long, kind: 'down', service: dice.pick(SERVICES) }
    : { ...long, kind: 'mount dropped' };
  return [...some, outage]
    .map((one) => ('lasts' in one ? { ...one, lasts: Math.min(one.lasts, quiet - one.at) } : one))
    .sort((a, b) => a.at - b.at);
};
