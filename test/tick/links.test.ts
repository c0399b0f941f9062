import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { attentionList } from '../../src/attention.js';
import { reject, retry } from '../../src/orders.js';
import { type Fault, OPEN_TITLES, packFiles, type SandboxOptions } from '../../src/sandbox/index.js';
import { openCopy } from '../../src/store/index.js';
import { type Household, household } from '../support/household.js';
import { type LibraryTree, libraryTree } from '../support/libraryTree.js';
import { scenesOf } from '../support/scenes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const { sintel, pioneerOne } = OPEN_TITLES;

const SINTEL = 'Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]';
const SINTEL_LINK = `movies/${SINTEL}/${SINTEL}.mkv`;
const PIONEER = 'Pioneer One (2010) [tmdbid-32816] [imdbid-tt1748166] [tvdbid-170551]';
const RELEASE = 'Sintel 2010 1080p BluRay x265-GRP';
const FILE = 'Sintel.2010.1080p.BluRay.x265-GRP.mkv';
const mounted = (folder: string, file: string) => `/media/mount/__all__/${folder}/${file}`;

let tree: LibraryTree;
let home: Household;
beforeEach(() => {
  tree = libraryTree();
});
afterEach(async () => {
  await home.stop();
  tree.clear();
});
const move = async (config: Record<string, string> = {}, sandbox: SandboxOptions = {}) => {
  home = await household({
    config: { ...tree.config, ...config },
    sandbox: { ...sandbox, jellyfin: { folders: tree.folders, ...sandbox.jellyfin } },
  });
  return home;
};
const { release, second, pack, requestSintel, requestSeason } = scenesOf(() => home);
/** What a person reads in the log, as it is by default. */
const said = (part: string) =>
  home.log.filter(({ level, message }) => level !== 'debug' && message.includes(part)).map(({ message }) => message);
const inSeerr = (id: number) => home.sandbox.seerr.state(id)?.status;
const COMPLETED = 5;
const calls = () => home.sandbox.jellyfin.counts();
const reported = () => home.sandbox.jellyfin.reports.map(({ paths }) => paths);
const aimed = (id: number) => {
  const request = home.store.requests.get(id);
  const wants = home.store.wants.ofRequest(id).map(({ want }) => want);
  return { requests: request === undefined ? [] : [request], wants };
};

describe('from a request to a link to the end of it', () => {
  test('a movie: linked when the mount shows it, just its folder reported, seen, closed', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestSintel();
    await live(2 * MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    expect(reported()).toEqual([[`/media/movies/${SINTEL}`]]);
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toMatchObject([
      { path: `/media/${SINTEL_LINK}`, providerIds: { Tmdb: '45745', Imdb: 'tt1727587' } },
    ]);
    await live(4 * MINUTE);
    expect(inSeerr(id)).toBe(COMPLETED);
    // No scan of everything, and told only once.
    expect(calls().startTask ?? 0).toBe(0);
    expect(reported()).toHaveLength(1);
    const story = home.log.filter(({ level, message }) => level === 'info' && message.startsWith('Sintel'));
    expect(story.map(({ message }) => message)).toEqual([
      'Sintel (2010): requested; due now',
      expect.stringContaining('added'),
      expect.stringContaining('ready'),
      `Sintel (2010): linked as ${SINTEL}/${SINTEL}.mkv`,
      'Sintel (2010): asked Jellyfin to look at the new links',
      expect.stringContaining('in the library'),
      expect.stringContaining('asked Seerr to scan'),
      expect.stringContaining('fulfilled'),
    ]);
    // Nothing left to do: nothing is touched, nobody is called.
    const before = calls();
    await live(HOUR, MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    expect(calls()).toEqual(before);
  });

  test('a season: an episode per link, a double one by both numbers, specials apart', async () => {
    const { live, sandbox } = await move({}, { seerr: { enableSpecialEpisodes: true } });
    const files = [
      ...packFiles('Pioneer One S01 1080p BluRay x265-PACK', 1, [3, 4, 5, 6]),
      { path: 'Pioneer One S01/Pioneer.One.S01E01-E02.mkv', bytes: 1024 ** 3 },
    ];
    pack({ files });
    release({ of: pioneerOne.imdbId, name: 'Pioneer One S00E01 1080p BluRay x265-GRP', bytes: 900 * 1024 ** 2 });
    const id = requestSeason(0, 1);
    await live(10 * MINUTE);
    expect(Object.keys(tree.links())).toEqual([
      `series/${PIONEER}/Season 00/Pioneer One S00E01.mkv`,
      `series/${PIONEER}/Season 01/Pioneer One S01E01-E02.mkv`,
      ...[3, 4, 5, 6].map((episode) => `series/${PIONEER}/Season 01/Pioneer One S01E0${episode}.mkv`),
    ]);
    expect(sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(new Set(reported().flat())).toEqual(new Set([`/media/series/${PIONEER}`]));
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test('both tiers stand in one folder, as versions of one movie', async () => {
    const radarr = [{ id: 1, name: 'Radarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
    const { live, sandbox } = await move({ 'seerr.arrGrace': '0s' }, { seerr: { radarr } });
    release();
    release({ name: 'Sintel 2010 2160p BluRay x265-UHD', bytes: 9 * 1024 ** 3 });
    const standard = requestSintel();
    await live(6 * MINUTE);
    const fourK = sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie', is4k: true });
    await live(10 * MINUTE);
    expect(Object.keys(tree.links())).toEqual([`movies/${SINTEL}/${SINTEL} - 2160p.mkv`, SINTEL_LINK]);
    expect(sandbox.jellyfin.moviesOf(sintel.tmdbId)).toMatchObject([{ sources: [{ width: 1920 }, { width: 3840 }] }]);
    expect([inSeerr(standard), inSeerr(fourK)]).toEqual([COMPLETED, COMPLETED]);
  });

  test('what comes together is reported together, and reports are kept apart', async () => {
    const { live, sandbox } = await move({ 'library.links.reportInterval': '5m' });
    release();
    const names = ['Tears of Steel 2012 1080p BluRay x265-GRP', 'Big Buck Bunny 2008 1080p BluRay x265-GRP'];
    const later = [OPEN_TITLES.tearsOfSteel, OPEN_TITLES.bigBuckBunny];
    requestSintel();
    await live(90_000);
    later.forEach(({ imdbId, tmdbId }, place) => {
      release({ of: imdbId, name: names[place] ?? '', bytes: 700 * 1024 ** 2 });
      sandbox.seerr.request({ tmdbId, type: 'movie' });
    });
    await live(10 * MINUTE);
    const [first, next, ...others] = sandbox.jellyfin.reports;
    expect(first?.paths).toEqual([`/media/movies/${SINTEL}`]);
    expect(next?.paths).toHaveLength(2);
    expect((next?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5 * MINUTE);
    expect(others).toEqual([]);
  });

  test('a mount that is late is waited for, and it is said', async () => {
    const { live } = await move({}, { jellyfin: { mountDelayMs: 40 * MINUTE } });
    release();
    const id = requestSintel();
    await live(35 * MINUTE, 5 * MINUTE);
    expect(tree.links()).toEqual({});
    expect(calls().startTask ?? 0).toBe(0);
    expect(home.store.requests.get(id)).toMatchObject({
      attentionCode: 'not-seen',
      attentionMessage: expect.stringContaining(join(tree.root, 'mount')),
    });
    await live(45 * MINUTE, 5 * MINUTE);
    expect(Object.keys(tree.links())).toEqual([SINTEL_LINK]);
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test('a report that got lost is repeated', async () => {
    const { live, sandbox } = await move();
    release();
    const id = requestSintel();
    await live(MINUTE);
    expect(reported()).toHaveLength(1);
    // A full scan that starts just then disposes of it, and was broken off.
    sandbox.jellyfin.monitor.clear();
    await live(4 * MINUTE);
    expect(inSeerr(id)).not.toBe(COMPLETED);
    await live(6 * MINUTE);
    expect(reported().length).toBeGreaterThan(1);
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test.each<[string, Fault]>([
    ['cut off', { resetBefore: true }],
    ['cut off behind its effect', { resetAfter: true }],
    ['refused as a write', { status: 403, body: '' }],
    ['unknown', { status: 404, body: '' }],
    ['too often', { status: 429, body: '', headers: { 'retry-after': '60' } }],
    ['failing', { status: 500, body: 'Error processing request.' }],
    ['down', { status: 503, html: true }],
    ['a sign-in page', { status: 200, html: true }],
  ])('a report that ends so: %s, is made when that is over, and keeps nothing else', async (_, fault) => {
    const { live, sandbox } = await move();
    const lift = sandbox.jellyfin.faults.fail('mediaUpdated', { ...fault, times: Infinity });
    release();
    const id = requestSintel();
    await live(10 * MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    const loud = home.log.filter(({ level }) => level === 'warn' || level === 'error');
    expect(loud.map(({ message }) => message)).toEqual([expect.stringContaining('Jellyfin')]);
    lift();
    await live(40 * MINUTE);
    expect(reported().length).toBeGreaterThan(0);
    expect(inSeerr(id)).toBe(COMPLETED);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
  });

  test('a death between a row and its link, or the other way round, is made good', async () => {
    await move({}, { jellyfin: { monitorDelayMs: 10 * HOUR } });
    release();
    requestSintel();
    await home.live(2 * MINUTE);
    const [row] = home.store.links.all();
    for (const remove of [true, false]) {
      home.store.links.update(row?.id ?? 0, {
        madeAt: null,
        targets: ['/media/mount/older.mkv', mounted(RELEASE, FILE)],
      });
      if (remove) {
        rmSync(join(tree.root, SINTEL_LINK));
      }
      home.restart();
      await home.live(2 * MINUTE);
      expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
      expect(home.store.links.all()).toMatchObject([
        { id: row?.id, targets: [mounted(RELEASE, FILE)], madeAt: expect.any(Number), reportedAt: expect.any(Number) },
      ]);
    }
  });

  test('a restart in the middle makes nothing twice', async () => {
    await move();
    release();
    const id = requestSintel();
    for (let turn = 0; turn < 12; turn += 1) {
      await home.live(30_000);
      home.restart();
    }
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    expect(reported()).toHaveLength(1);
    expect(inSeerr(id)).toBe(COMPLETED);
  });
});

describe('what is in the way', () => {
  test('hostile titles and paths stay inside, under a harmless name', async () => {
    const { live, sandbox } = await move();
    const title = '../../evil: "The" Mov\u202eie?';
    sandbox.world.addMovie({ tmdbId: 900_400, imdbId: 'tt9000400', title, year: 2020 });
    const name = 'Evil The Movie 2020 1080p BluRay x265-GRP';
    release({
      of: 'tt9000400',
      name,
      files: [{ path: '../../../../tmp/evil.the.movie.2020.mkv', bytes: 3 * 1024 ** 3 }],
    });
    const id = sandbox.seerr.request({ tmdbId: 900_400, type: 'movie' });
    await live(6 * MINUTE);
    const folder = 'evil The Movie (2020) [tmdbid-900400] [imdbid-tt9000400]';
    expect(tree.links()).toEqual({ [`movies/${folder}/${folder}.mkv`]: mounted(name, 'evil.the.movie.2020.mkv') });
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test('a file that is not ours is never touched; a human is told, once', async () => {
    const { live } = await move();
    mkdirSync(join(tree.root, 'movies', SINTEL));
    writeFileSync(join(tree.root, SINTEL_LINK), 'mine');
    rmSync(join(tree.root, SINTEL_LINK));
    symlinkSync('/mine', join(tree.root, SINTEL_LINK));
    release();
    const id = requestSintel();
    await live(10 * MINUTE, 2 * MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: '/mine' });
    expect(home.store.requests.get(id)?.attentionCode).toBe('link-taken');
    expect(said('is there already, and not by us')).toHaveLength(1);
    rmSync(join(tree.root, SINTEL_LINK));
    await live(30 * MINUTE, 5 * MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    expect(home.store.requests.get(id)?.attentionCode).toBeNull();
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test('a library folder that is missing is said at the start, once, and not made', async () => {
    const { live } = await move({ 'library.links.series': join(tree.root, 'gone') });
    await live(MINUTE);
    release();
    const id = requestSintel();
    await live(HOUR, 5 * MINUTE);
    expect(said('gone is not there')).toEqual([expect.stringContaining('library.links.series')]);
    expect(readdirSync(tree.root).sort()).toEqual(['mount', 'movies', 'series']);
    // The other one is used.
    expect(inSeerr(id)).toBe(COMPLETED);
  });

  test('a mount that is away is said once, and listed; everything else goes on', async () => {
    rmSync(join(tree.root, 'mount'), { recursive: true });
    const { live, sandbox } = await move();
    await live(MINUTE);
    expect(said('mount is not there')).toHaveLength(1);
    expect(attentionList(home.store, home.clock.now())).toMatchObject([{ code: 'mount-missing', requestId: null }]);
    sandbox.jellyfin.ownMovie({ tmdbId: OPEN_TITLES.bigBuckBunny.tmdbId });
    const id = sandbox.seerr.request({ tmdbId: OPEN_TITLES.bigBuckBunny.tmdbId, type: 'movie' });
    await live(20 * MINUTE, 5 * MINUTE);
    expect(inSeerr(id)).toBe(COMPLETED);
    expect(said('mount is not there')).toHaveLength(1);
    mkdirSync(join(tree.root, 'mount'));
    // Nothing is expected of it yet, so that it shows nothing is no trouble.
    await live(20 * MINUTE, 5 * MINUTE);
    expect(said('can be used again')).toHaveLength(1);
    expect(attentionList(home.store, home.clock.now())).toEqual([]);
    sandbox.jellyfin.settings.mountDelayMs = HOUR;
    release();
    requestSintel();
    await live(20 * MINUTE, 5 * MINUTE);
    expect(said('mount shows nothing')).toHaveLength(1);
  });

  test('what Jellyfin takes for something else is recognised by its link', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    sandbox.jellyfin.identify(hash, { kind: 'wrong', name: 'Other', providerIds: { Tmdb: '1' } });
    const id = requestSintel();
    await live(HOUR, 5 * MINUTE);
    expect(home.store.requests.get(id)).toMatchObject({
      attentionCode: 'misidentified',
      attentionMessage: expect.stringContaining('“Other” (tmdb 1)'),
    });
    expect(Object.keys(tree.links())).toEqual([SINTEL_LINK]);
  });
});

describe('what becomes of links', () => {
  const fulfilled = async (config: Record<string, string> = {}) => {
    await move(config);
    const torrent = release();
    second();
    const id = requestSintel();
    await home.live(6 * MINUTE);
    expect(inSeerr(id)).toBe(COMPLETED);
    return { torrent, id };
  };

  test('a folder that is called something else now: the link is led there', async () => {
    const { torrent } = await fulfilled();
    home.sandbox.jellyfin.mount.names.set(torrent.hash, FILE);
    await home.live(20 * MINUTE, MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(FILE, FILE) });
    expect(home.sandbox.jellyfin.moviesOf(sintel.tmdbId)).toHaveLength(1);
    expect(said('leads to __all__')).toHaveLength(1);
  });

  test('another path of the mount in Jellyfin: likewise', async () => {
    await fulfilled();
    const { store } = home;
    const [row] = store.links.all();
    store.links.update(row?.id ?? 0, { targets: [...(row?.targets ?? []), '/elsewhere/x.mkv'] });
    home.restart();
    await home.live(MINUTE);
    expect(home.store.links.all()).toMatchObject([{ targets: [mounted(RELEASE, FILE)] }]);
  });

  test('a mount that drops takes no link along', async () => {
    await fulfilled();
    const before = tree.links();
    home.sandbox.jellyfin.mount.down = true;
    await home.live(3 * HOUR, 10 * MINUTE);
    expect(tree.links()).toEqual(before);
    home.sandbox.jellyfin.mount.down = false;
    await home.live(HOUR, 5 * MINUTE);
    expect(tree.links()).toEqual(before);
  });

  test('nor does one that shows far less than it should', async () => {
    await move();
    const hashes = [1, 2, 3, 4].map((number) => {
      const imdbId = `tt900030${number}`;
      home.sandbox.world.addMovie({ tmdbId: 900_300 + number, imdbId, title: `Synthetic ${number}`, year: 2020 });
      const name = `Synthetic ${number} 2020 1080p BluRay x265-GRP`;
      const { hash } = release({ of: imdbId, name, bytes: 3 * 1024 ** 3 });
      home.sandbox.seerr.request({ tmdbId: 900_300 + number, type: 'movie' });
      return hash;
    });
    await home.live(10 * MINUTE);
    const before = Object.keys(tree.links());
    expect(before).toHaveLength(4);
    // Still listed under names that nothing tells of.
    for (const hash of hashes.slice(1)) {
      home.sandbox.jellyfin.mount.names.set(hash, `moved ${hash.slice(0, 8)}`);
    }
    await home.live(3 * HOUR, 10 * MINUTE);
    expect(Object.keys(tree.links())).toEqual(before);
    // One that is back makes the loss small enough to be believed.
    home.sandbox.jellyfin.mount.names.delete(hashes[1] ?? '');
    await home.live(2 * HOUR, 5 * MINUTE);
    expect(Object.keys(tree.links())).toHaveLength(2);
  });

  test('a file that is gone from a mount that is well: removed after a while, and back with the file', async () => {
    const { torrent } = await fulfilled();
    writeFileSync(join(tree.root, 'mount/__all__/something else.mkv'), '');
    const entry = home.sandbox.realDebrid.entriesOf(torrent.hash)[0];
    home.sandbox.realDebrid.removeOutside(entry?.id ?? '');
    await home.live(45 * MINUTE, MINUTE);
    expect(Object.keys(tree.links())).toEqual([SINTEL_LINK]);
    await home.live(45 * MINUTE, MINUTE);
    expect(tree.links()).toEqual({});
    expect(readdirSync(join(tree.root, 'movies'))).toEqual([]);
    expect(reported().at(-1)).toEqual([`/media/movies/${SINTEL}`]);
    home.sandbox.realDebrid.addForeign(torrent.hash, { select: 'all' });
    await home.live(20 * MINUTE, MINUTE);
    expect(tree.links()).toEqual({ [SINTEL_LINK]: mounted(RELEASE, FILE) });
    expect(home.sandbox.jellyfin.moviesOf(sintel.tmdbId)).toHaveLength(1);
  });

  test('whoever removes a link that was seen does not get it back', async () => {
    const { torrent } = await fulfilled();
    rmSync(join(tree.root, SINTEL_LINK));
    home.sandbox.jellyfin.mount.names.set(torrent.hash, FILE);
    await home.live(2 * HOUR, 10 * MINUTE);
    expect(tree.links()).toEqual({});
  });

  test('a copy that is called bad: its link leads to the next one', async () => {
    const { id } = await fulfilled();
    reject(home.store, aimed(id), home.clock.now());
    await home.live(10 * MINUTE);
    expect(said('its copy was called bad')).toHaveLength(1);
    const [[path, target] = []] = Object.entries(tree.links());
    expect(Object.keys(tree.links())).toHaveLength(1);
    expect(path).toBe(SINTEL_LINK);
    expect(target).toContain('720p');
    expect(home.sandbox.jellyfin.moviesOf(sintel.tmdbId)).toMatchObject([{ sources: [{ width: 1280 }] }]);
    expect(home.store.links.all()).toHaveLength(1);
  });

  test('a request that is deleted while its torrent is removed leaves no link', async () => {
    await move({}, { jellyfin: { monitorDelayMs: 10 * HOUR } });
    release();
    const id = requestSintel();
    await home.live(3 * MINUTE);
    expect(Object.keys(tree.links())).toEqual([SINTEL_LINK]);
    reject(home.store, aimed(id), home.clock.now());
    home.sandbox.seerr.deleteRequest(id);
    await home.live(10 * MINUTE);
    expect(home.sandbox.realDebrid.entries()).toEqual([]);
    expect(tree.links()).toEqual({});
    expect(home.store.links.all()).toEqual([]);
    expect(readdirSync(join(tree.root, 'movies'))).toEqual([]);
  });

  test('retry reports what is linked and not seen once more', async () => {
    await move({}, { jellyfin: { monitorDelayMs: 10 * HOUR } });
    release();
    const id = requestSintel();
    await home.live(HOUR, MINUTE);
    const before = reported().length;
    expect(home.store.requests.get(id)).toMatchObject({
      attentionCode: 'not-seen',
      attentionHint: expect.stringContaining(`/media/${SINTEL_LINK}`),
    });
    retry(home.store, aimed(id), home.clock.now());
    await home.live(2 * MINUTE);
    expect(reported()).toHaveLength(before + 1);
  });
});

describe('nothing is done', () => {
  test('in a dry run: it says what it would do', async () => {
    await move({ 'realDebrid.mountDelay': '5m' });
    release();
    requestSintel();
    await home.live(MINUTE);
    home.clock.pass(10 * MINUTE);
    home.sandbox.jellyfin.settle();
    const lines: string[] = [];
    const write = (message: string) => void lines.push(message);
    const log = { error: write, warn: write, info: write, debug: write, close: async () => undefined };
    const { config, clock, dataDir } = home;
    const app = createApp({ config, store: openCopy(dataDir, clock), log, clock, dryRun: true });
    const never = new AbortController().signal;
    await app.tick({ stop: never, abort: never, timeBox: MINUTE });
    expect(lines).toContain(`dry run: would link ${join(tree.root, SINTEL_LINK)}`);
    expect(tree.links()).toEqual({});
    expect(reported()).toEqual([]);
    expect(home.store.links.all()).toEqual([]);
  });

  test('when it is switched off', async () => {
    home = await household();
    release();
    const id = requestSintel();
    await home.live(6 * MINUTE);
    expect(inSeerr(id)).toBe(COMPLETED);
    expect(reported()).toEqual([]);
    expect(calls().startTask).toBe(1);
    expect(tree.links()).toEqual({});
  });

  test('to movies when only series are linked: those are scanned for', async () => {
    const { live } = await move({ 'library.links.movies': '' });
    release();
    requestSintel();
    await live(6 * MINUTE);
    expect(tree.links()).toEqual({});
    expect(calls().startTask ?? 0).toBeGreaterThan(0);
  });
});
