import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';

/** The values for a placeholder of `among`. */
export const list = (values: readonly (number | string)[]): string => JSON.stringify(values);

/** `column in (…)` whose text is the same for any number of values, so that one prepared statement serves all. */
export const among = (column: SQLiteColumn, values: readonly (number | string)[] | Placeholder): SQL =>
  sql`${column} in (select value from json_each(${Array.isArray(values) ? list(values) : values}))`;
