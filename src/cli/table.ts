import { oneLine } from '../log/redact.js';
import { pad, shorten, WIDTH, widthOf } from './text.js';

export interface Column {
  head: string;
  /** Takes what room is left; exactly one column does. */
  stretch?: boolean;
  right?: boolean;
}

/** Rows in columns, cut to fit `width`. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[], width = WIDTH): string => {
  const natural = columns.map((column, i) =>
    Math.max(column.head.length, ...rows.map((row) => widthOf(oneLine(row[i] ?? '', 1_000)))),
  );
  const fixed = columns.reduce((sum, column, i) => sum + (column.stretch ? 0 : (natural[i] ?? 0) + 2), 0);
  const widths = columns.map((column, i) =>
    column.stretch ? Math.max(column.head.length, Math.min(natural[i] ?? 0, width - fixed)) : (natural[i] ?? 0),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, i) => pad(shorten(cells[i] ?? '', widths[i] ?? 0), widths[i] ?? 0, column.right))
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ head }) => head)), ...rows.map(line)].join('\n');
};
