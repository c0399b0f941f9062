import { resolve } from 'node:path';
import type { KeyKind } from './keys.js';
import { nearest } from './nearest.js';
import type { Problem } from './problem.js';
import { ENV_PREFIX, type Key } from './tree.js';

export type Env = Readonly<Record<string, string | undefined>>;
/** Answers the text of the file at this absolute path, or throws. */
export type ReadFile = (path: string) => string;

export interface Files {
  /** What relative paths start from. */
  readonly cwd: string;
  readonly readFile: ReadFile;
}

/** A value that goes before the file's. */
export interface Override {
  readonly key: Key;
  readonly value: unknown;
  /** The variable or flag, for messages. */
  readonly name: string;
  readonly from: 'env' | 'flag';
}

export interface EnvReading {
  readonly overrides: readonly Override[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Moves the file; read before everything else. */
export const CONFIG_VARIABLE = `${ENV_PREFIX}CONFIG`;

export function readEnv(env: Env, keys: readonly Key[], files: Files): EnvReading {
  const names = new Set(keys.map((key) => key.env));
  const reading = { overrides: [] as Override[], problems: [] as Problem[], warnings: unknownNames(env, names) };
  for (const key of keys) {
    const fileName = `${key.env}_FILE`;
    const text = present(env[key.env]);
    // FULFILLARR_LOG_FILE is the key log.file, not a file that holds "log".
    const path = names.has(fileName) ? undefined : present(env[fileName]);
    if (path !== undefined) readFromFile(key, { fileName, path, text }, files, reading);
    else if (text !== undefined) {
      reading.overrides.push({ key, value: coerce(text, key), name: key.env, from: 'env' });
    }
  }
  return reading;
}

interface FileVariable {
  fileName: string;
  path: string;
  /** The plain variable's text, which must not be there as well. */
  text: string | undefined;
}

function readFromFile(
  key: Key,
  { fileName, path, text }: FileVariable,
  files: Files,
  reading: { overrides: Override[]; problems: Problem[]; warnings: string[] },
): void {
  const place = { path: key.path, file: fileName, line: null, column: null };
  if (text !== undefined) {
    reading.problems.push({ ...place, got: `${key.env} is set as well`, allowed: 'one of the two' });
    return;
  }
  const read = readValue(path, files);
  if ('fault' in read) {
    const suggestion = `${key.env} takes the value itself`;
    reading.problems.push({ ...place, got: read.fault, allowed: 'the path of a readable file', suggestion });
  } else if (read.text === '') {
    reading.warnings.push(`${fileName}: ${path} is empty, so ${key.path} counts as not set`);
  } else {
    reading.overrides.push({ key, value: coerce(read.text, key), name: `${fileName} (${path})`, from: 'env' });
  }
}

const present = (text: string | undefined): string | undefined => (text?.trim() ? text : undefined);

function readValue(path: string, files: Files): { text: string } | { fault: string } {
  try {
    const content = files.readFile(resolve(files.cwd, path));
    return { text: content.replace(/^\uFEFF/, '').replace(/\r?\n$/, '') };
  } catch (error) {
    // Without the path: it may be the secret itself, put into the wrong variable.
    return { fault: `the file it names cannot be read (${errorCode(error)})` };
  }
}

/** Not the message: it is long and says the path again. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unreadable';
}

/** The text of a variable as the value that the file would hold. What does not fit stays a text, for the schema to refuse. */
export function coerce(text: string, key: Pick<Key, 'meta'>): unknown {
  return key.meta.secret ? text : COERCIONS[key.meta.kind](text.trim());
}

const COERCIONS: Record<KeyKind, (text: string) => unknown> = {
  text: (text) => text,
  url: (text) => text,
  duration: (text) => text,
  number: (text) => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text),
  boolean: (text) => {
    if (/^(true|yes|on|1)$/i.test(text)) return true;
    return /^(false|no|off|0)$/i.test(text) ? false : text;
  },
  list: (text) => fromJson(text) ?? commaSeparated(text),
  durations: (text) => fromJson(text) ?? commaSeparated(text),
  json: (text) => fromJson(text) ?? text,
};

const commaSeparated = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');

function fromJson(text: string): unknown {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Kubernetes sets these in every container beside a service named fulfillarr. */
const KUBERNETES = /^FULFILLARR_(SERVICE_(HOST|PORT\w*)|PORT(_\d+_(TCP|UDP)\w*)?)$/;

function unknownNames(env: Env, names: ReadonlySet<string>): string[] {
  const known = [...names, CONFIG_VARIABLE];
  const isKnown = (name: string) => known.includes(name) || names.has(name.replace(/_FILE$/, ''));
  return Object.keys(env)
    .filter((name) => name.startsWith(ENV_PREFIX) && present(env[name]) && !isKnown(name) && !KUBERNETES.test(name))
    .map((name) => {
      const meant = nearest(
        name.slice(ENV_PREFIX.length),
        known.map((each) => each.slice(ENV_PREFIX.length)),
      );
      return `${name}: no such setting, so it has no effect${meant ? `; did you mean ${ENV_PREFIX}${meant}?` : ''}`;
    });
}
