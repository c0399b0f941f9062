import { describe, expect, test } from '@jest/globals';
import { formatProblem, formatProblems, type Loaded, loadConfig } from '../../src/config/index.js';

const KEYS = {
  FULFILLARR_SEERR_API_KEY: 'seerr-k',
  FULFILLARR_JELLYFIN_API_KEY: 'jelly-k',
  FULFILLARR_REAL_DEBRID_TOKEN: 'rd-t',
};

const load = (yaml: string, env: Record<string, string> = {}): Loaded =>
  loadConfig({ env: { ...KEYS, ...env }, cwd: '/work', readFile: () => yaml });
const good = (loaded: Loaded) => {
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded;
};
const problems = (yaml: string): string[] => {
  const loaded = load(yaml);
  return loaded.ok ? [] : loaded.problems.map(formatProblem);
};

describe('which profile', () => {
  test('by default all but 4K goes by one profile', () => {
    const { selection } = good(load('')).config;
    expect(selection).toMatchObject({
      profile: 'default',
      profileSeries: '',
      profileAnime: '',
      profile4k: '4k',
      rules: [],
    });
  });

  test('rules in the file, and in the environment as JSON', () => {
    const rules = [
      { requestedBy: [3], keywords: ['christmas', 210024], type: 'movie', tier: 'standard', profile: 'default' },
      { tier: '4k', profile: '4k' },
    ];
    const yaml = `selection:
  rules:
    - {requestedBy: [3], keywords: [christmas, 210024], type: movie, tier: standard, profile: default}
    - {tier: 4k, profile: 4k}
`;
    expect(good(load(yaml)).config.selection.rules).toEqual(rules);
    const env = { FULFILLARR_SELECTION_RULES: JSON.stringify(rules) };
    expect(good(load('', env)).config.selection.rules).toEqual(rules);
  });

  test.each([
    ['profileSeries: defualt', '1:28 selection.profileSeries: there is no profile defualt', 'did you mean default?'],
    ['profileAnime: smal, profiles: {small: {}}', 'selection.profileAnime: there is no profile smal', 'mean small?'],
    [
      'rules: [{tier: standard, profile: smal}], profiles: {small: {}}',
      '1:47 selection.rules[0].profile: there is no profile smal; allowed: default, 4k, small',
      'did you mean small?',
    ],
    [
      'rules: [{tier: standard, profile: default}, {tier: 4k, profile: default}]',
      'selection.rules[1].profile: the profile default has a tier of another resolution',
      'whose tiers are all 2160p',
    ],
    ['rules: [{requestedBy: [3], profile: default}]', 'has a tier of another', 'or add tier: standard to the rule'],
    ['rules: [{requestedBy: 3, tier: standard, profile: default}]', 'selection.rules[0].requestedBy', 'user ids'],
    ['rules: [{requestedBy: [], tier: standard, profile: default}]', 'selection.rules[0].requestedBy', 'user ids'],
    ['rules: [{keywords: [""], tier: standard, profile: default}]', 'selection.rules[0].keywords[0]', 'keyword names'],
    ['rules: [{type: show, tier: standard, profile: default}]', 'selection.rules[0].type', 'movie | series | anime'],
    ['rules: [{tier: standard}]', 'selection.rules[0].profile', 'a name below'],
    ['rules: [{tier: standard, user: 3, profile: default}]', 'selection.rules[0].user: unknown key', 'requestedBy'],
    [
      'profiles: {default: {languages: {requireAny: [eng]}}}',
      'selection.profiles.default.languages.requireAny[0]',
      'two-letter language codes',
    ],
    ['rules: default', 'selection.rules: got "default"', 'a list of'],
  ])('%s', (text, where, help) => {
    const found = problems(`selection: {${text}}\n`);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(where);
    expect(found[0]).toContain(help);
  });

  test('a rule that nothing gets past is worth a word', () => {
    const { warnings } = good(load('selection: {rules: [{profile: 4k}, {tier: standard, profile: default}]}'));
    expect(warnings).toEqual([expect.stringContaining('rule 1 holds for every request')]);
  });
});

describe('torrentio.cachedHints', () => {
  test.each([
    ['{}', null],
    ['{cachedHints: own-token}', null],
    ['{cachedHints: own-token, options: sort=size|providers=yts}', null],
    ['{options: realdebrid=ABCDEFGHIJKLMNOP}', null],
    ['{cachedHints: own-token, options: sort=size|realdebrid=ABCDEFGHIJKLMNOP}', 'holds a realdebrid key already'],
    ['{cachedHints: own-token, options: sort=size%7CRealDebrid%3DABCDEFGHIJKLMNOP}', 'holds a realdebrid key already'],
    ['{cachedHints: own-token, options: lite}', 'not made of key=value pairs'],
    ['{cachedHints: own-token, url: "https://addon.example/sort=size/manifest.json"}', 'move them into'],
  ])('%s', (text, caution) => {
    const { warnings } = good(load(`torrentio: ${text}\n`));
    expect(warnings).toEqual(caution === null ? [] : [expect.stringContaining(caution)]);
    expect(warnings.join()).not.toContain('ABCDEFGHIJKLMNOP');
  });
});
