import { createHash } from 'node:crypto';
import { KeyvCacheableMemory } from '@cacheable/memory';
import { createCache } from 'cache-manager';
import { Keyv } from 'keyv';
import type { Clock } from '../clock.js';

/** The cache's second layer, kept on disk. Values are JSON texts. */
export interface CacheTable {
  get(key: string): string | undefined;
  /** `expiresAt` is epoch ms. */
  set(key: string, value: string, expiresAt: number): void;
  delete(key: string): unknown;
  clear(): void;
}

/** How long a value may be used (ms), by the value; 0 = do not keep it. */
export type Ttl<T> = number | ((value: T) => number);

export interface ServiceCache {
  /**
   * The remembered value, or what `load` returns. Simultaneous callers share one `load`; its failure reaches all of them
   * and is not remembered. Values are JSON values other than undefined. Every caller gets its own copy.
   */
  wrap<T>(key: CacheKey, load: () => Promise<T>, ttl: Ttl<T>): Promise<T>;
  get<T>(key: CacheKey): Promise<T | undefined>;
  set<T>(key: CacheKey, value: T, ttlMs: number): Promise<void>;
  clear(): Promise<void>;
  /** Since the start; a shared `load` counts once as a miss. */
  stats(): { hits: number; misses: number };
}

/** What is asked, and of whom. Hashed before use: an addon's URL can hold the user's Real-Debrid key. */
export type CacheKey = readonly [kind: string, ...parts: (string | number)[]];

export interface ServiceCacheOptions {
  table: CacheTable;
  clock: Clock;
  /** Entries held in memory; the least recently used goes first. Few: one of the addon's lists can take a megabyte. */
  memoryEntries?: number;
  /** The disk layer failed. The cache goes on without it: more calls, same answers. */
  onError?: (message: string) => void;
}

/** With its own deadline, because the layers below count in wall-clock time and know no injected clock. */
interface Entry<T> {
  value: T;
  until: number;
}

/** As many as are asked for again at once, walk by walk; the others come from the disk in two milliseconds. */
const MEMORY_ENTRIES = 8;
/** cache-manager takes a ttl of 0 for "for ever". */
const SHORTEST_TTL = 1;

const hashed = (key: CacheKey): string => `${key[0]}:${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`;

export function createServiceCache(options: ServiceCacheOptions): ServiceCache {
  const { clock, table } = options;
  const memory = new Keyv({ store: new KeyvCacheableMemory({ lruSize: options.memoryEntries ?? MEMORY_ENTRIES }) });
  const disk = new Keyv({ store: tableStore(table, clock), useKeyPrefix: false });
  for (const layer of [memory, disk]) {
    // Without a listener a broken layer is silent: every call would simply be made again.
    layer.on('error', (error: unknown) => {
      options.onError?.(error instanceof Error ? error.message : 'the cache failed');
    });
  }
  const cache = createCache({ stores: [memory, disk] });
  /** Entries as their loader made them; what comes out of a layer is a copy. Whoever shared a load takes it as it is. */
  const straight = new WeakSet<Entry<unknown>>();
  let hits = 0;
  let misses = 0;

  const entry = <T>(value: T, ttlMs: number): Entry<T> => ({ value, until: clock.now() + ttlMs });
  /** What is left, for layers that fill each other. */
  const left = ({ until }: Entry<unknown>) => Math.max(SHORTEST_TTL, until - clock.now());
  const fresh = ({ until }: Entry<unknown>) => until > clock.now();

  return {
    async wrap<T>(key: CacheKey, load: () => Promise<T>, ttl: Ttl<T>): Promise<T> {
      const id = hashed(key);
      let loaded = false;
      const loadEntry = async () => {
        loaded = true;
        misses += 1;
        const value = await load();
        const made = entry(value, typeof ttl === 'function' ? ttl(value) : ttl);
        straight.add(made);
        return made;
      };
      let found = await cache.wrap<Entry<T>>(id, loadEntry, left);
      if (!straight.has(found) && !fresh(found)) {
        // Ended by our clock, not yet by the layers'.
        await cache.del(id);
        found = await cache.wrap<Entry<T>>(id, loadEntry, left);
      }
      if (!loaded) hits += 1;
      return structuredClone(found.value);
    },

    async get<T>(key: CacheKey): Promise<T | undefined> {
      const found = await cache.get<Entry<T>>(hashed(key));
      return found !== undefined && fresh(found) ? structuredClone(found.value) : undefined;
    },

    async set(key, value, ttlMs) {
      if (ttlMs <= 0) return;
      await cache.set(hashed(key), entry(structuredClone(value), ttlMs), ttlMs);
    },

    async clear() {
      await cache.clear();
    },

    stats: () => ({ hits, misses }),
  };
}

/** A Keyv store on the table. Keyv hands over whole JSON texts. */
function tableStore(table: CacheTable, clock: Clock) {
  return {
    opts: {},
    get: (key: string) => table.get(key),
    set: (key: string, value: string, ttl?: number) => table.set(key, value, clock.now() + (ttl ?? SHORTEST_TTL)),
    delete: (key: string) => {
      table.delete(key);
      return true;
    },
    clear: () => table.clear(),
    on: () => undefined,
  };
}
