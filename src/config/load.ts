import { resolve } from 'node:path';
import { CONFIG_VARIABLE, coerce, type Env, errorCode, type Override, type ReadFile, readEnv } from './env.js';
import { type ConfigFile, isRecord, parseFile } from './file.js';
import { type Context, formatPath, problemsOf, valueAt } from './issues.js';
import { formatPlace, inOrder, NOWHERE, type Place, type Problem } from './problem.js';
import { cautions, misfits, profileNames } from './rules.js';
import { type Config, configSchema } from './schema.js';
import { configKeys, configTree, type Key, keysOf, type Section } from './tree.js';

export const DEFAULT_PATH = 'config/config.yaml';

export interface LoadInput {
  /** The file, when `--config` names it. */
  readonly path?: string | undefined;
  readonly env: Env;
  /** Values of flags by key path, e.g. `data.dir`. */
  readonly flags?: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly readFile: ReadFile;
}

/** Where the value of a key in effect comes from; `name` is the file, the variable or the flag. */
export interface Source {
  readonly from: 'default' | 'file' | 'env' | 'flag';
  readonly name: string;
}

export type Loaded =
  | {
      readonly ok: true;
      readonly config: Config;
      readonly warnings: readonly string[];
      readonly sources: ReadonlyMap<string, Source>;
      /** The file that was read, absolute; null when there is none. */
      readonly file: string | null;
    }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly string[] };

/** Flags before environment before file before defaults. Answers all problems at once; throws for none of them. */
export function loadConfig(input: LoadInput): Loaded {
  const named = input.path ?? (input.env[CONFIG_VARIABLE]?.trim() || undefined);
  const name = named ?? DEFAULT_PATH;
  const read = readConfigFile(name, input);
  if ('code' in read && (named !== undefined || read.code !== 'ENOENT')) {
    return { ok: false, problems: [unreadable(name, read.code, input.path === undefined)], warnings: [] };
  }
  return assemble(input, name, 'code' in read ? undefined : read);
}

function assemble(input: LoadInput, name: string, file: ConfigFile | undefined): Loaded {
  const tree = configTree(profileNames(file?.value));
  const env = readEnv(input.env, keysOf(tree), input);
  const overrides = [...env.overrides, ...flagOverrides(input.flags ?? {})];
  const before = [...(file?.problems ?? []), ...env.problems];
  if (file?.broken) return { ok: false, problems: inOrder(before), warnings: env.warnings };
  const raw = merge(file?.value ?? {}, overrides);
  const context = { raw, tree, place: placer(file, overrides) };
  const { config, problems: found } = check(context);
  const problems = [...before, ...withoutRepeats(found, env.problems)];
  if (problems.length > 0 || !config) {
    return { ok: false, problems: inOrder(file ? problems : startHere(problems, tree)), warnings: env.warnings };
  }
  return {
    ok: true,
    config: freeze(config),
    warnings: [...env.warnings, ...placedCautions(config, context)],
    sources: sourcesOf(tree, file, overrides),
    file: file ? resolve(input.cwd, name) : null,
  };
}

function placedCautions(config: Config, context: Context): string[] {
  return cautions(config).map(({ path, text }) => {
    const place = formatPlace(context.place(path.split('.'), 'value'));
    return `${place}${place && ' '}${path}: ${text}`;
  });
}

function readConfigFile(name: string, input: LoadInput): ConfigFile | { code: string } {
  let text: string;
  try {
    text = input.readFile(resolve(input.cwd, name));
  } catch (error) {
    return { code: errorCode(error) };
  }
  return parseFile(name, text);
}

function unreadable(name: string, code: string, byVariable: boolean): Problem {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder; Docker makes one when the file to mount does not exist',
    EACCES: 'it may not be read by this user',
  };
  const namedBy = byVariable ? ` (named by ${CONFIG_VARIABLE})` : '';
  const got = `cannot be read${namedBy}: ${reasons[code] ?? code}`;
  return { path: '', file: name, line: null, column: null, got, allowed: 'a readable YAML file' };
}

const FLAG_NAMES: Record<string, string> = { 'data.dir': '--data', 'log.level': '--log-level' };

function flagOverrides(flags: Readonly<Record<string, string | undefined>>): Override[] {
  const keys = new Map(configKeys().map((key) => [key.path, key]));
  return Object.entries(flags).flatMap(([path, text]) => {
    if (text === undefined) return [];
    const key = keys.get(path);
    if (!key) throw new Error(`no key ${path} for a flag`);
    return [{ key, value: coerce(text, key), name: FLAG_NAMES[path] ?? `--${path}`, from: 'flag' as const }];
  });
}

function merge(value: Record<string, unknown>, overrides: readonly Override[]): Record<string, unknown> {
  const merged = structuredClone(value);
  for (const override of overrides) put(merged, override.key.segments, override.value);
  return merged;
}

/** A parent that is no section stays: the schema refuses it. */
function put(target: Record<string, unknown>, segments: readonly string[], value: unknown): void {
  const [first, ...rest] = segments;
  if (first === undefined) return;
  if (rest.length === 0) {
    target[first] = value;
    return;
  }
  target[first] ??= {};
  const next = target[first];
  if (isRecord(next)) put(next, rest, value);
}

/** A value that an override set has no place in the file. */
function placer(file: ConfigFile | undefined, overrides: readonly Override[]): Context['place'] {
  return (path, what): Place => {
    const from = overrides.findLast(({ key }) => key.segments.every((segment, at) => String(path[at]) === segment));
    if (from) return { file: from.name, line: null, column: null };
    return file ? file.place(path, what) : NOWHERE;
  };
}

function check(context: Context): { config?: Config; problems: Problem[] } {
  // Checked once: to compile it first would take longer than that saves.
  const parsed = configSchema.safeParse(context.raw, { jitless: true });
  const wrong = parsed.success ? [] : problemsOf(parsed.error.issues, context);
  const unfit = misfits(context.raw).map(
    ({ path, what, ...text }): Problem => ({ path: formatPath(path), ...context.place(path, what), ...text }),
  );
  const problems = [...wrong, ...unfit];
  return parsed.success ? { config: parsed.data, problems } : { problems };
}

/** What could not be read from its file is not missing, too. */
function withoutRepeats(problems: readonly Problem[], earlier: readonly Problem[]): Problem[] {
  return problems.filter(({ path }) => !earlier.some((problem) => problem.path === path));
}

/** Nobody has configured anything yet: one message that says how, instead of one for each missing key. */
function startHere(problems: readonly Problem[], tree: Section): Problem[] {
  const missing = keysOf(tree).filter(
    ({ path, meta }) =>
      meta.required !== undefined && problems.some((problem) => problem.path === path && !problem.file),
  );
  if (missing.length === 0) return [...problems];
  const others = problems.filter(({ path }) => !missing.some((key) => key.path === path));
  return [{ ...NOWHERE, path: '', file: DEFAULT_PATH, ...firstSteps(missing) }, ...others];
}

function firstSteps(missing: readonly Key[]): { got: string; allowed: string; suggestion: string } {
  const keys = missing.map(({ path, meta }) => `${path} (${meta.required ?? ''})`).join(', ');
  const variables = missing.map(({ env }) => env).join(', ');
  return {
    got: 'there is no such file, and the environment alone is not enough',
    allowed: '',
    suggestion:
      `copy config/config.example.yaml to ${DEFAULT_PATH} (or run \`fulfillarr config example > ${DEFAULT_PATH}\`) ` +
      `and fill in ${keys}; or set ${variables}, each also as <NAME>_FILE`,
  };
}

function sourcesOf(
  tree: Section,
  file: ConfigFile | undefined,
  overrides: readonly Override[],
): ReadonlyMap<string, Source> {
  const inFile = (key: Key) => file !== undefined && valueAt(file.value, key.segments) !== undefined;
  const sources = new Map<string, Source>();
  for (const key of keysOf(tree)) {
    sources.set(key.path, inFile(key) ? { from: 'file', name: file?.name ?? '' } : { from: 'default', name: '' });
  }
  for (const { key, from, name } of overrides) sources.set(key.path, { from, name });
  return sources;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const child of Object.values(value)) freeze(child);
  return Object.freeze(value);
}
