import type { SandboxClock } from '../kit/clock.js';
import type { ArrServer, SeerrSettings } from './settings.js';
import { MEDIA, type MediaRow, REQUEST, type RequestRow, type SeerrState, type Tier, tierOf } from './state.js';

interface Effect {
  at: number;
  run: () => void;
}

const ENDING: readonly number[] = [MEDIA.partial, MEDIA.available, MEDIA.deleted];

/** What follows from a change of a request or of a media row, now or a moment later. */
export class Lifecycle {
  /** Requests whose requester was told that the title is available, one id per notification. */
  readonly told: number[] = [];
  #effects: Effect[] = [];
  #handedOver = 0;

  constructor(
    readonly state: SeerrState,
    readonly settings: SeerrSettings,
    readonly clock: SandboxClock,
  ) {}

  nowText(): string {
    return secondsIso(this.clock.now());
  }

  /** Lets everything happen that is due by now. */
  settle(): void {
    const now = this.clock.now();
    const due = this.#effects.filter((effect) => effect.at <= now).sort((a, b) => a.at - b.at);
    this.#effects = this.#effects.filter((effect) => effect.at > now);
    for (const effect of due) effect.run();
    if (due.length > 0) this.settle();
  }

  later(run: () => void): void {
    this.#effects.push({ at: this.clock.now() + this.clock.scaled(this.settings.settleMs), run });
  }

  /** Changes a media row as one database save. Requests follow only if the row itself changed, not just its seasons. */
  changeMedia(media: MediaRow, change: (media: MediaRow) => void): void {
    const before = structuredClone(media);
    change(media);
    if (rowText(before) === rowText(media)) return;
    for (const tier of ['status', 'status4k'] as const) this.#follow(before, media, tier);
  }

  /** After an insert or update of a request. One that Radarr or Sonarr refuses has failed, and its media stays as it was. */
  requestSaved(request: RequestRow): void {
    const media = this.state.mediaFor(request);
    const tier = tierOf(request.is4k);
    if (request.status === REQUEST.approved) {
      if (this.refusedByArr(request)) {
        request.status = REQUEST.failed;
        return;
      }
      this.#handToArr(request, media);
      if (![MEDIA.processing, MEDIA.partial, MEDIA.available].some((status) => status === media[tier])) {
        this.changeMedia(media, (row) => {
          row[tier] = MEDIA.processing;
        });
      }
      for (const season of request.seasons) season.status = REQUEST.approved;
    }
    if (request.status === REQUEST.declined) this.#declined(request, media, tier);
  }

  /** Whether the Radarr or Sonarr in charge of a request would refuse it. */
  refusedByArr(request: RequestRow): boolean {
    const server = this.#arrFor(request);
    return request.status === REQUEST.approved && server !== undefined && server.does !== 'takes';
  }

  requestRemoved(request: RequestRow): void {
    const media = this.state.media.get(request.mediaId);
    if (media === undefined) return;
    const left = this.state.requestsOf(media.id);
    for (const is4k of [false, true]) {
      const tier = tierOf(is4k);
      if (left.some((other) => other.is4k === is4k) || media[tier] === MEDIA.available) continue;
      this.changeMedia(media, (row) => {
        row[tier] = MEDIA.unknown;
      });
    }
  }

  #follow(before: MediaRow, media: MediaRow, tier: Tier): void {
    const approvedNow = this.#approvePending(before, media, tier);
    if (!ENDING.includes(media[tier]) || !tierChanged(before, media, tier)) return;
    const candidates = this.state
      .requestsOf(media.id)
      .filter((request) => tierOf(request.is4k) === tier && request.status === REQUEST.approved)
      // Approved by this very change: Seerr never completes those.
      .filter((request) => !approvedNow.includes(request.id));
    const after = structuredClone(media);
    this.later(() => {
      for (const request of candidates) this.#complete(request, before, after, tier);
    });
  }

  /** A pending request whose media becomes available is silently approved. */
  #approvePending(before: MediaRow, media: MediaRow, tier: Tier): number[] {
    if (media[tier] !== MEDIA.available || before[tier] !== MEDIA.pending) return [];
    const pending = this.state
      .requestsOf(media.id)
      .filter((request) => tierOf(request.is4k) === tier && request.status === REQUEST.pending);
    for (const request of pending) {
      request.status = REQUEST.approved;
      for (const season of request.seasons) season.status = REQUEST.approved;
    }
    return pending.map((request) => request.id);
  }

  /** A show's request needs each season to have changed in this very update, or to be completed already. */
  #complete(request: RequestRow, before: MediaRow, after: MediaRow, tier: Tier): void {
    if (request.status !== REQUEST.approved) return;
    if (after.mediaType === 'movie') {
      if (after[tier] !== MEDIA.partial) this.#completed(request, after, tier);
      return;
    }
    let all = true;
    for (const season of request.seasons) {
      const status = seasonStatus(after, season.seasonNumber, tier);
      const changed = status !== seasonStatus(before, season.seasonNumber, tier);
      const over = status === MEDIA.available || status === MEDIA.deleted;
      if (over && (changed || season.status === REQUEST.completed)) season.status = REQUEST.completed;
      else all = false;
    }
    if (all) this.#completed(request, after, tier);
  }

  #completed(request: RequestRow, media: MediaRow, tier: Tier): void {
    request.status = REQUEST.completed;
    if (media[tier] !== MEDIA.deleted) this.told.push(request.id);
  }

  #declined(request: RequestRow, media: MediaRow, tier: Tier): void {
    const rivals = this.state
      .requestsOf(media.id)
      .filter((other) => other.id !== request.id && other.is4k === request.is4k && other.status === REQUEST.pending);
    const resets =
      media.mediaType === 'movie'
        ? media[tier] !== MEDIA.deleted
        : media[tier] === MEDIA.pending && rivals.length === 0;
    if (resets) {
      this.changeMedia(media, (row) => {
        row[tier] = MEDIA.unknown;
      });
    }
    for (const season of request.seasons) season.status = REQUEST.declined;
  }

  #arrFor(request: RequestRow): ArrServer | undefined {
    const servers = request.type === 'movie' ? this.settings.radarr : this.settings.sonarr;
    const media = this.state.mediaFor(request);
    if (media[tierOf(request.is4k)] === MEDIA.available) return undefined;
    return servers.find((server) => server.isDefault && server.is4k === request.is4k);
  }

  /** The service ids appear a moment later. */
  #handToArr(request: RequestRow, media: MediaRow): void {
    const server = this.#arrFor(request);
    if (server === undefined) return;
    this.later(() => {
      this.#handedOver += 1;
      const external = this.#handedOver;
      this.changeMedia(media, (row) => {
        row[request.is4k ? 'serviceId4k' : 'serviceId'] = server.id;
        row[request.is4k ? 'externalServiceId4k' : 'externalServiceId'] = external;
        row[request.is4k ? 'externalServiceSlug4k' : 'externalServiceSlug'] = String(media.tmdbId);
      });
    });
  }
}

/** Seerr's SQLite dates have no milliseconds. */
export function secondsIso(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

function rowText(media: MediaRow): string {
  return JSON.stringify({ ...media, seasons: [] });
}

function tierChanged(before: MediaRow, after: MediaRow, tier: Tier): boolean {
  if (before[tier] !== after[tier]) return true;
  // Compared by position, as Seerr does.
  return after.mediaType === 'tv' && after.seasons.some((season, at) => season[tier] !== before.seasons[at]?.[tier]);
}

function seasonStatus(media: MediaRow, seasonNumber: number, tier: Tier): number | null {
  return media.seasons.find((season) => season.seasonNumber === seasonNumber)?.[tier] ?? null;
}
