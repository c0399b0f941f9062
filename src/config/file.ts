import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLError,
} from 'yaml';
import type { Place, Problem } from './problem.js';

/** A file's content and where each part of it stands. */
export interface ConfigFile {
  readonly name: string;
  /** Plain data; an empty key counts as absent. */
  readonly value: Record<string, unknown>;
  readonly problems: readonly Problem[];
  /** Not even readable as YAML: `value` is empty. */
  readonly broken: boolean;
  /** The place of the deepest part of this path that the file has: of its value, or of the key itself. */
  place(path: readonly PropertyKey[], what: 'value' | 'key'): Place;
}

export function parseFile(name: string, text: string): ConfigFile {
  const lines = new LineCounter();
  // Without pretty errors, for those quote the line, and with it a secret.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file: name, line, column: col };
  };
  const problems = document.errors.map((error) => syntaxProblem(error, at(error.pos[0]), text));
  const root: Node | null = document.contents;
  const place = (path: readonly PropertyKey[], what: 'value' | 'key') => {
    const offset = offsetOf(root, path, what, (node) => (isAlias(node) ? node.resolve(document) : node));
    return offset === undefined ? { file: name, line: null, column: null } : at(offset);
  };
  const broken = (more: Problem[]): ConfigFile => ({ name, value: {}, problems: more, broken: true, place });
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY')) return broken(problems);
  const value = content(() => withoutEmpty(document.toJS({ maxAliasCount: 100 })));
  // For editors only.
  if (isRecord(value) && typeof value.$schema === 'string') delete value.$schema;
  if (isRecord(value)) return { name, value, problems, broken: false, place };
  const alias = {
    got: 'an alias without its anchor, or too many of them',
    allowed: 'a value that starts with * in quotes',
  };
  const shape = { got: 'no sections', allowed: 'sections such as `seerr:` with their keys below' };
  return broken([{ path: '', ...at(root?.range?.[0] ?? 0), ...(value === undefined ? alias : shape) }]);
}

/** Undefined when an alias leads nowhere. */
function content(read: () => unknown): unknown {
  try {
    return read() ?? {};
  } catch {
    return undefined;
  }
}

/** The parser's words, without the parts of the file that it repeats in some of them. */
function syntaxProblem(error: YAMLError, place: Place, text: string): Problem {
  const problem = (got: string, allowed: string): Problem => ({ path: '', ...place, got, allowed });
  if (error.code === 'DUPLICATE_KEY') {
    const name = /^[\w-]*/.exec(text.slice(error.pos[0]))?.[0] ?? '';
    return problem(`the key ${name} is there twice`, 'each key once in its section');
  }
  if (error.code === 'TAB_AS_INDENT') return problem('a tab', 'spaces as indentation');
  const words = error.message.replace(/:? ["'`].*$/s, '').replace(/: .*$/s, '');
  return { ...problem(`not valid YAML: ${words}`, ''), suggestion: 'put a value with special characters in quotes' };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutEmpty(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const kept = Object.entries(value).filter(([, child]) => child !== null && child !== undefined);
  return Object.fromEntries(kept.map(([name, child]) => [name, withoutEmpty(child)]));
}

type Resolve = (node: unknown) => unknown;

function offsetOf(
  root: Node | null,
  path: readonly PropertyKey[],
  what: 'value' | 'key',
  resolve: Resolve,
): number | undefined {
  let node: unknown = root;
  let offset: number | undefined;
  for (const [depth, segment] of path.entries()) {
    const found = child(resolve(node), segment);
    if (found === undefined) return offset;
    const last = depth === path.length - 1;
    offset = (last && what === 'value' ? found.value : undefined) ?? found.key ?? found.value ?? offset;
    node = found.node;
  }
  return offset;
}

interface Child {
  node: unknown;
  key: number | undefined;
  value: number | undefined;
}

function child(parent: unknown, segment: PropertyKey): Child | undefined {
  if (isSeq(parent) && typeof segment === 'number') {
    const node = parent.items[segment];
    return node === undefined ? undefined : { node, key: undefined, value: start(node) };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((item: Pair) => isScalar(item.key) && String(item.key.value) === String(segment));
  return pair && { node: pair.value, key: start(pair.key), value: start(pair.value) };
}

function start(node: unknown): number | undefined {
  const range = (node as { range?: [number, number, number] | null } | null)?.range;
  return range?.[0];
}
