import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addOpenTitles, OPEN_TITLES, packFiles, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { call, type Json, type Reply } from './support.js';

const START = Date.UTC(2026, 10, 22, 12);
const { sintel, pioneerOne, bigBuckBunny } = OPEN_TITLES;
let now = START;
let sandbox: Sandbox;

interface Page {
  Items: Record<string, Json>[];
  TotalRecordCount: number;
  StartIndex: number;
}

beforeEach(async () => {
  now = START;
  sandbox = await startSandbox({ now: () => now });
  addOpenTitles(sandbox.world);
});

afterEach(() => sandbox.stop());

function jf(path: string, init: RequestInit = {}): Promise<Reply> {
  const { url, apiKey } = sandbox.jellyfin;
  return call(`${url}${path}`, { headers: { authorization: `MediaBrowser Token="${apiKey}"` }, ...init });
}

async function items(query: string): Promise<Page> {
  const reply = await jf(`/Items?${query}`);
  expect(reply.status).toBe(200);
  return reply.body as unknown as Page;
}

/** Puts a cached movie torrent into the account, selected. */
function downloaded(): string {
  const { hash } = sandbox.world.addRelease({
    of: sintel.imdbId,
    name: 'Sintel 2010 2160p BluRay x265-OPEN',
    cached: true,
  });
  sandbox.realDebrid.addForeign(hash, { select: 'all' });
  return hash;
}

async function taskId(): Promise<string> {
  const tasks = (await jf('/ScheduledTasks?isHidden=false')).body as Record<string, Json>[];
  return String(tasks.find((task) => task.Key === 'RefreshLibrary')?.Id);
}

describe('keys', () => {
  test.each([
    ['MediaBrowser Token="KEY"', 200],
    ['mediabrowser Client="a", Token="KEY"', 200],
    ['Emby Token="KEY"', 401],
    ['Bearer KEY', 401],
    ['MediaBrowser Token="wrong"', 401],
  ])('%s', async (authorization, status) => {
    const headers = { authorization: authorization.replace('KEY', sandbox.jellyfin.apiKey) };
    const reply = await call(`${sandbox.jellyfin.url}/System/Info`, { headers });
    expect(reply.status).toBe(status);
    if (status === 401) expect(reply.text).toBe('');
  });

  test('old forms are refused, open pages are not', async () => {
    const { url, apiKey } = sandbox.jellyfin;
    expect((await call(`${url}/System/Info`, { headers: { 'X-Emby-Token': apiKey } })).status).toBe(401);
    expect((await call(`${url}/System/Info?api_key=${apiKey}`)).status).toBe(401);
    expect((await call(`${url}/System/Info/Public`)).body).toMatchObject({ ProductName: 'Jellyfin Server' });
    expect((await call(`${url}/health`)).text).toBe('Healthy');
  });

  test('a key has no user, and unknown paths are empty', async () => {
    expect((await jf('/Items/Latest')).status).toBe(404);
    expect((await jf(`/Items/${'a'.repeat(32)}`)).status).toBe(404);
    expect([(await jf('/nothing')).status, (await jf('/Items', { method: 'PUT' })).status]).toEqual([404, 405]);
  });
});

describe('when a file becomes an item', () => {
  test('only by a scan that started after the mount had it', async () => {
    downloaded();
    const id = await taskId();
    const scan = () => jf(`/ScheduledTasks/Running/${id}`, { method: 'POST' });
    now += 1_000 + 14_000;
    expect((await scan()).status).toBe(204);
    now += 5_000;
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toEqual([]);
    await scan();
    // Starting it again while it runs has no effect.
    now += 2_000;
    await scan();
    now += 3_000;
    const [movie] = sandbox.jellyfin.moviesOf(sintel.tmdbId);
    expect(movie).toMatchObject({ type: 'Movie', providerIds: { Imdb: sintel.imdbId, Tmdb: String(sintel.tmdbId) } });
    expect(sandbox.jellyfin.scan.started).toBe(2);
  });

  test('the task tells when it ran', async () => {
    const id = await taskId();
    await jf(`/ScheduledTasks/Running/${id}`, { method: 'POST' });
    expect((await jf(`/ScheduledTasks/${id}`)).body).toMatchObject({ State: 'Running' });
    now += 5_000;
    expect((await jf(`/ScheduledTasks/${id}`)).body).toMatchObject({
      State: 'Idle',
      LastExecutionResult: {
        StartTimeUtc: new Date(START).toISOString(),
        EndTimeUtc: new Date(START + 5_000).toISOString(),
        Status: 'Completed',
      },
    });
    expect((await jf('/ScheduledTasks/Running/nope', { method: 'POST' })).status).toBe(404);
  });

  test('Library/Refresh starts over, so a hasty caller never sees the end', async () => {
    downloaded();
    now += 60_000;
    for (let turn = 0; turn < 5; turn += 1) {
      expect((await jf('/Library/Refresh', { method: 'POST' })).status).toBe(204);
      now += 4_000;
    }
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toEqual([]);
    now += 1_000;
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toHaveLength(1);
  });

  test('a reported path is looked at a minute after the last report', async () => {
    downloaded();
    now += 60_000;
    const report = (path: string | null) =>
      jf('/Library/Media/Updated', { method: 'POST', body: JSON.stringify({ Updates: [{ Path: path }] }) });
    expect((await report(null)).status).toBe(400);
    expect((await report('/mnt/debrid/Sintel')).status).toBe(204);
    now += 40_000;
    await report('/mnt/debrid/Sintel');
    now += 40_000;
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toEqual([]);
    now += 20_000;
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toHaveLength(1);
  });

  test('episodes come from the selected files', async () => {
    const files = packFiles('Pioneer One S01', 1, [1, 2, 3, 4, 5, 6]);
    const { hash } = sandbox.world.addRelease({ of: pioneerOne.imdbId, name: 'Pioneer One S01', files, cached: true });
    sandbox.realDebrid.addForeign(hash, { select: [2, 3] });
    now += 60_000;
    sandbox.jellyfin.scanNow();
    expect(sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1)).toEqual([2, 3]);
  });

  test('unseen, unidentified, misidentified, dropped and gone', async () => {
    const hash = downloaded();
    const { jellyfin } = sandbox;
    now += 60_000;
    jellyfin.identify(hash, { kind: 'unseen' });
    jellyfin.scanNow();
    expect(jellyfin.items()).toEqual([]);
    jellyfin.identify(hash, { kind: 'unidentified' });
    jellyfin.scanNow();
    expect((await items('recursive=true&includeItemTypes=Movie&fields=ProviderIds,Path')).Items).toMatchObject([
      {
        ProviderIds: {},
        Path: '/mnt/debrid/Sintel 2010 2160p BluRay x265-OPEN/Sintel.2010.2160p.BluRay.x265-OPEN.mkv',
      },
    ]);
    jellyfin.dropMount();
    expect(jellyfin.items()).toEqual([]);
    jellyfin.restoreMount();
    jellyfin.identify(hash, { kind: 'wrong', name: 'Other', providerIds: { Tmdb: '1' } });
    jellyfin.scanNow();
    expect(jellyfin.items()).toMatchObject([{ name: 'Other', providerIds: { Tmdb: '1' } }]);
    for (const { id } of sandbox.realDebrid.entries()) sandbox.realDebrid.removeOutside(id);
    jellyfin.scanNow();
    expect(jellyfin.items()).toEqual([]);
  });

  test('streams are unknown until somebody asks', async () => {
    sandbox.jellyfin.settings.unprobed = true;
    downloaded();
    now += 60_000;
    sandbox.jellyfin.scanNow();
    const [movie] = sandbox.jellyfin.moviesOf(sintel.tmdbId);
    const read = () => items(`ids=${movie?.id}&fields=MediaSources,Width`);
    expect((await read()).Items).toMatchObject([{ MediaSources: [{ MediaStreams: [] }] }]);
    expect((await jf(`/Items/${movie?.id}/PlaybackInfo`)).status).toBe(200);
    expect((await read()).Items).toMatchObject([
      { Width: 3840, MediaSources: [{ MediaStreams: [{ Width: 3840 }, {}] }] },
    ]);
  });
});

describe('GET /Items', () => {
  test('fields are given only when asked for', async () => {
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, widths: [1920, 3840] });
    const [bare] = (await items('recursive=true&includeItemTypes=Movie')).Items;
    for (const key of ['ProviderIds', 'Path', 'MediaSources', 'Width']) expect(bare).not.toHaveProperty(key);
    const [full] = (await items('recursive=true&includeItemTypes=Movie&fields=ProviderIds,Path&fields=MediaSources'))
      .Items;
    expect(full).toMatchObject({ ProviderIds: { Imdb: sintel.imdbId }, MediaSources: [{}, {}] });
  });

  test('films of a collection hide behind it by default', async () => {
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId, collection: 'Open Movies' });
    const query = 'recursive=true&includeItemTypes=Movie';
    expect((await items(query)).Items.map((item) => item.Type)).toEqual(['BoxSet']);
    expect((await items(`${query}&collapseBoxSetItems=false`)).Items.map((item) => item.Type)).toEqual(['Movie']);
  });

  test('without recursion only the root; unknown filters are ignored', async () => {
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    expect((await items('includeItemTypes=Movie')).Items.map((item) => item.Type)).toEqual([
      'CollectionFolder',
      'CollectionFolder',
    ]);
    expect((await items('recursive=true&includeItemTypes=Movie&AnyProviderIdEquals=imdb.tt1')).Items).toHaveLength(1);
    expect((await items('recursive=true&includeItemTypes=Moovie&collapseBoxSetItems=false')).Items).toHaveLength(1);
  });

  test('a deleted item is missing, an unknown parent is a 400, so is a bad number', async () => {
    expect(await items(`ids=${'b'.repeat(32)}`)).toEqual({ Items: [], TotalRecordCount: 0, StartIndex: 0 });
    expect((await jf(`/Items?recursive=true&parentId=${'b'.repeat(32)}`)).status).toBe(400);
    const reply = await jf('/Items?recursive=true&limit=many');
    expect([reply.status, reply.headers.get('content-type')]).toEqual([400, 'application/problem+json; charset=utf-8']);
  });

  test('a season: real episodes only, doubles with their end', async () => {
    const { jellyfin } = sandbox;
    const season = { tmdbId: pioneerOne.tmdbId, season: 1 };
    const series = jellyfin.ownEpisodes({ ...season, episodes: [1, 2], combined: true });
    jellyfin.ownEpisodes({ ...season, episodes: [4] });
    jellyfin.ownEpisodes({ ...season, episodes: [5, 6], virtual: true });
    const query = `parentId=${series}&recursive=true&includeItemTypes=Episode&parentIndexNumber=1&sortBy=IndexNumber`;
    expect((await items(query)).Items).toMatchObject([
      { IndexNumber: 1, IndexNumberEnd: 2, LocationType: 'FileSystem' },
      { IndexNumber: 4 },
    ]);
    const everywhere = 'recursive=true&includeItemTypes=Episode';
    expect((await items(everywhere)).Items).toHaveLength(4);
    expect((await items(`${everywhere}&excludeLocationTypes=Virtual`)).Items).toHaveLength(2);
    expect((await items(`${query.replace('parentIndexNumber=1', 'parentIndexNumber=2')}`)).Items).toEqual([]);
  });

  test('paging, totals and what changed since', async () => {
    sandbox.jellyfin.ownMovie({ tmdbId: sintel.tmdbId });
    now += 10_000;
    sandbox.jellyfin.ownMovie({ tmdbId: bigBuckBunny.tmdbId });
    const query = 'recursive=true&includeItemTypes=Movie&sortBy=SortName';
    expect(await items(`${query}&startIndex=1&limit=1`)).toMatchObject({
      Items: [{ Name: 'Sintel' }],
      TotalRecordCount: 2,
      StartIndex: 1,
    });
    expect(await items(`${query}&enableTotalRecordCount=false`)).toMatchObject({ TotalRecordCount: 0 });
    const since = new Date(START + 5_000).toISOString();
    expect((await items(`${query}&minDateLastSavedForUser=${since}`)).Items).toMatchObject([
      { Name: 'Big Buck Bunny' },
    ]);
    const reply = await jf(`/Items?${query}`);
    expect(Date.parse(reply.headers.get('date') ?? '')).toBe(now);
  });
});
