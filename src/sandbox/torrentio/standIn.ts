import type { SandboxClock } from '../kit/clock.js';
import { type Answer, type Call, decoded, empty, json, type Operation, text } from '../kit/http.js';
import { StandIn } from '../kit/standIn.js';
import type { World } from '../world/world.js';
import { arranged } from './arrange.js';
import { type AddonConfig, readConfig } from './config.js';
import { decorated, isUsableKey, keyErrorStream } from './debrid.js';
import { manifest } from './manifest.js';
import { episodeRows, movieRows, type Row } from './rows.js';
import { listed, type Stream } from './stream.js';

const CACHE_ERROR_S = 604_800;
const CACHE_REVALIDATE_S = 14_400;
const CACHE_HIT_S = 3_600;
const CACHE_EMPTY_S = 60;
const DAY_MS = 86_400_000;

const CORS = { 'access-control-allow-origin': '*', 'x-powered-by': 'Express' };

export interface TorrentioSettings {
  /** Cloudflare refuses this client's address. */
  blocked: boolean;
  /** Addon requests per 24 h (real time) and client. */
  dailyLimit: number;
  /** Keys refused by an earlier call to the debrid service. */
  blacklist: Set<string>;
}

/** The Torrentio addon over the world's releases. Following one of its resolve URLS grabs the torrent. */
export class TorrentioStandIn extends StandIn {
  readonly settings: TorrentioSettings;
  /** Set by the sandbox: adds a torrent to the Real-Debrid account. */
  onResolve: (hash: string, fileId: number | null) => void = () => {};
  readonly #world: World;
  readonly #asked: number[] = [];
  /** Ids remembered as empty, whatever route and configuration they were asked with. */
  readonly #empties = new Map<string, { until: number; revision: number }>();

  constructor(world: World, clock: SandboxClock, settings: Partial<TorrentioSettings> = {}) {
    super('torrentio', clock);
    this.#world = world;
    this.settings = { blocked: false, dailyLimit: 5_000, blacklist: new Set(), ...settings };
  }

  protected resolve(call: Call): Operation {
    const segments = call.path.split('/').slice(1);
    const { name, run } = this.#route(call, segments);
    const guarded = () => (this.settings.blocked ? cloudflare() : run());
    return { name, run: () => withCors(guarded()) };
  }

  #route(call: Call, segments: string[]): Operation {
    if (segments[0] === 'resolve') return { name: 'resolve', run: () => this.#resolveUrl(segments) };
    if (call.method !== 'GET') return { name: 'unknown', run: () => empty(404) };
    if (segments.at(-1) === 'manifest.json' && segments.length <= 2) {
      const config = readConfig(segments.length === 2 ? (segments[0] ?? '') : '');
      return { name: 'manifest', run: () => json(200, manifest(this.url, config.realDebridKey !== null)) };
    }
    const resource = segments.length === 3 ? ['', ...segments] : segments;
    const [configText = '', kind, type = '', file = ''] = resource;
    if (resource.length !== 4 || kind !== 'stream' || !file.endsWith('.json')) {
      return { name: 'unknown', run: () => empty(404) };
    }
    const id = decoded(file.slice(0, -'.json'.length));
    return { name: 'stream', run: () => this.#limited() ?? this.#streams(readConfig(configText), type, id) };
  }

  /** 429 without any hint when to come back. */
  #limited(): Answer | null {
    const now = this.clock.now();
    const since = now - this.clock.scaled(DAY_MS);
    while (this.#asked.length > 0 && (this.#asked[0] ?? now) <= since) this.#asked.shift();
    if (this.#asked.length >= this.settings.dailyLimit) {
      return text(429, 'Too many requests, please try again later.', 'text/html; charset=utf-8');
    }
    this.#asked.push(now);
    return null;
  }

  #streams(config: AddonConfig, type: string, id: string): Answer {
    const known = ['movie', 'series', 'anime'].includes(type) && /^(tt\d|kitsu:)/.test(id);
    if (!known) return json(200, { streams: [] }, { 'cache-control': ', public' });
    const key = config.realDebridKey;
    if (key !== null && (!isUsableKey(key) || this.settings.blacklist.has(key))) {
      return answer([keyErrorStream(this.url)], 0);
    }
    const arrangedStreams = arranged(this.#rows(type, id).map(listed), config);
    const streams: Stream[] =
      key === null ? arrangedStreams.map(({ stream }) => stream) : decorated(arrangedStreams, config, key, this.url);
    return answer(streams, streams.length === 0 ? CACHE_EMPTY_S : CACHE_HIT_S);
  }

  /** Empty lists are remembered for a minute by id alone: asking the wrong route first poisons the right one. */
  #rows(type: string, id: string): Row[] {
    const now = this.clock.now();
    const remembered = this.#empties.get(id);
    // A world that changed forgets them: a convenience for whoever adds releases between two calls.
    if (remembered !== undefined && now < remembered.until && remembered.revision === this.#world.revision) return [];
    const rows = this.#find(type, id);
    if (rows.length === 0) {
      const until = now + this.clock.scaled(CACHE_EMPTY_S * 1000);
      this.#empties.set(id, { until, revision: this.#world.revision });
    }
    return rows;
  }

  #find(type: string, id: string): Row[] {
    if (type === 'movie') return /^tt\d+$/.test(id) ? movieRows(this.#world, id) : [];
    const found = /^(tt\d+):(\d+):(\d+)$/.exec(id);
    if (found === null) return [];
    return episodeRows(this.#world, found[1] ?? '', Number(found[2]), Number(found[3]));
  }

  /** `/resolve/realdebrid/<key>/<hash>/null/<fileIdx>/<name>`: adds the torrent, then redirects. GET and HEAD alike. */
  #resolveUrl(segments: string[]): Answer {
    const [, service, key = '', hash = '', , index = ''] = segments;
    if (service !== 'realdebrid') return empty(404);
    if (!isUsableKey(key)) return empty(302, { location: `${this.url}/videos/failed_access_v3.mp4` });
    this.onResolve(hash, /^\d+$/.test(index) ? Number(index) + 1 : null);
    return empty(302, { location: `${this.url}/videos/downloading_v3.mp4` });
  }
}

function answer(streams: Stream[], maxAge: number): Answer {
  const body = { streams, cacheMaxAge: maxAge, staleRevalidate: CACHE_REVALIDATE_S, staleError: CACHE_ERROR_S };
  const control = `max-age=${maxAge}, stale-while-revalidate=${CACHE_REVALIDATE_S}, stale-if-error=${CACHE_ERROR_S}, public`;
  return json(200, body, { 'cache-control': control });
}

function withCors(given: Answer): Answer {
  return { ...given, headers: { ...CORS, ...given.headers } };
}

function cloudflare(): Answer {
  const page =
    '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head><body>Sorry, you have been blocked</body></html>';
  return { status: 403, headers: { 'content-type': 'text/html; charset=UTF-8', server: 'cloudflare' }, body: page };
}
