import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createShelf, type Shelf } from '../../src/links/shelf.js';

const FOLDER = 'Sintel (2010) [tmdbid-45745]';
const PATH = `${FOLDER}/${FOLDER}.mkv`;
const OLD = '/media/mount/__all__/Sintel.2010/Sintel.mkv';
const NEW = '/media/mount/__all__/Sintel 2010/Sintel.mkv';

let root: string;
let shelf: Shelf;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'fulfillarr-shelf-'));
  shelf = createShelf(root, 'library.links.movies');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (path: string) => join(root, path);
const put = (target: string, ours: string[] = [], make = true) => shelf.put({ path: PATH, target, ours, make });
const take = (ours: string[], folders: string[] = []) => shelf.take({ path: PATH, ours, folders });
/** Everything below the root, links with where they lead. */
const tree = (folder = ''): string[] =>
  readdirSync(at(folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return [`${path}/`, ...tree(path)];
    }
    return [entry.isSymbolicLink() ? `${path} -> ${readlinkSync(at(path))}` : path];
  });

describe('making a link', () => {
  test('with its folders; again changes nothing; with another target it is led there', async () => {
    expect(await put(OLD)).toEqual({ kind: 'made', folders: [FOLDER] });
    expect(await put(OLD)).toEqual({ kind: 'there', folders: [] });
    expect(tree()).toEqual([`${FOLDER}/`, `${PATH} -> ${OLD}`]);
    expect(await put(NEW, [OLD])).toEqual({ kind: 'replaced', folders: [] });
    expect(tree()).toEqual([`${FOLDER}/`, `${PATH} -> ${NEW}`]);
  });

  test('there is never a moment without it', async () => {
    await put(OLD);
    let running = true;
    const moments = new Set<string>();
    const watch = (async () => {
      while (running) {
        moments.add(existsSync(at(FOLDER)) && lstatSync(at(PATH), { throwIfNoEntry: false }) ? 'there' : 'away');
        await new Promise(setImmediate);
      }
    })();
    for (let turn = 0; turn < 200; turn += 1) {
      const [from, to] = turn % 2 === 0 ? [OLD, NEW] : [NEW, OLD];
      await put(to, [from]);
    }
    running = false;
    await watch;
    expect([...moments]).toEqual(['there']);
  });

  test('what a death left between the two steps is in nobody’s way', async () => {
    await put(OLD);
    symlinkSync('/somewhere', at(`${FOLDER}/.fulfillarr-link`));
    expect(await put(NEW, [OLD])).toMatchObject({ kind: 'replaced' });
    expect(tree()).toEqual([`${FOLDER}/`, `${PATH} -> ${NEW}`]);
  });

  test('one that somebody has removed is not made again unless told so', async () => {
    expect(await put(OLD, [], false)).toEqual({ kind: 'absent' });
    await put(OLD);
    rmSync(at(PATH));
    expect(await put(NEW, [OLD], false)).toEqual({ kind: 'absent' });
    expect(tree()).toEqual([`${FOLDER}/`]);
  });
});

describe('what is not ours', () => {
  test.each([
    ['a file', () => writeFileSync(at(PATH), 'mine')],
    ['a folder', () => mkdirSync(at(PATH))],
    ['a link to elsewhere', () => symlinkSync('/mine', at(PATH))],
  ])('%s in its place stays as it is', async (_, make) => {
    mkdirSync(at(FOLDER));
    make();
    const before = tree();
    expect(await put(NEW, [OLD])).toEqual({ kind: 'foreign', path: PATH });
    expect(await take([OLD, NEW], [FOLDER])).toEqual({ kind: 'foreign' });
    expect(tree()).toEqual(before);
  });

  test('a link in place of a folder is not followed', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'fulfillarr-elsewhere-'));
    symlinkSync(elsewhere, at(FOLDER));
    writeFileSync(join(elsewhere, `${FOLDER}.mkv`), 'mine');
    expect(await put(NEW)).toEqual({ kind: 'foreign', path: FOLDER });
    expect(await take([NEW])).toEqual({ kind: 'foreign' });
    expect(readFileSync(join(elsewhere, `${FOLDER}.mkv`), 'utf8')).toBe('mine');
    rmSync(elsewhere, { recursive: true });
  });

  test.each(['../out.mkv', 'a/../../out.mkv', '/etc/out.mkv', 'a//b.mkv', './a.mkv', 'a/\0.mkv'])(
    'a path that leads out is refused: %j',
    async (path) => {
      await expect(shelf.put({ path, target: NEW, ours: [], make: true })).rejects.toThrow('not a path below');
      await expect(shelf.take({ path, ours: [NEW], folders: [] })).rejects.toThrow('not a path below');
      expect(tree()).toEqual([]);
    },
  );
});

describe('removing a link', () => {
  test('takes the folders along that are ours and empty', async () => {
    await put(OLD);
    expect(await take([OLD], [FOLDER])).toEqual({ kind: 'removed', folders: [FOLDER] });
    expect(tree()).toEqual([]);
    expect(await take([OLD], [FOLDER])).toEqual({ kind: 'absent', folders: [] });
  });

  test('leaves a folder that is not ours, or holds something', async () => {
    await put(OLD);
    expect(await take([OLD])).toEqual({ kind: 'removed', folders: [] });
    expect(tree()).toEqual([`${FOLDER}/`]);
    await put(OLD);
    writeFileSync(at(`${FOLDER}/movie.nfo`), '');
    expect(await take([OLD], [FOLDER])).toEqual({ kind: 'removed', folders: [] });
    expect(tree()).toEqual([`${FOLDER}/`, `${FOLDER}/movie.nfo`]);
  });
});

describe('a root that cannot be used', () => {
  test('is not made, and says what to do', async () => {
    const away = createShelf(join(root, 'away'), 'library.links.movies');
    const trouble = { code: 'links-root-missing', hint: expect.stringContaining('library.links.movies') };
    await expect(away.check()).rejects.toMatchObject(trouble);
    await expect(away.put({ path: PATH, target: OLD, ours: [], make: true })).rejects.toMatchObject(trouble);
    expect(tree()).toEqual([]);
  });

  test('a file is no folder', async () => {
    writeFileSync(at('file'), '');
    const file = createShelf(at('file'), 'library.links.series');
    await expect(file.check()).rejects.toMatchObject({ code: 'links-root-missing' });
  });
});
