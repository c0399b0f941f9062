import { existsSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addOpenTitles, OPEN_TITLES, packFiles, type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { type LibraryTree, libraryTree } from '../support/libraryTree.js';
import { call, type Reply } from './support.js';

const START = Date.UTC(2026, 10, 22, 12);
const MINUTE = 60_000;
const { sintel, pioneerOne } = OPEN_TITLES;
const SINTEL = 'Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]';
const PIONEER = 'Pioneer One (2010) [tmdbid-32816] [tvdbid-170551]';

let now = START;
let tree: LibraryTree;
let sandbox: Sandbox;
const start = async (version = '12.0.0') => {
  sandbox = await startSandbox({ now: () => now, jellyfin: { folders: tree.folders, version } });
  addOpenTitles(sandbox.world);
};
beforeEach(() => {
  now = START;
  tree = libraryTree();
});
afterEach(async () => {
  await sandbox.stop();
  tree.clear();
});

const report = (...paths: (string | null)[]): Promise<Reply> =>
  call(`${sandbox.jellyfin.url}/Library/Media/Updated`, {
    method: 'POST',
    headers: { authorization: `MediaBrowser Token="${sandbox.jellyfin.apiKey}"` },
    body: JSON.stringify({ Updates: paths.map((path) => ({ Path: path, UpdateType: 'Modified' })) }),
  });
const link = (path: string, target: string) => {
  mkdirSync(dirname(join(tree.root, path)), { recursive: true });
  symlinkSync(target, join(tree.root, path));
};
/** Puts a cached torrent into the account, all of it selected, and lets the mount show it. */
const downloaded = (of: string, name: string, files?: ReturnType<typeof packFiles>) => {
  const { hash } = sandbox.world.addRelease({ of, name, cached: true, ...(files === undefined ? {} : { files }) });
  sandbox.realDebrid.addForeign(hash, { select: 'all' });
  now += MINUTE;
  sandbox.jellyfin.settle();
  return hash;
};
const movie = (name = 'Sintel 2010 1080p') => `/media/mount/__all__/${name}/${name.replaceAll(' ', '.')}.mkv`;
const episode = (number: number) => `/media/mount/__all__/Pioneer One S01/Pioneer.One.S01E0${number}.mkv`;
const sources = () => sandbox.jellyfin.moviesOf(sintel.tmdbId).map((item) => item.sources.map(({ width }) => width));

test('the mount is a real folder: files of the right size come and go', async () => {
  await start();
  downloaded(sintel.imdbId, 'Sintel 2010 1080p');
  const file = join(tree.root, 'mount/__all__/Sintel 2010 1080p/Sintel.2010.1080p.mkv');
  expect(statSync(file).size).toBe(2 * 1024 ** 3);
  sandbox.jellyfin.mount.down = true;
  sandbox.jellyfin.settle();
  expect(readdirSync(join(tree.root, 'mount'))).toEqual([]);
  sandbox.jellyfin.mount.down = false;
  sandbox.jellyfin.settle();
  expect(existsSync(file)).toBe(true);
});

describe('what is found', () => {
  test('links, by the ids in their folders; nothing of the mount itself, nothing that leads nowhere', async () => {
    await start();
    downloaded(sintel.imdbId, 'Sintel 2010 1080p');
    sandbox.jellyfin.scanNow();
    expect(sandbox.jellyfin.items()).toEqual([]);
    link(`movies/${SINTEL}/${SINTEL}.mkv`, movie());
    link('movies/Gone (2011) [tmdbid-1]/Gone (2011) [tmdbid-1].mkv', '/media/mount/__all__/gone/gone.mkv');
    // As seen from here, not from where Jellyfin runs.
    link(
      'movies/Here (2011) [tmdbid-2]/Here (2011) [tmdbid-2].mkv',
      join(tree.root, 'mount/__all__/Sintel 2010 1080p'),
    );
    sandbox.jellyfin.scanNow();
    expect(sandbox.jellyfin.items()).toMatchObject([
      {
        type: 'Movie',
        name: 'Sintel',
        year: 2010,
        path: `/media/movies/${SINTEL}/${SINTEL}.mkv`,
        providerIds: { Tmdb: '45745', Imdb: 'tt1727587' },
      },
    ]);
  });

  test('files called like their folder are versions of one movie, others are movies of their own', async () => {
    await start();
    downloaded(sintel.imdbId, 'Sintel 2010 1080p');
    downloaded(sintel.imdbId, 'Sintel 2010 2160p');
    link(`movies/${SINTEL}/${SINTEL} - 2160p.mkv`, movie('Sintel 2010 2160p'));
    sandbox.jellyfin.scanNow();
    expect(sources()).toEqual([[3840]]);
    link(`movies/${SINTEL}/${SINTEL}.mkv`, movie());
    sandbox.jellyfin.scanNow();
    expect(sources()).toEqual([[1920, 3840]]);
    link(`movies/${SINTEL}/Another.mkv`, movie());
    sandbox.jellyfin.scanNow();
    expect(sources()).toHaveLength(3);
  });

  test.each([
    ['12.0.0', [1, 2, 3]],
    ['10.11.11', [1, 1, 2, 3]],
  ])('episodes of a series, on %s', async (version, episodes) => {
    await start(version);
    downloaded(pioneerOne.imdbId, 'Pioneer One S01', packFiles('Pioneer One S01', 1, [1, 2]));
    link(`series/${PIONEER}/Season 01/Pioneer One S01E01.mkv`, episode(1));
    link(`series/${PIONEER}/Season 01/Pioneer One S01E01 - 2160p.mkv`, episode(1));
    link(`series/${PIONEER}/Season 01/Pioneer One S01E02-E03.mkv`, episode(2));
    sandbox.jellyfin.scanNow();
    expect(sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1)).toEqual(episodes);
    const [series] = sandbox.jellyfin.items().filter(({ type }) => type === 'Series');
    expect(series?.providerIds).toEqual({ Tmdb: '32816', Tvdb: '170551' });
  });

  test('a file of the user’s own counts, too', async () => {
    await start();
    mkdirSync(join(tree.root, 'movies', SINTEL));
    writeFileSync(join(tree.root, 'movies', SINTEL, `${SINTEL}.mkv`), '');
    sandbox.jellyfin.scanNow();
    expect(sources()).toEqual([[1920]]);
  });
});

describe('reported paths', () => {
  test('one is looked at a minute after the last report that concerns it; outside of libraries nothing is', async () => {
    await start();
    downloaded(sintel.imdbId, 'Sintel 2010 1080p');
    link(`movies/${SINTEL}/${SINTEL}.mkv`, movie());
    const outside = ['/media/mount/__all__/Sintel 2010 1080p', '/media/movies2/x', '/', `/media/series/${SINTEL}`];
    expect((await report(...outside)).status).toBe(204);
    now += 2 * MINUTE;
    expect(sources()).toEqual([]);
    expect((await report(null)).status).toBe(400);
    await report(`/media/movies/${SINTEL}`);
    now += 40_000;
    await report(`/media/movies/${SINTEL}/${SINTEL}.mkv`);
    now += 40_000;
    expect(sources()).toEqual([]);
    now += 20_000;
    expect(sources()).toEqual([[1920]]);
  });

  test('one beside another becomes their folder, and both wait anew', async () => {
    await start();
    downloaded(sintel.imdbId, 'Sintel 2010 1080p');
    link(`movies/${SINTEL}/${SINTEL}.mkv`, movie());
    await report(`/media/movies/${SINTEL}`);
    now += 50_000;
    await report('/media/movies/Other (2011) [tmdbid-1]');
    now += 50_000;
    expect(sources()).toEqual([]);
    now += 10_000;
    expect(sources()).toEqual([[1920]]);
  });

  test('of a known series only that series is looked at', async () => {
    await start();
    const files = packFiles('Pioneer One S01', 1, [1, 2, 3]);
    downloaded(pioneerOne.imdbId, 'Pioneer One S01', files);
    link(`series/${PIONEER}/Season 01/Pioneer One S01E01.mkv`, episode(1));
    sandbox.jellyfin.scanNow();
    link(`series/${PIONEER}/Season 01/Pioneer One S01E02.mkv`, episode(2));
    link('series/Other (2011) [tmdbid-5]/Season 01/Other S01E03.mkv', episode(3));
    await report(`/media/series/${PIONEER}`);
    now += MINUTE;
    const titles = () => sandbox.jellyfin.items().filter(({ type }) => type === 'Series');
    expect(sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1)).toEqual([1, 2]);
    expect(titles()).toHaveLength(1);
    await report('/media/series/Other (2011) [tmdbid-5]');
    now += MINUTE;
    expect(titles()).toHaveLength(2);
  });

  test('a scan that starts disposes of them', async () => {
    await start();
    downloaded(sintel.imdbId, 'Sintel 2010 1080p');
    await report(`/media/movies/${SINTEL}`);
    sandbox.jellyfin.scan.start();
    now += 5_000;
    sandbox.jellyfin.settle();
    link(`movies/${SINTEL}/${SINTEL}.mkv`, movie());
    now += 2 * MINUTE;
    expect(sources()).toEqual([]);
  });
});
