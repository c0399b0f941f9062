import * as z from 'zod';
import { type KeyMeta, keyMeta } from './keys.js';
import { configSchema } from './schema.js';

export const ENV_PREFIX = 'FULFILLARR_';

/** One key of the configuration, with its place in it. */
export interface Key {
  readonly path: string;
  readonly segments: readonly string[];
  /** The environment variable that sets it. */
  readonly env: string;
  readonly meta: KeyMeta;
}

/** A section, its keys and sections in the order of the schema. */
export interface Section {
  readonly path: string;
  readonly segments: readonly string[];
  readonly why: string;
  readonly children: readonly (Section | Key)[];
  /** Names outside the schema are allowed here, each a section of its own. */
  readonly open: boolean;
}

export const isSection = (node: Section | Key): node is Section => 'children' in node;

/** The whole tree. `profiles` are quality profiles beside the built-in ones. */
export function configTree(profiles: readonly string[] = []): Section {
  const root = walk(configSchema, [], profiles);
  if (!isSection(root)) throw new Error('the configuration is a section');
  return root;
}

export function keysOf(node: Section | Key): Key[] {
  return isSection(node) ? node.children.flatMap(keysOf) : [node];
}

/** Every key there is. */
export const configKeys = (profiles: readonly string[] = []): Key[] => keysOf(configTree(profiles));

/** `realDebrid.token` -> `FULFILLARR_REAL_DEBRID_TOKEN` */
export function envName(segments: readonly string[]): string {
  const words = segments.map((segment) => segment.replace(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll('-', '_'));
  return ENV_PREFIX + words.join('_').toUpperCase();
}

function walk(schema: z.core.$ZodType, segments: readonly string[], profiles: readonly string[]): Section | Key {
  const path = segments.join('.');
  const meta = keyMeta.get(schema);
  if (meta) return { path, segments, env: envName(segments), meta };
  const object = schema instanceof z.ZodPrefault ? schema.unwrap() : schema;
  if (!(object instanceof z.ZodObject)) throw new Error(`${path} is neither a key nor a section`);
  const rest = object.def.catchall;
  const open = rest !== undefined && !(rest instanceof z.ZodNever);
  const named = Object.entries<z.core.$ZodType>(object.shape);
  const added = open ? profiles.filter((name) => !(name in object.shape)).map((name) => [name, rest] as const) : [];
  const children = [...named, ...added].map(([name, child]) => walk(child, [...segments, name], profiles));
  return { path, segments, why: z.globalRegistry.get(schema)?.description ?? '', children, open };
}

/** The keys that a running daemon cannot apply. */
export const restartKeys: readonly string[] = configKeys()
  .filter((key) => key.meta.restart)
  .map((key) => key.path);
