import { serviceLabels } from '../domain/errors.js';
import { groupBy } from '../domain/group.js';
import { partOf } from '../domain/part.js';
import { type RejectionCode, rejectionCodes } from '../domain/selection/index.js';
import { oneLine } from '../log/redact.js';
import type { DescribedRequest, Situation, WantStatus } from '../status.js';
import type { RequestRow, WantRow } from '../store/index.js';
import { isActive } from '../tick/expand.js';
import { titleOf } from '../tick/narrate.js';
import { some, type Waiting, type WaitingPart } from './document.js';

/** Parts shown of one request: seasons, mostly. */
const PARTS = 8;

/** What waits for what and until when: what is due first, then the soonest. */
export const waiting = (requests: readonly DescribedRequest[], around: Situation): Waiting[] =>
  requests
    .flatMap((request) => waitingOf(request, around))
    .sort((a, b) => keyOf(a).localeCompare(keyOf(b)) || a.requestId - b.requestId);

const keyOf = ({ parts }: Waiting): string => (parts.items[0] === undefined ? '9' : sortKey(parts.items[0]));
const sortKey = ({ due, until }: WaitingPart): string => (due ? '0' : (until ?? '9'));

const waitingOf = ({ row, wants, document }: DescribedRequest, around: Situation): Waiting[] => {
  if (row.fulfilledAt !== null) {
    return [];
  }
  const open = wants.flatMap(({ want }, place): Open[] => {
    const status = document.wants[place];
    return status === undefined || status.state === 'in-flight' || status.state === 'in-library'
      ? []
      : [{ want, due: status.state === 'searching', ...reasonOf(row, want, status, around) }];
  });
  const parts = [...groupBy(open, ({ want, due, why }) => `${want.season}|${due}|${why}`).values()]
    .map((group) => partOfGroup(group))
    .sort((a, b) => sortKey(a).localeCompare(sortKey(b)));
  if (wants.every(({ seenAt }) => seenAt !== null) && !row.expandedFully) {
    parts.push({ part: null, ...unknownRest(row), due: false });
  }
  return parts.length === 0
    ? []
    : [{ id: `request-${row.id}`, requestId: row.id, title: titleOf(row), parts: some(parts, PARTS) }];
};

/** Nothing that is known of it is missing, but not everything is known. */
const unknownRest = ({ title, attentionCode, expandAt }: RequestRow): Pick<WaitingPart, 'why' | 'until'> => {
  if (title === null || expandAt === null) {
    return { why: 'Its details are being read from Seerr', until: null };
  }
  return attentionCode === null
    ? { why: 'No episodes are known yet of one of its seasons', until: new Date(expandAt).toISOString() }
    : { why: 'Nothing in it can be searched', until: null };
};

interface Open {
  want: WantRow;
  why: string;
  /** null = no time is known. */
  until: string | null;
  due: boolean;
}

const partOfGroup = (group: readonly Open[]): WaitingPart => {
  const times = group.flatMap(({ until }) => until ?? []).sort();
  const due = group.some((one) => one.due);
  return {
    part: partOf(group.map(({ want }) => want)),
    why: group[0]?.why ?? '',
    until: due ? null : (times[0] ?? null),
    due,
  };
};

const reasonOf = (
  row: RequestRow,
  want: WantRow,
  status: WantStatus,
  around: Situation,
): Pick<Open, 'why' | 'until'> => {
  const until = status.nextActionAt;
  if (status.state === 'unreleased') {
    return { why: want.dueAt === null ? 'No release date is known yet' : 'Not out yet', until };
  }
  if (status.state === 'searching') {
    return { why: 'To be searched now', until: null };
  }
  const holder = heldBy(row, around);
  if (holder !== null) {
    return { why: holder, until: null };
  }
  if (row.imdbId === null) {
    return { why: 'Has no IMDb id, so it cannot be searched; looked up again', until };
  }
  return { why: pausedService(status, around) ?? afterSearch(want), until };
};

/** Who keeps it from being searched at all, for nobody knows how long. */
const heldBy = (row: RequestRow, { paused }: Situation): string | null => {
  if (!isActive(row)) {
    return 'On hold in Seerr';
  }
  if (row.handledByArr || row.attentionCode === 'arr-configured') {
    return 'Left to Radarr or Sonarr';
  }
  return paused ? 'New grabs are paused' : null;
};

/** The service whose pause is what it waits for. */
const pausedService = ({ nextActionAt }: WantStatus, { troubles }: Situation): string | null => {
  const until = nextActionAt === null ? 0 : Date.parse(nextActionAt);
  const trouble = troubles.find((one) => one.service !== 'seerr' && one.until === until);
  return trouble === undefined
    ? null
    : oneLine(`${serviceLabels[trouble.service]} is left alone: ${trouble.message}`, 300);
};

const waits: Record<string, string> = {
  'no-releases': 'No release is on offer yet',
  'none-left': 'Every acceptable release was tried',
  'source-unknown': 'The addon answered with nothing, which is taken as its fault',
  unanswered: 'The addon has no usable answer for it, see the log; others are searched meanwhile',
  'not-searched': 'Nobody has the episodes that were searched; these wait with them',
  'removed-outside': 'What is added for it keeps disappearing from the account',
  'tier-unknown': 'Jellyfin has a copy, but does not tell its resolution',
};

const isRejection = (code: string): code is RejectionCode => Object.hasOwn(rejectionCodes, code);

const afterSearch = ({ waitCode, offers }: WantRow): string => {
  if (waitCode === null) {
    return 'Waits for its next search';
  }
  if (isRejection(waitCode)) {
    const meaning = withinSentence(rejectionCodes[waitCode]);
    return offers === 1
      ? `The one release on offer will not do: ${meaning}`
      : `None of ${offers} releases on offer will do, mostly: ${meaning}`;
  }
  return waits[waitCode] ?? 'Waits for its next search';
};

const withinSentence = (text: string): string => {
  const bare = text.replace(/\.$/, '');
  return bare.startsWith('Real-Debrid') ? bare : bare.charAt(0).toLowerCase() + bare.slice(1);
};
