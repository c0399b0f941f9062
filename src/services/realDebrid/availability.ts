import type { ServiceCache } from '../cache.js';
import type { RawAnswer } from '../http/answer.js';
import type { Http } from '../http/call.js';
import type { AvailabilityAnswer, Variant } from '../ports.js';
import { codeOf, DISABLED } from './codes.js';
import { availabilityAnswer, toVariants } from './wire.js';

/** Hashes per call: 40 characters each, well within what URLs may hold. */
const BATCH = 100;

export interface AvailabilityOptions {
  http: Http;
  cache: ServiceCache;
  /** How long an answer is used (ms). */
  ttl: number;
  /** Distinguishes accounts' answers in the cache. */
  url: string;
}

/**
 * The historic `instantAvailability` endpoint, for servers that still answer it. Real-Debrid switched it off in November
 * 2024 (HTTP 403, code 37). Answers are remembered per hash; "off" and "says nothing" are not.
 */
export function createAvailability({ http, cache, ttl, url }: AvailabilityOptions) {
  const keyOf = (hash: string) => ['rd-availability', url, hash] as const;

  const ask = async (hashes: string[]): Promise<AvailabilityAnswer> => {
    const { data } = await http.call({
      operation: 'instantAvailability',
      method: 'GET',
      path: `/torrents/instantAvailability/${hashes.join('/')}`,
      schema: availabilityAnswer,
      effect: 'read',
      safe: true,
      counted: true,
      special: (raw) => (isDisabled(raw) ? { value: 'disabled' as const } : undefined),
    });
    if (data === 'disabled') return { kind: 'disabled' };
    if (Array.isArray(data)) return { kind: 'unknown' };
    const variants = new Map<string, Variant[]>();
    for (const [hash, answer] of Object.entries(data)) variants.set(hash.toLowerCase(), toVariants(answer));
    return { kind: 'answered', variants };
  };

  return async (infoHashes: string[]): Promise<AvailabilityAnswer> => {
    const variants = new Map<string, Variant[]>();
    const missing: string[] = [];
    for (const hash of new Set(infoHashes.map((infoHash) => infoHash.toLowerCase()))) {
      const known = await cache.get<Variant[]>(keyOf(hash));
      if (known) variants.set(hash, known);
      else missing.push(hash);
    }
    for (let i = 0; i < missing.length; i += BATCH) {
      const batch = missing.slice(i, i + BATCH);
      const answer = await ask(batch);
      if (answer.kind !== 'answered') return answer;
      for (const hash of batch) {
        const found = answer.variants.get(hash);
        if (!found) continue;
        variants.set(hash, found);
        await cache.set(keyOf(hash), found, ttl);
      }
    }
    return { kind: 'answered', variants };
  };
}

/** 403 counts by itself: some gateways drop the body. A web page is somebody else's refusal. */
function isDisabled(raw: RawAnswer): boolean {
  const code = codeOf(raw);
  return code === DISABLED || (raw.status === 403 && raw.text.trim() === '');
}
