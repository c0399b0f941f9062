import type { Keyword, Tier } from '../media.js';

/** The keys of `selection` that say which quality profile a request gets. */
export interface ProfileKeys {
  profile: string;
  /** Empty = as `profile`. */
  profileSeries: string;
  /** Empty = as other series. */
  profileAnime: string;
  profile4k: string;
  rules: readonly ProfileRule[];
}

/** A condition that is not stated always holds; of a list, one entry is enough. */
export interface ProfileRule {
  /** Seerr's user ids. */
  requestedBy?: readonly number[] | undefined;
  /** TMDB keywords: names in any case, or ids. */
  keywords?: readonly (string | number)[] | undefined;
  /** `series` is every show, anime too. */
  type?: 'movie' | 'series' | 'anime' | undefined;
  tier?: Tier | undefined;
  profile: string;
}

/** What there is to know about what is requested. */
export interface ProfileSubject {
  type: 'movie' | 'series';
  anime: boolean;
  tier: Tier;
  /** Whoever asked for it; empty = unknown. */
  requestedBy: readonly number[];
  keywords: readonly Keyword[];
}

export interface ProfileChoice {
  name: string;
  /** What decided, for people: `a 4K request`, `rule 2 of selection.rules`. */
  why: string;
}

/** The first rule that holds decides; without one, the tier and the kind of title do. */
export function chooseProfile(keys: ProfileKeys, subject: ProfileSubject): ProfileChoice {
  const place = keys.rules.findIndex((rule) => holds(rule, subject));
  const rule = keys.rules[place];
  if (rule !== undefined) return { name: rule.profile, why: `rule ${place + 1} of selection.rules` };
  if (subject.tier === '4k') return { name: keys.profile4k, why: 'a 4K request' };
  if (subject.type === 'movie') return { name: keys.profile, why: 'a movie' };
  const series = keys.profileSeries || keys.profile;
  return subject.anime
    ? { name: keys.profileAnime || series, why: 'an anime series' }
    : { name: series, why: 'a series' };
}

function holds(rule: ProfileRule, subject: ProfileSubject): boolean {
  const { requestedBy, keywords, type, tier } = rule;
  return (
    (requestedBy === undefined || subject.requestedBy.some((user) => requestedBy.includes(user))) &&
    (keywords === undefined || keywords.some((word) => hasKeyword(subject.keywords, word))) &&
    (type === undefined || isOfType(subject, type)) &&
    (tier === undefined || tier === subject.tier)
  );
}

/** Environment variables and quotes make a text of an id; no keyword's name is a number of that size. */
function hasKeyword(keywords: readonly Keyword[], wanted: string | number): boolean {
  const word = String(wanted).trim().toLowerCase();
  return keywords.some(({ id, name }) => String(id) === word || name.trim().toLowerCase() === word);
}

function isOfType({ type, anime }: ProfileSubject, wanted: 'movie' | 'series' | 'anime'): boolean {
  return wanted === 'anime' ? type === 'series' && anime : type === wanted;
}
