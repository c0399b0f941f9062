import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { packFiles, type ReleaseSpec, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { call, type Json, type Reply } from './support.js';

const START = Date.UTC(2026, 10, 22, 12);
const OF = 'tt0063350';
let now = START;
let sandbox: Sandbox;

beforeEach(async () => {
  now = START;
  sandbox = await startSandbox({ now: () => now });
});

afterEach(() => sandbox.stop());

function rd(
  method: string,
  path: string,
  form?: Record<string, string>,
  headers?: Record<string, string>,
): Promise<Reply> {
  const { url, token } = sandbox.realDebrid;
  const body = form === undefined ? {} : { body: new URLSearchParams(form) };
  return call(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}`, ...headers }, ...body });
}

function release(spec: Partial<ReleaseSpec> = {}): string {
  return sandbox.world.addRelease({ of: OF, name: 'Synthetic Movie 2020 1080p BluRay x265-OPEN', ...spec }).hash;
}

function field(reply: Reply, key: string): Json | undefined {
  return (reply.body as Record<string, Json> | null)?.[key];
}

function add(hash: string): Promise<Reply> {
  return rd('POST', '/torrents/addMagnet', { magnet: `magnet:?xt=urn:btih:${hash}` });
}

async function added(hash: string): Promise<string> {
  const reply = await add(hash);
  expect(reply.status).toBe(201);
  return String(field(reply, 'id'));
}

async function grabbed(hash: string, files = '1'): Promise<string> {
  const id = await added(hash);
  expect((await rd('POST', `/torrents/selectFiles/${id}`, { files })).status).toBe(204);
  return id;
}

async function statusOf(id: string): Promise<Json | undefined> {
  return field(await rd('GET', `/torrents/info/${id}`), 'status');
}

describe('what is refused', () => {
  test('a wrong token, before anything else', async () => {
    const reply = await rd('GET', '/user', undefined, { authorization: 'Bearer nonsense' });
    expect([reply.status, reply.body]).toEqual([401, { error: 'bad_token', error_code: 8 }]);
  });

  test('JSON bodies are not read', async () => {
    const reply = await call(`${sandbox.realDebrid.url}/torrents/addMagnet`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.realDebrid.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ magnet: 'magnet:?xt=urn:btih:0000000000000000000000000000000000000000' }),
    });
    expect([reply.status, field(reply, 'error_code')]).toEqual([400, 1]);
  });

  test.each(['', 'magnet:?xt=urn:btih:123', 'https://example.test/a.torrent'])('magnet %p', async (magnet) => {
    const reply = await rd('POST', '/torrents/addMagnet', { magnet });
    expect([reply.status, field(reply, 'error_code')]).toEqual([400, magnet === '' ? 1 : 30]);
  });

  test.each([
    ['Synthetic.Movie.2020.1080p.WEB-DL.H264-A', 451],
    ['Synthetic Movie 2020 1080p WEBRip x265', 451],
    ['Synthetic.Movie.2020.1080p.BluRay.x264-A', 451],
    ['Synthetic.Movie.2020.1080p.BluRay-x264', 201],
    ['Synthetic Movie 2020 1080p BluRay x264', 201],
    ['Synthetic.Movie.2020.HDTV.h264-A', 201],
  ])('by name: %s', async (name, status) => {
    const reply = await add(release({ name }));
    expect(reply.status).toBe(status);
    if (status === 451) expect(reply.body).toEqual({ error: 'infringing_file', error_code: 35 });
  });

  test('by hash, whatever the name', async () => {
    expect((await add(release({ infringing: true }))).status).toBe(451);
    expect((await add(release({ name: 'Some WEB-DL', infringing: false }))).status).toBe(201);
  });

  test('when slots are full', async () => {
    sandbox.realDebrid.settings.slots = 1;
    await grabbed(release());
    const reply = await add(release({ name: 'Other' }));
    expect([reply.status, field(reply, 'error_code')]).toEqual([509, 21]);
    expect((await rd('GET', '/torrents/activeCount')).body).toEqual({ nb: 1, limit: 1 });
  });

  test('unknown routes, wrong methods, a locked and a free account', async () => {
    expect((await rd('GET', '/nothing')).status).toBe(404);
    expect((await rd('DELETE', '/user')).status).toBe(405);
    sandbox.realDebrid.premiumSeconds = 0;
    expect(field(await add(release()), 'error_code')).toBe(20);
    expect(field(await rd('GET', '/user'), 'type')).toBe('free');
    sandbox.realDebrid.locked = true;
    expect(field(await rd('GET', '/user'), 'error_code')).toBe(14);
  });
});

describe('selecting files', () => {
  test('is legal once, in waiting_files_selection only', async () => {
    const id = await added(release({ metadataMs: 10_000 }));
    const select = () => rd('POST', `/torrents/selectFiles/${id}`, { files: '1' });
    expect(await statusOf(id)).toBe('magnet_conversion');
    expect(field(await rd('GET', `/torrents/info/${id}`), 'files')).toEqual([]);
    expect((await select()).status).toBe(400);
    now += 10_000;
    expect(await statusOf(id)).toBe('waiting_files_selection');
    expect((await select()).status).toBe(204);
    expect((await select()).status).toBe(202);
  });

  test.each([
    ['', 404, 1],
    ['7', 400, 2],
    ['1,x', 400, 2],
    ['0', 400, 2],
  ])('files %p', async (files, status, code) => {
    const id = await added(release());
    const reply = await rd('POST', `/torrents/selectFiles/${id}`, { files });
    expect([reply.status, field(reply, 'error_code')]).toEqual([status, code]);
  });

  test('an unknown id', async () => {
    expect((await rd('POST', '/torrents/selectFiles/NOSUCHID', { files: '1' })).status).toBe(404);
    expect((await rd('DELETE', '/torrents/delete/NOSUCHID')).status).toBe(404);
  });
});

describe('what becomes of a torrent', () => {
  test('cached: downloaded about a second after the selection', async () => {
    const id = await grabbed(release({ cached: true }));
    expect(await statusOf(id)).toBe('queued');
    now += 1_000;
    expect((await rd('GET', `/torrents/info/${id}`)).body).toMatchObject({ status: 'downloaded', progress: 100 });
  });

  test('uncached: queued, downloading, uploading, downloaded', async () => {
    const id = await grabbed(release({ downloadMs: 100_000 }));
    const seen: unknown[] = [await statusOf(id)];
    now += 52_000;
    expect((await rd('GET', `/torrents/info/${id}`)).body).toMatchObject({
      status: 'downloading',
      progress: 50,
      seeders: 12,
    });
    now += 52_000;
    seen.push(await statusOf(id));
    now += 10_000;
    seen.push(await statusOf(id));
    expect(seen).toEqual(['queued', 'uploading', 'downloaded']);
  });

  test.each(['dead', 'virus', 'error'] as const)('%s at 30 %%', async (endsAs) => {
    const id = await grabbed(release({ endsAs, failsAt: 30, downloadMs: 100_000 }));
    now += 20_000;
    expect(await statusOf(id)).toBe('downloading');
    now += 20_000;
    expect(await statusOf(id)).toBe(endsAs);
  });

  test('stalled, magnet_error, and a hash nobody knows', async () => {
    const stalled = await grabbed(release({ stallsAt: 40 }));
    now += 3_600_000;
    expect((await rd('GET', `/torrents/info/${stalled}`)).body).toMatchObject({
      status: 'downloading',
      progress: 40,
      speed: 0,
    });
    expect(await statusOf(await added(release({ name: 'Broken', endsAs: 'magnet_error' })))).toBe('magnet_error');
    const lost = await added('f'.repeat(40));
    expect(await statusOf(lost)).toBe('magnet_conversion');
    now += 600_000;
    expect(await statusOf(lost)).toBe('magnet_error');
  });

  test('only exactly a cached set of files is there at once', async () => {
    const files = packFiles('Synthetic Show S01', 1, [1, 2, 3]);
    const hash = release({ name: 'Synthetic Show S01', files, cached: [[1, 2, 3]], downloadMs: 100_000 });
    const part = await grabbed(hash, '1');
    const whole = await grabbed(hash, '1,2,3');
    now += 3_000;
    expect(await statusOf(whole)).toBe('downloaded');
    expect(await statusOf(part)).toBe('downloading');
  });

  test('what was downloaded once is cached afterwards', async () => {
    const hash = release({ downloadMs: 10_000 });
    await grabbed(hash);
    now += 60_000;
    const again = await grabbed(hash);
    now += 1_000;
    expect(await statusOf(again)).toBe('downloaded');
  });

  test('deleted and re-added it looks uncached for a while', async () => {
    const hash = release({ cached: true });
    const first = await grabbed(hash);
    now += 2_000;
    expect((await rd('DELETE', `/torrents/delete/${first}`)).status).toBe(204);
    expect((await rd('GET', `/torrents/info/${first}`)).status).toBe(404);
    const second = await grabbed(hash);
    expect(second).not.toBe(first);
    now += 6_000;
    expect(await statusOf(second)).toBe('queued');
    now += 9_000;
    expect(await statusOf(second)).toBe('downloaded');
  });

  test('links: one per file, one archive for a mixed selection, none when dropped', async () => {
    const files = [...packFiles('Synthetic Show S01', 1, [1, 2]), { path: 'Synthetic Show S01/info.nfo', bytes: 10 }];
    const hash = release({ name: 'Synthetic Show S01', files, cached: true });
    const videos = await grabbed(hash, '1,2');
    const all = await grabbed(hash, 'all');
    const dropped = await grabbed(release({ name: 'Gone', cached: true, linksDropped: true }));
    now += 2_000;
    const links = async (id: string) => (field(await rd('GET', `/torrents/info/${id}`), 'links') as Json[]).length;
    expect([await links(videos), await links(all), await links(dropped)]).toEqual([2, 1, 0]);
  });

  test('compressed time', async () => {
    const fast = await startSandbox({ now: () => now, compress: 60 });
    const { hash } = fast.world.addRelease({ of: OF, name: 'Quick', downloadMs: 600_000 });
    const id = fast.realDebrid.addForeign(hash, { select: 'all' });
    now += 10_200;
    expect(fast.realDebrid.entries()).toMatchObject([{ id, status: 'downloaded', by: 'outside' }]);
    await fast.stop();
  });
});

describe('the list', () => {
  test('is 204 when empty, newest first, without files, with a total', async () => {
    const none = await rd('GET', '/torrents');
    expect([none.status, none.text, none.headers.get('x-total-count')]).toEqual([204, '', '0']);
    const first = await added(release());
    now += 1_000;
    const second = await added(release({ name: 'Second' }));
    const reply = await rd('GET', '/torrents?limit=1&page=2');
    expect(reply.headers.get('x-total-count')).toBe('2');
    expect(reply.body).toMatchObject([{ id: first }]);
    const [row] = (await rd('GET', '/torrents')).body as Record<string, Json>[];
    expect(row?.id).toBe(second);
    expect(Object.keys(row ?? {})).not.toContain('files');
    expect(Object.keys(row ?? {})).not.toContain('original_filename');
  });

  test.each(['limit=5001', 'limit=x', 'page=1&offset=0', 'page=0'])('%s is refused', async (query) => {
    expect(field(await rd('GET', `/torrents?${query}`), 'error_code')).toBe(2);
  });

  test('answers 304 to its own ETag', async () => {
    await added(release());
    const etag = (await rd('GET', '/torrents')).headers.get('etag') ?? '';
    expect((await rd('GET', '/torrents', undefined, { 'if-none-match': etag })).status).toBe(304);
  });

  test('can lag behind info', async () => {
    sandbox.realDebrid.settings.listLagMs = 5_000;
    const id = await added(release());
    expect((await rd('GET', '/torrents')).status).toBe(204);
    now += 5_000;
    expect((await rd('GET', '/torrents')).body).toMatchObject([{ id }]);
    sandbox.realDebrid.removeOutside(id);
    expect((await rd('GET', '/torrents')).body).toMatchObject([{ id }]);
    expect((await rd('GET', `/torrents/info/${id}`)).status).toBe(404);
  });

  test('the same hash twice makes two entries, or one and code 33', async () => {
    const hash = release();
    expect(await added(hash)).not.toBe(await added(hash));
    expect(sandbox.realDebrid.entriesOf(hash.toUpperCase())).toHaveLength(2);
    sandbox.realDebrid.settings.duplicates = 'refused';
    expect(field(await add(hash), 'error_code')).toBe(33);
  });
});

describe('instantAvailability', () => {
  test('is switched off', async () => {
    const reply = await rd('GET', `/torrents/instantAvailability/${'a'.repeat(40)}`);
    expect([reply.status, reply.body]).toEqual([403, { error: 'disabled_endpoint', error_code: 37 }]);
  });

  test('in instant mode speaks the historic shape', async () => {
    sandbox.realDebrid.settings.mode = 'instant';
    const hash = release({
      cached: true,
      files: [
        { path: 'a/b.mkv', bytes: 5 },
        { path: 'a/c.txt', bytes: 1 },
      ],
    });
    const cold = release({ name: 'Cold' });
    const reply = await rd('GET', `/torrents/instantAvailability/${hash.toUpperCase()}/${cold}`);
    expect(reply.body).toEqual({ [hash]: { rd: [{ 1: { filename: 'b.mkv', filesize: 5 } }] }, [cold]: [] });
    sandbox.realDebrid.settings.mode = 'bare';
    expect((await rd('GET', `/torrents/instantAvailability/${hash}`)).body).toEqual([]);
  });
});

describe('rate limits', () => {
  test('lists have their own; refused calls count; the window slides', async () => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 76; turn += 1) statuses.push((await rd('GET', '/torrents')).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    expect((await rd('GET', '/user')).status).toBe(200);
    expect(sandbox.realDebrid.throttled).toBe(1);
    now += 60_000;
    expect((await rd('GET', '/torrents')).status).toBe(204);
  });

  test('addMagnet bursts', async () => {
    const hash = release();
    let last = await add(hash);
    for (let turn = 0; turn < 22; turn += 1) last = await add(hash);
    expect([last.status, last.body]).toEqual([429, { error: 'too_many_requests', error_code: 34 }]);
    now += 10_000;
    expect((await add(hash)).status).toBe(201);
  });

  test('can be lifted', async () => {
    sandbox.realDebrid.settings.limits = null;
    for (let turn = 0; turn < 80; turn += 1) expect((await rd('GET', '/torrents')).status).toBe(204);
  });
});

describe('faults', () => {
  test('take effect, then cut the connection', async () => {
    const hash = release();
    sandbox.realDebrid.faults.fail('addMagnet', { resetAfter: true });
    await expect(add(hash)).rejects.toThrow();
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    sandbox.realDebrid.faults.fail('addMagnet', { resetBefore: true });
    await expect(add(hash)).rejects.toThrow();
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(sandbox.realDebrid.requests.map(({ operation, status }) => [operation, status])).toEqual([
      ['addMagnet', null],
      ['addMagnet', null],
    ]);
  });

  test('status and body, a number of times, after some calls', async () => {
    sandbox.realDebrid.faults.fail('user', {
      status: 503,
      body: { error: 'busy' },
      headers: { 'retry-after': '7' },
      times: 2,
      after: 1,
    });
    const statuses = [];
    for (let turn = 0; turn < 4; turn += 1) statuses.push((await rd('GET', '/user')).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
    expect(sandbox.realDebrid.counts()).toEqual({ user: 4 });
  });

  test('HTML, truncation, dripping, hanging', async () => {
    const { faults } = sandbox.realDebrid;
    faults.fail('user', { html: true });
    expect((await rd('GET', '/user')).headers.get('content-type')).toMatch('text/html');
    faults.fail('user', { truncated: true });
    await expect(rd('GET', '/user')).rejects.toThrow();
    faults.fail('user', { drip: 0 });
    expect(field(await rd('GET', '/user'), 'username')).toBe('sandbox');
    faults.fail('user', { hang: true });
    const { url } = sandbox.realDebrid;
    await expect(fetch(`${url}/user`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
  });

  test('carried out, and another status said', async () => {
    const hash = release();
    sandbox.realDebrid.faults.fail('addMagnet', { statusAfter: 503, body: 'busy' });
    const reply = await add(hash);
    expect([reply.status, reply.text]).toEqual([503, 'busy']);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    sandbox.realDebrid.faults.fail('delete', { statusAfter: 502, html: true });
    const [entry] = sandbox.realDebrid.entriesOf(hash);
    expect((await rd('DELETE', `/torrents/delete/${entry?.id}`)).status).toBe(502);
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(0);
  });

  test('far too much, plain and compressed', async () => {
    const { faults } = sandbox.realDebrid;
    faults.fail('user', { flood: 3_000_000 });
    expect((await rd('GET', '/user')).text).toHaveLength(3_000_000);
    faults.fail('user', { bomb: 3_000_000 });
    const reply = await rd('GET', '/user');
    expect(reply.text).toHaveLength(3_000_000);
    expect(reply.headers.get('content-encoding')).toBe('gzip');
  });

  test('not running for a while, at the same address afterwards', async () => {
    const { url } = sandbox.realDebrid;
    const back = sandbox.realDebrid.refuse();
    await expect(rd('GET', '/user')).rejects.toThrow();
    await back();
    expect(sandbox.realDebrid.url).toBe(url);
    expect((await rd('GET', '/user')).status).toBe(200);
  });

  test('a tap sees each call before and after', async () => {
    const seen: string[] = [];
    const off = sandbox.realDebrid.tap((phase, entry) => {
      seen.push(`${phase} ${entry.operation} ${entry.status}`);
    });
    await rd('GET', '/user');
    off();
    await rd('GET', '/user');
    expect(seen).toEqual(['before user null', 'after user 200']);
  });
});
