import { isDeepStrictEqual } from 'node:util';
import { configTree, isSection, type Key, keysOf, type Section } from './tree.js';
import { comment, type Writer, writeSections } from './write.js';

/** Editors that know YAML complete and check the file by it. */
const MODELINE = '# yaml-language-server: $schema=config.schema.json';

const HEADER = [
  'fulfillarr: every setting with its default.',
  '',
  'Copy this file to config/config.yaml and fill in the three keys marked REQUIRED.',
  'What you leave out has its default. Check it with: fulfillarr config validate',
  '',
  'Below each sentence, in brackets: what is allowed and the default. Durations are written 500ms, 30s, 60m, 24h or 7d.',
  'Each key can also be set by an environment variable, which goes before this file: FULFILLARR_ and the path ' +
    'of the key in upper case, e.g. realDebrid.token -> FULFILLARR_REAL_DEBRID_TOKEN. Lists are separated by ' +
    'commas there. With _FILE added (FULFILLARR_REAL_DEBRID_TOKEN_FILE) the variable holds the path of a file ' +
    'whose content is the value.',
  'Relative paths start at the working directory.',
];

/** The commented example: the whole configuration, generated from the schema. */
export function exampleConfig(): string {
  const header = HEADER.flatMap((line) => (line === '' ? ['#'] : comment(line, '')));
  return `${MODELINE}\n${header.join('\n')}\n\n${writeSections(configTree(), exampleWriter())}`;
}

const DEFAULT_PROFILE = 'selection.profiles.default';
const FOUR_K_PROFILE = 'selection.profiles.4k';

function exampleWriter(): Writer {
  const standard = new Map(keysOf(configTree()).map((key) => [key.path, key.meta.byDefault]));
  /** The second profile shows only what makes it another one. */
  const repeats = ({ path, meta }: Key) =>
    path.startsWith(`${FOUR_K_PROFILE}.`) &&
    isDeepStrictEqual(standard.get(path.replace(FOUR_K_PROFILE, DEFAULT_PROFILE)), meta.byDefault);
  return {
    value: (key) => (repeats(key) ? undefined : key.meta.byDefault),
    above: (node) => (isSection(node) ? aboveSection(node) : repeats(node) ? [] : aboveKey(node)),
    behind: ({ meta }) => (meta.required === undefined ? undefined : 'REQUIRED'),
  };
}

function aboveSection({ path, why }: Section): string[] {
  if (path === DEFAULT_PROFILE) return [];
  if (path === FOUR_K_PROFILE) return ['What is left out here has the default shown above.'];
  return [why];
}

function aboveKey({ meta }: Key): string[] {
  const bounds = `${meta.brief ?? meta.allowed}${meta.unit === undefined ? '' : ` ${meta.unit}`}`;
  const facts = [bounds, meta.required === undefined ? defaultText(meta.byDefault) : `you find it ${meta.required}`];
  if (meta.secret) facts.push('secret');
  if (meta.restart) facts.push('a change needs a restart');
  return [meta.why, `[${facts.filter((fact) => fact !== '').join('; ')}]`];
}

function defaultText(value: unknown): string {
  if (value === '') return 'default: empty';
  if (Array.isArray(value) && value.length === 0) return 'default: none';
  // Lists and mappings stand right below.
  return typeof value === 'object' ? '' : `default: ${value}`;
}
