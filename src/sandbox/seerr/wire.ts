import { SERVER_ID } from '../jellyfin/wire.js';
import type { MediaRow, RequestRow, SeerrState, UserRow } from './state.js';

type Json = Record<string, unknown>;

/** A user as Seerr shows it; the long form has the `settings` key. */
export function userDto(state: SeerrState, user: UserRow, form: 'short' | 'long'): Json {
  return {
    permissions: user.permissions,
    warnings: [],
    id: user.id,
    email: user.email,
    plexUsername: null,
    jellyfinUsername: user.jellyfin ? user.name : null,
    username: user.jellyfin ? null : user.name,
    recoveryLinkExpirationDate: null,
    userType: user.jellyfin ? 3 : 2,
    plexId: null,
    jellyfinUserId: user.jellyfin ? '000000000000000000000000000000b1' : null,
    avatar: user.jellyfin
      ? '/avatarproxy/000000000000000000000000000000b1?v=undefined'
      : 'https://gravatar.com/avatar/00000000000000000000000000000000?default=mm&size=200',
    avatarETag: null,
    avatarVersion: null,
    movieQuotaLimit: null,
    movieQuotaDays: null,
    tvQuotaLimit: null,
    tvQuotaDays: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
    ...(form === 'long' ? { settings: null } : {}),
    requestCount: state.requestCount(user.id),
    displayName: user.name,
  };
}

/** The media row without its seasons: so it stands in the request list. */
export function mediaDto(media: MediaRow, jellyfinUrl: string): Json {
  return {
    downloadStatus: [],
    downloadStatus4k: [],
    id: media.id,
    mediaType: media.mediaType,
    tmdbId: media.tmdbId,
    tvdbId: media.tvdbId,
    imdbId: media.imdbId,
    status: media.status,
    status4k: media.status4k,
    createdAt: media.createdAt,
    // Never moves after the insert in 3.1.
    updatedAt: media.createdAt,
    lastSeasonChange: media.lastSeasonChange,
    mediaAddedAt: media.mediaAddedAt,
    serviceId: media.serviceId,
    serviceId4k: media.serviceId4k,
    externalServiceId: media.externalServiceId,
    externalServiceId4k: media.externalServiceId4k,
    externalServiceSlug: media.externalServiceSlug,
    externalServiceSlug4k: media.externalServiceSlug4k,
    ratingKey: null,
    ratingKey4k: null,
    jellyfinMediaId: media.jellyfinMediaId,
    jellyfinMediaId4k: media.jellyfinMediaId4k,
    ...link('mediaUrl', media.jellyfinMediaId, jellyfinUrl),
    ...link('mediaUrl4k', media.jellyfinMediaId4k, jellyfinUrl),
    ...(media.serviceId === null ? {} : { serviceUrl: `http://arr.test:7878/movie/${media.externalServiceSlug}` }),
  };
}

/** The media row with its seasons: in GET /request/{id}, POST /media and mediaInfo. */
export function fullMediaDto(media: MediaRow, jellyfinUrl: string): Json {
  return {
    ...mediaDto(media, jellyfinUrl),
    seasons: media.seasons.map((season) => ({
      id: season.id,
      seasonNumber: season.seasonNumber,
      status: season.status,
      status4k: season.status4k,
      createdAt: season.createdAt,
      updatedAt: season.createdAt,
    })),
  };
}

export function requestHead(request: RequestRow): Json {
  return {
    id: request.id,
    status: request.status,
    createdAt: request.createdAt,
    updatedAt: request.createdAt,
    type: request.type,
    is4k: request.is4k,
    serverId: null,
    profileId: null,
    rootFolder: null,
    languageProfileId: null,
    tags: null,
    isAutoRequest: false,
  };
}

export function seasonRequestsDto(request: RequestRow): Json[] {
  return request.seasons.map((season) => ({
    id: season.id,
    seasonNumber: season.seasonNumber,
    status: season.status,
    createdAt: season.createdAt,
    updatedAt: season.createdAt,
  }));
}

export function peopleDto(state: SeerrState, request: RequestRow, form: 'short' | 'long'): Json {
  const of = (id: number | null) => {
    const user = id === null ? undefined : state.users.get(id);
    return user === undefined ? null : userDto(state, user, form);
  };
  return { requestedBy: of(request.requestedBy), modifiedBy: of(request.modifiedBy) };
}

/** GET /request/{id}, and what approve, decline and retry answer. */
export function requestDto(state: SeerrState, request: RequestRow, jellyfinUrl: string): Json {
  return {
    ...requestHead(request),
    ...peopleDto(state, request, 'long'),
    media: fullMediaDto(state.mediaFor(request), jellyfinUrl),
    seasons: seasonRequestsDto(request),
    seasonCount: request.seasons.length,
  };
}

/** A row of GET /request: no seasons in `media`, users in short form. */
export function listedRequestDto(state: SeerrState, request: RequestRow, jellyfinUrl: string): Json {
  return {
    ...requestHead(request),
    media: mediaDto(state.mediaFor(request), jellyfinUrl),
    ...peopleDto(state, request, 'short'),
    seasons: seasonRequestsDto(request),
    seasonCount: request.seasons.length,
  };
}

/** `mediaInfo` of a title; absent when Seerr has no media row. */
export function mediaInfoDto(state: SeerrState, media: MediaRow | null, jellyfinUrl: string): Json {
  if (media === null) return {};
  const requests = state.requestsOf(media.id).map((request) => listedRequestDto(state, request, jellyfinUrl));
  return { mediaInfo: { ...fullMediaDto(media, jellyfinUrl), requests, issues: [] } };
}

function link(key: string, id: string | null, jellyfinUrl: string): Json {
  if (id === null) return {};
  return { [key]: `${jellyfinUrl}/web/index.html#!/details?id=${id}&context=home&serverId=${SERVER_ID}` };
}
