import { DAY } from './clock.js';
import { count } from './domain/span.js';
import { linkTroubles } from './linkTroubles.js';
import type { RequestRow, Store } from './store/index.js';
import { shrunkLibrary } from './tick/librarySize.js';
import { titleOf } from './tick/narrate.js';
import { troublesOf } from './troubles.js';

/** Something that only a person can end. */
export interface AttentionItem {
  /** The same as long as it lasts. */
  id: string;
  code: string;
  message: string;
  /** What to do. */
  hint: string;
  /** null = it concerns all. */
  requestId: number | null;
  title: string | null;
  since: string | null;
}

/** What was last seen of the Real-Debrid account. */
export interface AccountState {
  premium: boolean;
  /** When premium ends (epoch ms). */
  premiumUntil: number;
  /** When it was looked at (epoch ms). */
  at: number;
}

export const ACCOUNT = 'realDebrid.account';
/** From here on the end of premium is worth a word (ms). */
export const PREMIUM_ENDS_SOON = 7 * DAY;

/** The watchdog's alarm, as long as it lasts. */
export interface Stuck {
  since: number;
  message: string;
}

export const STUCK = 'watchdog.stuck';

/** All of it, what concerns everybody first. */
export const attentionList = (store: Store, now: number): AttentionItem[] => [
  ...refusals(store),
  ...accountEnds(store, now),
  ...library(store),
  ...folders(store),
  ...stuck(store),
  ...store.requests.needingAttention().flatMap(ofRequest),
];

type Shared = Pick<AttentionItem, 'id' | 'code' | 'message' | 'hint'> & { at: number | null };

const shared = ({ at, ...item }: Shared): AttentionItem => ({
  ...item,
  requestId: null,
  title: null,
  since: at === null ? null : new Date(at).toISOString(),
});

const refusals = (store: Store): AttentionItem[] =>
  troublesOf(store)
    .filter(({ kind }) => kind === 'account')
    .map(({ service, code, message, hint, since }) =>
      shared({ id: `${service}:${code}`, code: attentionCodeOf(code), message, hint: hint ?? '', at: since }),
    );

/** A refused key is told from a refused account. */
export const attentionCodeOf = (code: string): string =>
  code === 'credentials' || code === 'csrf' || code === 'rd-8' ? 'credentials' : 'account';

const accountEnds = (store: Store, now: number): AttentionItem[] => {
  const account = store.state.get<AccountState>(ACCOUNT);
  if (account === undefined || (account.premium && account.premiumUntil - now > PREMIUM_ENDS_SOON)) {
    return [];
  }
  const days = Math.max(0, Math.floor((account.premiumUntil - now) / DAY));
  const message = account.premium
    ? `Real-Debrid premium ends in ${count(days, 'day')}`
    : 'The Real-Debrid account is not premium, so nothing can be added';
  const code = account.premium ? 'premium-ends' : 'account';
  const id = account.premium ? 'premium-ends' : 'not-premium';
  return [shared({ id, code, message, hint: 'Renew it at real-debrid.com/premium.', at: null })];
};

const library = (store: Store): AttentionItem[] => {
  const shrunk = shrunkLibrary(store.state);
  if (shrunk === null) {
    return [];
  }
  const message = `Jellyfin shows far fewer titles than the ${shrunk.before} it had: a mount may have dropped, so nothing is fetched or closed`;
  const hint = 'Check the mount and the library. Titles that were removed on purpose are believed gone after a day.';
  return [shared({ id: 'library-shrunk', code: 'library-shrunk', message, hint, at: shrunk.since })];
};

const folders = (store: Store): AttentionItem[] =>
  Object.entries(linkTroubles(store.state)).map(([folder, { code, message, hint, since }]) =>
    shared({ id: `links:${folder}:${code}`, code, message: `Library of links: ${message}`, hint, at: since }),
  );

const stuck = (store: Store): AttentionItem[] => {
  const found = store.state.get<Stuck>(STUCK);
  const hint = 'See the errors in the log and `explain`, and restart fulfillarr.';
  return found === undefined
    ? []
    : [shared({ id: 'stuck', code: 'stuck', message: found.message, hint, at: found.since })];
};

const ofRequest = (row: RequestRow): AttentionItem[] =>
  row.attentionCode === null
    ? []
    : [
        {
          id: `request:${row.id}:${row.attentionCode}`,
          code: row.attentionCode,
          message: row.attentionMessage ?? '',
          hint: row.attentionHint ?? '',
          requestId: row.id,
          title: titleOf(row),
          since: row.attentionAt === null ? null : new Date(row.attentionAt).toISOString(),
        },
      ];
