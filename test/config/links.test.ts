import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config/index.js';

const KEYS = {
  FULFILLARR_SEERR_API_KEY: 'seerr-k',
  FULFILLARR_JELLYFIN_API_KEY: 'jelly-k',
  FULFILLARR_REAL_DEBRID_TOKEN: 'rd-t',
};
const load = (links: string, env: Record<string, string> = {}) =>
  loadConfig({ env: { ...KEYS, ...env }, cwd: '/work', readFile: () => `library: {links: ${links}}` });
const problems = (links: string) => {
  const loaded = load(links);
  return loaded.ok ? [] : loaded.problems.map(({ path, got, allowed }) => `${path}: ${got}; ${allowed}`);
};

describe('library.links', () => {
  test('is off by default', () => {
    const loaded = load('{}');
    expect(loaded.ok && loaded.config.library.links).toMatchObject({
      mount: '',
      movies: '',
      series: '',
      recheck: 900_000,
    });
  });

  test.each([
    ['{mount: /mnt/zurg, movies: /library/movies}'],
    ['{mount: /mnt/zurg, movies: /library/movies, series: /library/movies2}'],
    ['{mount: /mnt/zurg, series: /library/series, jellyfinMount: /media/zurg}'],
  ])('%s will do', (links) => expect(problems(links)).toEqual([]));

  test.each([
    ['{mount: mnt/zurg, movies: /m}', ['library.links.mount: got "mnt/zurg"; an absolute path of a folder, or empty']],
    ['{mount: /, movies: /m}', [expect.stringContaining('library.links.mount: got "/"'), expect.any(String)]],
    ['{mount: "~/zurg", movies: /m}', [expect.stringContaining('library.links.mount')]],
    ['{mount: /mnt/zurg}', ['library.links.mount: set alone; together with movies, series or both, or not at all']],
    ['{series: /s}', ['library.links.series: set alone; together with mount, or not at all']],
    ['{movies: /m, series: /s}', ['library.links.movies: set alone; together with mount, or not at all']],
    ['{mount: /mnt/zurg, movies: /mnt/zurg/links}', [expect.stringContaining('library.links.movies: lies in')]],
    ['{mount: /srv/media/zurg, series: /srv/media}', [expect.stringContaining('library.links.series: lies in')]],
    [
      '{mount: /z, movies: /m/, series: /m}',
      [expect.stringContaining('library.links.series: lies in library.links.movies')],
    ],
  ])('%s is refused', (links, expected) => expect(problems(links)).toEqual(expected));

  test('from the environment', () => {
    const loaded = load('{}', {
      FULFILLARR_LIBRARY_LINKS_MOUNT: '/mnt/zurg',
      FULFILLARR_LIBRARY_LINKS_MOVIES: '/library/movies',
      FULFILLARR_LIBRARY_LINKS_JELLYFIN_MOUNT: '/media/zurg',
    });
    expect(loaded.ok && loaded.config.library.links).toMatchObject({
      mount: '/mnt/zurg',
      jellyfinMount: '/media/zurg',
    });
  });
});
