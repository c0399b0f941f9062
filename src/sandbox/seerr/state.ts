/** Seerr's own numbers for request status. */
export const REQUEST = { pending: 1, approved: 2, declined: 3, failed: 4, completed: 5 } as const;
/** Seerr's own numbers for media and season status. */
export const MEDIA = {
  unknown: 1,
  pending: 2,
  processing: 3,
  partial: 4,
  available: 5,
  blocklisted: 6,
  deleted: 7,
} as const;

export const PERMISSION = { admin: 2, manageRequests: 16, request: 32 } as const;

export type Tier = 'status' | 'status4k';

export function tierOf(is4k: boolean): Tier {
  return is4k ? 'status4k' : 'status';
}

export interface SeasonRow {
  id: number;
  seasonNumber: number;
  status: number;
  status4k: number;
  createdAt: string;
}

export interface MediaRow {
  id: number;
  mediaType: 'movie' | 'tv';
  tmdbId: number;
  tvdbId: number | null;
  imdbId: string | null;
  status: number;
  status4k: number;
  createdAt: string;
  lastSeasonChange: string;
  mediaAddedAt: string;
  serviceId: number | null;
  serviceId4k: number | null;
  externalServiceId: number | null;
  externalServiceId4k: number | null;
  externalServiceSlug: string | null;
  externalServiceSlug4k: string | null;
  jellyfinMediaId: string | null;
  jellyfinMediaId4k: string | null;
  seasons: SeasonRow[];
}

export interface SeasonRequestRow {
  id: number;
  seasonNumber: number;
  status: number;
  createdAt: string;
}

export interface RequestRow {
  id: number;
  status: number;
  type: 'movie' | 'tv';
  is4k: boolean;
  mediaId: number;
  requestedBy: number;
  modifiedBy: number | null;
  createdAt: string;
  seasons: SeasonRequestRow[];
}

export interface UserRow {
  id: number;
  email: string;
  name: string;
  permissions: number;
  jellyfin: boolean;
}

/** Seerr's database. Ids are counted per table, as SQLite does. */
export class SeerrState {
  readonly media = new Map<number, MediaRow>();
  readonly requests = new Map<number, RequestRow>();
  readonly users = new Map<number, UserRow>();
  readonly #counters = { media: 0, request: 0, season: 0, seasonRequest: 0 };

  constructor() {
    this.users.set(1, { id: 1, email: 'admin@example.test', name: 'admin', permissions: 2, jellyfin: true });
    this.users.set(2, { id: 2, email: 'viewer@example.test', name: 'viewer', permissions: 32, jellyfin: false });
  }

  next(table: 'media' | 'request' | 'season' | 'seasonRequest'): number {
    this.#counters[table] += 1;
    return this.#counters[table];
  }

  mediaOf(type: 'movie' | 'tv', tmdbId: number): MediaRow | null {
    for (const row of this.media.values()) if (row.mediaType === type && row.tmdbId === tmdbId) return row;
    return null;
  }

  requestsOf(mediaId: number): RequestRow[] {
    const found: RequestRow[] = [];
    for (const request of this.requests.values()) if (request.mediaId === mediaId) found.push(request);
    return found;
  }

  requestCount(userId: number): number {
    let count = 0;
    for (const request of this.requests.values()) if (request.requestedBy === userId) count += 1;
    return count;
  }

  mediaFor(request: RequestRow): MediaRow {
    const row = this.media.get(request.mediaId);
    if (row === undefined) throw new Error(`request ${request.id} without media`);
    return row;
  }

  addMedia(type: 'movie' | 'tv', tmdbId: number, tvdbId: number | null, now: string): MediaRow {
    const row: MediaRow = {
      id: this.next('media'),
      mediaType: type,
      tmdbId,
      tvdbId,
      imdbId: null,
      status: MEDIA.unknown,
      status4k: MEDIA.unknown,
      createdAt: now,
      lastSeasonChange: now,
      // Set from the start: no evidence of availability.
      mediaAddedAt: now,
      serviceId: null,
      serviceId4k: null,
      externalServiceId: null,
      externalServiceId4k: null,
      externalServiceSlug: null,
      externalServiceSlug4k: null,
      jellyfinMediaId: null,
      jellyfinMediaId4k: null,
      seasons: [],
    };
    this.media.set(row.id, row);
    return row;
  }

  season(media: MediaRow, seasonNumber: number, now: string): SeasonRow {
    const existing = media.seasons.find((season) => season.seasonNumber === seasonNumber);
    if (existing !== undefined) return existing;
    const row = { id: this.next('season'), seasonNumber, status: 1, status4k: 1, createdAt: now };
    media.seasons.push(row);
    return row;
  }

  seasonRequest(seasonNumber: number, status: number, now: string): SeasonRequestRow {
    return { id: this.next('seasonRequest'), seasonNumber, status, createdAt: now };
  }
}

export function isAdmin(user: UserRow): boolean {
  return (user.permissions & PERMISSION.admin) !== 0;
}

export function canManage(user: UserRow): boolean {
  return isAdmin(user) || (user.permissions & PERMISSION.manageRequests) !== 0;
}
