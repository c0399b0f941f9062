import type { z } from 'zod';
import { type Clock, HOUR, SECOND } from '../../clock.js';
import { ServiceError } from '../../domain/errors.js';
import type { MediaRequest } from '../../domain/media.js';
import type { ServiceCache } from '../cache.js';
import type { RawAnswer } from '../http/answer.js';
import { dateOf, said } from '../http/answer.js';
import { createHttp } from '../http/http.js';
import type { Limiter } from '../http/limiter.js';
import type { Guard } from '../http/pause.js';
import type { Ledger } from '../http/stores.js';
import { accountTrouble, sourceTrouble, type Trouble } from '../http/trouble.js';
import { wholeList } from '../http/wholeList.js';
import type { SeerrPort } from '../ports.js';
import * as wire from './wire.js';

export interface SeerrOptions {
  url: string;
  apiKey: string;
  clock: Clock;
  ledger: Ledger;
  guard: Guard;
  limiter: Limiter;
  cache: ServiceCache;
  /** First delay before a retry (ms). */
  retryDelay: number;
  /** Longest silence (ms). */
  timeoutMs?: number | undefined;
}

/** The list asks every configured Radarr and Sonarr first, each of which may take 10 s to be unreachable. */
const TIMEOUT = 45 * SECOND;
const PAGE = 500;
const MAX_PAGES = 200;
const DETAILS_TTL = 12 * HOUR;
/** What is not there yet may come any day: an IMDb id, without which nothing can be searched, or a season's episodes. */
const GAP_TTL = HOUR;
const SCAN_JOB = 'jellyfin-recently-added-scan';
const FULL_SCAN_JOB = 'jellyfin-full-scan';
const METADATA_TTL = HOUR;

/**
 * Talks to Seerr's API as its owner: the bare key acts as user 1. X-API-User is never sent (a value that is no number
 * takes a whole Seerr 3.1 down). Only query parameters that Overseerr knows, too: an unknown one is a 400.
 */
export function createSeerr(options: SeerrOptions): SeerrPort {
  const { cache, clock } = options;
  const http = createHttp({
    service: 'seerr',
    label: 'Seerr',
    baseUrl: `${options.url.replace(/\/+$/, '')}/api/v1`,
    headers: { 'X-Api-Key': options.apiKey, Accept: 'application/json' },
    secrets: [options.apiKey],
    urlKey: 'seerr.url',
    secretKey: 'seerr.apiKey',
    timeoutMs: options.timeoutMs ?? TIMEOUT,
    maxBytes: 20_000_000,
    retryDelay: options.retryDelay,
    limiter: options.limiter,
    guard: options.guard,
    clock,
    ledger: options.ledger,
    judge: judge([options.apiKey]),
  });

  const get = async <T>(
    operation: string,
    path: string,
    schema: z.ZodType<T>,
    query?: Record<string, string | number>,
  ): Promise<T> => {
    const spec = { operation, method: 'GET', path, schema, effect: 'read', safe: true } as const;
    return (await http.call<T>(query ? { ...spec, query } : spec)).data;
  };

  const key = (kind: string, ...ids: number[]) => ['seerr', options.url, kind, ...ids] as const;
  const detailsTtl = ({ imdbId }: { imdbId: string | null }) => (imdbId === null ? GAP_TTL : DETAILS_TTL);

  /** null = the list moved while it was read. */
  const sweep = async (): Promise<MediaRequest[] | null> => {
    const seen = new Map<number, MediaRequest | null>();
    let total: number | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const query = { filter: 'approved', take: PAGE, skip: page * PAGE };
      const { pageInfo, results } = await get('requests', '/request', wire.requestPage, query);
      total ??= pageInfo.results;
      if (total !== pageInfo.results) return null;
      for (const row of results) seen.set(row.id, wire.toRequest(row));
      if ((page + 1) * PAGE >= total || results.length === 0) break;
    }
    if (seen.size !== total) return null;
    return [...seen.values()].filter((request) => request !== null);
  };

  /** null = there is no such job. */
  const jobRunning = async (id: string): Promise<boolean | null> => {
    const job = (await get('jobs', '/settings/jobs', wire.jobsAnswer)).find((one) => one.id === id);
    return job === undefined ? null : (job.running ?? false);
  };

  const startJob = async (operation: string, id: string): Promise<void> => {
    const path = `/settings/jobs/${id}/run`;
    await http.call({ operation, method: 'POST', path, schema: 'no-body', effect: 'write', safe: false });
  };

  return {
    approvedRequests() {
      // Rows are addressed by offset: one that leaves in between hides another.
      return wholeList(
        {
          operation: 'requests',
          guard: options.guard,
          message: 'Seerr’s request list is not complete: its pages do not add up to the total it names',
          hint: 'Nothing is taken on meanwhile; if this lasts, restart Seerr, and see that no proxy in between changes its answers.',
        },
        sweep,
      );
    },

    async request(id) {
      const answer = await http.call({
        operation: 'request',
        method: 'GET',
        path: `/request/${id}`,
        schema: wire.requestAnswer,
        effect: 'read',
        safe: true,
        special: (raw) => (isGone(raw) ? { value: null } : undefined),
      });
      return answer.data && wire.toRequest(answer.data);
    },

    movie: (tmdbId) =>
      cache.wrap(
        key('movie', tmdbId),
        async () => wire.toMovie(await get('movie', `/movie/${tmdbId}`, wire.movieAnswer)),
        detailsTtl,
      ),

    show: (tmdbId) =>
      cache.wrap(
        key('show', tmdbId),
        async () => wire.toShow(await get('show', `/tv/${tmdbId}`, wire.showAnswer)),
        detailsTtl,
      ),

    season: (tmdbId, season) =>
      cache.wrap(
        key('season', tmdbId, season),
        async () => wire.toSeason(await get('season', `/tv/${tmdbId}/season/${season}`, wire.seasonAnswer)),
        ({ episodes }) => (episodes.length === 0 ? GAP_TTL : DETAILS_TTL),
      ),

    async findByImdb(imdbId) {
      const { results } = await get('search', '/search', wire.searchAnswer, { query: `imdb:${imdbId}` });
      for (const { id, mediaType } of results) {
        if (typeof id === 'number' && (mediaType === 'movie' || mediaType === 'tv'))
          return { type: mediaType, tmdbId: id };
      }
      return null;
    },

    async arr() {
      const radarr = await get('radarr', '/settings/radarr', wire.arrAnswer);
      const sonarr = await get('sonarr', '/settings/sonarr', wire.arrAnswer);
      const has = (list: typeof radarr, is4k: boolean) => list.some((server) => (server.is4k ?? false) === is4k);
      return { movie: has(radarr, false), movie4k: has(radarr, true), tv: has(sonarr, false), tv4k: has(sonarr, true) };
    },

    async settings() {
      const settings = await get('settings', '/settings/public', wire.publicSettingsAnswer);
      return {
        movie4k: settings.movie4kEnabled ?? false,
        series4k: settings.series4kEnabled ?? false,
        mediaServer: settings.mediaServerType ?? null,
      };
    },

    async access() {
      const spec = { operation: 'access', method: 'GET', path: '/auth/me', effect: 'read', safe: true } as const;
      const { data, header } = await http.call({ ...spec, schema: wire.meAnswer });
      // Only with that protection on do answers to reads hand out its cookie.
      const csrf = /(?:^|[\s,])XSRF-TOKEN=/.test(header('set-cookie') ?? '');
      return { permissions: data.permissions, csrf, serverTime: dateOf(header) };
    },

    version: async () => (await get('status', '/status', wire.statusAnswer)).version,

    metadataProviders: () =>
      cache.wrap(
        key('metadata'),
        async () => {
          const answer = await http.call({
            operation: 'metadata',
            method: 'GET',
            path: '/settings/metadatas',
            schema: wire.metadataAnswer,
            effect: 'read',
            safe: true,
            special: (raw) => (raw.status === 404 ? { value: null } : undefined),
          });
          return answer.data;
        },
        () => METADATA_TTL,
      ),

    async recentScanRunning() {
      const running = await jobRunning(SCAN_JOB);
      if (running !== null) return running;
      throw new ServiceError({
        service: 'seerr',
        operation: 'jobs',
        failure: 'ours',
        code: 'no-scan-job',
        message: 'Seerr has no job that scans Jellyfin for recently added titles',
        hint: 'Connect Jellyfin in Seerr, or set seerr.complete to mark.',
      });
    },

    startRecentScan: () => startJob('startScan', SCAN_JOB),

    fullScanRunning: () => jobRunning(FULL_SCAN_JOB),

    startFullScan: () => startJob('startFullScan', FULL_SCAN_JOB),

    async mark(mediaId, status, { is4k, seasons }) {
      // Without a JSON body Seerr answers 415; is4k must be a real boolean.
      const json = seasons ? { is4k, seasons: seasons.map((seasonNumber) => ({ seasonNumber })) } : { is4k };
      const path = `/media/${mediaId}/${status}`;
      await http.call({
        operation: 'mark',
        method: 'POST',
        path,
        json,
        schema: 'no-body',
        effect: 'write',
        safe: false,
      });
    },
  };
}

/** A proxy's own 404 page is no statement about the request. */
const isGone = ({ status, json }: RawAnswer): boolean =>
  status === 404 && typeof json === 'object' && json !== null && !('errors' in json);

function judge(secrets: string[]) {
  return (answer: RawAnswer, { operation }: { operation: string }): Trouble | undefined => {
    const words = said(answer, { secrets });
    if (answer.status === 403 && /csrf/i.test(words)) {
      return accountTrouble({
        code: 'csrf',
        message: 'Seerr refuses every write while its CSRF protection is on',
        hint: 'Switch it off in Seerr (Settings > Network > CSRF Protection) and restart Seerr.',
        pause: 'writes',
      });
    }
    if (
      answer.status === 500 &&
      /^: Unable to retrieve/.test(words) &&
      ['movie', 'show', 'season'].includes(operation)
    ) {
      // An unknown TMDB id and an unreachable TMDB look the same. One bad title must not silence Seerr.
      return sourceTrouble({
        code: 'details-unavailable',
        message: `Seerr cannot get the title’s details from TMDB${words}`,
        pause: 'none',
      });
    }
    return undefined;
  };
}
