import { LIBRARIES } from '../jellyfin/items.js';
import type { JellyfinStandIn } from '../jellyfin/standIn.js';
import type { SandboxClock } from '../kit/clock.js';
import { type Answer, type Call, json, type Operation, text } from '../kit/http.js';
import { type Route, Router } from '../kit/router.js';
import { StandIn } from '../kit/standIn.js';
import type { World } from '../world/world.js';
import { availabilitySync } from './availability.js';
import type { SeerrContext } from './context.js';
import {
  actingUser,
  CSRF_COOKIES,
  crashes,
  csrfRefusal,
  missingKey,
  readBody,
  rightRefusal,
  validationRefusal,
} from './gate.js';
import { type JobSpec, Jobs } from './jobs.js';
import { Lifecycle } from './lifecycle.js';
import { insertRequest } from './requests.js';
import { ROUTES, type SeerrRoute } from './routes.js';
import { Scanner } from './scan.js';
import { DEFAULT_SETTINGS, type SeerrSettings } from './settings.js';
import { SeerrState } from './state.js';

export const SEERR_API_KEY = 'sandbox-seerr-key-0123456789';

const PREFIX = '/api/v1';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const RECENT_EVERY_MS = 5 * MINUTE_MS;
const RECENT_SCAN = 'jellyfin-recently-added-scan';
/** How many groups per library the recently-added scan asks for. */
const RECENT_LIMIT = 12;

export interface WantedRequest {
  tmdbId: number;
  type: 'movie' | 'tv';
  is4k?: boolean;
  /** Default: all regular seasons. */
  seasons?: number[];
  /** Default true. */
  approved?: boolean;
}

/** A request as a test wants to see it. */
export interface RequestState {
  id: number;
  /** 1 pending, 2 approved, 3 declined, 4 failed, 5 completed. */
  status: number;
  mediaId: number;
  /** Of the request's own tier. */
  mediaStatus: number;
  jellyfinMediaId: string | null;
  /** Requested seasons: the status of the request's and of the media's season row (null: none). */
  seasons: Record<number, { request: number; media: number | null }>;
}

type Resolved = { route: SeerrRoute; params: string[] };

/** Seerr 3.1.0 with its database in memory; its scanner looks at the Jellyfin stand-in. */
export class SeerrStandIn extends StandIn {
  apiKey = SEERR_API_KEY;
  readonly settings: SeerrSettings;
  readonly #context: SeerrContext;
  readonly #jellyfin: JellyfinStandIn;
  readonly #scanner: Scanner;
  readonly #router = new Router<Route & { seerr: SeerrRoute }>(
    ROUTES.map((route) => ({ ...route, rules: {}, run: () => json(500, {}), seerr: route })),
  );
  #nextScheduledScan: number;

  constructor(world: World, clock: SandboxClock, jellyfin: JellyfinStandIn, settings: Partial<SeerrSettings> = {}) {
    super('seerr', clock);
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
    this.#jellyfin = jellyfin;
    const state = new SeerrState();
    const lifecycle = new Lifecycle(state, this.settings, clock);
    this.#scanner = new Scanner(world, state, lifecycle, jellyfin);
    const jobs = new Jobs(this.#jobs(), clock);
    const jellyfinUrl = () => jellyfin.url;
    this.#context = { world, state, lifecycle, jobs, settings: this.settings, jellyfinUrl };
    this.#nextScheduledScan = clock.now() + clock.scaled(RECENT_EVERY_MS);
  }

  /** Requests something as the owner; approved at once unless told otherwise. Returns the request's id. */
  request(wanted: WantedRequest): number {
    this.settle();
    const { world, lifecycle } = this.#context;
    const title = wanted.type === 'movie' ? world.movie(wanted.tmdbId) : world.show(wanted.tmdbId);
    if (title === null) throw new Error(`no ${wanted.type} ${wanted.tmdbId} in the world`);
    const every =
      title.type === 'tv' ? title.seasons.map((season) => season.number).filter((number) => number > 0) : [];
    const seasons = title.type === 'tv' ? (wanted.seasons ?? every) : [];
    const approved = wanted.approved ?? true;
    const request = insertRequest(this.#context, { title, is4k: wanted.is4k ?? false, seasons, by: 1, approved });
    lifecycle.requestSaved(request);
    return request.id;
  }

  /** null = no such request (any more). */
  state(requestId: number): RequestState | null {
    this.settle();
    const request = this.#context.state.requests.get(requestId);
    if (request === undefined) return null;
    const media = this.#context.state.mediaFor(request);
    const tier = request.is4k ? 'status4k' : 'status';
    const seasons = request.seasons.map(({ seasonNumber, status }) => {
      const row = media.seasons.find((season) => season.seasonNumber === seasonNumber);
      return [seasonNumber, { request: status, media: row?.[tier] ?? null }] as const;
    });
    return {
      id: request.id,
      status: request.status,
      mediaId: media.id,
      mediaStatus: media[tier],
      jellyfinMediaId: request.is4k ? media.jellyfinMediaId4k : media.jellyfinMediaId,
      seasons: Object.fromEntries(seasons),
    };
  }

  /** How often the requester was told that the title is available. */
  timesTold(requestId: number): number {
    this.settle();
    return this.#context.lifecycle.told.filter((id) => id === requestId).length;
  }

  /** All requests, oldest first. */
  states(): RequestState[] {
    return [...this.#context.state.requests.keys()].flatMap((id) => this.state(id) ?? []);
  }

  approve(requestId: number): void {
    this.#decide(requestId, 2);
  }

  decline(requestId: number): void {
    this.#decide(requestId, 3);
  }

  /** Somebody deletes a request in Seerr. */
  deleteRequest(requestId: number): void {
    const request = this.#context.state.requests.get(requestId);
    if (request === undefined) throw new Error(`no request ${requestId}`);
    this.#context.state.requests.delete(requestId);
    this.#context.lifecycle.requestRemoved(request);
  }

  /** The nightly job that calls everything deleted which Jellyfin does not show. */
  runAvailabilitySync(): void {
    this.settle();
    availabilitySync(this.#context.state, this.#context.lifecycle, this.#jellyfin);
  }

  /** A scan from beginning to end in no time. */
  scanNow(kind: 'recent' | 'full'): void {
    this.settle();
    this.#scanner.process(kind === 'full' ? this.#jellyfin.items() : this.#recent());
  }

  get abortedJobs(): number {
    return this.#context.jobs.aborted;
  }

  jobRunning(id: string): boolean {
    this.settle();
    return this.#context.jobs.isRunning(id);
  }

  /** Lets everything happen that is due by now. */
  settle(): void {
    const { jobs, lifecycle } = this.#context;
    lifecycle.settle();
    jobs.settle();
    const now = this.clock.now();
    if (this.settings.scheduledScans && now >= this.#nextScheduledScan) {
      this.#nextScheduledScan = now + this.clock.scaled(RECENT_EVERY_MS);
      if (!jobs.isRunning(RECENT_SCAN)) jobs.start(RECENT_SCAN);
    }
    lifecycle.settle();
  }

  protected resolve(call: Call): Operation {
    const inApi = call.path === PREFIX || call.path.startsWith(`${PREFIX}/`);
    // Anything outside the API is the web page.
    if (!inApi) return { name: 'page', run: () => text(200, '<!DOCTYPE html><title>Seerr</title>', 'text/html') };
    const match = this.#router.match(call.method, call.path.slice(PREFIX.length));
    if (match.kind === 'none') return { name: 'unknown', run: () => refused(404, call, 'not found') };
    if (match.kind === 'method') {
      return { name: 'unknown', run: () => refused(405, call, `${call.method} method not allowed`) };
    }
    const resolved = { route: match.route.seerr, params: match.params };
    const { name } = resolved.route;
    const shown = typeof name === 'string' ? name : name(call, match.params);
    return { name: shown, run: () => this.#answer(call, resolved) };
  }

  #answer(call: Call, { route, params }: Resolved): Answer {
    this.settle();
    if (crashes(call, this.apiKey)) {
      this.faults.fail('*', { resetBefore: true, times: Number.POSITIVE_INFINITY });
      return json(500, { message: 'crashed' });
    }
    const read = readBody(call);
    if ('refused' in read) return read.refused;
    const csrf = this.settings.csrfProtection ? csrfRefusal(call) : null;
    if (csrf !== null) return csrf;
    const { rules } = route;
    const early = (rules.open ? null : missingKey(call)) ?? validationRefusal(rules, call, params, read.body);
    if (early !== null) return early;
    const user = rules.open ? null : actingUser(this.#context.state, call, this.apiKey);
    const late = rules.open ? null : rightRefusal(rules, user);
    if (late !== null) return late;
    const anybody = user ?? { id: 0, email: '', name: '', permissions: 0, jellyfin: false };
    const answer = route.run(this.#context, { user: anybody, query: call.query, params, body: read.body });
    return this.settings.csrfProtection ? withCookies(answer) : answer;
  }

  #decide(requestId: number, status: number): void {
    this.settle();
    const request = this.#context.state.requests.get(requestId);
    if (request === undefined) throw new Error(`no request ${requestId}`);
    request.status = status;
    request.modifiedBy = 1;
    this.#context.lifecycle.requestSaved(request);
  }

  #recent() {
    return Object.values(LIBRARIES).flatMap((library) => this.#jellyfin.latest(library.id, RECENT_LIMIT));
  }

  #jobs(): JobSpec[] {
    const scan = (find: () => ReturnType<JellyfinStandIn['items']>) => () => {
      const found = find();
      return () => this.#scanner.process(found);
    };
    return [
      {
        id: RECENT_SCAN,
        name: 'Jellyfin Recently Added Scan',
        interval: 'minutes',
        cronSchedule: '0 */5 * * * *',
        everyMs: RECENT_EVERY_MS,
        lengthMs: this.settings.scanMs,
        begin: scan(() => this.#recent()),
      },
      {
        id: 'jellyfin-full-scan',
        name: 'Jellyfin Full Library Scan',
        interval: 'hours',
        cronSchedule: '0 0 3 * * *',
        everyMs: DAY_MS,
        lengthMs: this.settings.scanMs,
        begin: scan(() => this.#jellyfin.items()),
      },
      {
        id: 'availability-sync',
        name: 'Media Availability Sync',
        interval: 'hours',
        cronSchedule: '0 0 5 * * *',
        everyMs: DAY_MS,
        lengthMs: this.settings.scanMs,
        begin: () => () => this.runAvailabilitySync(),
      },
    ];
  }
}

function refused(status: number, call: Call, message: string): Answer {
  return json(status, { message, errors: [{ path: call.path, message }] });
}

function withCookies(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, 'set-cookie': CSRF_COOKIES } };
}
