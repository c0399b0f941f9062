import { type Answer, json } from '../kit/http.js';
import type { SeerrCall, SeerrContext } from './context.js';
import { canManage, MEDIA, type MediaRow, REQUEST, type RequestRow, tierOf } from './state.js';
import type { ParameterSpec } from './validate.js';
import { fullMediaDto, listedRequestDto } from './wire.js';

const OPEN_MEDIA = [MEDIA.unknown, MEDIA.pending, MEDIA.processing, MEDIA.partial];
const LISTED_MEDIA = [...OPEN_MEDIA, MEDIA.available, MEDIA.deleted];
const ANY_STATUS = [REQUEST.pending, REQUEST.approved, REQUEST.declined, REQUEST.failed, REQUEST.completed];

/** Request statuses and media statuses (of the request's own tier) behind each filter. Blocklisted media is never listed. */
const FILTERS: Readonly<Record<string, [readonly number[], readonly number[]]>> = {
  all: [ANY_STATUS, LISTED_MEDIA],
  pending: [[REQUEST.pending], LISTED_MEDIA],
  approved: [[REQUEST.approved], LISTED_MEDIA],
  processing: [[REQUEST.approved], OPEN_MEDIA],
  unavailable: [[REQUEST.pending, REQUEST.approved], OPEN_MEDIA],
  failed: [[REQUEST.failed], LISTED_MEDIA],
  completed: [[REQUEST.completed], LISTED_MEDIA],
  available: [[REQUEST.completed], [MEDIA.available]],
  deleted: [[REQUEST.completed], [MEDIA.deleted]],
};

export const REQUEST_LIST_QUERY: Readonly<Record<string, ParameterSpec>> = {
  take: { type: 'number', nullable: true },
  skip: { type: 'number', nullable: true },
  filter: {
    values: ['all', 'approved', 'available', 'pending', 'processing', 'unavailable', 'failed', 'deleted', 'completed'],
  },
  sort: { values: ['added', 'modified'] },
  sortDirection: { values: ['asc', 'desc'] },
  requestedBy: { type: 'number', nullable: true },
  mediaType: { values: ['movie', 'tv', 'all'] },
};

const DEFAULT_TAKE = 10;

/** GET /request. */
export function requestList(context: SeerrContext, call: SeerrCall): Answer {
  const { state } = context;
  const take = Number(call.query.get('take') ?? 0) || DEFAULT_TAKE;
  const skip = Number(call.query.get('skip') ?? 0);
  const rows = ordered(
    [...state.requests.values()].filter((request) => isListed(context, request, call)),
    call,
  );
  const { radarr, sonarr } = context.settings;
  const manages = canManage(call.user);
  const results = rows.slice(skip, skip + take).map((request) => {
    const dto = listedRequestDto(state, request, context.jellyfinUrl());
    return manages ? { ...dto, canRemove: isRemovable(context, request) } : dto;
  });
  return json(200, {
    pageInfo: pageInfo(rows.length, take, skip),
    results,
    serviceErrors: {
      radarr: radarr.filter(({ does }) => does === 'unreachable').map(({ id, name }) => ({ id, name })),
      sonarr: sonarr.filter(({ does }) => does === 'unreachable').map(({ id, name }) => ({ id, name })),
    },
  });
}

/** GET /request/count; its `available` are the approved requests whose media is there already. */
export function requestCount({ state }: SeerrContext): Answer {
  const all = [...state.requests.values()];
  const approved = all.filter((request) => request.status === REQUEST.approved);
  const there = approved.filter((request) => mediaStatus(state.mediaFor(request), request) === MEDIA.available);
  const of = (status: number) => all.filter((request) => request.status === status).length;
  return json(200, {
    total: all.length,
    movie: all.filter((request) => request.type === 'movie').length,
    tv: all.filter((request) => request.type === 'tv').length,
    pending: of(REQUEST.pending),
    approved: approved.length,
    declined: of(REQUEST.declined),
    processing: approved.length - there.length,
    available: there.length,
    completed: of(REQUEST.completed),
  });
}

export const MEDIA_LIST_QUERY: Readonly<Record<string, ParameterSpec>> = {
  take: { type: 'number', nullable: true },
  skip: { type: 'number', nullable: true },
  filter: { values: ['all', 'available', 'partial', 'allavailable', 'processing', 'pending', 'deleted'] },
  sort: { values: ['added', 'modified', 'mediaAdded'] },
};

const MEDIA_FILTERS: Readonly<Record<string, readonly number[]>> = {
  available: [MEDIA.available],
  partial: [MEDIA.partial],
  allavailable: [MEDIA.available, MEDIA.partial],
  processing: [MEDIA.processing],
  pending: [MEDIA.pending],
};

/** GET /media. */
export function mediaList({ state, jellyfinUrl }: SeerrContext, call: SeerrCall): Answer {
  const take = Number(call.query.get('take') ?? 0) || 20;
  const skip = Number(call.query.get('skip') ?? 0);
  const wanted = MEDIA_FILTERS[call.query.get('filter') ?? ''];
  const rows = [...state.media.values()].filter((media) => wanted?.includes(media.status) ?? true);
  const byDate = ['modified', 'mediaAdded'].includes(call.query.get('sort') ?? '');
  if (byDate) rows.sort((a, b) => b.mediaAddedAt.localeCompare(a.mediaAddedAt) || a.id - b.id);
  else rows.reverse();
  const results = rows.slice(skip, skip + take).map((media) => fullMediaDto(media, jellyfinUrl()));
  return json(200, { pageInfo: pageInfo(rows.length, take, skip), results });
}

function isListed({ state }: SeerrContext, request: RequestRow, { query, user }: SeerrCall): boolean {
  const [statuses, mediaStatuses] = FILTERS[query.get('filter') ?? 'all'] ?? [ANY_STATUS, LISTED_MEDIA];
  if (!statuses.includes(request.status)) return false;
  if (!mediaStatuses.includes(mediaStatus(state.mediaFor(request), request))) return false;
  const type = query.get('mediaType') ?? 'all';
  if (type !== 'all' && type !== request.type) return false;
  // Somebody without rights silently gets only their own.
  const owner = canManage(user) ? query.get('requestedBy') : String(user.id);
  return owner === null || owner === '' || request.requestedBy === Number(owner);
}

function mediaStatus(media: MediaRow, request: RequestRow): number {
  return media[tierOf(request.is4k)];
}

/** Newest first; `sort=modified` knows only dates that never move, so ties fall to the id. */
function ordered(rows: RequestRow[], { query }: SeerrCall): RequestRow[] {
  const sign = query.get('sortDirection') === 'asc' ? 1 : -1;
  if (query.get('sort') !== 'modified') return rows.sort((a, b) => sign * (a.id - b.id));
  return rows.sort((a, b) => sign * a.createdAt.localeCompare(b.createdAt) || a.id - b.id);
}

function isRemovable({ state, settings }: SeerrContext, request: RequestRow): boolean {
  const media = state.mediaFor(request);
  const serviceId = request.is4k ? media.serviceId4k : media.serviceId;
  const servers = request.type === 'movie' ? settings.radarr : settings.sonarr;
  return servers.some((server) => server.id === serviceId);
}

function pageInfo(results: number, pageSize: number, skip: number): Record<string, number> {
  return { pages: Math.ceil(results / pageSize), pageSize, results, page: Math.ceil(skip / pageSize) + 1 };
}
