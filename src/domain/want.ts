import type { Tier } from './media.js';

/** What identifies a want inside; `tt…` is only how it is shown and searched. */
export type WantIdentity =
  | { type: 'movie'; tmdbId: number; tier: Tier }
  | { type: 'episode'; tmdbId: number; season: number; episode: number; tier: Tier };

/** What a person types: a Seerr request id, or a title, season or episode by IMDb id. */
export type Target =
  | { kind: 'request'; id: number }
  | { kind: 'title'; imdbId: string; season: number | null; episode: number | null; tier: Tier };

const tierSuffix = (tier: Tier) => (tier === '4k' ? ':4k' : '');

/** The public key of a want: `movie:tt…`, `episode:tt…:S:E`, with `:4k` for that tier. Without an IMDb id: `tmdb-N`. */
export const wantKey = (want: {
  type: 'movie' | 'episode';
  imdbId: string | null;
  tmdbId: number;
  season: number;
  episode: number;
  tier: Tier;
}): string => {
  const id = want.imdbId ?? `tmdb-${want.tmdbId}`;
  const place = want.type === 'movie' ? '' : `:${want.season}:${want.episode}`;
  return `${want.type}:${id}${place}${tierSuffix(want.tier)}`;
};

/** The key of a plan: the wants of one title that are searched together. */
export const planKey = (plan: {
  type: 'movie' | 'episode';
  imdbId: string | null;
  tmdbId: number;
  season: number;
  tier: Tier;
}): string => {
  const id = plan.imdbId ?? `tmdb-${plan.tmdbId}`;
  return plan.type === 'movie'
    ? `movie:${id}${tierSuffix(plan.tier)}`
    : `season:${id}:${plan.season}${tierSuffix(plan.tier)}`;
};

/** The key of a plan for one of a season's episodes on its own. */
export const singleKey = (want: Parameters<typeof planKey>[0] & { episode: number }): string =>
  `${planKey(want)}:${want.episode}`;

/** The key of a plan for several seasons of a show. */
export const spanKey = (
  { imdbId, tmdbId, tier }: { imdbId: string | null; tmdbId: number; tier: Tier },
  first: number,
  last: number,
): string => `seasons:${imdbId ?? `tmdb-${tmdbId}`}:${first}-${last}${tierSuffix(tier)}`;

/** Whether a plan's key is that of several seasons, this one among them. */
export const spans = (key: string, season: number): boolean => {
  const [, first, last] = /^seasons:[^:]+:(\d+)-(\d+)/.exec(key) ?? [];
  return first !== undefined && Number(first) <= season && season <= Number(last);
};

const targetPattern = /^(tt\d{7,10})(?::(\d{1,4})(?::(\d{1,5}))?)?(:4k)?$/;

/** null when the text is neither a request id nor `ttID[:season[:episode]][:4k]`. */
export const parseTarget = (text: string): Target | null => {
  if (/^\d{1,9}$/.test(text)) {
    return { kind: 'request', id: Number(text) };
  }
  const match = targetPattern.exec(text);
  if (match?.[1] === undefined) {
    return null;
  }
  return {
    kind: 'title',
    imdbId: match[1],
    season: match[2] === undefined ? null : Number(match[2]),
    episode: match[3] === undefined ? null : Number(match[3]),
    tier: match[4] === undefined ? 'standard' : '4k',
  };
};

/** `S01E04`, for people. */
export const episodeLabel = (season: number, episode: number): string =>
  `S${String(season).padStart(2, '0')}E${String(episode).padStart(2, '0')}`;

/** `E01-E06, E09`: numbers run together, for people. */
export const episodeRanges = (episodes: readonly number[]): string => {
  const sorted = [...new Set(episodes)].sort((a, b) => a - b);
  const label = (n: number) => `E${String(n).padStart(2, '0')}`;
  const runs: [number, number][] = [];
  for (const n of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === n - 1) {
      run[1] = n;
    } else {
      runs.push([n, n]);
    }
  }
  return runs.map(([from, to]) => (from === to ? label(from) : `${label(from)}-${label(to)}`)).join(', ');
};
