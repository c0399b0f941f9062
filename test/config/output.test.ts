import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import {
  type Config,
  configJsonSchema,
  configKeys,
  exampleConfig,
  formatProblems,
  type Loaded,
  loadConfig,
  printConfig,
  secretValues,
} from '../../src/config/index.js';
import { referenceMarkdown } from '../../src/config/reference.js';

const ROOT = join(import.meta.dirname, '../..');
const KEYS = {
  FULFILLARR_SEERR_API_KEY: 'seerr-k',
  FULFILLARR_JELLYFIN_API_KEY: 'jelly-k',
  FULFILLARR_REAL_DEBRID_TOKEN: 'rd-t',
};

function load(text: string | undefined, env: Record<string, string> = KEYS): Loaded {
  const readFile = () => {
    if (text === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ env, cwd: '/work', readFile });
}

function good(loaded: Loaded): Config {
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

test.each([
  ['config.example.yaml', exampleConfig],
  ['config.schema.json', () => `${JSON.stringify(configJsonSchema(), null, 2)}\n`],
  ['README.md', referenceMarkdown],
])('config/%s is up to date (to renew it: npm run docs)', (name, make) => {
  expect(readFileSync(join(ROOT, 'config', name), 'utf8')).toBe(make());
});

test('the reference has every key with its reason, default and variable', () => {
  const reference = referenceMarkdown();
  for (const { path, env, meta } of configKeys()) {
    expect(reference).toContain(`| \`${path.split('.').at(-1)}\`<br>\`${env}\` |`);
    expect(reference).toContain(meta.why.replace(/\|/g, '\\|').replace(/</g, '&lt;'));
  }
});

test('a line for editors is no key, and the schema knows it', () => {
  expect(good(load('$schema: ./config.schema.json\nlog: {level: debug}')).log.level).toBe('debug');
  expect(configJsonSchema()).toMatchObject({ properties: { $schema: { type: 'string' } } });
});

describe('the example', () => {
  test('is the defaults, with nothing to fill in but the three keys', () => {
    expect(good(load(exampleConfig()))).toEqual(good(load(undefined)));
    const untouched = load(exampleConfig(), {});
    expect(untouched.ok ? [] : untouched.problems.map(({ path }) => path)).toEqual([
      'seerr.apiKey',
      'jellyfin.apiKey',
      'realDebrid.token',
    ]);
  });

  test('shows and explains every key, in lines that fit a screen', () => {
    const example = exampleConfig();
    for (const key of configKeys().filter(({ path }) => !path.startsWith('selection.profiles.4k'))) {
      expect(example).toMatch(new RegExp(`^ *${key.segments.at(-1)}:`, 'm'));
      expect(example.replace(/\n *# /g, ' ')).toContain(key.meta.why);
      expect(key.meta.why).toMatch(/\.$/);
    }
    expect(example.split('\n').filter((line) => line.length > 100)).toEqual([]);
  });
});

describe('the printed configuration', () => {
  test('is read back to the same one', () => {
    const config = good(
      load('selection: {profiles: {anime: {acceptLowerAfter: 90m}}}\ntorrentio: {minInterval: 1001ms}'),
    );
    const printed = printConfig(config);
    const refilled = printed.replace(/(apiKey|token): "\*\*\*\*"/g, '$1: ""');
    expect(good(load(refilled))).toEqual(config);
    expect(load(printed, {})).toMatchObject({ ok: false, problems: [{ got: 'got a masked value' }, {}, {}] });
  });

  test('says what came from outside the file', () => {
    const loaded = load(undefined, { ...KEYS, FULFILLARR_HTTP_PORT: '81' });
    const printed = loaded.ok ? printConfig(loaded.config, loaded.sources) : '';
    expect(printed).toContain('  port: 81  # FULFILLARR_HTTP_PORT\n');
    expect(printed).toContain('  host: 127.0.0.1\n');
  });

  test('masks keys, also those inside addresses', () => {
    const addon = 'https://addon.example/eyJyZWFsZGVicmlkIjoiUkQifQ1/manifest.json';
    const env = {
      ...KEYS,
      FULFILLARR_TORRENTIO_URL: addon,
      FULFILLARR_TORRENTIO_PROXY: 'http://me:p%40ss@proxy.example:3128',
      FULFILLARR_TORRENTIO_OPTIONS: 'sort=size|realdebrid=ABCDEFGHIJKLMNOPQRST',
      FULFILLARR_HTTP_WEBHOOK_SECRET: 'Bearer hook-s',
    };
    const config = good(load(undefined, env));
    const printed = printConfig(config);
    expect(printed).toContain('url: https://addon.example/****\n');
    expect(printed).toContain('proxy: http://****@proxy.example:3128\n');
    const secrets = secretValues(config);
    for (const secret of [
      'seerr-k',
      'jelly-k',
      'rd-t',
      'Bearer hook-s',
      'eyJyZWFsZGVicmlkIjoiUkQifQ1',
      'p@ss',
      'p%40ss',
      'ABCDEFGHIJKLMNOPQRST',
      'sort%3Dsize%7Crealdebrid%3DABCDEFGHIJKLMNOPQRST',
    ]) {
      expect(secrets).toContain(secret);
      expect(printed).not.toContain(secret);
    }
    const settings = 'https://addon.example/sort=size%7Crealdebrid=ABCDEFGHIJKLMNOPQRST';
    expect(secretValues(good(load(undefined, { ...KEYS, FULFILLARR_TORRENTIO_URL: settings })))).toContain(
      'ABCDEFGHIJKLMNOPQRST',
    );
    const lengths = secrets.map((secret) => secret.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => b - a));
    expect(secretValues(good(load(undefined)))).toEqual(['seerr-k', 'jelly-k', 'rd-t']);
  });
});

test('no secret shows in a problem, a warning or the printed configuration, whatever else is wrong', () => {
  const secrets = configKeys().filter(({ meta }) => meta.secret);
  const value = fc.stringMatching(/^[!-~ \n]{0,3}Q9z[!-~ ]{4,20}Q9z[!-~ \n]{0,3}$/);
  fc.assert(
    fc.property(value, fc.constantFrom(...secrets), fc.boolean(), (text, key, asEnv) => {
      const [section = '', name = ''] = key.segments;
      const env: Record<string, string> = asEnv ? { ...KEYS, [key.env]: text } : { ...KEYS };
      if (!asEnv) delete env[key.env];
      const loaded = load(
        asEnv ? 'log: {level: loud}' : JSON.stringify({ [section]: { [name]: text }, cache: { streamsTtl: 1 } }),
        env,
      );
      const shown = loaded.ok
        ? printConfig(loaded.config, loaded.sources)
        : formatProblems(loaded.problems) + JSON.stringify(loaded.problems);
      expect(shown + loaded.warnings.join()).not.toContain('Q9z');
    }),
    { numRuns: 150 },
  );
});

describe('the JSON Schema', () => {
  test('knows every key with its default and reason, and marks the secrets', () => {
    const schema = configJsonSchema();
    for (const { segments, meta } of configKeys()) {
      const node = segments.reduce<unknown>(
        (at, segment) => (at as { properties: Record<string, unknown> }).properties[segment],
        schema,
      );
      expect(node).toMatchObject({ default: meta.byDefault, ...(meta.secret ? { writeOnly: true } : {}) });
      expect((node as { description: string }).description).toContain(meta.why);
    }
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false, title: 'fulfillarr' });
    expect(JSON.stringify(schema)).toContain('(?:ms|s|m|h|d)');
  });
});

/** The compose examples with the services that each explains. */
const composed: Record<string, string[]> = {
  'config/compose.example.yaml': ['seerr', 'jellyfin', 'zurg', 'rclone', 'fulfillarr'],
  'config/compose.decypharr.yaml': ['seerr', 'jellyfin', 'decypharr', 'fulfillarr'],
  'config/compose.minimal.yaml': ['fulfillarr'],
};

describe('the container files', () => {
  test('name only settings that there are', () => {
    const known = new Set(configKeys().flatMap(({ env }) => [env, `${env}_FILE`]));
    for (const file of ['Dockerfile', 'config/config.example.yaml', ...Object.keys(composed)]) {
      const names = readFileSync(join(ROOT, file), 'utf8').match(/FULFILLARR_\w{2,}/g) ?? [];
      expect(names.length).toBeGreaterThan(0);
      expect(names.filter((name) => !known.has(name))).toEqual([]);
    }
  });

  test.each(Object.entries(composed))('%s has the services it explains and starts with what it sets', (file, names) => {
    const compose = parse(readFileSync(join(ROOT, file), 'utf8'));
    expect(Object.keys(compose.services)).toEqual(names);
    const { fulfillarr } = compose.services;
    expect(fulfillarr).toMatchObject({ restart: 'unless-stopped', user: '1000:1000' });
    expect(fulfillarr.secrets ?? []).toEqual(Object.keys(compose.secrets ?? {}));
    const entries = Object.entries<string>(fulfillarr.environment);
    // As filled in by whoever copies it; empty ones are marked there.
    const env = Object.fromEntries(entries.map(([name, value]) => [name, value === '' ? 'a-key-filled-in' : value]));
    const readFile = (path: string): string => {
      const secret = path.replace('/run/secrets/', '');
      if ((fulfillarr.secrets ?? []).includes(secret)) return 'a-key-of-a-file';
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    };
    const loaded = loadConfig({ env, cwd: '/', readFile });
    expect([loaded.warnings, loaded.ok ? [] : loaded.problems]).toEqual([[], []]);
  });

  test('the image copies exactly what the build context lets through', () => {
    const ignore = readFileSync(join(ROOT, '.dockerignore'), 'utf8');
    const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');
    const allowed = [...ignore.matchAll(/^!(\S+)$/gm)].map(([, name]) => name);
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      ([, names]) => names?.split(' ') ?? [],
    );
    expect(copied.sort()).toEqual(allowed.sort());
  });
});
