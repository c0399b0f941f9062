import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type Config,
  configKeys,
  cronIntervals,
  formatDuration,
  formatProblem,
  formatProblems,
  type Loaded,
  type LoadInput,
  loadConfig,
  parseDuration,
  restartKeys,
} from '../../src/config/index.js';
import type { NameFilter, QualityProfile } from '../../src/domain/profile.js';

const KEYS = {
  FULFILLARR_SEERR_API_KEY: 'seerr-k',
  FULFILLARR_JELLYFIN_API_KEY: 'jelly-k',
  FULFILLARR_REAL_DEBRID_TOKEN: 'rd-t',
};
const FILLED = 'seerr: {apiKey: seerr-k}\njellyfin: {apiKey: jelly-k}\nrealDebrid: {token: rd-t}\n';

/** Loads from files in memory; `config` is the default file. */
function load(config: string | undefined, input: Partial<LoadInput> & { files?: Record<string, string> } = {}): Loaded {
  const files: Record<string, string> = { ...input.files };
  if (config !== undefined) files['/work/config/config.yaml'] = config;
  const readFile = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ env: {}, cwd: '/work', readFile, ...input });
}

function good(loaded: Loaded): Config {
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
}

function problems(loaded: Loaded): string[] {
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
}

/** The one problem of a file whose keys are filled in. */
function problemOf(yaml: string): string {
  const found = problems(load(yaml, { env: KEYS }));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['60m', 3_600_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    ['0s', 0],
    ['0', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  test.each(['', '5', '-5s', '1.5h', '5 m', '5M', '1h30m', 's', '5w', '99999999999999d', '٣s'])('%j is none', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  test('what is formatted is read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_650 * 86_400_000 }), (ms) => parseDuration(formatDuration(ms)) === ms),
    );
  });

  test('every unit and amount is read', () => {
    const sizes = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5 };
    const unit = fc.constantFrom(...(Object.keys(sizes) as (keyof typeof sizes)[]));
    fc.assert(fc.property(fc.nat(10_000), unit, (n, name) => parseDuration(`${n}${name}`) === n * sizes[name]));
  });

  test('a number without unit is refused with a hint, 0 is the same in every unit', () => {
    expect(problemOf('cache: {streamsTtl: 60}')).toBe(
      'config/config.yaml:1:21 cache.streamsTtl: got 60; allowed: a duration (500ms, 30s, 60m, 24h, 7d) up to 30d; ' +
        '0s is allowed; add the unit: 60s for seconds, 60m for minutes',
    );
    expect(problemOf('cache: {streamsTtl: "5 minutes"}')).toContain('write 5m');
    expect(problemOf('realDebrid: {probeWait: 2m}')).toContain('up to 1m');
    expect(problemOf('search: {backoff: [5m, 15, 1h]}')).toContain('search.backoff[1]: got 15');
    expect(problemOf('search: {backoff: []}')).toContain('at least one');
    expect(good(load('cache: {streamsTtl: 0}', { env: KEYS })).cache.streamsTtl).toBe(0);
  });

  test('every wait accepts zero and milliseconds', () => {
    const waits = configKeys().filter(({ meta }) => meta.kind === 'duration' || meta.kind === 'durations');
    expect(waits.length).toBeGreaterThan(20);
    for (const value of ['0s', '0', '7ms']) {
      const env = Object.fromEntries(waits.map((key) => [key.env, value]));
      expect(problems(load(undefined, { env: { ...KEYS, ...env } }))).toEqual([]);
    }
  });
});

describe('precedence', () => {
  const file = `${FILLED}data: {dir: from-file}\nlog: {level: warn}\nhttp: {port: 1}\n`;

  test('flags before env before file before default', () => {
    const env = { FULFILLARR_DATA_DIR: 'from-env', FULFILLARR_LOG_LEVEL: 'error' };
    const loaded = load(file, { env, flags: { 'data.dir': 'from-flag', 'log.level': undefined } });
    expect(good(loaded)).toMatchObject({
      data: { dir: 'from-flag' },
      log: { level: 'error', format: 'text' },
      http: { port: 1 },
    });
    const sources = loaded.ok ? loaded.sources : new Map();
    expect(sources.get('data.dir')).toEqual({ from: 'flag', name: '--data' });
    expect(sources.get('log.level')).toEqual({ from: 'env', name: 'FULFILLARR_LOG_LEVEL' });
    expect(sources.get('http.port')).toEqual({ from: 'file', name: 'config/config.yaml' });
    expect(sources.get('log.format')).toEqual({ from: 'default', name: '' });
  });

  test('the file may be moved by flag and variable', () => {
    const files = { '/etc/a.yaml': FILLED, '/work/b.yaml': file };
    expect(load(undefined, { path: '/etc/a.yaml', files })).toMatchObject({ ok: true, file: '/etc/a.yaml' });
    const moved = load(undefined, { env: { FULFILLARR_CONFIG: 'b.yaml' }, files });
    expect(moved).toMatchObject({ ok: true, file: '/work/b.yaml', warnings: [] });
  });

  test('a file that was named must be there', () => {
    expect(problems(load(undefined, { env: KEYS, path: 'gone.yaml' }))).toEqual([
      'gone.yaml: cannot be read: there is no such file; allowed: a readable YAML file',
    ]);
    const [problem] = problems(load(undefined, { env: { ...KEYS, FULFILLARR_CONFIG: '/config/x.yaml' } }));
    expect(problem).toContain('/config/x.yaml: cannot be read (named by FULFILLARR_CONFIG)');
  });

  test('a folder in place of the file is told apart from no file', () => {
    const readFile = () => {
      throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
    };
    expect(problems(load(undefined, { env: KEYS, readFile }))[0]).toContain('it is a folder');
  });

  test('environment alone is enough', () => {
    expect(load(undefined, { env: KEYS })).toMatchObject({ ok: true, file: null, warnings: [] });
  });

  test('nothing at all gives one message that says what to do', () => {
    const found = problems(load(undefined));
    expect(found).toHaveLength(1);
    for (const part of [
      'config/config.yaml',
      'config/config.example.yaml',
      'fulfillarr config example',
      'seerr.apiKey (in Seerr: Settings > General > API Key)',
      'jellyfin.apiKey (in Jellyfin: Dashboard > API Keys)',
      'realDebrid.token (at https://real-debrid.com/apitoken)',
      'FULFILLARR_SEERR_API_KEY',
      '_FILE',
    ]) {
      expect(found[0]).toContain(part);
    }
    const partly = problems(load(undefined, { env: { FULFILLARR_SEERR_API_KEY: 'k', FULFILLARR_HTTP_PORT: 'x' } }));
    expect(partly).toHaveLength(2);
    expect(partly[0]).not.toContain('seerr.apiKey');
    expect(partly[1]).toContain('FULFILLARR_HTTP_PORT http.port: got "x"');
  });
});

describe('environment', () => {
  test('names follow the path', () => {
    const names = configKeys().map(({ path, env }) => [path, env]);
    expect(names).toContainEqual(['seerr.apiKey', 'FULFILLARR_SEERR_API_KEY']);
    expect(names).toContainEqual(['realDebrid.token', 'FULFILLARR_REAL_DEBRID_TOKEN']);
    expect(names).toContainEqual(['realDebrid.nameFilter.mode', 'FULFILLARR_REAL_DEBRID_NAME_FILTER_MODE']);
    expect(names).toContainEqual([
      'selection.profiles.4k.maxSizeGb.movie',
      'FULFILLARR_SELECTION_PROFILES_4K_MAX_SIZE_GB_MOVIE',
    ]);
    expect(new Set(names.map(([, env]) => env)).size).toBe(names.length);
  });

  test('texts become the values of their keys', () => {
    const env = {
      ...KEYS,
      FULFILLARR_HTTP_PORT: ' 9000 ',
      FULFILLARR_HTTP_ENABLED: 'off',
      FULFILLARR_SEARCH_BACKOFF: '1m, 2h',
      FULFILLARR_SERVICES_BACKOFF: '["3s"]',
      FULFILLARR_TORRENTIO_OPTIONS: 'sort=qualitysize|qualityfilter=scr,cam',
      FULFILLARR_REAL_DEBRID_NAME_FILTER_CONTAINS: 'one,two,',
      FULFILLARR_SELECTION_PROFILES_DEFAULT_QUALITIES: '[{"resolution":"480p","sources":["dvd"]}]',
      FULFILLARR_SELECTION_PROFILES_DEFAULT_GROUPS_PREFER: '{"VODO": 20}',
    };
    const config = good(load(undefined, { env }));
    expect(config.http).toMatchObject({ port: 9000, enabled: false });
    expect(config.search.backoff).toEqual([60_000, 7_200_000]);
    expect(config.services.backoff).toEqual([3000]);
    expect(config.torrentio.options).toBe('sort=qualitysize|qualityfilter=scr,cam');
    expect(config.realDebrid.nameFilter.contains).toEqual(['one', 'two']);
    expect(config.selection.profiles.default.qualities).toEqual([{ resolution: '480p', sources: ['dvd'] }]);
    expect(config.selection.profiles.default.groups.prefer).toEqual({ VODO: 20 });
  });

  test('empty means unset', () => {
    const env = { FULFILLARR_SEERR_URL: '', FULFILLARR_SEERR_API_KEY_FILE: ' ', FULFILLARR_CONFIG: '' };
    const yaml = `${FILLED}http:\n  port: 7\n  host:\nlog:\n`;
    expect(good(load(yaml, { env }))).toMatchObject({
      seerr: { url: 'http://seerr:5055' },
      http: { port: 7, host: '127.0.0.1' },
    });
  });

  test('_FILE holds the path of the value, one trailing newline is dropped', () => {
    const env = {
      ...KEYS,
      FULFILLARR_SEERR_API_KEY: '',
      FULFILLARR_SEERR_API_KEY_FILE: 'secrets/seerr',
      FULFILLARR_HTTP_PORT_FILE: '/p',
    };
    const config = good(load(undefined, { env, files: { '/work/secrets/seerr': 'from-file\r\n', '/p': '81\n' } }));
    expect(config.seerr.apiKey).toBe('from-file');
    expect(config.http.port).toBe(81);
  });

  test('the exact name of a key goes before the _FILE reading', () => {
    const env = { ...KEYS, FULFILLARR_LOG_FILE: 'out.log' };
    expect(load(undefined, { env })).toMatchObject({ ok: true, warnings: [], config: { log: { file: 'out.log' } } });
    const twice = { ...KEYS, FULFILLARR_LOG_FILE_FILE: '/where' };
    expect(good(load(undefined, { env: twice, files: { '/where': 'x.log\n' } })).log.file).toBe('x.log');
  });

  test('a name and its _FILE, and a _FILE that cannot be read, are errors', () => {
    const env = { ...KEYS, FULFILLARR_REAL_DEBRID_TOKEN_FILE: '/rd', FULFILLARR_HTTP_PORT_FILE: 'S3CRETS3CRET' };
    const found = problems(load(undefined, { env, files: { '/rd': 'x' } }));
    expect(found).toEqual([
      'FULFILLARR_REAL_DEBRID_TOKEN_FILE realDebrid.token: FULFILLARR_REAL_DEBRID_TOKEN is set as well; allowed: one of the two',
      'FULFILLARR_HTTP_PORT_FILE http.port: the file it names cannot be read (ENOENT); allowed: the path of a readable file; ' +
        'FULFILLARR_HTTP_PORT takes the value itself',
    ]);
    const unreadable = problems(
      load(FILLED.replace('seerr-k', '""'), { env: { FULFILLARR_SEERR_API_KEY_FILE: 'the-key-itself' } }),
    );
    expect(unreadable).toHaveLength(1);
    expect(unreadable[0]).not.toContain('the-key-itself');
  });

  test('unknown names warn with the nearest; those of Kubernetes do not', () => {
    const env = {
      ...KEYS,
      FULFILLARR_SEER_API_KEY: 'x',
      FULFILLARR_QQQQ: 'x',
      FULFILLARR_SEERR: 'x',
      FULFILLARR_PORT: 'tcp://10.0.0.1:8484',
      FULFILLARR_PORT_8484_TCP_ADDR: '10.0.0.1',
      FULFILLARR_SERVICE_HOST: '10.0.0.1',
      OTHER: 'x',
    };
    const { warnings } = load(undefined, { env });
    expect(warnings[0]).toContain(
      'FULFILLARR_SEER_API_KEY: no such setting, so it has no effect; did you mean FULFILLARR_SEERR_API_KEY?',
    );
    expect(warnings[1]).toBe('FULFILLARR_QQQQ: no such setting, so it has no effect');
    expect(warnings).toHaveLength(3);
  });

  test('profiles of the file can be set, too', () => {
    const yaml = `${FILLED}selection: {profiles: {short-films: {maxCandidates: 2}}}`;
    const env = { FULFILLARR_SELECTION_PROFILES_SHORT_FILMS_MAX_CANDIDATES: '5' };
    expect(good(load(yaml, { env })).selection.profiles['short-films']?.maxCandidates).toBe(5);
  });

  test('every default survives the way through the environment', () => {
    const byDefault = good(load(undefined, { env: KEYS }));
    const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
    const all = configKeys().filter(({ meta }) => meta.required === undefined);
    fc.assert(
      fc.property(fc.subarray(all), (some) => {
        const env = Object.fromEntries(some.map((key) => [key.env, asText(key.meta.byDefault)]));
        expect(good(load(undefined, { env: { ...KEYS, ...env } }))).toEqual(byDefault);
      }),
      { numRuns: 30 },
    );
  });

  test('any list and number comes through the environment as it is in the file', () => {
    const word = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,11}$/);
    fc.assert(
      fc.property(fc.array(word), fc.integer({ min: 0, max: 65_535 }), (words, port) => {
        const env = {
          ...KEYS,
          FULFILLARR_REAL_DEBRID_NAME_FILTER_DOTTED: words.join(','),
          FULFILLARR_HTTP_PORT: `${port}`,
        };
        const file = `realDebrid: {nameFilter: {dotted: ${JSON.stringify(words)}}}\nhttp: {port: ${port}}`;
        // No word at all is an empty variable, which means unset.
        if (words.length > 0) expect(good(load(undefined, { env }))).toEqual(good(load(file, { env: KEYS })));
      }),
      { numRuns: 50 },
    );
  });
});

describe('problems', () => {
  const MANY = `seerr:
  url: seerr:5055
  apikey: abc
  complete: scan-then-marks
jellyfin: text
torrentio:
  url: https://user:hunter2@addon.example/
realDebrid:
  token: 12345678901234567890
  requestsPerMinute: "200"
poll: x
seerr.url: x
library:
  scan: yes
selection:
  profile: defualt
  profiles:
    default:
      qualities: [{resolution: 1080p, sources: [blueray]}]
      sizeMbPerMin: {99p: [1, 2]}
`;

  test('all are reported at once, in the order of the file, each with its place', () => {
    const found = problems(load(MANY));
    expect(found.map((line) => line.split(/: (?=got|unknown|not|there)/)[0])).toEqual([
      'config/config.yaml:1:1 seerr.apiKey',
      'config/config.yaml:2:8 seerr.url',
      'config/config.yaml:3:3 seerr.apikey',
      'config/config.yaml:4:13 seerr.complete',
      'config/config.yaml:5:11 jellyfin',
      'config/config.yaml:7:8 torrentio.url',
      'config/config.yaml:9:10 realDebrid.token',
      'config/config.yaml:10:22 realDebrid.requestsPerMinute',
      'config/config.yaml:11:1 poll',
      'config/config.yaml:12:1 seerr.url',
      'config/config.yaml:14:9 library.scan',
      'config/config.yaml:16:12 selection.profile',
      'config/config.yaml:19:49 selection.profiles.default.qualities[0].sources[0]',
      'config/config.yaml:20:22 selection.profiles.default.sizeMbPerMin.99p',
    ]);
  });

  test('each says what would do', () => {
    const text = problems(load(MANY)).join('\n');
    for (const part of [
      'seerr.apikey: unknown key; did you mean apiKey?',
      'write http://seerr:5055',
      'did you mean scan-then-mark?',
      'leave the user name and password out',
      'put it in quotes',
      'write it without quotes',
      'poll: unknown key; did you mean schedule.poll?',
      'seerr.url: unknown key; did you mean seerr.url?',
      'write true',
      'there is no profile defualt; allowed: default, 4k; did you mean default?',
      'did you mean bluray?',
      'in Seerr: Settings > General > API Key; or set FULFILLARR_SEERR_API_KEY, or FULFILLARR_SEERR_API_KEY_FILE',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('hunter2');
    expect(text).not.toContain('12345678901234567890');
  });

  test.each([
    ['a: [1,\nb: 2', /config\.yaml:2:1: not valid YAML/],
    ['seerr:\n\turl: x', /config\.yaml:2:1: a tab; allowed: spaces/],
    ['seerr:\n  apiKey: ****', /config\.yaml:\d+:\d+: /],
    ['seerr:\n  apiKey: *abcdef', /an alias without its anchor/],
    ['seerr:\n  apiKey: @abcdef', /config\.yaml:2:11: not valid YAML.*in quotes/],
    ['- seerr', /config\.yaml:1:1: no sections/],
    ['seerr', /config\.yaml:1:1: no sections/],
  ])('%j is placed', (yaml, expected) => {
    const found = problems(load(yaml));
    expect(found.join('\n')).toMatch(expected);
    expect(found.join('\n')).not.toMatch(/abcdef/);
  });

  test('a key that is there twice is an error, and the rest is checked all the same', () => {
    const found = problems(load('http:\n  port: 1\n  port: 2\n  host: a b\n', { env: KEYS }));
    expect(found).toEqual([
      'config/config.yaml:3:3: the key port is there twice; allowed: each key once in its section',
      expect.stringContaining('config/config.yaml:4:9 http.host: got "a b"'),
    ]);
  });

  test.each(['"****"', 'xxxxx', '<redacted>', '"abc***xyz"', 'changeme', '<your key>', '[redacted]'])(
    'the masked secret %s is refused',
    (value) =>
      expect(
        problemOf(
          `seerr: {apiKey: ${JSON.stringify(value.replaceAll('"', ''))}}`
            .replace('seerr', 'http')
            .replace('apiKey', 'webhookSecret'),
        ),
      ).toContain('http.webhookSecret: got a masked value'),
  );

  test.each([
    ['"two words"', 'there is a space'],
    [`"'quoted'"`, 'drop the quotes'],
    ['"käse"', 'non-ASCII'],
  ])('the secret %s is refused without being repeated', (value, reason) => {
    const [problem = ''] = problems(load(FILLED.replace('rd-t', value)));
    expect(problem).toContain(reason);
    expect(problem).not.toMatch(/two words|quoted'|käse/);
  });

  test('a key that slipped into another place is not repeated', () => {
    const token = 'ABCDEFGHIJKLMNOP1234567890';
    const yaml = `seerr:\n  url: http://seerr:5055\n    apiKey:${token}\nlog:\n  level: ${token}\n${token}: 1\n`;
    expect(problems(load(yaml, { env: KEYS })).join('\n')).not.toContain(token);
  });
});

describe('values', () => {
  test.each([
    ['seerr:5055', 'write http://seerr:5055'],
    ['http:/seerr', 'start it with http://'],
    ['ftp://seerr', 'it starts with ftp://'],
    ['http://', 'start it with http://'],
    ['http://seerr:99999', 'no valid host name or port'],
    ['http://se err', 'there is a space'],
    ['http://seerr?x=1', 'leave out what follows ?'],
    ['http://seerr/api/v1/', 'leave out /api/v1'],
    ['http://me:pw@seerr', 'leave the user name and password out'],
  ])('seerr.url %s is refused', (url, reason) => {
    const problem = problemOf(`seerr: {url: ${JSON.stringify(url)}}`);
    expect(problem).toContain(reason);
    expect(problem).not.toContain('pw@');
  });

  test('addresses end without a slash, that of an addon without its manifest', () => {
    const yaml =
      'seerr: {url: "https://x.example/seerr//"}\ntorrentio: {url: "https://a.example/manifest.json", proxy: "socks5://me:pw@h:1080"}';
    const config = good(load(yaml, { env: KEYS }));
    expect(config.seerr.url).toBe('https://x.example/seerr');
    expect(config.torrentio).toMatchObject({ url: 'https://a.example', proxy: 'socks5://me:pw@h:1080' });
    expect(problemOf('torrentio: {proxy: "ftp://me:pw@h"}')).not.toContain('pw');
  });

  test.each([
    '*/90 * * * * *',
    '*/45 * * * * *',
    '0-59/7 * * * * *',
    '0 */50 * * * *',
    '*/7 * * * *',
    '0 */5 * * *',
    '0 0 */2 * *',
    '1,*/7 * * * * *',
  ])('cron %s is not what it looks like', (poll) =>
    expect(problemOf(`schedule: {poll: "${poll}"}`)).toContain('steps that divide it'),
  );

  test.each(['* * *', '61 * * * * *', '@every 30s', 'soon', '0 0 30 2 *'])('cron %s is none', (poll) =>
    expect(problemOf(`schedule: {poll: "${poll}"}`)).toContain('schedule.poll: got'),
  );

  test.each([
    '*/30 * * * * *',
    '*/5 * * * *',
    '0 0 * * mon',
    '@hourly',
    '0-30/7 * * * * *',
    '0 0 L * *',
    '*/1 * * * *',
  ])('cron %s is one', (poll) =>
    expect(good(load(`schedule: {poll: "${poll}"}`, { env: KEYS })).schedule.poll).toBe(poll),
  );

  test('the pauses between two firings are known', () => {
    expect(cronIntervals('*/30 * * * * *')).toEqual({ shortest: 30_000, longest: 30_000 });
    expect(cronIntervals('* * * * * *')).toEqual({ shortest: 1000, longest: 1000 });
    expect(cronIntervals('0 8,20,21 * * *')).toEqual({ shortest: 3_600_000, longest: 43_200_000 });
    expect(cronIntervals('0 3 * * *')).toEqual({ shortest: 86_400_000, longest: 86_400_000 });
  });

  test('a poll each second and more calls than Real-Debrid takes are accepted with a warning', () => {
    const yaml = 'schedule:\n  poll: "* * * * * *"\nrealDebrid: {requestsPerMinute: 100000}\n';
    const { ok, warnings } = load(yaml, { env: KEYS });
    expect(ok).toBe(true);
    expect(warnings).toEqual([
      expect.stringContaining('config/config.yaml:2:9 schedule.poll: looks every 1s'),
      expect.stringContaining('config/config.yaml:3:33 realDebrid.requestsPerMinute: 100000 is above'),
    ]);
    expect(load(undefined, { env: KEYS }).warnings).toEqual([]);
  });

  test.each([
    ['schedule: {timezone: Mars}', 'no such time zone'],
    ['data: {dir: ~/data}', '~ is not expanded'],
    ['data: {dir: "  "}', 'name a folder'],
    ['http: {host: "http://0.0.0.0"}', 'only the address'],
    ['http: {port: 65536}', 'a whole number from 0 to 65535'],
    ['http: {port: 1.5}', 'a whole number from 0 to 65535'],
    ['torrentio: {options: "/sort=size/"}', 'only the part between two slashes'],
    ['selection: {profile4k: default}', 'whose tiers are all 2160p'],
    ['selection: {profiles: {4k: {qualities: [{resolution: 1080p, sources: [web]}]}}}', 'whose tiers are all 2160p'],
    ['selection: {profiles: {Anime: {}}}', 'not a profile name'],
    ['selection: {profiles: {default: {sizeMbPerMin: {1080p: [9, 2]}}}}', 'in MB per minute of runtime'],
    ['selection: {profiles: {default: {languages: {requireAny: [english]}}}}', 'language codes such as en'],
    ['selection: {profiles: {default: {quality: 1}}}', 'unknown key; did you mean qualities?'],
  ])('%s is refused', (yaml, reason) => expect(problemOf(yaml)).toContain(reason));

  test('profiles: the built-in ones stay, others start from the standard one, aliases and merges work', () => {
    const yaml = `selection:
  profile: small
  profiles:
    small: &small
      qualities: [{resolution: 720p, sources: [web]}]
      uncached: {allow: false}
    smaller:
      <<: *small
      maxCandidates: 1
`;
    const { profiles } = good(load(yaml, { env: KEYS })).selection;
    expect(Object.keys(profiles).sort()).toEqual(['4k', 'default', 'small', 'smaller']);
    expect(profiles.small).toEqual({
      ...profiles.default,
      qualities: [{ resolution: '720p', sources: ['web'] }],
      uncached: { allow: false, minSeeders: 5 },
    });
    expect(profiles.smaller).toEqual({ ...profiles.small, maxCandidates: 1 });
    expect(profiles['4k'].qualities.every(({ resolution }) => resolution === '2160p')).toBe(true);
  });

  test('the result has the domain types and cannot be changed', () => {
    const config = good(load(undefined, { env: KEYS }));
    const profile: QualityProfile | undefined = config.selection.profiles[config.selection.profile];
    const filter: NameFilter = config.realDebrid.nameFilter;
    expect(profile?.acceptLowerAfter).toBe(0);
    expect(filter.remember).toBe(604_800_000);
    expect(Object.isFrozen(profile?.qualities[0]?.sources)).toBe(true);
    expect(Object.isFrozen(config.search.backoff)).toBe(true);
    const other = good(load('http: {port: 1}', { env: KEYS }));
    expect(other.selection).toEqual(config.selection);
  });

  test('the keys that need a restart are known', () => {
    expect(restartKeys).toEqual(expect.arrayContaining(['data.dir', 'http.port', 'log.file']));
    expect(restartKeys).not.toContain('log.level');
  });
});
