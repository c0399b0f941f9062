import { type Clock, MINUTE, SECOND } from '../../clock.js';
import { secretsInUrl } from '../../config/url.js';
import { withToken } from '../../domain/addonOptions.js';
import type { Release } from '../../domain/release.js';
import { parseStream } from '../../domain/selection/streamText.js';
import type { ServiceCache } from '../cache.js';
import type { RawAnswer } from '../http/answer.js';
import type { CallBudget } from '../http/budget.js';
import { excerpt } from '../http/excerpt.js';
import { createHttp } from '../http/http.js';
import type { Limiter } from '../http/limiter.js';
import type { Guard } from '../http/pause.js';
import type { Ledger } from '../http/stores.js';
import { sourceTrouble, type Trouble } from '../http/trouble.js';
import type { StreamAnswer, StreamsPort, StreamTarget } from '../ports.js';
import { manifestAnswer, streamsAnswer } from './wire.js';

export interface TorrentioOptions {
  /** Of the addon; a trailing `/manifest.json` is dropped. */
  url: string;
  /** Raw configuration segment; a secret, it may hold a key. */
  options: string;
  /** The user's own Real-Debrid token, to be sent along; empty = none. */
  token: string;
  /** Empty = built-in. */
  userAgent: string;
  /** Empty = none. */
  proxy: string;
  /** How long an answer is used (ms); empty lists at most one minute. */
  streamsTtl: number;
  clock: Clock;
  ledger: Ledger;
  guard: Guard;
  budget: CallBudget;
  limiter: Limiter;
  cache: ServiceCache;
  retryDelay: number;
  /** Longest silence (ms). */
  timeoutMs?: number | undefined;
}

/** An addon whose store hangs answers an empty list after 30 s: better to have hung up by then. */
const TIMEOUT = 20 * SECOND;
/** The addon itself remembers "nothing" for a minute. */
const EMPTY_TTL = MINUTE;
/** The public host has refused the names of bare HTTP libraries and of outdated browsers. */
const USER_AGENT = 'Mozilla/5.0 (compatible; fulfillarr)';

/**
 * Lists the torrents an addon knows for a title. Only the stream route is ever called: asking for one of the `url`s in
 * an answer would add that torrent to the user's account.
 */
export function createTorrentio(settings: TorrentioOptions): StreamsPort {
  const { cache, streamsTtl } = settings;
  const url = settings.url.replace(/\/manifest\.json$/i, '').replace(/\/+$/, '');
  const options = settings.options.replace(/^\/+|\/+$/g, '').replace(/[?#\s]/g, encodeURIComponent);
  const segment = withToken({ url, options }, settings.token);
  const inAddresses = [url, settings.proxy].flatMap(secretsInUrl);
  const secrets = [...new Set([...optionSecrets(settings.options), ...optionSecrets(segment), ...inAddresses])];
  const usesToken = segment !== options;
  const http = createHttp({
    service: 'torrentio',
    label: 'Torrentio',
    baseUrl: segment === '' ? url : `${url}/${segment}`,
    headers: { 'User-Agent': settings.userAgent || USER_AGENT, Accept: 'application/json' },
    secrets,
    urlKey: 'torrentio.url',
    secretKey: usesToken ? 'realDebrid.token' : 'torrentio.options',
    timeoutMs: settings.timeoutMs ?? TIMEOUT,
    maxBytes: 10_000_000,
    proxy: settings.proxy,
    proxyKey: 'torrentio.proxy',
    environmentProxy: true,
    followRedirects: true,
    retryDelay: settings.retryDelay,
    limiter: settings.limiter,
    budget: settings.budget,
    guard: settings.guard,
    clock: settings.clock,
    ledger: settings.ledger,
    judge,
  });

  const load = async (target: StreamTarget): Promise<StreamAnswer> => {
    const answer = await http.call({
      operation: 'streams',
      method: 'GET',
      path: `/stream/${route(target)}.json`,
      schema: streamsAnswer,
      effect: 'read',
      safe: true,
      counted: true,
      refuse: ({ streams }) => refuseNotices(sortOut(streams, secrets), usesToken),
    });
    return sortOut(answer.data.streams, secrets);
  };

  const ttl = ({ releases }: StreamAnswer) => (releases.length > 0 ? streamsTtl : Math.min(EMPTY_TTL, streamsTtl));

  return {
    async manifest() {
      const { data } = await http.call({
        operation: 'manifest',
        method: 'GET',
        path: '/manifest.json',
        schema: manifestAnswer,
        effect: 'read',
        safe: true,
        // The addon does not count it either.
        exempt: true,
      });
      const offered = (data.resources ?? []).map((one) => (typeof one === 'string' ? one : one.name));
      return { name: data.name, version: data.version ?? '', offersStreams: offered.includes('stream') };
    },

    streams: (target) => cache.wrap(['streams', url, segment, route(target)], () => load(target), ttl),
  };
}

function route(target: StreamTarget): string {
  if (target.type === 'movie') return `movie/${target.imdbId}`;
  return `series/${target.imdbId}:${target.season}:${target.episode}`;
}

function sortOut(streams: Record<string, unknown>[], secrets: string[]): StreamAnswer {
  const releases: Release[] = [];
  const notices: string[] = [];
  for (const stream of streams) {
    const parsed = parseStream(stream);
    if (parsed.kind === 'release') releases.push(parsed.release);
    else notices.push(excerpt(parsed.text, secrets));
  }
  return { releases, notices };
}

/** Messages and no torrent: the addon could not do its work. "No results" would be a lie. */
function refuseNotices({ releases, notices }: StreamAnswer, usesToken: boolean): Trouble | undefined {
  if (releases.length > 0 || notices.length === 0) return undefined;
  const text = excerpt(notices.join(' / '), []);
  const hint = usesToken
    ? 'Check realDebrid.token, or set torrentio.cachedHints to off.'
    : 'Check torrentio.options: a key in it may be wrong or expired.';
  return sourceTrouble({ code: 'addon-error', message: `Torrentio says: ${text}`, hint });
}

function judge({ status }: RawAnswer): Trouble | undefined {
  if (status !== 401 && status !== 403) return undefined;
  return sourceTrouble({
    code: 'address-refused',
    message: `Torrentio refuses this address (HTTP ${status}), as its host does with many servers and VPNs`,
    hint: 'Set torrentio.proxy to a proxy with a home address, or torrentio.url to another addon or your own instance.',
  });
}

/** The segment as a whole, and each value in it that is long enough to be a key. */
function optionSecrets(options: string): string[] {
  const values = options.split(/[|/]|%7C/i).map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [options, ...values.filter((value) => value.length >= 12)].filter((value) => value !== '');
}
