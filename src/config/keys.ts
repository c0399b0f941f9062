import * as z from 'zod';
import { DURATION_FORM, DURATION_PATTERN, durationHint, formatDuration, parseDuration } from './duration.js';
import { isMasked, secretFault, withoutKeys } from './secrets.js';
import { maskUrl, trimUrl, type UrlRules, urlFault } from './url.js';

/** How the text of an environment variable becomes a value, and how a value is written. */
export type KeyKind = 'text' | 'url' | 'number' | 'boolean' | 'duration' | 'durations' | 'list' | 'json';

/** What is known about one key beside its validation: the one source of the example, the reference and the messages. */
export interface KeyMeta {
  readonly kind: KeyKind;
  /** As a person would write it. */
  readonly byDefault: unknown;
  /** The bounds in words. */
  readonly allowed: string;
  /** The same for one who has read how durations and lists are written. */
  readonly brief?: string;
  readonly unit?: string;
  /** One sentence. */
  readonly why: string;
  readonly secret: boolean;
  /** A running daemon cannot apply a change of it. */
  readonly restart: boolean;
  /** Empty is refused. Holds where to get the value. */
  readonly required?: string;
  /** What is known to be wrong with this value, for the one who wrote it. */
  readonly hint?: (raw: unknown) => string | undefined;
}

/** Every key's schema, as found in the tree, is in here. */
export const keyMeta = z.registry<KeyMeta>();

interface Words<T> {
  byDefault: T;
  why: string;
  unit?: string;
  restart?: boolean;
}

type Facts = Pick<KeyMeta, 'kind' | 'allowed'> & Partial<Pick<KeyMeta, 'secret' | 'required' | 'hint' | 'brief'>>;

export function key<S extends z.ZodType>(schema: S, words: Words<z.input<S>>, facts: Facts): z.ZodPrefault<S> {
  const secret = facts.secret ?? false;
  const made = z.prefault(schema, words.byDefault as z.util.NoUndefined<z.input<S>>);
  const described = made.meta({ description: describe(words, facts), ...(secret ? { writeOnly: true } : {}) });
  keyMeta.add(described, { ...words, secret, restart: words.restart ?? false, ...facts });
  return described;
}

/** For editors that show the JSON Schema's description beside the key. */
function describe(words: Words<unknown>, facts: Facts): string {
  const unit = words.unit === undefined ? '' : ` ${words.unit}`;
  return `${words.why} Allowed: ${facts.allowed}${unit}.`;
}

export function section<T extends z.ZodRawShape>(why: string, shape: T) {
  return z
    .strictObject(shape)
    .prefault({} as never)
    .meta({ description: why });
}

const zodDuration = (max: number) =>
  z.union([z.string().regex(DURATION_PATTERN), z.literal(0)]).transform((value, ctx) => {
    const ms = parseDuration(String(value));
    if (ms !== undefined && ms <= max) return ms;
    ctx.addIssue({ code: 'custom', message: 'out of range' });
    return z.NEVER;
  });

type DurationWords<T> = Words<T> & { max?: string };

function longest(words: DurationWords<unknown>): number {
  return parseDuration(words.max ?? '3650d') ?? 0;
}

export function duration(words: DurationWords<string>) {
  const max = longest(words);
  const allowed = `a duration (${DURATION_FORM}) up to ${formatDuration(max)}; 0s is allowed`;
  return key(zodDuration(max), words, {
    kind: 'duration',
    allowed,
    brief: `0s to ${formatDuration(max)}`,
    hint: durationHint,
  });
}

export function durations(words: DurationWords<string[]>) {
  const max = longest(words);
  const allowed = `a list of durations (${DURATION_FORM}) up to ${formatDuration(max)}, at least one; 0s is allowed`;
  const hint = (raw: unknown) => (Array.isArray(raw) ? undefined : (durationHint(raw) ?? 'write a list: [5m, 1h]'));
  return key(z.array(zodDuration(max)).min(1), words, {
    kind: 'durations',
    allowed,
    brief: `each 0s to ${formatDuration(max)}`,
    hint,
  });
}

export function integer(words: Words<number> & { min: number; max: number }) {
  const schema = z.int().min(words.min).max(words.max);
  const brief = `${words.min} to ${words.max}`;
  return key(schema, words, { kind: 'number', allowed: `a whole number from ${brief}`, brief, hint: numberHint });
}

export function amount(words: Words<number> & { min: number; max: number }) {
  const schema = z.number().min(words.min).max(words.max);
  const brief = `${words.min} to ${words.max}`;
  return key(schema, words, {
    kind: 'number',
    allowed: `a number from ${brief}`,
    brief,
    hint: numberHint,
  });
}

const numberHint = (raw: unknown): string | undefined =>
  typeof raw === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(raw) ? 'write it without quotes' : undefined;

export function yesNo(words: Words<boolean>) {
  const hint = (raw: unknown): string | undefined => {
    if (/^(yes|on|1|true)$/i.test(String(raw))) return 'write true';
    return /^(no|off|0|false)$/i.test(String(raw)) ? 'write false' : undefined;
  };
  return key(z.boolean(), words, { kind: 'boolean', allowed: 'true or false', hint });
}

export function choice<const T extends readonly [string, ...string[]]>(options: T, words: Words<T[number]>) {
  return key(z.enum(options), words, { kind: 'text', allowed: options.join(' | ') });
}

/** `fault` names what is wrong with a text, or returns undefined. */
export function text(words: Words<string>, allowed: string, fault: (value: string) => string | undefined) {
  const schema = z.string().refine((value) => fault(value) === undefined);
  const hint = (raw: unknown) => (typeof raw === 'string' ? fault(raw) : 'put it in quotes');
  return key(schema, words, { kind: 'text', allowed, hint });
}

/** Literal words; never patterns. */
export function wordList(words: Words<string[]>, allowed: string, pattern: RegExp = /^\S.*$/) {
  return key(z.array(z.string().regex(pattern)), words, { kind: 'list', allowed });
}

export function url(words: Words<string> & { tidy?: (url: string) => string } & Partial<UrlRules>, allowed?: string) {
  const rules: UrlRules = { schemes: ['http', 'https'], ...words };
  const tidy = words.tidy ?? trimUrl;
  const fault = (value: string) => (value === '' && words.byDefault === '' ? undefined : urlFault(tidy(value), rules));
  const schema = z
    .string()
    .refine((value) => fault(value) === undefined)
    .transform(tidy);
  const hint = (raw: unknown) => (typeof raw === 'string' ? fault(raw) : undefined);
  return key(schema, words, {
    kind: 'url',
    allowed: allowed ?? 'an http:// or https:// address without user name, password or query',
    brief: allowed ?? 'http:// or https://',
    hint,
  });
}

/** `required` says where the value comes from; without it the secret may stay empty. */
export function secret(
  words: Omit<Words<string>, 'byDefault'> & {
    required?: string;
    spaces?: boolean;
    fault?: (value: string) => string | undefined;
  },
  allowed: string,
) {
  const mayBeEmpty = words.required === undefined;
  const fault = (value: string) => secretFault(value, words.spaces) ?? words.fault?.(value);
  const schema = z.string().refine((value) => (value === '' ? mayBeEmpty : fault(value) === undefined));
  const hint = (raw: unknown): string | undefined => {
    if (typeof raw === 'string') return fault(raw);
    return typeof raw === 'object'
      ? undefined
      : 'put it in quotes: YAML reads it as something else and may lose digits';
  };
  const required = words.required === undefined ? {} : { required: words.required };
  return key(schema, { ...words, byDefault: '' }, { kind: 'text', allowed, secret: true, hint, ...required });
}

/** What of a wrong value may be repeated in a message. */
export function quoteValue(raw: unknown, meta: KeyMeta | undefined): string {
  if (raw === null || raw === undefined) return 'nothing';
  if (Array.isArray(raw)) return 'a list';
  if (typeof raw === 'object') return 'a mapping';
  if (meta?.secret) return describeSecret(raw);
  // Without a key of its own (a section, say) the text may be anything, a misplaced token too.
  if (!meta) return typeof raw === 'string' ? 'a text' : `a ${typeof raw}`;
  if (typeof raw !== 'string') return String(raw);
  const shown = withoutKeys(meta.kind === 'url' ? maskUrl(raw) : raw);
  return JSON.stringify(shown.length > 60 ? `${shown.slice(0, 40)}…` : shown);
}

function describeSecret(raw: unknown): string {
  if (typeof raw !== 'string') return `a ${typeof raw}`;
  if (raw === '') return 'nothing';
  return isMasked(raw) ? 'a masked value' : 'a value that is not repeated here';
}
