import type { z } from 'zod';
import { durationHint } from './duration.js';
import { isRecord } from './file.js';
import { type KeyMeta, quoteValue } from './keys.js';
import { nearest } from './nearest.js';
import type { Place, Problem } from './problem.js';
import { withoutKeys } from './secrets.js';
import { isSection, type Key, keysOf, type Section } from './tree.js';

type Path = readonly PropertyKey[];

/** What the messages are made from. */
export interface Context {
  /** What was checked: the file with everything that goes before it. */
  readonly raw: unknown;
  readonly tree: Section;
  readonly place: (path: Path, what: 'value' | 'key') => Place;
}

/** The schema's complaints in our words: one problem for each place, however many rules it breaks. */
export function problemsOf(issues: readonly z.core.$ZodIssue[], context: Context): Problem[] {
  const keys = keysOf(context.tree);
  const found = new Map<string, Problem>();
  for (const issue of issues) {
    for (const problem of fromIssue(issue, context, keys)) {
      const place = `${problem.path} ${problem.line}:${problem.column}`;
      if (!found.has(place)) found.set(place, problem);
    }
  }
  return [...found.values()];
}

function fromIssue(issue: z.core.$ZodIssue, context: Context, keys: readonly Key[]): Problem[] {
  const key = keys.find(({ segments }) => startsWith(issue.path, segments));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => unknownKey([...issue.path, name], key, context));
  }
  const raw = valueAt(context.raw, issue.path);
  const base = { path: formatPath(issue.path), ...context.place(issue.path, 'value') };
  if (!key) return [{ ...base, got: `got ${quoteValue(raw, undefined)}`, allowed: 'a section with its keys below' }];
  if (key.meta.required !== undefined && (raw === undefined || raw === ''))
    return [missing(base, key, key.meta.required)];
  const suggestion = suggest(issue, raw, key);
  return [{ ...base, got: `got ${quoteValue(raw, key.meta)}`, allowed: key.meta.allowed, ...suggestion }];
}

function suggest(issue: z.core.$ZodIssue, raw: unknown, key: Key): { suggestion: string } | undefined {
  const values = issue.code === 'invalid_value' && typeof raw === 'string' ? issue.values.map(String) : [];
  const meant = nearest(String(raw), values);
  const text =
    meant === undefined ? hint(raw, key.meta, issue.path.length > key.segments.length) : `did you mean ${meant}?`;
  return text === undefined ? undefined : { suggestion: text };
}

function hint(raw: unknown, meta: KeyMeta, insideList: boolean): string | undefined {
  if (!insideList) return meta.hint?.(raw);
  return meta.kind === 'durations' ? durationHint(raw) : undefined;
}

function missing(base: Place & { path: string }, key: Key, where: string): Problem {
  const suggestion = `you find it ${where}; or set ${key.env}, or ${key.env}_FILE to a file that holds it`;
  return { ...base, got: 'not set', allowed: key.meta.allowed, suggestion };
}

function unknownKey(path: Path, key: Key | undefined, context: Context): Problem {
  const base = { path: withoutKeys(formatPath(path)), ...context.place(path, 'key'), got: 'unknown key' };
  if (key) return { ...base, allowed: key.meta.allowed };
  const parent = sectionAt(context.tree, path.slice(0, -1));
  const names = parent.children.map((child) => String(child.segments.at(-1)));
  const name = String(path.at(-1));
  const meant = nearest(name, names) ?? elsewhere(name, context.tree);
  return meant === undefined
    ? { ...base, allowed: names.join(', ') }
    : { ...base, allowed: '', suggestion: `did you mean ${meant}?` };
}

/** A known name in the wrong section, or a path written as one key. */
function elsewhere(name: string, tree: Section): string | undefined {
  const same = keysOf(tree).filter(({ path, segments }) => path === name || segments.at(-1) === name);
  return same.length > 0 && same.length <= 3 ? same.map(({ path }) => path).join(' or ') : undefined;
}

function sectionAt(tree: Section, path: Path): Section {
  let node = tree;
  for (const segment of path) {
    const next = node.children.find((child) => child.segments.at(-1) === String(segment));
    if (!next || !isSection(next)) return node;
    node = next;
  }
  return node;
}

const startsWith = (path: Path, start: readonly string[]): boolean =>
  start.every((segment, at) => String(path[at]) === segment);

export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const segment of path) {
    if (Array.isArray(value)) value = value[Number(segment)];
    else value = isRecord(value) && Object.hasOwn(value, segment) ? value[String(segment)] : undefined;
  }
  return value;
}

/** `search.backoff[2]` */
export function formatPath(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}
