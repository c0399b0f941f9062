import type { z } from 'zod';
import { type Clock, SECOND } from '../../clock.js';
import { ServiceError } from '../../domain/errors.js';
import { isLoss } from '../../domain/loss.js';
import { dateOf, type RawAnswer } from '../http/answer.js';
import type { Answer } from '../http/call.js';
import { createHttp } from '../http/http.js';
import type { Limiter } from '../http/limiter.js';
import type { Guard } from '../http/pause.js';
import { parseRetryAfter } from '../http/retryAfter.js';
import type { Ledger } from '../http/stores.js';
import { sourceTrouble, type Trouble } from '../http/trouble.js';
import { notWhole } from '../http/wholeList.js';
import type { JellyfinPort, LibraryEpisode, LibraryMovie } from '../ports.js';
import * as wire from './wire.js';

export interface JellyfinOptions {
  url: string;
  apiKey: string;
  clock: Clock;
  ledger: Ledger;
  guard: Guard;
  limiter: Limiter;
  /** First delay before a retry (ms). */
  retryDelay: number;
  /** Longest silence (ms). */
  timeoutMs?: number | undefined;
}

const TIMEOUT = 30 * SECOND;
/** Above this 10.11 gets slow. */
const PAGE = 500;
const MAX_PAGES = 1_000;
const IDS_PER_CALL = 50;
const EPISODES = 1_000;

type Query = Record<string, string | number | boolean>;

/**
 * Every query must name `recursive` and `collapseBoxSetItems=false`: with an API key there is no user, and Jellyfin
 * then answers with the root's children only, and hides a film behind the collection it belongs to.
 */
const everywhere: Query = { recursive: true, collapseBoxSetItems: false, enableImages: false, enableUserData: false };

/**
 * Talks to Jellyfin 10.10 to 12.0 with an API key, read-only but for asking it to look at its library. There is no query by
 * provider id (such a parameter is ignored and the whole library comes back): ids are always compared by the caller.
 */
export function createJellyfin(options: JellyfinOptions): JellyfinPort {
  const { clock, guard } = options;
  const http = createHttp({
    service: 'jellyfin',
    label: 'Jellyfin',
    baseUrl: options.url,
    // The one form that all versions take; the others are off in 12.0.
    headers: { Authorization: `MediaBrowser Token="${options.apiKey}"`, Accept: 'application/json' },
    secrets: [options.apiKey],
    urlKey: 'jellyfin.url',
    secretKey: 'jellyfin.apiKey',
    timeoutMs: options.timeoutMs ?? TIMEOUT,
    maxBytes: 50_000_000,
    retryDelay: options.retryDelay,
    limiter: options.limiter,
    guard,
    clock,
    ledger: options.ledger,
    judge: (answer) => judge(answer, clock.now()),
  });

  const get = <T>(operation: string, path: string, schema: z.ZodType<T>, query: Query): Promise<Answer<T>> =>
    http.call({ operation, method: 'GET', path, query, schema, effect: 'read', safe: true });

  async function* pages(operation: string, query: Query, size: number) {
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const startIndex = page * size;
      const { data, header } = await http.call({
        operation,
        method: 'GET',
        path: '/Items',
        query: { ...everywhere, ...query, startIndex, limit: size },
        schema: wire.itemsAnswer,
        effect: 'read',
        safe: true,
        special: (raw) => ('parentId' in query && isUnknownParent(raw) ? { value: noParent } : undefined),
      });
      const rows = data.Items;
      yield { rows, total: data.TotalRecordCount ?? 0, date: dateOf(header), hasParent: data !== noParent };
      // A short page is the last one, unless the total says that rows were left out of it.
      if (rows.length === 0) return;
      if (rows.length < size && startIndex + size >= (data.TotalRecordCount ?? 0)) return;
    }
  }

  /** All titles once, page by page, with the ids of its rows put among `seen`. */
  async function* reading(seen: Set<string>) {
    const query = {
      includeItemTypes: 'Movie,Series',
      fields: 'ProviderIds,Path',
      sortBy: 'DateCreated,SortName',
      sortOrder: 'Ascending',
      enableTotalRecordCount: true,
    };
    for await (const { rows, total, date } of pages('sweep', query, PAGE)) {
      for (const { Id } of rows) seen.add(Id);
      yield { items: present(rows.map(wire.toItem)), rows: rows.length, total, serverTime: date ?? clock.now() };
    }
  }

  /** Offsets that have moved under our feet hide a title: a second reading finds what slipped through the first. */
  async function* sweep(): ReturnType<JellyfinPort['sweep']> {
    guard.check('list', 'sweep');
    const seen = new Set<string>();
    let total = 0;
    let shown = 0;
    for (let count = 1; count === 1 || (count === 2 && seen.size < total); count += 1) {
      shown = 0;
      for await (const { rows, ...page } of reading(seen)) {
        total = page.total;
        shown += rows;
        yield { items: page.items, serverTime: page.serverTime };
      }
    }
    if (isLoss(total, shown)) guard.stop(tooFew(total, shown), 'sweep');
    guard.succeeded('list');
  }

  async function* changedSince(since: number): ReturnType<JellyfinPort['changedSince']> {
    const query = {
      includeItemTypes: 'Movie,Series,Episode',
      excludeLocationTypes: 'Virtual',
      // minDateLastSaved, the documented one, is a 500 on 10.10.
      minDateLastSavedForUser: new Date(since).toISOString(),
      fields: 'ProviderIds,Path',
      enableTotalRecordCount: false,
    };
    for await (const { rows, date } of pages('changes', query, PAGE)) {
      const items = rows.filter((row) => !wire.isVirtual(row)).map(wire.toItem);
      yield { items: present(items), serverTime: date ?? clock.now() };
    }
  }

  return {
    sweep,

    changedSince,

    async movies(ids) {
      const movies: LibraryMovie[] = [];
      for (let i = 0; i < ids.length; i += IDS_PER_CALL) {
        const { data } = await get('movies', '/Items', wire.itemsAnswer, {
          ids: ids.slice(i, i + IDS_PER_CALL).join(','),
          fields: 'ProviderIds,Path,MediaSources,Width,Height,DateCreated',
          enableImages: false,
          enableUserData: false,
        });
        movies.push(...present(data.Items.map(wire.toMovie)));
      }
      return movies;
    },

    async episodes(seriesId, season, withWidths) {
      const query = {
        parentId: seriesId,
        includeItemTypes: 'Episode',
        parentIndexNumber: season,
        excludeLocationTypes: 'Virtual',
        fields: withWidths ? 'Path,MediaSources' : 'Path',
        sortBy: 'IndexNumber',
        enableTotalRecordCount: false,
      };
      const found: LibraryEpisode[] = [];
      for await (const { rows, hasParent } of pages('episodes', query, EPISODES)) {
        if (!hasParent) return null;
        found.push(...present(rows.map((row) => wire.toEpisode(row, season))));
      }
      return found;
    },

    async probe(itemId) {
      const answer = await http.call({
        operation: 'probe',
        method: 'GET',
        path: `/Items/${encodeURIComponent(itemId)}/PlaybackInfo`,
        schema: wire.playbackAnswer,
        effect: 'read',
        safe: true,
        // A file that it cannot read is a 500: nothing is known of it, and nothing wrong with Jellyfin.
        special: (raw) => (raw.status === 404 || raw.status === 500 ? { value: {} } : undefined),
      });
      return wire.videoWidths(answer.data);
    },

    async scanTask() {
      const { data } = await get('scanTask', '/ScheduledTasks', wire.tasksAnswer, { isHidden: false });
      const task = data.find(({ Key }) => Key === 'RefreshLibrary');
      if (task) return wire.toScanTask(task);
      throw new ServiceError({
        service: 'jellyfin',
        operation: 'scanTask',
        failure: 'ours',
        code: 'off-contract',
        message: 'Jellyfin lists no library scan among its scheduled tasks',
      });
    },

    async startScan(taskId) {
      const path = `/ScheduledTasks/Running/${encodeURIComponent(taskId)}`;
      await http.call({
        operation: 'startScan',
        method: 'POST',
        path,
        schema: 'no-body',
        effect: 'write',
        safe: false,
      });
    },

    async reportPaths(paths) {
      await http.call({
        operation: 'reportPaths',
        method: 'POST',
        path: '/Library/Media/Updated',
        json: { Updates: paths.map((path) => ({ Path: path, UpdateType: 'Modified' })) },
        schema: 'no-body',
        effect: 'write',
        // Once more does no harm: it only begins to wait anew.
        safe: true,
      });
    },

    async server() {
      const { data, header } = await get('server', '/System/Info', wire.serverAnswer, {});
      return { version: data.Version, name: data.ServerName ?? '', serverTime: dateOf(header) };
    },

    async libraries() {
      const { data } = await get('libraries', '/Library/VirtualFolders', wire.librariesAnswer, {});
      return data.map(wire.toLibrary);
    },
  };
}

/** Stands for Jellyfin's answer that there is no such parent. */
const noParent: z.infer<typeof wire.itemsAnswer> = { Items: [] };

/** The total without the rows: it counts before it can show them, while it starts for instance. */
const tooFew = (total: number, shown: number): Trouble =>
  notWhole(
    `Jellyfin counts ${total} titles and shows ${shown}: what the others are is not known`,
    'Nothing is concluded from its library meanwhile; if this lasts, restart Jellyfin and let it scan.',
  );

const present = <T>(items: (T | null)[]): T[] => items.filter((item) => item !== null);

/** A parent that does not exist is a 400 in plain text; a parameter that we got wrong comes with `errors`. */
function isUnknownParent({ status, json }: RawAnswer): boolean {
  return status === 400 && !(typeof json === 'object' && json !== null && 'errors' in json);
}

function judge(answer: RawAnswer, now: number): Trouble | undefined {
  if (answer.status !== 503) return undefined;
  // While it starts or migrates: a web page, with Retry-After since 10.11. Its IP filter answers 503 without a body.
  const hint =
    answer.text.trim() === '' ? 'If Jellyfin is up, its network settings may block this machine’s address.' : undefined;
  const retryAfterMs = parseRetryAfter(answer.header('retry-after'), now);
  const message = 'Jellyfin is not ready (HTTP 503)';
  return sourceTrouble({ code: 'http-503', message, hint, retryAfterMs, retry: retryAfterMs === null });
}
