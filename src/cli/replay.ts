import type { Change } from '../domain/selection/compare.js';
import { planKey, spans } from '../domain/want.js';
import { oneLine } from '../log/redact.js';
import { type ReplayedSearch, replaySearch, type Side } from '../replay.js';
import type { RequestRow, Store } from '../store/index.js';
import { titleOf } from '../tick/narrate.js';
import { openExisting } from './existing.js';
import { type CommonFlags, type ExitCode, exit, type Io } from './io.js';
import { aimAt, readTarget } from './target.js';
import { shorten, WIDTH, wrap } from './text.js';

export interface ReplayFlags extends CommonFlags {
  json?: boolean;
}

/** `replay`: the last searches of a request, judged again by this configuration. Nothing is asked of any service. */
export const replay = (io: Io, text: string, flags: ReplayFlags): ExitCode =>
  openExisting(io, flags, (store, config) => {
    const { requests, searches } = recorded(store, text);
    const replayed = searches.map((row) => replaySearch(row, config));
    if (flags.json === true) {
      io.out(JSON.stringify({ target: text, differs: replayed.some(differs), plans: replayed }));
    } else {
      io.out(describe(requests, replayed));
    }
    return exit.ok;
  });

const recorded = (store: Store, text: string) => {
  const target = readTarget(text);
  const { requests, wants } = aimAt(store, text);
  const plans = new Set(wants.flatMap((want) => [planKey(want), `${planKey(want)}:${want.episode}`]));
  const found = store.searches.find({ plans: [...plans], requestIds: requests.map(({ id }) => id) });
  const season = target.kind === 'request' ? null : target.season;
  const searches = season === null ? found : found.filter(({ plan }) => plans.has(plan) || spans(plan, season));
  return { requests, searches };
};

const differs = ({ changes, before, after }: ReplayedSearch): boolean =>
  changes.length > 0 || before.profile !== after.profile;

/** More than that of one search is for `--json`. */
const SHOWN = 20;

const describe = (requests: readonly RequestRow[], replayed: readonly ReplayedSearch[]): string => {
  const [request] = requests;
  const title = request === undefined ? '' : `#${request.id} ${titleOf(request)}: `;
  const same = replayed.filter((one) => !differs(one)).length;
  const lines =
    replayed.length === 0
      ? [`${title}no search is on record; one is kept for each movie, season or episode when it is searched`]
      : [
          `${title}${replayed.length} recorded ${replayed.length === 1 ? 'search' : 'searches'} judged again, ${same} with the same outcome`,
          ...replayed.flatMap(describeSearch),
        ];
  return lines.flatMap((line) => wrap(oneLine(line))).join('\n');
};

const describeSearch = (search: ReplayedSearch): string[] => {
  const { plan, at, releases, left, changes } = search;
  const more = left > 0 ? ` (${left} more are not kept)` : '';
  const shown = changes.slice(0, SHOWN).flatMap(describeChange);
  const rest = changes.length - SHOWN;
  return [
    '',
    `${plan}: searched ${at.slice(0, 16).replace('T', ' ')} UTC, ${releases} releases${more}`,
    ...sideLines('then', search.before),
    ...sideLines('now ', search.after),
    ...(changes.length === 0 ? ['  the same verdict on every release'] : shown),
    ...(rest > 0 ? [`  and ${rest} more; --json lists them all`] : []),
  ];
};

const sideLines = (when: string, { profile, why, best, accepted }: Side): string[] => [
  `  ${when}  profile ${profile} (${why}), ${accepted} acceptable`,
  `        ${best === null ? 'nothing would be taken' : shorten(best.release, WIDTH - 8)}`,
];

const describeChange = (change: Change): string[] => [
  `  ${headOf(change)}`,
  `        ${shorten(change.release, WIDTH - 8)}`,
];

const headOf = ({ change, before, after }: Change): string => {
  switch (change) {
    case 'refused':
      return `refused now: ${after.codes.join(', ')} (was #${before.rank})`;
    case 'accepted':
      return `acceptable now: #${after.rank} (was refused: ${before.codes.join(', ')})`;
    case 'rank':
      return `#${after.rank} now (was #${before.rank})`;
    case 'score':
      return `score ${after.score} now (was ${before.score}), #${after.rank}`;
    case 'reasons':
      return `refused for other reasons: ${after.codes.join(', ')} (was ${before.codes.join(', ')})`;
  }
};
