import { describe, expect, test } from '@jest/globals';
import { isPlacedAt, placedNames, tellingNames } from '../../src/domain/placed.js';
import { type DueSeason, shapeOf } from '../../src/domain/shape.js';

const season = (number: number, due: number, total: number, more: Partial<DueSeason> = {}): DueSeason => ({
  season: number,
  due,
  total,
  held: total - due,
  airing: false,
  ...more,
});

const packs = { singleEpisode: 'avoid', season: 'prefer', multiSeason: 'allow' } as const;

describe('how due episodes are searched', () => {
  test.each([
    ['all of it', season(1, 10, 10), 'pack'],
    ['exactly half', season(1, 5, 10), 'pack'],
    ['fewer than half', season(1, 4, 10), 'singles-first'],
    ['two of two', season(1, 2, 2), 'pack'],
    ['a lone one', season(1, 1, 10), 'singles'],
    ['the only one', season(1, 1, 1), 'singles'],
    ['a season that airs', season(1, 9, 10, { airing: true, held: 0 }), 'singles'],
    ['specials', season(0, 4, 4), 'pack'],
  ])('%s', (_, given, approach) => {
    const shape = shapeOf([given], packs);
    expect(shape.seasons).toMatchObject([{ season: given.season, approach }]);
    expect(shape.seasons[0]?.why).not.toBe('');
    expect(shape.together).toEqual([]);
  });

  test('each on its own first where the profile avoids season packs', () => {
    const shape = shapeOf([season(1, 10, 10), season(2, 10, 10)], { ...packs, season: 'avoid' });
    expect(shape.seasons.map(({ approach }) => approach)).toEqual(['singles-first', 'singles-first']);
    expect(shape.seasons[0]?.why).toMatch(/the profile avoids season packs/);
    expect(shape.together).toEqual([]);
  });

  test.each([
    ['whole seasons', [season(3, 4, 4), season(1, 9, 10)], 'allow', [1, 3]],
    ['preferred likewise', [season(1, 4, 4), season(2, 4, 4)], 'prefer', [1, 2]],
    ['not where the profile avoids it', [season(1, 4, 4), season(2, 4, 4)], 'avoid', []],
    [
      'not the season that airs',
      [season(1, 4, 4), season(2, 4, 4), season(3, 4, 6, { airing: true })],
      'allow',
      [1, 2],
    ],
    ['not what is nearly there', [season(1, 4, 4), season(2, 1, 4)], 'allow', []],
    ['seasons of one episode too', [season(1, 1, 1), season(2, 1, 1), season(3, 1, 4)], 'allow', [1, 2]],
    ['never specials', [season(0, 4, 4), season(1, 4, 4)], 'allow', []],
    ['nothing due', [], 'allow', []],
  ] as const)('together: %s', (_, given, rule, together) => {
    expect(shapeOf(given, { ...packs, multiSeason: rule }).together).toEqual(together);
  });
});

describe('where files are placed', () => {
  const files = [
    { id: 1, path: '/Pioneer One S01/Pioneer.One.S01E01.mkv' },
    { id: 2, path: '/Pioneer One S01/Pioneer.One.S01E02.mkv' },
  ];
  const names = placedNames(['Pioneer One S01 1080p', 'Pioneer One S01 1080p', ''], files, [2]);

  test('only the selected ones, nothing twice', () => {
    expect(names).toEqual({ folders: ['Pioneer One S01 1080p'], files: ['Pioneer.One.S01E02.mkv'] });
  });

  test('only names that have the title in them tell whose they are', () => {
    const named = { folders: ['Season 1', 'Pioneer.One.S01.1080p'], files: ['S01E01.mkv', 'pioneer-one-s01e02.mkv'] };
    expect(tellingNames(named, 'Pioneer One')).toEqual({
      folders: ['Pioneer.One.S01.1080p'],
      files: ['pioneer-one-s01e02.mkv'],
    });
    expect(tellingNames(named, '')).toEqual(named);
  });

  test('a long season is bounded', () => {
    const many = Array.from({ length: 1000 }, (_, i) => ({ id: i, path: `/x/${i}.mkv` }));
    expect(
      placedNames(
        ['x'],
        many,
        many.map(({ id }) => id),
      ).files.length,
    ).toBeLessThanOrEqual(50);
  });

  test.each([
    ['/mnt/debrid/Pioneer One S01 1080p/whatever.mkv', true],
    ['/mnt/debrid/pioneer one s01 1080P/whatever.mkv', true],
    ['D:\\media\\Pioneer.One.S01E02.mkv', true],
    ['/links/Pioneer.One.S01E02/Pioneer.One.S01E02.strm', true],
    ['/mnt/debrid/Pioneer.One.S01E01.mkv', false],
    ['/mnt/debrid/Pioneer One S01 1080p extended/x.mkv', false],
    ['', false],
  ])('%s: %s', (path, is) => {
    expect(isPlacedAt(names, path)).toBe(is);
  });
});
