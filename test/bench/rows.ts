/** One line of the table. */
export interface Row {
  measure: string;
  what: string;
  /** Calls are written as `1 + 3`. */
  value: number | string;
  unit: string;
  /** For people; null = for information only. */
  target: string | null;
  met: boolean | null;
  note?: string;
  /** How many times its baseline it may be; absent = it is not guarded. */
  guard?: number;
}

type Figure = Pick<Row, 'measure' | 'what' | 'unit' | 'note' | 'guard'> & { value: number };

export const keyOf = ({ measure, what }: Row): string => `${measure}: ${what}`;

export const atMost = (figure: Figure, most: number): Row => ({
  ...figure,
  target: `≤ ${most} ${figure.unit}`.trim(),
  met: figure.value <= most,
});

export const atLeast = (figure: Figure, least: number): Row => ({
  ...figure,
  target: `≥ ${least} ${figure.unit}`.trim(),
  met: figure.value >= least,
});

/** Without a target. */
export const shown = (figure: Omit<Row, 'target' | 'met'>): Row => ({ ...figure, target: null, met: null });

const figureText = (value: number): string =>
  Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));

const valueText = ({ value, unit }: Row): string =>
  `${typeof value === 'number' ? figureText(value) : value} ${unit}`.trim();

const mark = ({ met }: Row): string => (met === null ? ' ' : met ? '✓' : '✗');

export const table = (rows: readonly Row[]): string => {
  const cells = rows.map((row) => [row.measure, row.what, valueText(row), row.target ?? '', mark(row), row.note ?? '']);
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...cells.map((row) => row[column]?.length ?? 0)));
  const padded = (text: string, column: number): string =>
    column === 2 ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return cells.map((row) => row.map(padded).join('  ').trimEnd()).join('\n');
};
