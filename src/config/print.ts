import { formatDuration } from './duration.js';
import { valueAt } from './issues.js';
import type { Source } from './load.js';
import type { Config } from './schema.js';
import { MASK } from './secrets.js';
import { configTree, type Key, keysOf } from './tree.js';
import { longParts, maskUrl, secretsInUrl } from './url.js';
import { writeSections } from './write.js';

/** The configuration in effect as YAML, secrets masked; with `sources` each line not from the file says what set it. */
export function printConfig(config: Config, sources?: ReadonlyMap<string, Source>): string {
  return writeSections(configTree(Object.keys(config.selection.profiles)), {
    value: (key) => writtenValue(key, valueAt(config, key.segments)),
    above: () => [],
    behind: ({ path }) => {
      const source = sources?.get(path);
      return source?.from === 'env' || source?.from === 'flag' ? source.name : undefined;
    },
  });
}

/** As a person would write it; secrets masked. */
export function writtenValue({ meta }: Pick<Key, 'meta'>, value: unknown): unknown {
  if (meta.secret) return value === '' ? '' : MASK;
  if (meta.kind === 'url') return maskUrl(String(value));
  if (meta.kind === 'duration') return formatDuration(Number(value));
  if (meta.kind === 'durations' && Array.isArray(value)) return value.map((each) => formatDuration(Number(each)));
  return value;
}

/** Every text that must never be seen, in each form it may travel in; the longest first, so that none leaves a rest. */
export function secretValues(config: Config): string[] {
  const found = keysOf(configTree()).flatMap(({ meta, segments }) => {
    const value = String(valueAt(config, segments));
    if (meta.kind === 'url') return secretsInUrl(value);
    return meta.secret ? [value] : [];
  });
  const all = [...found, ...longParts(config.torrentio.options)].flatMap((text) => [text, encodeURIComponent(text)]);
  return [...new Set(all)].filter((text) => text !== '').sort((a, b) => b.length - a.length);
}
