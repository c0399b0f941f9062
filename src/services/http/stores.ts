import type { ServiceName } from '../../domain/errors.js';

/** One attempt of one outside call. */
export interface LedgerRow {
  /** Epoch ms. */
  at: number;
  service: ServiceName;
  operation: string;
  requestId: number | null;
  plan: string | null;
  grabId: number | null;
  /** 1 for the first try, 2 and up for retries. */
  attempt: number;
  /** null = there was no answer. */
  status: number | null;
  durationMs: number;
  /** The failure's code; null = it worked. */
  failure: string | null;
  /** Charged to the request it was made for: first attempts of per-request calls. The rest is shared. */
  counted: boolean;
}

export interface Ledger {
  record(row: LedgerRow): void;
}

/** Small JSON values that survive a restart. */
export interface StateStore {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
}
