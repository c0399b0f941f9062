import type { Baseline } from './files.js';
import { keyOf, type Row } from './rows.js';

export interface Regression {
  row: Row;
  text: string;
}

/** Each of the calls in `1 + 3`. */
const parts = (value: Row['value']): number[] => String(value).split(' + ').map(Number);

/** The guarded rows that are worse than the baseline allows, or that it does not know. */
export const regressions = (rows: readonly Row[], baseline: Baseline): Regression[] =>
  rows.flatMap((row) => {
    const { guard, value } = row;
    if (guard === undefined) return [];
    const before = baseline[keyOf(row)];
    if (before === undefined) {
      return [
        { row, text: `${keyOf(row)}: not in the baseline; npm run bench -- --quick --baseline writes a new one` },
      ];
    }
    const most = parts(before).map((part) => part * guard);
    const isWorse = parts(value).some((part, place) => !(part <= (most[place] ?? 0)));
    const shown = typeof value === 'number' ? value.toPrecision(3) : value;
    const limit = guard === 1 ? 'no more' : `at most ${guard} times that`;
    return isWorse ? [{ row, text: `${keyOf(row)}: ${shown}, was ${before}, may be ${limit}` }] : [];
  });
