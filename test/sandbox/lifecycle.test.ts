import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addOpenTitles, OPEN_TITLES, type Sandbox, startSandbox } from '../../src/sandbox/index.js';

let now = Date.UTC(2026, 10, 22, 12);
let sandbox: Sandbox;

beforeEach(async () => {
  now = Date.UTC(2026, 10, 22, 12);
  sandbox = await startSandbox({ now: () => now });
  addOpenTitles(sandbox.world);
});

afterEach(() => sandbox.stop());

function rd(path: string, init: RequestInit = {}) {
  return fetch(`${sandbox.realDebrid.url}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${sandbox.realDebrid.token}`, ...init.headers },
  });
}

describe('a movie from request to library', () => {
  test('every step is needed, and the request completes', async () => {
    const { seerr, torrentio, realDebrid, jellyfin, world } = sandbox;
    const { tmdbId, imdbId } = OPEN_TITLES.sintel;
    const torrent = world.addRelease({ of: imdbId, name: 'Sintel 2010 1080p BluRay x265-OPEN', cached: true });
    const id = seerr.request({ tmdbId, type: 'movie' });

    const streams = (await (await fetch(`${torrentio.url}/stream/movie/${imdbId}.json`)).json()) as {
      streams: { infoHash: string }[];
    };
    expect(streams.streams.map((stream) => stream.infoHash)).toEqual([torrent.hash]);

    const magnet = new URLSearchParams({ magnet: `magnet:?xt=urn:btih:${torrent.hash}` });
    const added = await rd('/torrents/addMagnet', { method: 'POST', body: magnet });
    expect(added.status).toBe(201);
    const { id: torrentId } = (await added.json()) as { id: string };
    expect(torrentId).toMatch(/^[A-Z0-9]{13}$/);
    const selected = await rd(`/torrents/selectFiles/${torrentId}`, {
      method: 'POST',
      body: new URLSearchParams({ files: '1' }),
    });
    expect(selected.status).toBe(204);

    now += 2_000;
    expect(realDebrid.entries()).toMatchObject([{ status: 'downloaded', links: 1, selected: [1] }]);
    jellyfin.scanNow();
    expect(jellyfin.moviesOf(tmdbId)).toEqual([]);
    now += 20_000;
    expect(jellyfin.moviesOf(tmdbId)).toEqual([]);
    jellyfin.scanNow();
    expect(jellyfin.moviesOf(tmdbId)).toHaveLength(1);

    expect(seerr.state(id)?.status).toBe(2);
    seerr.scanNow('recent');
    now += 1_000;
    expect(seerr.state(id)).toMatchObject({ status: 5, mediaStatus: 5 });
  });
});
