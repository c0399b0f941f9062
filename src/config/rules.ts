import { cronIntervals } from './cron.js';
import { formatDuration } from './duration.js';
import { isRecord } from './file.js';
import { valueAt } from './issues.js';
import { nearest } from './nearest.js';
import type { Config } from './schema.js';
import { characterOf, PROFILE_NAME } from './selection.js';

/** What one key's schema cannot see: how keys fit together. Works on what was written, so that it reports along with the rest. */
export interface Misfit {
  readonly path: readonly string[];
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
    ...missingProfile(raw, 'profile', 'default', names),
    ...missingProfile(raw, 'profile4k', '4k', names),
    ...notFourK(raw, names),
  ];
}

function badName(name: string): Misfit {
  const allowed = 'profile names of lower case letters, digits and dashes';
  return { path: [...PROFILES, name], what: 'key', got: 'not a profile name', allowed };
}

function missingProfile(raw: unknown, key: string, byDefault: string, names: readonly string[]): Misfit[] {
  const path = ['selection', key];
  const chosen = valueAt(raw, path) ?? byDefault;
  if (typeof chosen !== 'string' || names.includes(chosen) || !PROFILE_NAME.test(chosen)) return [];
  const meant = nearest(chosen, names);
  const suggestion = meant === undefined ? {} : { suggestion: `did you mean ${meant}?` };
  return [{ path, what: 'value', got: `there is no profile ${chosen}`, allowed: names.join(', '), ...suggestion }];
}

/** A 4K request filled with less is never seen as fulfilled: it would be searched for ever. */
function notFourK(raw: unknown, names: readonly string[]): Misfit[] {
  const path = ['selection', 'profile4k'];
  const chosen = valueAt(raw, path) ?? '4k';
  if (typeof chosen !== 'string' || !names.includes(chosen)) return [];
  const tiers = valueAt(raw, [...PROFILES, chosen, 'qualities']) ?? characterOf(chosen).qualities;
  const resolutions = Array.isArray(tiers) ? tiers.map((tier) => valueAt(tier, ['resolution'])) : [];
  const lower = resolutions.find((resolution) => typeof resolution === 'string' && resolution !== '2160p');
  if (lower === undefined) return [];
  const got = `the profile ${chosen} has a tier of another resolution`;
  return [{ path, what: 'value', got, allowed: 'a profile whose tiers are all 2160p' }];
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
  return found;
}
