import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type LibraryTree, libraryTree } from '../support/libraryTree.js';
import { type Ground, ground, type Program, start, until } from '../support/program.js';

/** The built program with a library of links: its reader of mounts is made from the bundle's own text. */

let tree: LibraryTree;
let world: Ground;
let program: Program | undefined;
beforeEach(() => {
  tree = libraryTree();
});
afterEach(async () => {
  program?.kill('SIGKILL');
  await program?.ended;
  await world.clear();
  tree.clear();
});

test('a request ends as a link that Jellyfin shows; a stop leaves it there', async () => {
  world = await ground({ jellyfin: { folders: tree.folders } });
  const { sandbox } = world;
  sandbox.world.addRelease({ of: OPEN_TITLES.sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
  const id = sandbox.seerr.request({ tmdbId: OPEN_TITLES.sintel.tmdbId, type: 'movie' });
  program = start(['run'], { env: { ...world.env, ...tree.env() } });
  await until(
    () => sandbox.seerr.state(id)?.status === 5,
    () => program?.err ?? '',
    60_000,
  );
  const folder = 'Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]';
  expect(Object.keys(tree.links())).toEqual([`movies/${folder}/${folder}.mkv`]);
  expect(program.err).toContain(`linked as ${folder}/${folder}.mkv`);
  program.kill('SIGTERM');
  expect(await program.ended).toMatchObject({ code: 0 });
  expect(Object.keys(tree.links())).toHaveLength(1);
});
