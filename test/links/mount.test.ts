import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createLinks, type LinkTrouble } from '../../src/links/index.js';
import { locate } from '../../src/links/locate.js';
import { type ReadAnswer, type ReadOrder, readMount } from '../../src/links/reader.js';
import { VirtualClock } from '../support/household.js';
import { hungMount } from '../support/hungMount.js';

let root: string;
let clock: VirtualClock;
let told: [string, string | null][];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fulfillarr-mount-'));
  clock = new VirtualClock();
  told = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (...paths: string[]) => {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), '');
  }
};
const linksOf = (options: { mount?: string; reader?: typeof readMount; timeLimit?: number } = {}) => {
  const links = createLinks(
    {
      mount: options.mount ?? root,
      movies: '/library/movies/',
      series: '',
      jellyfinMount: '',
      jellyfinMovies: '/media/movies',
      jellyfinSeries: '',
    },
    {
      clock,
      onTrouble: (folder: string, trouble: LinkTrouble | null) => void told.push([folder, trouble?.code ?? null]),
      ...(options.reader === undefined ? {} : { reader: options.reader }),
      ...(options.timeLimit === undefined ? {} : { timeLimit: options.timeLimit }),
    },
  );
  if (links === null) {
    throw new Error('switched off');
  }
  return links;
};
const placeOf = async (...names: string[]) => (await linksOf().look()).find(names)?.path.join('/') ?? null;

describe('finding a torrent', () => {
  test.each([
    ['zurg', '__all__/Sintel 2010', ['movies/Sintel 2010/a.mkv', 'version.txt']],
    ['zurg, one kind', 'Sintel 2010', []],
    ['decypharr', 'realdebrid/__all__/Sintel 2010', ['realdebrid/__bad__/Other/a.mkv']],
    ['decypharr, several services', 'realdebrid/__all__/Sintel 2010', ['torbox/__all__/Other/a.mkv']],
    ['Real-Debrid’s WebDAV', 'torrents/Sintel 2010', ['links/a.mkv']],
    ['kinds of content', 'movies/Sintel 2010', ['shows/Other/a.mkv']],
  ])('%s', async (_, folder, others) => {
    write(`${folder}/Sintel.mkv`, ...others);
    expect(await placeOf('Sintel 2010')).toBe(folder);
    const links = linksOf();
    const where = (await links.look()).find(['Sintel 2010']);
    expect(where === null ? [] : await links.filesOf(where)).toEqual([`${folder}/Sintel.mkv`]);
  });

  test('by any of its names, with or without an extension, or as a file of its own', async () => {
    write('__all__/Sintel.2010.1080p/a.mkv', '__all__/Other.mkv/a.mkv', '__all__/Lone.mkv');
    expect(await placeOf('Sintel', 'Sintel.2010.1080p.mkv')).toBe('__all__/Sintel.2010.1080p');
    expect(await placeOf('Other')).toBe('__all__/Other.mkv');
    expect(await placeOf('Lone.mkv')).toBe('__all__/Lone.mkv');
    const links = linksOf();
    expect(await links.filesOf({ path: ['__all__', 'Lone.mkv'], isFolder: false })).toEqual(['__all__/Lone.mkv']);
  });

  test('signs written another way do not matter, unless two differ in nothing else', async () => {
    write('__all__/Face Off (2010)/a.mkv', '__all__/One.Two/a.mkv', '__all__/One-Two/a.mkv');
    expect(await placeOf('face/off [2010]')).toBe('__all__/Face Off (2010)');
    expect(await placeOf('One Two')).toBeNull();
    expect(await placeOf('One-Two')).toBe('__all__/One-Two');
  });

  test('a hostile name finds nothing outside', async () => {
    write('__all__/Sintel/a.mkv');
    expect(await placeOf('..', '../../etc', '/etc', '.', '')).toBeNull();
  });

  test('covers what is still there, and nothing else', async () => {
    write('__all__/Sintel/a.mkv');
    const view = await linksOf().look();
    expect(view.covers('__all__/Sintel/deep/a.mkv')).toBe(true);
    expect(view.covers('__all__/Sin/a.mkv')).toBe(false);
    expect(view.covers('Sintel/a.mkv')).toBe(false);
  });
});

describe('the files of a torrent', () => {
  test('at any reasonable depth; links are not followed', async () => {
    write('__all__/Pack/Season 1/a.mkv', '__all__/Pack/b.mkv', '__all__/Pack/1/2/3/4/5/deep.mkv');
    symlinkSync('/etc', join(root, '__all__/Pack/etc'));
    symlinkSync('/etc/passwd', join(root, '__all__/Pack/passwd.mkv'));
    const files = await linksOf().filesOf({ path: ['__all__', 'Pack'], isFolder: true });
    expect(files.sort()).toEqual(['__all__/Pack/Season 1/a.mkv', '__all__/Pack/b.mkv']);
  });

  test('gone since the look: none, and no trouble', async () => {
    expect(await linksOf().filesOf({ path: ['__all__', 'Gone'], isFolder: true })).toEqual([]);
    expect(told).toEqual([[root, null]]);
  });

  test.each([
    ['/Sintel.mkv', 'm/Sintel/Sintel.mkv'],
    // A mount leaves folders out; where it keeps them, the same one counts.
    ['/Season 2/01.mkv', 'm/Pack/Season 2/01.mkv'],
    ['/Season 9/02.mkv', 'm/Pack/Season 1/02.mkv'],
    ['/What: A Name?.mkv', 'm/What_ A Name_.mkv'],
    ['/absent.mkv', null],
  ])('%s is %s', (path, place) => {
    const shown = ['m/Sintel/Sintel.mkv', 'm/Pack/Season 1/01.mkv', 'm/Pack/Season 1/02.mkv', 'm/What_ A Name_.mkv'];
    expect(locate(path, [...shown, 'm/Pack/Season 2/01.mkv', 'm/Pack/etc'])).toBe(place);
  });
});

describe('a mount that tells nothing', () => {
  test('missing, empty and back: each is said once', async () => {
    const mount = join(root, 'mount');
    const links = linksOf({ mount });
    const look = () =>
      links.look().then(
        () => 'seen',
        ({ code }: LinkTrouble) => code,
      );
    expect([await look(), await look()]).toEqual(['mount-missing', 'mount-missing']);
    mkdirSync(join(mount, '__all__'), { recursive: true });
    expect([await look(), await look()]).toEqual(['mount-empty', 'mount-empty']);
    // Before anything is expected of it, that is no trouble.
    await expect(links.look(false)).resolves.toBeDefined();
    write('mount/__all__/Sintel/a.mkv');
    expect([await look(), await look()]).toEqual(['seen', 'seen']);
    expect(told).toEqual([
      [mount, 'mount-missing'],
      [mount, 'mount-empty'],
      [mount, null],
    ]);
  });

  test('a FUSE file system that hangs, dies, and what that costs', async () => {
    const hung = await hungMount();
    if (hung === null) {
      return;
    }
    const links = linksOf({ mount: hung.dir, timeLimit: 1_000 });
    const before = performance.now();
    await expect(links.look()).rejects.toMatchObject({ code: 'mount-hung' });
    expect(performance.now() - before).toBeLessThan(10_000);
    // No thread of this process is held: files go on being read.
    await Promise.all(Array.from({ length: 8 }, () => readdir(root)));
    await hung.die();
    clock.pass(10 * 60_000);
    await expect(links.look()).rejects.toMatchObject({ code: 'mount-gone' });
    expect(told).toEqual([
      [hung.dir, 'mount-hung'],
      [hung.dir, 'mount-gone'],
    ]);
    await hung.remove();
  });

  test('one that hangs is given up in time, and left alone for a while', async () => {
    const orders: ReadOrder[] = [];
    // A process that never answers, as one in a hung file system does.
    const hung = (order: ReadOrder): Promise<ReadAnswer> => {
      orders.push(order);
      return readMount(order, 300, 'setInterval(() => undefined, 1000)');
    };
    const links = linksOf({ reader: hung });
    const before = performance.now();
    await expect(links.look()).rejects.toMatchObject({ code: 'mount-hung' });
    expect(performance.now() - before).toBeLessThan(5_000);
    await expect(links.look()).rejects.toMatchObject({ code: 'mount-hung' });
    await expect(links.filesOf({ path: ['a'], isFolder: true })).rejects.toMatchObject({ code: 'mount-hung' });
    expect(orders).toHaveLength(1);
    clock.pass(10 * 60_000);
    await expect(links.look()).rejects.toMatchObject({ code: 'mount-hung' });
    expect(orders).toHaveLength(2);
    expect(told).toEqual([[root, 'mount-hung']]);
  });

  test('one whose reader dies or talks nonsense is unreadable', async () => {
    expect(await readMount({ kind: 'torrents', mount: root, folder: [] }, 5_000, 'process.exit(1)')).toEqual({
      ok: false,
      code: 'unknown',
    });
    const links = linksOf({ reader: () => Promise.resolve({ ok: false, code: 'EIO' }) });
    await expect(links.look()).rejects.toMatchObject({
      code: 'mount-unreadable',
      message: expect.stringContaining('EIO'),
    });
  });

  test.each([
    ['ENOTCONN', 'mount-gone', 'rslave'],
    ['EACCES', 'mount-refused', '--allow-other'],
  ])('%s says what helps', async (code, slug, hint) => {
    const links = linksOf({ reader: () => Promise.resolve({ ok: false, code }) });
    await expect(links.look()).rejects.toMatchObject({ code: slug, hint: expect.stringContaining(hint) });
  });
});

test('the keys of this process do not go with the reader', async () => {
  const program = 'process.stdout.write(JSON.stringify({ ok: false, code: Object.keys(process.env).join() }))';
  expect(await readMount({ kind: 'torrents', mount: root, folder: [] }, 5_000, program)).toEqual({
    ok: false,
    code: '',
  });
});

test('paths as Jellyfin sees them, and when nothing is set', () => {
  const links = linksOf({ mount: '/mnt/zurg/' });
  expect(links.targetOf('__all__/a/b.mkv')).toBe('/mnt/zurg/__all__/a/b.mkv');
  expect(links.jellyfinPath('movies', 'a/b.mkv')).toBe('/media/movies/a/b.mkv');
  expect(links.path('movies', 'a')).toBe('/library/movies/a');
  expect([links.handles('movie'), links.handles('tv')]).toEqual([true, false]);
  const off = { mount: '', movies: '', series: '', jellyfinMount: '', jellyfinMovies: '', jellyfinSeries: '' };
  expect(createLinks(off, { clock, onTrouble: () => undefined })).toBeNull();
});
