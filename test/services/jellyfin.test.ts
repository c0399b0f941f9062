import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LibraryItem } from '../../src/services/index.js';
import {
  type Bench,
  bench,
  expectClean,
  failure,
  json,
  SECRETS,
  status,
  type TestServer,
  testServer,
  text,
} from './support.js';

let server: TestServer;
let b: Bench;
beforeEach(async () => {
  server = await testServer();
  b = bench(server.url);
});
afterEach(() => {
  expectClean(b.rows);
  return server.close();
});

const movie = (id: string, more: object = {}) => ({
  Id: id,
  Name: 'Sintel',
  Type: 'Movie',
  LocationType: 'FileSystem',
  Path: '/mnt/Sintel.mkv',
  ProviderIds: { Imdb: 'tt1727587', TMDB: '45745', Empty: '' },
  ...more,
});
const items = (list: unknown[], total = list.length) => ({ Items: list, TotalRecordCount: total, StartIndex: 0 });
const query = (index = 0) => Object.fromEntries(new URL(server.seen[index]?.url ?? '', server.url).searchParams);
const collect = async <P extends { items: LibraryItem[] }>(pages: AsyncIterable<P>) => {
  const all: P[] = [];
  for await (const page of pages) all.push(page);
  return all;
};

test('the key goes into the one header that all versions take', async () => {
  server.handle(json({ Version: '10.11.1', ServerName: 'home' }));
  await b.services.jellyfin.server();
  expect(server.seen[0]).toMatchObject({
    url: '/System/Info',
    headers: { authorization: `MediaBrowser Token="${SECRETS.jellyfin}"` },
  });
});

describe('sweep', () => {
  test('asks for what it needs and nothing dear', async () => {
    server.handle(
      json(items([movie('a'), movie('b', { Type: 'BoxSet' }), movie('c', { Type: 'Series', ProviderIds: null })])),
    );
    const pages = await collect(b.services.jellyfin.sweep());
    expect(pages.map((page) => page.items)).toEqual([
      [
        {
          id: 'a',
          type: 'Movie',
          name: 'Sintel',
          path: '/mnt/Sintel.mkv',
          providerIds: { imdb: 'tt1727587', tmdb: '45745' },
          seriesId: null,
          season: null,
          numbers: null,
        },
        {
          id: 'c',
          type: 'Series',
          name: 'Sintel',
          path: '/mnt/Sintel.mkv',
          providerIds: {},
          seriesId: null,
          season: null,
          numbers: null,
        },
      ],
    ]);
    expect(query()).toEqual({
      recursive: 'true',
      collapseBoxSetItems: 'false',
      enableImages: 'false',
      enableUserData: 'false',
      includeItemTypes: 'Movie,Series',
      fields: 'ProviderIds,Path',
      sortBy: 'DateCreated,SortName',
      sortOrder: 'Ascending',
      enableTotalRecordCount: 'true',
      startIndex: '0',
      limit: '500',
    });
  });

  test('goes on to the last page, also past a page with gaps', async () => {
    const page = (from: number, count: number) => Array.from({ length: count }, (_, i) => movie(`m${from + i}`));
    const all = [json(items(page(0, 480), 700)), json(items(page(500, 200), 700))];
    server.handle(...all, ...all);
    // Twice: what is missing of the 700 might have slipped through.
    expect((await collect(b.services.jellyfin.sweep())).map((one) => one.items.length)).toEqual([480, 200, 480, 200]);
    expect(query(1)).toMatchObject({ startIndex: '500' });
  });

  test('what slipped through the first reading is found by a second', async () => {
    const shelf = Array.from({ length: 20 }, (_, i) => movie(`m${i}`));
    server.handle(json(items([...shelf.slice(1), movie('m1')], 20)), json(items(shelf)));
    const found = (await collect(b.services.jellyfin.sweep())).flatMap((page) => page.items.map(({ id }) => id));
    expect(new Set(found).size).toBe(20);
    expect(server.seen).toHaveLength(2);
  });

  test('one that shows far less than it counts is no empty library; soon Jellyfin’s trouble, and not swept for a while', async () => {
    const nothing = json(items([], 7));
    server.handle(nothing, nothing, nothing, nothing, json(items([movie('a')])), json(items([movie('a')])));
    const sweep = () => collect(b.services.jellyfin.sweep());
    // It may be starting.
    expect((await failure(sweep())).message).toContain('counts 7 titles and shows 0');
    b.clock.advance(3 * 60_000);
    const error = await failure(sweep());
    expect(error).toMatchObject({ failure: 'source', code: 'off-contract' });
    expect(error.retryAt).toBeGreaterThan(b.clock.now());
    expect(await failure(sweep())).toMatchObject({ code: 'paused' });
    expect(server.seen).toHaveLength(4);
    expect(await b.services.jellyfin.movies(['a'])).toHaveLength(1);
    b.clock.advance((error.retryAt ?? 0) - b.clock.now());
    expect(await sweep()).toHaveLength(1);
  });

  test('a page that fails ends it with the failure', async () => {
    const page = Array.from({ length: 500 }, (_, i) => movie(`m${i}`));
    server.handle(json(items(page, 900)), json({}, 500));
    expect(await failure(collect(b.services.jellyfin.sweep()))).toMatchObject({ failure: 'source' });
  });

  test('a web page is a wrong address, not an empty library', async () => {
    server.handle(text('<!DOCTYPE html><html>Jellyfin</html>'));
    const error = await failure(collect(b.services.jellyfin.sweep()));
    expect(error).toMatchObject({ failure: 'source', code: 'not-json' });
    expect(error.hint).toContain('jellyfin.url');
  });
});

describe('changes', () => {
  test('since then, by Jellyfin’s own clock, without virtual episodes', async () => {
    const episode = {
      Id: 'e',
      Type: 'Episode',
      SeriesId: 's',
      ParentIndexNumber: 2,
      IndexNumber: 1,
      LocationType: 'FileSystem',
    };
    const found = [movie('a'), movie('a'), episode, { ...episode, Id: 'v', LocationType: 'Virtual' }];
    server.handle(json(items(found), 200, { Date: 'Sun, 22 Nov 2026 09:00:00 GMT' }));
    const since = Date.UTC(2026, 10, 22, 8);
    const [answer] = await collect(b.services.jellyfin.changedSince(since));
    expect(answer?.serverTime).toBe(Date.UTC(2026, 10, 22, 9));
    expect(answer?.items.map(({ id }) => id)).toEqual(['a', 'a', 'e']);
    expect(answer?.items[2]).toMatchObject({ type: 'Episode', seriesId: 's', season: 2, path: null, name: '' });
    expect(query()).toMatchObject({
      minDateLastSavedForUser: '2026-11-22T08:00:00.000Z',
      includeItemTypes: 'Movie,Series,Episode',
      excludeLocationTypes: 'Virtual',
      enableTotalRecordCount: 'false',
    });
  });
});

describe('movies', () => {
  test('widths of all versions; what is gone is absent; what is no movie is dropped', async () => {
    const video = (Width?: number) => ({ Type: 'Video', Width });
    const sources = [{ MediaStreams: [video(3840), { Type: 'Audio' }] }, { MediaStreams: [video(1920), video()] }, {}];
    server.handle(json(items([movie('a', { MediaSources: sources }), movie('b'), movie('c', { Type: 'Series' })])));
    const movies = await b.services.jellyfin.movies(['a', 'b', 'c', 'gone']);
    expect(movies.map(({ id, videoWidths }) => [id, videoWidths])).toEqual([
      ['a', [3840, 1920]],
      ['b', []],
    ]);
    expect(query()).toEqual({
      ids: 'a,b,c,gone',
      fields: 'ProviderIds,Path,MediaSources,Width,Height,DateCreated',
      enableImages: 'false',
      enableUserData: 'false',
    });
  });

  test('no ids, no call; many ids, several calls', async () => {
    server.handle(json(items([])));
    expect(await b.services.jellyfin.movies([])).toEqual([]);
    expect(server.seen).toHaveLength(0);
    await b.services.jellyfin.movies(Array.from({ length: 51 }, (_, i) => `m${i}`));
    expect(server.seen).toHaveLength(2);
  });
});

describe('episodes', () => {
  const episode = (id: string, number: number | null, more: object = {}) => ({
    Id: id,
    Type: 'Episode',
    LocationType: 'FileSystem',
    Path: `/mnt/${id}.mkv`,
    ParentIndexNumber: 1,
    ...(number === null ? {} : { IndexNumber: number }),
    ...more,
  });

  test('real, numbered episodes of that season only', async () => {
    server.handle(
      json(
        items([
          episode('one', 1),
          episode('two', 2, { IndexNumberEnd: 3 }),
          episode('virtual', 4, { LocationType: 'Virtual' }),
          episode('special', 5, { ParentIndexNumber: 0 }),
          episode('unnumbered', null),
        ]),
      ),
    );
    expect(await b.services.jellyfin.episodes('s', 1, false)).toEqual([
      { id: 'one', season: 1, first: 1, last: 1, path: '/mnt/one.mkv', videoWidths: [] },
      { id: 'two', season: 1, first: 2, last: 3, path: '/mnt/two.mkv', videoWidths: [] },
    ]);
    expect(query()).toMatchObject({
      parentId: 's',
      parentIndexNumber: '1',
      includeItemTypes: 'Episode',
      excludeLocationTypes: 'Virtual',
      fields: 'Path',
      collapseBoxSetItems: 'false',
      limit: '1000',
    });
  });

  test('widths on request', async () => {
    const MediaSources = [{ MediaStreams: [{ Type: 'Video', Width: 3840 }] }];
    server.handle(json(items([episode('one', 1, { MediaSources })])));
    expect(await b.services.jellyfin.episodes('s', 1, true)).toMatchObject([{ videoWidths: [3840] }]);
    expect(query()).toMatchObject({ fields: 'Path,MediaSources' });
  });

  test('an unknown series has none; a parameter that we got wrong is an error', async () => {
    server.handle(text('Error processing request.', 400));
    expect(await b.services.jellyfin.episodes('gone', 1, false)).toBeNull();
    server.handle(json({ title: 'One or more validation errors', status: 400, errors: { parentId: ['x'] } }, 400));
    expect(await failure(b.services.jellyfin.episodes('s', 1, false))).toMatchObject({
      failure: 'ours',
      code: 'http-400',
    });
  });
});

describe('scan', () => {
  const task = {
    Id: 'abc',
    Key: 'RefreshLibrary',
    State: 'Idle',
    LastExecutionResult: {
      StartTimeUtc: '2026-11-22T08:00:00.0000000Z',
      EndTimeUtc: '2026-11-22T08:05:00',
      Status: 'Completed',
    },
  };

  test('finds the library scan among the tasks', async () => {
    server.handle(json([{ Id: 'x', Key: 'Other', State: 'Running' }, task]));
    expect(await b.services.jellyfin.scanTask()).toEqual({
      id: 'abc',
      running: false,
      lastStartedAt: Date.UTC(2026, 10, 22, 8),
      lastEndedAt: Date.UTC(2026, 10, 22, 8, 5),
      lastStatus: 'Completed',
    });
    expect(server.seen[0]?.url).toBe('/ScheduledTasks?isHidden=false');
    server.handle(json([{ ...task, State: 'Running', LastExecutionResult: null }]));
    expect(await b.services.jellyfin.scanTask()).toMatchObject({
      running: true,
      lastStartedAt: null,
      lastStatus: null,
    });
    server.handle(json([]));
    expect(await failure(b.services.jellyfin.scanTask())).toMatchObject({ failure: 'ours', code: 'off-contract' });
  });

  test('starts it, once', async () => {
    server.handle(status(204));
    await b.services.jellyfin.startScan('abc');
    expect(server.seen[0]).toMatchObject({ method: 'POST', url: '/ScheduledTasks/Running/abc' });
    server.handle(status(502));
    expect(await failure(b.services.jellyfin.startScan('abc'))).toMatchObject({ ambiguous: true });
    expect(server.seen).toHaveLength(2);
  });
});

test('reported paths go in one call, which may be repeated', async () => {
  server.handle(status(502), status(204));
  await b.services.jellyfin.reportPaths(['/media/movies/Sintel (2010)', '/media/series/Über']);
  expect(server.seen).toHaveLength(2);
  expect(server.seen[1]).toMatchObject({
    method: 'POST',
    url: '/Library/Media/Updated',
    headers: { 'content-type': expect.stringContaining('application/json') },
  });
  expect(JSON.parse(server.seen[1]?.body ?? '')).toEqual({
    Updates: [
      { Path: '/media/movies/Sintel (2010)', UpdateType: 'Modified' },
      { Path: '/media/series/Über', UpdateType: 'Modified' },
    ],
  });
});

test('start-up is nobody’s failure and says when to come back; a bare 503 hints at the address filter', async () => {
  server.handle(text('<html>Jellyfin is starting</html>', 503, { 'Retry-After': '005' }));
  expect(await failure(b.services.jellyfin.server())).toMatchObject({
    failure: 'source',
    code: 'http-503',
    retryAt: b.clock.now() + 5_000,
  });
  const other = bench(server.url);
  server.handle(status(503));
  expect((await failure(other.services.jellyfin.server())).hint).toContain('block');
});
