import { DAY } from '../clock.js';
import type { Plan } from '../domain/plan.js';
import { episodeLabel } from '../domain/want.js';
import type { RequestRow, WantRow } from '../store/index.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';

/** Aired for so long without any release on offer: perhaps releases call it something else. */
const BARREN_FOR = 7 * DAY;
/** Searches without any release before it is said: one empty answer may be the addon's. */
const SEARCHES = 3;
/** Episodes named in the message. */
const NAMED = 5;

/** Says, and takes back, that a request's episodes may be numbered otherwise by those who release them. */
export const attendToNumbering = async (tick: Tick, plans: readonly Plan[]): Promise<void> => {
  const episodes = plans.filter(({ type }) => type === 'episode');
  for (const requestId of new Set(episodes.flatMap(({ requestIds }) => requestIds))) {
    const request = tick.store.requests.get(requestId);
    if (request !== undefined) {
      await guard(tick, titleOf(request), () => weigh(tick, request));
    }
  }
};

const weigh = async (tick: Tick, request: RequestRow): Promise<void> => {
  if (request.attentionCode === 'numbering') {
    relieveNumbering(tick, request.id);
    return;
  }
  const barren = barrenWants(tick, request.id);
  if (barren.length > 0 && request.attentionCode === null) {
    attend(tick, request, barren, await metadataOf(tick, request));
  }
};

/** Nobody has to look any more once each of the episodes was on offer, or is there. */
export const relieveNumbering = (tick: Tick, requestId: number): void => {
  if (tick.store.requests.get(requestId)?.attentionCode === 'numbering' && barrenWants(tick, requestId).length === 0) {
    tick.store.requests.setAttention(requestId, null, tick.clock.now());
  }
};

/** Reasons for which all that is on offer was refused, when it is numbered otherwise. */
const OTHERWISE: ReadonlySet<string> = new Set(['numbering', 'season', 'episode']);

/** Aired long ago, searched several times, missing, and never on offer, or only under other numbers. */
const barrenWants = (tick: Tick, requestId: number): WantRow[] => {
  const now = tick.clock.now();
  return tick.store.wants.ofRequest(requestId).flatMap(({ want, seenAt }) => {
    const aired = want.dueAt === null ? Number.POSITIVE_INFINITY : want.dueAt - tick.config.search.airDelay;
    const isBarren =
      want.type === 'episode' &&
      seenAt === null &&
      ((want.waitCode === 'no-releases' && want.offers === 0) || OTHERWISE.has(want.waitCode ?? '')) &&
      want.backoffStep >= SEARCHES &&
      now - aired >= BARREN_FOR;
    return isBarren ? [want] : [];
  });
};

interface Metadata {
  /** By whose numbers Seerr counts this show's episodes. */
  provider: string;
  /** Which of Seerr's settings says so; null = this Seerr has none. */
  setting: 'series' | 'anime' | null;
}

const metadataOf = async (tick: Tick, request: RequestRow): Promise<Metadata> => {
  const [providers, show] = [await tick.seerr.metadataProviders(), await tick.seerr.show(request.tmdbId)];
  if (providers === null) {
    return { provider: 'TMDB', setting: null };
  }
  const provider = show.anime ? providers.anime : providers.tv;
  return { provider: provider.toUpperCase(), setting: show.anime ? 'anime' : 'series' };
};

/** The addon goes by IMDb's numbers, which are TVDB's more often than TMDB's. */
const wayOut = ({ provider, setting }: Metadata): string =>
  provider === 'TMDB' && setting !== null
    ? `set the provider for ${setting} to TVDB there and request it anew, or fetch these by hand`
    : 'fetch these by hand';

const attend = (tick: Tick, request: RequestRow, barren: WantRow[], metadata: Metadata): void => {
  const named = barren.slice(0, NAMED).map(({ season, episode }) => episodeLabel(season, episode));
  const more = barren.length > NAMED ? ` and ${barren.length - NAMED} more` : '';
  const found = barren.some(({ offers }) => offers > 0)
    ? 'what is on offer is numbered otherwise'
    : 'no release was ever on offer';
  const message = `${named.join(', ')}${more} of ${titleOf(request)} aired over a week ago, and ${found}`;
  const { provider } = metadata;
  const hint = `Seerr counts this show's episodes as ${provider} does (Settings > Metadata); releases may number them otherwise. If so, ${wayOut(metadata)}; they are searched for all the same.`;
  tick.store.requests.setAttention(request.id, { code: 'numbering', message, hint }, tick.clock.now());
  say(tick, [request.id], `${message}. ${hint}`, {
    kind: 'attention',
    code: 'numbering',
    level: 'warn',
    data: { provider, episodes: barren.length },
  });
};
