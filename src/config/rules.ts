import { tokenObstacle } from '../domain/addonOptions.js';
import { cronIntervals } from './cron.js';
import { formatDuration } from './duration.js';
import { isRecord } from './file.js';
import { valueAt } from './issues.js';
import { linkMisfits } from './linksSchema.js';
import { nearest } from './nearest.js';
import type { Config } from './schema.js';
import { characterOf, PROFILE_NAME } from './selection.js';

/** What one key's schema cannot see: how keys fit together. Works on what was written, so that it reports along with the rest. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  readonly what: 'value' | 'key';
  readonly got: string;
  readonly allowed: string;
  readonly suggestion?: string;
}

const PROFILES = ['selection', 'profiles'];

/** The quality profiles that there are: the built-in ones and those of the file. */
export function profileNames(raw: unknown): string[] {
  const written = valueAt(raw, PROFILES);
  return [...new Set(['default', '4k', ...(isRecord(written) ? Object.keys(written) : [])])];
}

export function misfits(raw: unknown): Misfit[] {
  const names = profileNames(raw);
  return [
    ...names.filter((name) => !PROFILE_NAME.test(name)).map(badName),
    ...linkMisfits(raw),
    ...choices(raw).flatMap((choice) => [...missingProfile(choice, names), ...notFourK(choice, raw, names)]),
  ];
}

/** A place of the file that names the profile for some requests. */
interface Choice {
  readonly path: readonly (string | number)[];
  readonly profile: unknown;
  /** 4K requests can end up here. */
  readonly fourK: boolean;
  /** What helps when they must not. */
  readonly suggestion?: string;
}

function choices(raw: unknown): Choice[] {
  const of = (name: string, byDefault: string) => {
    const path = ['selection', name];
    return { path, profile: valueAt(raw, path) ?? byDefault, fourK: name === 'profile4k' };
  };
  return [
    of('profile', 'default'),
    of('profileSeries', ''),
    of('profileAnime', ''),
    of('profile4k', '4k'),
    ...ruleChoices(raw),
  ];
}

function ruleChoices(raw: unknown): Choice[] {
  const path = ['selection', 'rules'];
  const rules = valueAt(raw, path);
  if (!Array.isArray(rules)) return [];
  return rules.map((rule, place) => {
    const tier = valueAt(rule, ['tier']);
    const choice = {
      path: [...path, place, 'profile'],
      profile: valueAt(rule, ['profile']),
      fourK: tier !== 'standard',
    };
    return tier === undefined ? { ...choice, suggestion: 'or add tier: standard to the rule' } : choice;
  });
}

function badName(name: string): Misfit {
  const allowed = 'profile names of lower case letters, digits and dashes';
  return { path: [...PROFILES, name], what: 'key', got: 'not a profile name', allowed };
}

function missingProfile({ path, profile: chosen }: Choice, names: readonly string[]): Misfit[] {
  if (typeof chosen !== 'string' || names.includes(chosen) || !PROFILE_NAME.test(chosen)) return [];
  const meant = nearest(chosen, names);
  const suggestion = meant === undefined ? {} : { suggestion: `did you mean ${meant}?` };
  return [{ path, what: 'value', got: `there is no profile ${chosen}`, allowed: names.join(', '), ...suggestion }];
}

/** A 4K request filled with less is never seen as fulfilled: it would be searched for ever. */
function notFourK(choice: Choice, raw: unknown, names: readonly string[]): Misfit[] {
  const { path, profile: chosen, fourK, suggestion } = choice;
  if (!fourK || typeof chosen !== 'string' || !names.includes(chosen)) return [];
  const tiers = valueAt(raw, [...PROFILES, chosen, 'qualities']) ?? characterOf(chosen).qualities;
  const resolutions = Array.isArray(tiers) ? tiers.map((tier) => valueAt(tier, ['resolution'])) : [];
  const lower = resolutions.find((resolution) => typeof resolution === 'string' && resolution !== '2160p');
  if (lower === undefined) return [];
  const got = `the profile ${chosen} has a tier of another resolution`;
  const allowed = 'for 4K requests a profile whose tiers are all 2160p';
  return [{ path, what: 'value', got, allowed, ...(suggestion === undefined ? {} : { suggestion }) }];
}

/** Allowed, and still worth a word. */
export function cautions(config: Config): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  const { shortest } = cronIntervals(config.schedule.poll);
  if (shortest < 10_000) {
    const pause = formatDuration(shortest);
    found.push({ path: 'schedule.poll', text: `looks every ${pause}; below 10s it mostly costs calls` });
  }
  const calls = config.realDebrid.requestsPerMinute;
  if (calls > 250) {
    const text = `${calls} is above Real-Debrid's limit of 250; the real service answers with a ban`;
    found.push({ path: 'realDebrid.requestsPerMinute', text });
  }
  const { torrentio } = config;
  const obstacle = torrentio.cachedHints === 'own-token' ? tokenObstacle(torrentio) : null;
  if (obstacle !== null) found.push({ path: 'torrentio.cachedHints', text: obstacles[obstacle] });
  const behind = config.selection.rules.findIndex(isUnconditional) + 1;
  if (behind > 0 && behind < config.selection.rules.length) {
    const text = `rule ${behind} holds for every request, so those behind it never decide`;
    found.push({ path: 'selection.rules', text });
  }
  return found;
}

const obstacles = {
  'has-key': 'torrentio.options holds a realdebrid key already: that one is used, realDebrid.token is not sent',
  'not-pairs':
    'torrentio.options is not made of key=value pairs joined by |, so realDebrid.token cannot be added to it',
  'in-url': 'torrentio.url holds settings, so realDebrid.token cannot be added; move them into torrentio.options',
} as const;

const isUnconditional = (rule: object): boolean => Object.keys(rule).every((name) => name === 'profile');
