import { DAY } from '../clock.js';
import type { GrabReason } from '../domain/grab.js';
import { groupBy } from '../domain/group.js';
import { partOf } from '../domain/part.js';
import { count, humanSpan } from '../domain/span.js';
import { oneLine } from '../log/redact.js';
import type { DescribedRequest } from '../status.js';
import type { GrabRow, JournaledSearch, Store, WantRow } from '../store/index.js';
import { grabTitle, titleOf } from '../tick/narrate.js';
import type { Done } from './document.js';

const LONGEST_NAME = 200;
/** Others that are named because they were tried before. */
const TRIED = 5;
/** Reasons named for those that were refused. */
const REASONS = 3;
/** Releases of one season that are named, where each brought an episode. */
const NAMED = 12;

/** Why a grab was the one; it does not change any more once the grab has ended. */
export type Why = Pick<Done, 'told' | 'why' | 'more'>;

/** What came into the library, the newest first. `whyOf` is asked once per grab that is told of. */
export const done = (
  store: Store,
  grabs: readonly GrabRow[],
  requests: readonly DescribedRequest[],
  whyOf: (grab: GrabRow) => Why,
): Done[] => {
  const served = store.views.servedBy(grabs.map(({ id }) => id));
  const groups = groupBy(grabs, (grab) => companyOf(grab, served.get(grab.id) ?? []));
  return [
    ...[...groups.values()].map((group) => toldOf(store, group, served, whyOf)),
    ...requests.flatMap(wasThere),
  ].sort((a, b) => b.at.localeCompare(a.at));
};

/** The episodes of a season that came one by one within a day are told of together. */
const companyOf = ({ id, requestId, endedAt }: GrabRow, wants: readonly WantRow[]): string => {
  const [first] = wants;
  return first?.type === 'episode' && wants.length === 1
    ? `${requestId}|${first.season}|${first.tier}|${Math.floor((endedAt ?? 0) / DAY)}`
    : String(id);
};

const toldOf = (
  store: Store,
  group: readonly GrabRow[],
  served: ReadonlyMap<number, WantRow[]>,
  whyOf: (grab: GrabRow) => Why,
): Done => {
  const [newest, ...others] = group;
  const oldest = group.at(-1);
  if (newest === undefined || oldest === undefined) {
    throw new Error('a group has a member');
  }
  const wants = group.flatMap(({ id }) => served.get(id) ?? []);
  const name = ({ release }: GrabRow) => oneLine(release, LONGEST_NAME);
  const one = {
    // By the oldest: it stays the same entry when another episode comes.
    id: `grab-${oldest.id}`,
    requestId: newest.requestId,
    title: grabTitle(store, newest),
    part: partOf(wants),
    at: new Date(newest.endedAt ?? newest.createdAt).toISOString(),
  };
  if (others.length === 0) {
    return { ...one, release: name(newest), ...whyOf(newest) };
  }
  const named = group.slice(0, NAMED).map((grab) => `${name(grab)}: ${whyOf(grab).told}`);
  return {
    ...one,
    release: null,
    told: `${group.length} releases, an episode each`,
    why: 'Which ones',
    more: [...named, ...(group.length > NAMED ? [`and ${group.length - NAMED} more`] : [])],
  };
};

/** Fulfilled without anything of ours. */
const wasThere = ({ row, wants, document }: DescribedRequest): Done[] =>
  row.fulfilledAt === null || document.wants.some(({ grab }) => grab !== null)
    ? []
    : [
        {
          id: `request-${row.id}`,
          requestId: row.id,
          title: titleOf(row),
          part: partOf(wants.map(({ want }) => want)),
          at: new Date(row.fulfilledAt).toISOString(),
          release: null,
          told: 'Jellyfin had it already',
          why: null,
          more: [],
        },
      ];

/** Why this release: from the journal of the search that it came from. */
export const whyOfGrab = (store: Store, grab: GrabRow): Why => {
  const { added, searched } = store.views.originOf(grab);
  const quality = typeof added?.quality === 'string' ? oneLine(added.quality, LONGEST_NAME) : '';
  const tried = store.views.triedBefore(grab, TRIED).map(({ release, reason }) => {
    const why = reason === null ? 'not taken' : reasons[reason];
    return `Tried before: ${oneLine(release, LONGEST_NAME)} (${why})`;
  });
  return {
    told: [quality, howOf(grab)].filter((text) => text !== '').join(' · '),
    why: searched === null ? null : rankOf(grab, searched),
    more: [...tried, ...(searched === null ? [] : refusals(searched))],
  };
};

const howOf = ({ addSentAt, cached, readyAt, createdAt }: GrabRow): string => {
  if (addSentAt === null) {
    return 'It was in the account already';
  }
  if (cached === true) {
    return 'Real-Debrid had it at once';
  }
  return readyAt === null ? 'Fetched by Real-Debrid' : `Real-Debrid took ${humanSpan(readyAt - createdAt)} to fetch it`;
};

const rankOf = ({ infoHash }: GrabRow, { offers, acceptable, candidates }: JournaledSearch): string | null => {
  const place = candidates.filter(({ accepted }) => accepted).findIndex((one) => one.infoHash === infoHash) + 1;
  if (place === 0) {
    return null;
  }
  if (acceptable === 1) {
    return offers === 1 ? 'The only release on offer' : `The only acceptable one of ${offers} on offer`;
  }
  const rank = place === 1 ? 'The best' : `Number ${place}`;
  return `${rank} of ${acceptable} acceptable ones; ${count(offers, 'release')} on offer`;
};

const refusals = ({ refused }: JournaledSearch): string[] => {
  const codes = Object.entries(refused).sort((a, b) => b[1] - a[1]);
  const total = codes.reduce((sum, [, n]) => sum + n, 0);
  const named = codes.slice(0, REASONS).map(([code, n]) => `${n} ${code}`);
  return total === 0 ? [] : [`Refused: ${named.join(', ')}${codes.length > REASONS ? ' and others' : ''}`];
};

const reasons: Record<GrabReason, string> = {
  'refused-by-name': 'Real-Debrid refuses it by its name',
  'refused-files': 'its files will not do',
  'not-cached': 'not cached at Real-Debrid',
  'lost-to-better': 'another one was there first',
  'not-added': 'it did not reach the account',
  'not-accepted': 'Real-Debrid did not take it',
  'no-metadata': 'nobody has its file list',
  'magnet-error': 'Real-Debrid cannot read it',
  dead: 'nobody shares it any more',
  virus: 'Real-Debrid calls it a virus',
  'download-error': 'its download failed',
  archived: 'it came as an archive',
  'no-links': 'Real-Debrid has dropped its content',
  stalled: 'its download stood still',
  'too-old': 'its download took too long',
  gone: 'it vanished from the account',
  seen: 'it was there by other means',
  'not-wanted': 'nobody wanted it any more',
  rejected: 'it was called bad',
};
