import { MINUTE } from '../clock.js';

/** `1 want`, `2 wants`, for people. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `45 s`, `5 min`, `6 h`, `7 d`, for people. */
export const humanSpan = (ms: number): string => {
  const units: [number, string][] = [
    [24 * 60 * MINUTE, 'd'],
    [60 * MINUTE, 'h'],
    [MINUTE, 'min'],
  ];
  const [size, name] = units.find(([unit]) => ms >= 2 * unit || (ms >= unit && ms % unit === 0)) ?? [1000, 's'];
  return `${Math.max(1, Math.round(ms / size))} ${name}`;
};
