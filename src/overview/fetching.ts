import { MINUTE } from '../clock.js';
import { isOpen } from '../domain/grab.js';
import { partOf } from '../domain/part.js';
import { oneLine } from '../log/redact.js';
import type { DescribedRequest } from '../status.js';
import type { GrabRow, Store } from '../store/index.js';
import { grabTitle, titleOf } from '../tick/narrate.js';
import type { Fetching, FetchStage } from './document.js';

const LONGEST_NAME = 200;
/** Real-Debrid tells progress in whole per cent: less than this is no standstill. */
const STANDSTILL = 10 * MINUTE;

const order: FetchStage[] = ['finishing', 'downloading', 'queued', 'adding', 'checking', 'ready', 'closing'];

/** What is on its way, what still takes time first, and what is only being closed. */
export const fetching = (
  store: Store,
  requests: readonly DescribedRequest[],
  { now, stalledAfter }: { now: number; stalledAfter: number },
): Fetching[] => {
  const grabs = store.grabs.unended().filter(({ state }) => isOpen(state));
  const served = store.views.servedBy(grabs.map(({ id }) => id));
  const all: Fetching[] = [
    ...grabs.map((grab) => ({
      id: `grab-${grab.id}`,
      requestId: grab.requestId,
      title: grabTitle(store, grab),
      part: partOf(served.get(grab.id) ?? []),
      release: oneLine(grab.release, LONGEST_NAME),
      stage: stageOf(grab),
      progress: grab.progress,
      since: new Date(grab.readyAt ?? grab.createdAt).toISOString(),
      stalled: standstill(grab, now, stalledAfter),
    })),
    ...requests.filter(isClosing).map(({ row, wants }) => ({
      id: `close-${row.id}`,
      requestId: row.id,
      title: titleOf(row),
      part: partOf(wants.map(({ want }) => want)),
      release: null,
      stage: 'closing' as const,
      progress: 100,
      since: null,
      stalled: null,
    })),
  ];
  // A stable sort: within a stage the oldest stays first.
  return all.sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
};

const stageOf = ({ state, role, status }: GrabRow): FetchStage => {
  if (state === 'ready') {
    return 'ready';
  }
  if (state !== 'downloading') {
    return 'adding';
  }
  if (role === 'probe') {
    return 'checking';
  }
  return stages[status ?? ''] ?? 'downloading';
};

/** Of what Real-Debrid calls the states of a download. */
const stages: Record<string, FetchStage> = {
  magnet_conversion: 'queued',
  queued: 'queued',
  compressing: 'finishing',
  uploading: 'finishing',
};

const standstill = ({ state, progressAt }: GrabRow, now: number, stalledAfter: number): Fetching['stalled'] =>
  state === 'downloading' && now - progressAt >= STANDSTILL
    ? { since: new Date(progressAt).toISOString(), until: new Date(progressAt + stalledAfter).toISOString() }
    : null;

/** All of it was seen in Jellyfin; Seerr does not know yet. */
const isClosing = ({ row, wants }: DescribedRequest): boolean =>
  row.fulfilledAt === null && row.expandedFully && wants.length > 0 && wants.every(({ seenAt }) => seenAt !== null);
