import { describe, expect, test } from '@jest/globals';
import { type CacheTable, createServiceCache } from '../../src/services/cache.js';
import { createServices } from '../../src/services/index.js';
import { bench, fakeClock, json, memoryTable, SECRETS, testServer } from './support.js';

const setUp = (table: CacheTable = memoryTable()) => {
  const clock = fakeClock();
  const errors: string[] = [];
  const cache = createServiceCache({ table, clock, memoryEntries: 3, onError: (message) => errors.push(message) });
  let loads = 0;
  const load = async () => {
    loads += 1;
    return { n: loads, list: [1] };
  };
  return { cache, clock, errors, load, loads: () => loads };
};

describe('cache', () => {
  test('a hundred simultaneous callers share one load, and each gets a copy', async () => {
    const { cache, load, loads } = setUp();
    const values = await Promise.all(Array.from({ length: 100 }, () => cache.wrap(['k', 1], load, 1_000)));
    expect(loads()).toBe(1);
    values[0]?.list.push(2);
    expect(values[1]?.list).toEqual([1]);
    expect((await cache.wrap(['k', 1], load, 1_000)).list).toEqual([1]);
    expect(cache.stats()).toEqual({ hits: 100, misses: 1 });
  });

  test('a failure reaches all who wait and is not remembered', async () => {
    const { cache, load, loads } = setUp();
    let tries = 0;
    const fail = async () => {
      tries += 1;
      throw new Error('away');
    };
    const all = await Promise.allSettled([1, 2, 3].map(() => cache.wrap(['k'], fail, 1_000)));
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(tries).toBe(1);
    await cache.wrap(['k'], load, 1_000);
    expect(loads()).toBe(1);
  });

  test('ends by the given clock; the time may depend on the value', async () => {
    const { cache, clock, load } = setUp();
    const ttl = ({ n }: { n: number }) => (n === 1 ? 100 : 1_000);
    await cache.wrap(['k'], load, ttl);
    clock.advance(99);
    expect(await cache.wrap(['k'], load, ttl)).toMatchObject({ n: 1 });
    clock.advance(1);
    expect(await cache.get(['k'])).toBeUndefined();
    expect(await cache.wrap(['k'], load, ttl)).toMatchObject({ n: 2 });
    clock.advance(999);
    expect(await cache.wrap(['k'], load, ttl)).toMatchObject({ n: 2 });
  });

  test('0 is "do not keep", not "for ever"', async () => {
    const { cache, load, loads } = setUp();
    await Promise.all([cache.wrap(['k'], load, 0), cache.wrap(['k'], load, 0)]);
    expect(loads()).toBe(1);
    await cache.wrap(['k'], load, 0);
    expect(loads()).toBe(2);
    await cache.set(['s'], 1, 0);
    expect(await cache.get(['s'])).toBeUndefined();
  });

  test('null and empty lists are values', async () => {
    const { cache } = setUp();
    let loads = 0;
    for (const value of [null, [], 0, '', false]) {
      for (let i = 0; i < 2; i += 1) {
        const got = await cache.wrap(
          ['v', JSON.stringify(value)],
          async () => {
            loads += 1;
            return value;
          },
          1_000,
        );
        expect(got).toEqual(value);
      }
    }
    expect(loads).toBe(5);
  });

  test('survives a restart through the table, for the rest of its time', async () => {
    const table = memoryTable();
    const before = setUp(table);
    await before.cache.wrap(['k'], before.load, 1_000);
    const after = createServiceCache({ table, clock: before.clock });
    before.clock.advance(999);
    expect(await after.wrap(['k'], before.load, 1_000)).toMatchObject({ n: 1 });
    before.clock.advance(1);
    expect(await after.wrap(['k'], before.load, 1_000)).toMatchObject({ n: 2 });
  });

  test('memory is bounded, the table still knows', async () => {
    const table = memoryTable();
    const { cache, load, loads } = setUp(table);
    for (let i = 0; i < 20; i += 1) await cache.wrap(['k', i], load, 1_000);
    expect(table.rows.size).toBe(20);
    await cache.wrap(['k', 0], load, 1_000);
    expect(loads()).toBe(20);
  });

  test('a broken table is said and worked around', async () => {
    const broken: CacheTable = {
      get: () => {
        throw new Error('disk I/O error');
      },
      set: () => {
        throw new Error('disk I/O error');
      },
      delete: () => undefined,
      clear: () => undefined,
    };
    const { cache, errors, load, loads } = setUp(broken);
    expect(await cache.wrap(['k'], load, 1_000)).toMatchObject({ n: 1 });
    expect(await cache.wrap(['k'], load, 1_000)).toMatchObject({ n: 1 });
    expect(loads()).toBe(1);
    expect(errors).toContain('disk I/O error');
  });

  test('a row that cannot be read is loaded anew', async () => {
    const table = memoryTable();
    const first = setUp(table);
    await first.cache.wrap(['k'], first.load, 1_000);
    for (const [key, row] of table.rows) table.rows.set(key, { ...row, value: '{"value":' });
    const again = createServiceCache({ table, clock: first.clock });
    expect(await again.wrap(['k'], first.load, 1_000)).toMatchObject({ n: 2 });
  });

  test('clear forgets everything', async () => {
    const { cache, load, loads } = setUp();
    await cache.wrap(['k'], load, 1_000);
    await cache.clear();
    await cache.wrap(['k'], load, 1_000);
    expect(loads()).toBe(2);
  });
});

test('keys are hashes: the table holds no key, no address, no link', async () => {
  const server = await testServer(
    json({
      streams: [
        {
          name: 'T\n4k',
          title: 'x',
          url: `http://a/resolve/realdebrid/${SECRETS.addon}/${'a'.repeat(40)}/null/0/f.mkv`,
        },
      ],
    }),
  );
  const table = memoryTable();
  const { services, options } = bench(server.url, (o) => ({ ...o, cacheTable: table }));
  const movie = { type: 'movie', imdbId: 'tt0063350' } as const;
  await services.torrentio.streams(movie);
  const [[key, { value }] = ['', { value: '' }]] = table.rows;
  expect(key).toMatch(/^streams:[0-9a-f]{64}$/);
  expect(value).not.toContain(SECRETS.addon);
  expect(value).not.toContain('resolve');
  await createServices(options).torrentio.streams(movie);
  expect(server.seen).toHaveLength(1);
  await server.close();
});

test('other options are another answer', async () => {
  const server = await testServer(json({ streams: [] }));
  const table = memoryTable();
  for (const options of ['sort=size', 'sort=seeders', 'sort=size']) {
    const { services } = bench(server.url, (o) => ({
      ...o,
      cacheTable: table,
      torrentio: { ...o.torrentio, options },
    }));
    await services.torrentio.streams({ type: 'movie', imdbId: 'tt1' });
  }
  expect(server.seen).toHaveLength(2);
  await server.close();
});
