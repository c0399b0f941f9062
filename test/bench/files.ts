import { readFileSync, writeFileSync } from 'node:fs';
import { keyOf, type Row } from './rows.js';

/** What is kept beside the sources. Paths are from the checkout's top, where npm runs everything. */

const FIGURES = 'test/bench/figures.json';
const BASELINE = 'test/bench/baseline.json';

/** What the guard compares with, by row. */
export type Baseline = Record<string, string | number>;

const write = (path: string, content: object): void => writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);

/** Numbers with four digits: more would say nothing. */
const short = (value: Row['value']): Row['value'] => (typeof value === 'number' ? Number(value.toPrecision(4)) : value);

export const keepFigures = (environment: object, rows: readonly Row[]): void =>
  write(FIGURES, { ...environment, rows: rows.map(({ guard, ...row }) => ({ ...row, value: short(row.value) })) });

export const keepBaseline = (rows: readonly Row[]): void =>
  write(
    BASELINE,
    Object.fromEntries(rows.filter(({ guard }) => guard !== undefined).map((row) => [keyOf(row), short(row.value)])),
  );

export const readBaseline = (): Baseline => JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
