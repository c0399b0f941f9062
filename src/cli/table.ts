import { oneLine } from '../log/redact.js';

/** How wide a terminal is taken to be. */
export const WIDTH = 80;

const shorten = (text: string, width: number): string => {
  const line = oneLine(text, 1_000);
  return line.length <= width ? line : `${line.slice(0, Math.max(0, width - 1))}…`;
};

export interface Column {
  head: string;
  /** Takes what room is left; exactly one column does. */
  stretch?: boolean;
  right?: boolean;
}

/** Rows in columns, cut to fit `width`. */
export const table = (columns: readonly Column[], rows: readonly (readonly string[])[], width = WIDTH): string => {
  const natural = columns.map((column, i) =>
    Math.max(column.head.length, ...rows.map((row) => oneLine(row[i] ?? '', 1_000).length)),
  );
  const fixed = columns.reduce((sum, column, i) => sum + (column.stretch ? 0 : (natural[i] ?? 0) + 2), 0);
  const widths = columns.map((column, i) =>
    column.stretch ? Math.max(column.head.length, Math.min(natural[i] ?? 0, width - fixed)) : (natural[i] ?? 0),
  );
  const line = (cells: readonly string[]) =>
    columns
      .map((column, i) => {
        const cell = shorten(cells[i] ?? '', widths[i] ?? 0);
        return column.right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ head }) => head)), ...rows.map(line)].join('\n');
};
