import type { OutgoingHttpHeaders } from 'node:http';
import type { Call } from './http.js';

/** One way of going wrong. Several fields may be combined (`delayMs` with any other). */
export interface Fault {
  /** Calls it strikes, default 1. `Infinity` makes it a standing switch. */
  times?: number;
  /** Calls of that operation let through first, default 0. */
  after?: number;
  /** Strikes only calls for which this holds. */
  when?: (call: Call) => boolean;
  /** Answered instead of carrying the call out. */
  status?: number;
  /**
   * With `status`: a string is sent as it is, anything else as JSON. Alone: replaces the body of the real answer; a
   * function makes the new one of that.
   */
  body?: unknown;
  headers?: OutgoingHttpHeaders;
  /** A gateway's HTML page instead of the answer; status 502 unless `status` says otherwise. */
  html?: boolean | string;
  /** Never answers. The call is not carried out. */
  hang?: boolean;
  /** Cuts the connection; the call is not carried out. */
  resetBefore?: boolean;
  /** Carries the call out, then cuts the connection without an answer. */
  resetAfter?: boolean;
  /** Carries the call out, then answers this status instead, with `body` if there is one. */
  statusAfter?: number;
  /** Carries the call out, promises the whole answer, sends half and cuts the connection. */
  truncated?: boolean;
  /** Carries the call out and sends the answer one byte at a time, this many ms apart. */
  drip?: number;
  /** Carries the call out and answers with so many bytes of JSON. */
  flood?: number;
  /** The same, gzip-compressed: a thousandth of it on the wire. */
  bomb?: number;
  /** Waits (wall time) before anything else. */
  delayMs?: number;
}

interface Standing {
  operation: string;
  fault: Fault;
  left: number;
  skip: number;
}

export class Faults {
  #standing: Standing[] = [];

  /** `operation` is a name from the request log, or `*`. Earlier faults strike first. Returns the way to lift it. */
  fail(operation: string, fault: Fault): () => void {
    const entry = { operation, fault, left: fault.times ?? 1, skip: fault.after ?? 0 };
    this.#standing.push(entry);
    return () => {
      this.#standing = this.#standing.filter((other) => other !== entry);
    };
  }

  clear(): void {
    this.#standing = [];
  }

  /** How many faults are still to strike. */
  get pending(): number {
    return this.#standing.length;
  }

  /** The fault for this call, used up by asking. */
  take(operation: string, call: Call): Fault | null {
    for (const entry of this.#standing) {
      if (entry.operation !== '*' && entry.operation !== operation) continue;
      if (entry.fault.when !== undefined && !entry.fault.when(call)) continue;
      if (entry.skip > 0) {
        entry.skip -= 1;
        continue;
      }
      entry.left -= 1;
      if (entry.left <= 0) this.#standing = this.#standing.filter((other) => other !== entry);
      return entry.fault;
    }
    return null;
  }
}
