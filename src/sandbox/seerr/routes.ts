import { type Answer, type Call, empty, json } from '../kit/http.js';
import type { Route } from '../kit/router.js';
import type { SeerrCall, SeerrContext } from './context.js';
import { MEDIA_LIST_QUERY, mediaList, REQUEST_LIST_QUERY, requestCount, requestList } from './list.js';
import { deleteMedia, MARKS, markMedia } from './mark.js';
import { createRequest, decide, deleteRequest, editRequest, readRequest, retry } from './requests.js';
import type { ArrServer } from './settings.js';
import { matchesSearch, movieDto, searchResultDto, seasonDto, showDto } from './titles.js';
import { type Complaint, enumComplaint, type ParameterSpec, typeComplaint } from './validate.js';
import { mediaInfoDto, userDto } from './wire.js';

/** What the OpenAPI layer and the rights middleware know of a route. */
export interface SeerrRules {
  /** Answers without a key. */
  open?: boolean;
  right?: 'admin' | 'manage';
  query?: Readonly<Record<string, ParameterSpec>>;
  /** Path parameters that must be numbers, by position, with their names. */
  numbers?: readonly string[];
  /** A JSON body must be there. */
  body?: (body: Readonly<Record<string, unknown>>) => Complaint[];
  /** More to check about path parameters. */
  path?: (params: string[]) => Complaint[];
}

export interface SeerrRoute extends Omit<Route, 'run' | 'rules'> {
  rules: SeerrRules;
  run: (context: SeerrContext, call: SeerrCall) => Answer;
}

const LANGUAGE = { language: { type: 'string' } } as const;

function byFilter(call: Call): string {
  return call.query.get('filter') === 'approved' ? 'approvedList' : 'requestList';
}

export const ROUTES: readonly SeerrRoute[] = [
  { method: 'GET', path: '/status', name: 'status', rules: { open: true }, run: status },
  { method: 'GET', path: '/settings/public', name: 'publicSettings', rules: { open: true }, run: publicSettings },
  { method: 'GET', path: '/auth/me', name: 'me', rules: {}, run: me },
  { method: 'GET', path: '/request', name: byFilter, rules: { query: REQUEST_LIST_QUERY }, run: requestList },
  {
    method: 'POST',
    path: '/request',
    name: 'createRequest',
    rules: { body: newRequestComplaints },
    run: createRequest,
  },
  { method: 'GET', path: '/request/count', name: 'requestCount', rules: {}, run: requestCount },
  { method: 'GET', path: '/request/:id', name: 'request', rules: { numbers: ['requestId'] }, run: readRequest },
  {
    method: 'PUT',
    path: '/request/:id',
    name: 'editRequest',
    rules: { numbers: ['requestId'], body: editComplaints },
    run: editRequest,
  },
  {
    method: 'DELETE',
    path: '/request/:id',
    name: 'deleteRequest',
    rules: { numbers: ['requestId'] },
    run: deleteRequest,
  },
  { method: 'POST', path: '/request/:id/retry', name: 'retryRequest', rules: { right: 'manage' }, run: retry },
  {
    method: 'POST',
    path: '/request/:id/:decision',
    name: (_call, [, decision = '']) => `${decision}Request`,
    rules: { right: 'manage', path: ([, status]) => enumComplaint('.params.status', ['approve', 'decline'], status) },
    run: decide,
  },
  { method: 'GET', path: '/media', name: 'mediaList', rules: { query: MEDIA_LIST_QUERY }, run: mediaList },
  {
    method: 'POST',
    path: '/media/:id/:status',
    name: 'markMedia',
    rules: {
      right: 'manage',
      path: ([, mark]) => enumComplaint('.params.status', MARKS, mark),
      body: ({ is4k }) =>
        is4k === undefined || typeof is4k === 'boolean' ? [] : [typeComplaint('.body.is4k', 'boolean')],
    },
    run: markMedia,
  },
  { method: 'DELETE', path: '/media/:id', name: 'deleteMedia', rules: { right: 'manage' }, run: deleteMedia },
  { method: 'GET', path: '/movie/:id', name: 'movie', rules: { numbers: ['movieId'], query: LANGUAGE }, run: movie },
  { method: 'GET', path: '/tv/:id', name: 'show', rules: { numbers: ['tvId'], query: LANGUAGE }, run: show },
  {
    method: 'GET',
    path: '/tv/:id/season/:number',
    name: 'season',
    rules: { numbers: ['tvId', 'seasonNumber'], query: LANGUAGE },
    run: season,
  },
  {
    method: 'GET',
    path: '/search',
    name: 'search',
    rules: { query: { ...LANGUAGE, query: { type: 'string', required: true }, page: { type: 'number' } } },
    run: search,
  },
  { method: 'GET', path: '/settings/jobs', name: 'jobs', rules: { right: 'admin' }, run: jobList },
  { method: 'POST', path: '/settings/jobs/:id/run', name: 'runJob', rules: { right: 'admin' }, run: runJob },
  { method: 'POST', path: '/settings/jobs/:id/cancel', name: 'cancelJob', rules: { right: 'admin' }, run: cancelJob },
  {
    method: 'GET',
    path: '/settings/radarr',
    name: 'radarrSettings',
    rules: { right: 'admin' },
    run: ({ settings }) => json(200, settings.radarr.map(arrDto)),
  },
  {
    method: 'GET',
    path: '/settings/sonarr',
    name: 'sonarrSettings',
    rules: { right: 'admin' },
    run: ({ settings }) => json(200, settings.sonarr.map(arrDto)),
  },
  // Shows the API key: nobody needs it. It is here to show up in the log if anybody asks.
  { method: 'GET', path: '/settings/main', name: 'mainSettings', rules: { right: 'admin' }, run: mainSettings },
  {
    method: 'GET',
    path: '/settings/metadatas',
    name: 'metadataSettings',
    rules: { right: 'admin' },
    run: () => json(200, { tv: 'tmdb', anime: 'tmdb' }),
  },
  {
    method: 'POST',
    path: '/settings/cache/:id/flush',
    name: 'flushCache',
    rules: { right: 'admin' },
    run: () => empty(204),
  },
];

function status({ settings }: SeerrContext): Answer {
  const version = { version: settings.version, commitTag: 'local', updateAvailable: false, commitsBehind: 0 };
  return json(200, { ...version, restartRequired: false });
}

function publicSettings({ settings }: SeerrContext): Answer {
  return json(200, {
    initialized: true,
    applicationTitle: 'Seerr',
    applicationUrl: '',
    hideAvailable: false,
    hideBlocklisted: false,
    localLogin: true,
    mediaServerLogin: true,
    jellyfinExternalHost: '',
    jellyfinForgotPasswordUrl: '',
    movie4kEnabled: settings.radarr.some((server) => server.is4k),
    series4kEnabled: settings.sonarr.some((server) => server.is4k),
    discoverRegion: '',
    streamingRegion: '',
    originalLanguage: '',
    mediaServerType: 2,
    partialRequestsEnabled: true,
    enableSpecialEpisodes: settings.enableSpecialEpisodes,
    cacheImages: false,
    vapidPublic: 'FAKE-VAPID-PUBLIC-KEY',
    enablePushRegistration: false,
    locale: 'en',
    emailEnabled: false,
    userEmailRequired: false,
    newPlexLogin: true,
    youtubeUrl: '',
  });
}

function mainSettings({ settings }: SeerrContext): Answer {
  const { enableSpecialEpisodes } = settings;
  return json(200, { applicationTitle: 'Seerr', applicationUrl: '', mediaServerType: 2, enableSpecialEpisodes });
}

function me({ state }: SeerrContext, { user }: SeerrCall): Answer {
  return json(200, userDto(state, user, 'long'));
}

/** An unknown id and an outage of TMDB look the same. */
function movie(context: SeerrContext, { params }: SeerrCall): Answer {
  const title = context.world.movie(Number(params[0]));
  if (title === null) return json(500, { message: 'Unable to retrieve movie.' });
  const info = mediaInfoDto(context.state, context.state.mediaOf('movie', title.tmdbId), context.jellyfinUrl());
  return json(200, { ...movieDto(title), ...info });
}

function show(context: SeerrContext, { params }: SeerrCall): Answer {
  const title = context.world.show(Number(params[0]));
  if (title === null) return json(500, { message: 'Unable to retrieve series.' });
  const info = mediaInfoDto(context.state, context.state.mediaOf('tv', title.tmdbId), context.jellyfinUrl());
  return json(200, { ...showDto(title, context.lifecycle.nowText().slice(0, 10)), ...info });
}

function season({ world }: SeerrContext, { params }: SeerrCall): Answer {
  const title = world.show(Number(params[0]));
  const found = title?.seasons.find((other) => other.number === Number(params[1]));
  if (title === null || found === undefined) return json(500, { message: 'Unable to retrieve season.' });
  return json(200, seasonDto(title, found));
}

function search(context: SeerrContext, { query }: SeerrCall): Answer {
  const found = context.world.titles.filter((title) => matchesSearch(title, query.get('query') ?? ''));
  const results = found.map((title) => {
    const media = context.state.mediaOf(title.type, title.tmdbId);
    return { ...searchResultDto(title), ...mediaInfoDto(context.state, media, context.jellyfinUrl()) };
  });
  return json(200, { page: Number(query.get('page') ?? 1), totalPages: 1, totalResults: results.length, results });
}

function jobList({ jobs }: SeerrContext): Answer {
  return json(
    200,
    jobs.specs.map((spec) => jobs.dto(spec)),
  );
}

function runJob({ jobs }: SeerrContext, { params }: SeerrCall): Answer {
  const spec = jobs.start(params[0] ?? '');
  return spec === null ? json(404, { message: 'Job not found.' }) : json(200, jobs.dto(spec));
}

function cancelJob({ jobs }: SeerrContext, { params }: SeerrCall): Answer {
  const spec = jobs.cancel(params[0] ?? '');
  return spec === null ? json(404, { message: 'Job not found.' }) : json(200, jobs.dto(spec));
}

function arrDto(server: ArrServer): Record<string, unknown> {
  return {
    name: server.name,
    hostname: 'arr.test',
    port: 7878,
    apiKey: 'k',
    useSsl: false,
    baseUrl: '/arr',
    activeProfileId: 1,
    activeProfileName: 'Any',
    activeDirectory: '/media',
    tags: [],
    is4k: server.is4k,
    minimumAvailability: 'released',
    isDefault: server.isDefault,
    externalUrl: '',
    syncEnabled: false,
    preventSearch: false,
    tagRequests: false,
    id: server.id,
  };
}

function newRequestComplaints(body: Readonly<Record<string, unknown>>): Complaint[] {
  const complaints = enumComplaint('.body.mediaType', ['movie', 'tv'], body.mediaType);
  if (typeof body.mediaId !== 'number') complaints.push(typeComplaint('.body.mediaId', 'number'));
  if (body.is4k !== undefined && typeof body.is4k !== 'boolean')
    complaints.push(typeComplaint('.body.is4k', 'boolean'));
  return complaints;
}

function editComplaints(body: Readonly<Record<string, unknown>>): Complaint[] {
  return enumComplaint('.body.mediaType', ['movie', 'tv'], body.mediaType);
}
