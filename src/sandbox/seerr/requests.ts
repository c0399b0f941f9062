import { type Answer, empty, json } from '../kit/http.js';
import type { ShowTitle, Title } from '../world/titles.js';
import type { SeerrCall, SeerrContext } from './context.js';
import { canManage, MEDIA, type MediaRow, REQUEST, type RequestRow, type SeasonRequestRow, tierOf } from './state.js';
import {
  fullMediaDto,
  listedRequestDto,
  mediaDto,
  peopleDto,
  requestDto,
  requestHead,
  seasonRequestsDto,
} from './wire.js';

const ENDED: readonly number[] = [REQUEST.declined, REQUEST.completed];

function message(status: number, text: string): Answer {
  return json(status, { message: text });
}

/** GET /request/{id}. */
export function readRequest(context: SeerrContext, call: SeerrCall): Answer {
  const request = context.state.requests.get(Number(call.params[0]));
  if (request === undefined) return message(404, 'Request not found.');
  if (request.requestedBy !== call.user.id && !canManage(call.user)) {
    return message(403, 'You do not have permission to view this request.');
  }
  return json(200, requestDto(context.state, request, context.jellyfinUrl()));
}

/** POST /request. */
export function createRequest(context: SeerrContext, call: SeerrCall): Answer {
  const { state, lifecycle } = context;
  const type = call.body.mediaType === 'tv' ? 'tv' : 'movie';
  const tmdbId = Number(call.body.mediaId);
  const is4k = call.body.is4k === true;
  const title = type === 'movie' ? context.world.movie(tmdbId) : context.world.show(tmdbId);
  const known = state.mediaOf(type, tmdbId);
  const no = creationRefusal(context, call, type, known);
  if (no !== null) return no;
  if (title === null) return message(500, '404 status code returned by TMDB');
  const seasons = title.type === 'movie' ? [] : seasonsToRequest(context, title, known, is4k, call.body.seasons);
  if (title.type === 'tv' && seasons.length === 0) return message(202, 'No seasons available to request');
  const earlier = known === null ? null : state.requestsOf(known.id);
  const request = insertRequest(context, { title, is4k, seasons, by: call.user.id, approved: canManage(call.user) });
  // The answer shows the media as it was before approval took effect; a failure shows at once.
  if (lifecycle.refusedByArr(request)) lifecycle.requestSaved(request);
  const answer = createdDto(context, request, earlier);
  lifecycle.requestSaved(request);
  return json(201, answer);
}

function creationRefusal(
  context: SeerrContext,
  { body, user }: SeerrCall,
  type: 'movie' | 'tv',
  known: MediaRow | null,
): Answer | null {
  if (body.is4k === true && !canManage(user)) {
    return message(403, `You do not have permission to make 4K ${type === 'tv' ? 'series' : 'movie'} requests.`);
  }
  if (known?.status === MEDIA.blocklisted) return message(403, 'This media is blocklisted.');
  // Seerr compares with `is4k` as it was sent, so leaving it out skips the check.
  const compared = type === 'movie' && typeof body.is4k === 'boolean';
  if (!compared || !isDuplicate(context, known, body.is4k === true)) return null;
  return message(409, 'Request for this media already exists.');
}

export interface NewRequest {
  title: Title;
  is4k: boolean;
  seasons: number[];
  by: number;
  approved: boolean;
}

/** Writes media and request rows; what follows from approval is up to the caller. */
export function insertRequest(context: SeerrContext, wanted: NewRequest): RequestRow {
  const { state, lifecycle } = context;
  const { title, is4k } = wanted;
  const now = lifecycle.nowText();
  const tvdbId = title.type === 'tv' ? title.tvdbId : null;
  const media = state.mediaOf(title.type, title.tmdbId) ?? state.addMedia(title.type, title.tmdbId, tvdbId, now);
  const tier = tierOf(is4k);
  if (media[tier] === MEDIA.unknown) {
    lifecycle.changeMedia(media, (row) => {
      row[tier] = MEDIA.pending;
    });
  }
  const status = wanted.approved ? REQUEST.approved : REQUEST.pending;
  const request: RequestRow = {
    id: state.next('request'),
    status,
    type: title.type,
    is4k,
    mediaId: media.id,
    requestedBy: wanted.by,
    modifiedBy: wanted.approved ? wanted.by : null,
    createdAt: now,
    seasons: wanted.seasons.map((season) => state.seasonRequest(season, status, now)),
  };
  state.requests.set(request.id, request);
  return request;
}

/** POST /request/{id}/approve|decline. */
export function decide(context: SeerrContext, call: SeerrCall): Answer {
  const request = context.state.requests.get(Number(call.params[0]));
  if (request === undefined) return message(404, 'Request not found.');
  return update(context, request, call.params[1] === 'approve' ? REQUEST.approved : REQUEST.declined, call.user.id);
}

/** POST /request/{id}/retry: approved again, from any state. */
export function retry(context: SeerrContext, call: SeerrCall): Answer {
  const request = context.state.requests.get(Number(call.params[0]));
  if (request === undefined) return message(404, 'Request not found.');
  return update(context, request, REQUEST.approved, call.user.id);
}

/** The answer shows the media as it was before the change took effect. Approving twice changes nothing. */
function update(context: SeerrContext, request: RequestRow, status: number, userId: number): Answer {
  const changes = request.status !== status;
  request.status = status;
  request.modifiedBy = userId;
  for (const season of request.seasons) season.status = status;
  const answer = requestDto(context.state, request, context.jellyfinUrl());
  if (changes) context.lifecycle.requestSaved(request);
  return json(200, answer);
}

/** PUT /request/{id}: the wanted seasons of a request can change at any time; added ones start as pending. */
export function editRequest(context: SeerrContext, call: SeerrCall): Answer {
  const { state, lifecycle } = context;
  const request = state.requests.get(Number(call.params[0]));
  if (request === undefined) return message(404, 'Request not found.');
  const before = request.seasons.length;
  if (call.body.mediaType === 'tv') {
    const wanted = Array.isArray(call.body.seasons) ? call.body.seasons.map(Number) : [];
    if (wanted.length === 0) {
      return message(500, 'Missing seasons. If you want to cancel a series request, use the DELETE method.');
    }
    request.seasons = editedSeasons(context, request, wanted, lifecycle.nowText());
  }
  const dto: Record<string, unknown> = requestDto(state, request, context.jellyfinUrl());
  // Overwritten with what the body said, which is nothing.
  for (const key of ['serverId', 'profileId', 'rootFolder', 'languageProfileId', 'tags']) delete dto[key];
  return json(200, { ...dto, seasonCount: before });
}

export function deleteRequest(context: SeerrContext, call: SeerrCall): Answer {
  const request = context.state.requests.get(Number(call.params[0]));
  if (request === undefined) return message(404, 'Request not found.');
  context.state.requests.delete(request.id);
  context.lifecycle.requestRemoved(request);
  return empty(204);
}

function editedSeasons(
  { state }: SeerrContext,
  request: RequestRow,
  wanted: number[],
  now: string,
): SeasonRequestRow[] {
  const kept = request.seasons.filter((season) => wanted.includes(season.seasonNumber));
  const fresh = wanted.filter((number) => !kept.some((season) => season.seasonNumber === number));
  return [...kept, ...fresh.map((number) => state.seasonRequest(number, REQUEST.pending, now))];
}

function isDuplicate({ state }: SeerrContext, media: MediaRow | null, is4k: boolean): boolean {
  if (media === null) return false;
  const first = state.requestsOf(media.id).find((request) => request.is4k === is4k);
  return first !== undefined && !ENDED.includes(first.status);
}

/** Seasons asked for, less those requested or there already, and less specials unless they are enabled. */
function seasonsToRequest(
  { state, settings }: SeerrContext,
  title: ShowTitle,
  media: MediaRow | null,
  is4k: boolean,
  asked: unknown,
): number[] {
  const every = title.seasons.filter((season) => season.number !== 0).map((season) => season.number);
  const numbers = asked === 'all' ? every : Array.isArray(asked) ? asked.map(Number) : [];
  const allowed = settings.enableSpecialEpisodes ? numbers : numbers.filter((number) => number > 0);
  if (media === null) return allowed;
  const open = state.requestsOf(media.id).filter((request) => request.is4k === is4k && !ENDED.includes(request.status));
  const requested = open.flatMap((request) => request.seasons.map((season) => season.seasonNumber));
  const there = media.seasons
    .filter((season) => season[tierOf(is4k)] !== MEDIA.unknown && season[tierOf(is4k)] !== MEDIA.deleted)
    .map((season) => season.seasonNumber);
  return allowed.filter((number) => !requested.includes(number) && !there.includes(number));
}

/** The answer to a creation: no season count, and no seasons in `media` unless the media was known before. */
function createdDto(context: SeerrContext, request: RequestRow, earlier: RequestRow[] | null): unknown {
  const { state } = context;
  const url = context.jellyfinUrl();
  const media = state.mediaFor(request);
  const { modifiedBy, requestedBy } = peopleDto(state, request, 'long');
  const before = (earlier ?? []).map((other) => listedRequestDto(state, other, url));
  return {
    ...requestHead(request),
    media: earlier === null ? mediaDto(media, url) : { ...fullMediaDto(media, url), requests: before },
    requestedBy,
    ...(modifiedBy === null ? {} : { modifiedBy }),
    ...(request.type === 'tv' ? { seasons: seasonRequestsDto(request) } : {}),
  };
}
