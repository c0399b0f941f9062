import { type Clock, SECOND } from '../../clock.js';
import { ServiceError } from '../../domain/errors.js';
import type { TorrentFile } from '../../domain/release.js';
import type { ServiceCache } from '../cache.js';
import { dateOf, type RawAnswer } from '../http/answer.js';
import { createHttp } from '../http/http.js';
import type { Limiter } from '../http/limiter.js';
import type { Guard } from '../http/pause.js';
import { parseRetryAfter } from '../http/retryAfter.js';
import type { Ledger } from '../http/stores.js';
import { throttleTrouble } from '../http/trouble.js';
import type { RealDebridPort } from '../ports.js';
import { createAvailability } from './availability.js';
import { ALREADY_DONE, codeOf, codeTrouble, GONE, SOFTLY_REFUSED } from './codes.js';
import { listTorrents } from './list.js';
import { isInfoHash, magnetLink } from './magnet.js';
import { addedAnswer, infoAnswer, slotsAnswer, toInfo, userAnswer } from './wire.js';

export interface RealDebridOptions {
  url: string;
  token: string;
  /** How long file lists and availability answers are used (ms). */
  availabilityTtl: number;
  clock: Clock;
  ledger: Ledger;
  guard: Guard;
  /** All calls; and, tighter, adding and listing. */
  limiter: Limiter;
  addLimiter: Limiter;
  listLimiter: Limiter;
  cache: ServiceCache;
  /** First delay before a retry (ms). */
  retryDelay: number;
  /** Longest silence (ms); listing may take four times as long. */
  timeoutMs?: number | undefined;
}

const TIMEOUT = 15 * SECOND;
/**
 * Error 35 this soon after a throttle may be the throttle's escalation, not a verdict on the release. Once: what is
 * refused again behind the pause for that is refused.
 */
const SOFT_35 = 30 * SECOND;

/** Talks to Real-Debrid's REST API 1.0. POST bodies are forms; JSON is not read by it. */
export function createRealDebrid(options: RealDebridOptions): RealDebridPort {
  const { cache, clock, guard } = options;
  const secrets = [options.token];
  const http = createHttp({
    service: 'realDebrid',
    label: 'Real-Debrid',
    baseUrl: options.url,
    headers: { Authorization: `Bearer ${options.token}`, Accept: 'application/json' },
    secrets,
    urlKey: 'realDebrid.url',
    secretKey: 'realDebrid.token',
    timeoutMs: options.timeoutMs ?? TIMEOUT,
    maxBytes: 30_000_000,
    environmentProxy: true,
    retryDelay: options.retryDelay,
    limiter: options.limiter,
    guard,
    clock,
    ledger: options.ledger,
    judge: (answer, { operation, effect }) =>
      codeTrouble(answer, {
        operation,
        effect,
        throttledLately: guard.throttledWithin(SOFT_35, SOFTLY_REFUSED),
        retryAfterMs: parseRetryAfter(answer.header('retry-after'), clock.now()),
        secrets,
      }),
  });

  const filesKey = (infoHash: string) => ['rd-files', options.url, infoHash.toLowerCase()] as const;
  const at = (id: string) => encodeURIComponent(id);

  return {
    list: () =>
      listTorrents({ http, guard, clock, lane: options.listLimiter, timeoutMs: 4 * (options.timeoutMs ?? TIMEOUT) }),

    async info(id) {
      const { data } = await http.call({
        operation: 'info',
        method: 'GET',
        path: `/torrents/info/${at(id)}`,
        schema: infoAnswer,
        effect: 'read',
        safe: true,
        counted: true,
        special: (raw) => (isGone(raw) ? { value: null } : undefined),
      });
      if (data === null) return null;
      const info = toInfo(data);
      if (info.files.length > 0) {
        const files: TorrentFile[] = info.files.map(({ selected: _, ...file }) => file);
        await cache.set(filesKey(info.infoHash), files, options.availabilityTtl);
      }
      return info;
    },

    async rememberedFiles(infoHash) {
      return (await cache.get<TorrentFile[]>(filesKey(infoHash))) ?? null;
    },

    async addMagnet(infoHash, trackers) {
      if (!isInfoHash(infoHash)) throw refuse('addMagnet', 'bad-hash', 'the info hash is not 40 hex digits');
      const { data } = await http.call({
        operation: 'addMagnet',
        method: 'POST',
        path: '/torrents/addMagnet',
        form: { magnet: magnetLink(infoHash, trackers) },
        schema: addedAnswer,
        effect: 'add',
        // The same hash again makes a second torrent: after a lost answer only the list can tell.
        safe: false,
        counted: true,
        lanes: [options.addLimiter],
      });
      return data;
    },

    async selectFiles(id, fileIds) {
      // An empty list is a missing parameter to Real-Debrid; "all" would pack the files into one archive.
      if (fileIds.length === 0) throw refuse('selectFiles', 'no-files', 'no file is to be selected');
      await http.call({
        operation: 'selectFiles',
        method: 'POST',
        path: `/torrents/selectFiles/${at(id)}`,
        form: { files: fileIds.join(',') },
        schema: 'no-body',
        effect: 'write',
        safe: true,
        counted: true,
        special: (raw) => (codeOf(raw) === ALREADY_DONE ? { value: undefined } : undefined),
      });
    },

    async remove(id) {
      await http.call({
        operation: 'delete',
        method: 'DELETE',
        path: `/torrents/delete/${at(id)}`,
        schema: 'no-body',
        effect: 'remove',
        safe: true,
        counted: true,
        special: (raw) => (isGone(raw) ? { value: undefined } : undefined),
      });
    },

    instantAvailability: createAvailability({ http, cache, ttl: options.availabilityTtl, url: options.url }),

    async account() {
      const spec = { operation: 'account', method: 'GET', path: '/user', effect: 'read', safe: true } as const;
      const { data, header } = await http.call({ ...spec, schema: userAnswer });
      const { premium, expiration } = data;
      return {
        premium: premium > 0,
        premiumSeconds: Math.max(0, premium),
        expiration: expiration ?? null,
        serverTime: dateOf(header),
      };
    },

    async activeSlots() {
      const path = '/torrents/activeCount';
      const spec = { operation: 'activeCount', method: 'GET', path, effect: 'read', safe: true } as const;
      const { nb, limit } = (await http.call({ ...spec, schema: slotsAnswer })).data;
      return { used: nb, limit };
    },

    holdAdds({ code, message, hint }) {
      const operation = 'addMagnet';
      // Of several that find out at once, the first pauses for all.
      guard.check('add', operation);
      return guard.stop(throttleTrouble({ code, message, hint, pause: 'adds' }), operation);
    },
  };
}

const isGone = (raw: RawAnswer): boolean => raw.status === 404 && codeOf(raw) === GONE;

const refuse = (operation: string, code: string, message: string) =>
  new ServiceError({ service: 'realDebrid', operation, failure: 'ours', code, message });
