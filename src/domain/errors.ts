/**
 * Who pays for a failure.
 * - `release`: this torrent is no good; remember it and take the next candidate
 * - `account`: the user's account or key is refused; writes pause and a human is told
 * - `throttle`: too many calls; the service is left alone for a while, nobody is blamed
 * - `source`: the service is away or answers nonsense; step-wise back-off, nobody is blamed
 * - `ours`: a bug or a broken contract; skip this unit of work, go on with the rest
 */
export type FailureClass = 'release' | 'account' | 'throttle' | 'source' | 'ours';

export const serviceNames = ['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** How the four are called, for people. */
export const serviceLabels: Record<ServiceName, string> = {
  seerr: 'Seerr',
  torrentio: 'Torrentio',
  realDebrid: 'Real-Debrid',
  jellyfin: 'Jellyfin',
};

export interface ServiceFailureInit {
  service: ServiceName;
  /** Our word for the call, e.g. `addMagnet`. */
  operation: string;
  failure: FailureClass;
  /** Short stable slug, e.g. `timeout`, `off-contract`, `rd-35`, `paused`. */
  code: string;
  /** One sentence, no secrets, no raw bodies. */
  message: string;
  /** What the user can do about it; absent when nothing. */
  hint?: string | undefined;
  /** HTTP status, when there was an answer. */
  status?: number | undefined;
  /** When the service may be asked again (epoch ms), where that is known. */
  retryAt?: number | undefined;
  /** A write whose effect is unknown: it may or may not have happened. */
  ambiguous?: boolean | undefined;
}

/** Every failed call to one of the four services, in our own words. Never holds headers, URLs with keys, or bodies. */
export class ServiceError extends Error {
  readonly service: ServiceName;
  readonly operation: string;
  readonly failure: FailureClass;
  readonly code: string;
  readonly hint: string | undefined;
  readonly status: number | undefined;
  readonly retryAt: number | undefined;
  readonly ambiguous: boolean;

  constructor(init: ServiceFailureInit) {
    super(init.message);
    this.name = 'ServiceError';
    this.service = init.service;
    this.operation = init.operation;
    this.failure = init.failure;
    this.code = init.code;
    this.hint = init.hint;
    this.status = init.status;
    this.retryAt = init.retryAt;
    this.ambiguous = init.ambiguous ?? false;
  }
}

export const isServiceError = (error: unknown): error is ServiceError => error instanceof ServiceError;
