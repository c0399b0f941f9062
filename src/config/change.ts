import { isDeepStrictEqual } from 'node:util';
import { valueAt } from './issues.js';
import { writtenValue } from './print.js';
import type { Config } from './schema.js';
import { configKeys, type Key } from './tree.js';

/** One key that was edited: `search.airDelay: 24h -> 12h`; of a secret only that it is another one. */
export interface ChangedKey {
  readonly path: string;
  readonly text: string;
}

export interface ConfigChange {
  /** The edited configuration, in which keys that need a restart have the values they had. */
  readonly config: Config;
  readonly applied: readonly ChangedKey[];
  /** They take effect with the next start. */
  readonly waiting: readonly ChangedKey[];
}

/** What an edit means for a running program. */
export function changeOf(before: Config, after: Config): ConfigChange {
  const profiles = new Set([before, after].flatMap((config) => Object.keys(config.selection.profiles)));
  const changed = configKeys([...profiles]).filter(
    ({ segments }) => !isDeepStrictEqual(valueAt(before, segments), valueAt(after, segments)),
  );
  const described = (keys: Key[]) => keys.map((key) => ({ path: key.path, text: describe(key, before, after) }));
  const waiting = changed.filter(({ meta }) => meta.restart);
  return {
    config: waiting.reduce((config, key) => withOld(config, before, key.segments), after),
    applied: described(changed.filter(({ meta }) => !meta.restart)),
    waiting: described(waiting),
  };
}

/** Longer values say nothing in one line. */
const LONGEST = 60;

function describe(key: Key, before: Config, after: Config): string {
  if (key.meta.secret) return `${key.path}: another value`;
  const [old, now] = [before, after].map((config) => {
    const value = valueAt(config, key.segments);
    return value === undefined ? 'unset' : JSON.stringify(writtenValue(key, value));
  });
  const texts = [old ?? '', now ?? ''];
  return texts.some((text) => text.length > LONGEST) ? `${key.path}: changed` : `${key.path}: ${texts.join(' -> ')}`;
}

/** `config` with the value that `before` has at this place. */
function withOld<T>(config: T, before: unknown, [first, ...rest]: readonly string[]): T {
  if (first === undefined) return before as T;
  const part = (config as Record<string, unknown>)[first];
  return { ...config, [first]: withOld(part, (before as Record<string, unknown>)[first], rest) };
}
