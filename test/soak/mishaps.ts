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

/** Nobody can tell from the answer whether it was done. */
const IN_DOUBT = ['502 after taking effect', 'cut after taking effect', 'half of the answer'] as const;

export type Mishap = { at: number } & (
  | { kind: 'down'; lasts: number; service: Service }
  /** Every so manieth call of that operation, at most so often; `*` = of any. */
  | {
      kind: 'ill';
      lasts: number;
      service: Service;
      operation: string;
      illness: (typeof ILLNESSES)[number];
      every: number;
      times: number;
    }
  /** Throttled first, then it says of every release that it is not allowed. */
  | { kind: 'escalation'; lasts: number }
  | { kind: 'mount dropped'; lasts: number }
  | { kind: 'token refused'; lasts: number }
  | { kind: 'not premium'; lasts: number }
  | { kind: 'slots full'; lasts: number }
  | { kind: 'addon blocked'; lasts: number }
  /** A repair tool adds a torrent of ours anew and removes ours. */
  | { kind: 'repaired' }
  /** A person orders something about a request that is open: number `which` of them, from 0 to 1. */
  | { kind: 'ordered'; order: 'retry' | 'reject'; which: number }
  /** A person pauses it. */
  | { kind: 'paused'; lasts: number }
  | { kind: 'host asleep'; lasts: number }
  | { kind: 'clock wrong'; lasts: number; by: number }
  /** SIGKILL around call number `calls` of that operation from then on; `*` = of any. Started again after `pause`. */
  | { kind: 'killed'; operation: string; calls: number; when: 'before' | 'after'; pause: number }
  | { kind: 'restarted'; pause: number }
);

/** The end of every chapter is quiet. */
export const CALM = 4 * DAY;
const STORM = CHAPTER - CALM;
const COUNT = 34;
const DEADLY = 0.25;

const SERVICES = ['seerr', 'torrentio', 'realDebrid', 'realDebrid', 'jellyfin'] as const;

/** What changes something there. */
const WRITES: Record<Service, [string, ...string[]]> = {
  seerr: ['markMedia', 'runJob'],
  torrentio: ['stream'],
  realDebrid: ['addMagnet', 'addMagnet', 'selectFiles', 'delete'],
  jellyfin: ['startTask'],
};

const trouble = (dice: Dice, at: number): Mishap => {
  const service = dice.pick(SERVICES);
  const lasts = dice.stretch(2 * MINUTE, 12 * HOUR);
  const kind = dice.int(0, 18);
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
    case 8:
    case 9:
      return { at, kind: 'ordered', order: dice.pick(['retry', 'reject', 'reject']), which: dice.next() };
    case 10:
      return { at, kind: 'paused', lasts };
    default:
      return dice.chance(0.5) ? failingWrite(dice, at, service) : illness(dice, { at, service, lasts });
  }
};

/** The next few, whenever they come. */
const failingWrite = (dice: Dice, at: number, service: Service): Mishap => ({
  ...{ at, kind: 'ill', lasts: 2 * DAY, service, every: 1, times: dice.int(1, 5) },
  operation: dice.pick(WRITES[service]),
  illness: dice.chance(0.6) ? dice.pick(IN_DOUBT) : dice.pick(ILLNESSES),
});

const illness = (dice: Dice, { at, service, lasts }: { at: number; service: Service; lasts: number }): Mishap => {
  const which = dice.pick(ILLNESSES);
  // Whoever waits for its answers takes real time.
  const length = which === 'never answers' ? dice.stretch(MINUTE, 20 * MINUTE) : lasts;
  const every = dice.pick([1, 2, 3, 7]);
  const times = Number.POSITIVE_INFINITY;
  return { at, kind: 'ill', lasts: length, service, operation: '*', illness: which, every, times };
};

const death = (dice: Dice, at: number): Mishap => {
  const pause = dice.chance(0.7) ? 0 : dice.stretch(MINUTE, 5 * HOUR);
  if (dice.chance(0.25)) {
    return { at, kind: 'restarted', pause };
  }
  const around = dice.chance(0.5)
    ? { operation: dice.pick(WRITES[dice.pick(SERVICES)]), calls: dice.int(1, 3) }
    : { operation: '*', calls: dice.int(1, 14) };
  return { at, kind: 'killed', ...around, when: dice.pick(['before', 'after']), pause };
};

/**
 * Those of the chapter that begins then, half of them when somebody has just asked for something. In every other one the
 * program is left alive, so that it can be seen to stay small.
 */
export const mishaps = (dice: Dice, number: number, start: number, asks: readonly number[]): Mishap[] => {
  const quiet = start + STORM;
  const isDeadly = number % 2 === 0;
  const busy = asks.filter((at) => at >= start && at < quiet - HOUR);
  const moments = Array.from({ length: COUNT }, () => {
    const anytime = start + dice.int(0, STORM - HOUR);
    const ask = busy[dice.int(0, busy.length - 1)];
    return dice.chance(0.5) && ask !== undefined ? ask + dice.int(-2, 2) * MINUTE : anytime;
  });
  const some = moments.map((at) => (isDeadly && dice.chance(DEADLY) ? death(dice, at) : trouble(dice, at)));
  const long = { at: start + dice.int(0, STORM - 2 * DAY), lasts: dice.stretch(DAY, 2 * DAY) };
  const outage: Mishap = dice.chance(0.75)
    ? { ...long, kind: 'down', service: dice.pick(SERVICES) }
    : { ...long, kind: 'mount dropped' };
  return [...some, outage]
    .map((one) => ('lasts' in one ? { ...one, lasts: Math.min(one.lasts, quiet - one.at) } : one))
    .sort((a, b) => a.at - b.at);
};
