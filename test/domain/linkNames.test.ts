import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cleanTitle,
  episodeFile,
  type LinkTitle,
  movieFile,
  seasonFolder,
  titleFolder,
} from '../../src/domain/linkNames.js';

const sintel: LinkTitle = { title: 'Sintel', year: 2010, tmdbId: 45745, imdbId: 'tt1727587', tvdbId: null };
const pioneer: LinkTitle = { title: 'Pioneer One', year: 2010, tmdbId: 32816, imdbId: 'tt1748166', tvdbId: 170551 };
const bytes = (text: string) => Buffer.byteLength(text);

describe('a title’s folder', () => {
  test.each([
    ['movie', sintel, 'Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]'],
    ['tv', pioneer, 'Pioneer One (2010) [tmdbid-32816] [imdbid-tt1748166] [tvdbid-170551]'],
    ['movie', { ...sintel, tvdbId: 5 }, 'Sintel (2010) [tmdbid-45745] [imdbid-tt1727587]'],
    ['movie', { ...sintel, year: null, imdbId: null }, 'Sintel [tmdbid-45745]'],
    ['movie', { ...sintel, title: null }, 'Untitled (2010) [tmdbid-45745] [imdbid-tt1727587]'],
    ['movie', { ...sintel, title: '???' }, 'Untitled (2010) [tmdbid-45745] [imdbid-tt1727587]'],
    ['movie', { ...sintel, imdbId: '../../etc', year: 20_100 }, 'Sintel [tmdbid-45745]'],
    ['tv', { ...pioneer, tvdbId: -1, imdbId: 'tt1' }, 'Pioneer One (2010) [tmdbid-32816]'],
  ] as const)('%s %#', (type, title, folder) => {
    expect(titleFolder(type, title)).toBe(folder);
  });
});

describe('a title in a name', () => {
  test.each([
    ['Synthetic: The Movie', 'Synthetic The Movie'],
    ['Face/Off | "Both" <sides> \\ of * it?', 'Face Off Both sides of it'],
    ['../../etc/passwd', 'etc passwd'],
    ['..', ''],
    ['...And so on...', 'And so on'],
    ['.hidden ', 'hidden'],
    ['[REC] {2}', 'REC 2'],
    ['a\u202eb\u200fc\u0000d\u001fe\nf\ufeff', 'abcdef'],
    ['\ud800broken\udc00', 'broken'],
    ['Cafe\u0301', 'Café'],
    ['  many \t spaces\u00a0here ', 'many spaces here'],
    // Nothing that Jellyfin would take for an id of another title.
    ['Poison [tmdbid-5]', 'Poison tmdbid 5'],
    ['Poison (tvdb=7) imdbid-tt0063350', 'Poison (tvdb 7) imdbid tt 0063350'],
    ['tt0063350', 'tt 0063350'],
    ['Батя 父 👩‍🚀', 'Батя 父 👩🚀'],
  ])('%j', (title, clean) => {
    expect(cleanTitle(title)).toBe(clean);
  });

  test('is cut between characters, not within one', () => {
    expect(cleanTitle('父'.repeat(100))).toBe('父'.repeat(53));
    expect(cleanTitle(`${'a'.repeat(158)}👩`)).toBe('a'.repeat(158));
    expect(cleanTitle(`${'a'.repeat(159)} b`)).toBe('a'.repeat(159));
  });
});

describe('files', () => {
  const folder = titleFolder('movie', sintel);

  test('a movie’s is called like its folder, the 4K one as a version of it', () => {
    expect(movieFile(folder, 'standard', 'mkv')).toBe(`${folder}.mkv`);
    expect(movieFile(folder, '4k', 'mp4')).toBe(`${folder} - 2160p.mp4`);
  });

  test.each([
    [1, [1], 'standard', 'Pioneer One S01E01.mkv'],
    [1, [1, 2], 'standard', 'Pioneer One S01E01-E02.mkv'],
    [0, [3], 'standard', 'Pioneer One S00E03.mkv'],
    [2, [9, 10, 11], '4k', 'Pioneer One S02E09-E11 - 2160p.mkv'],
    [12, [100, 1012], 'standard', 'Pioneer One S12E100-E1012.mkv'],
  ] as const)('season %i, episodes %j, %s', (season, episodes, tier, name) => {
    expect(episodeFile('Pioneer One', { season, episodes }, tier, 'mkv')).toBe(name);
  });

  test.each([
    [0, 'Season 00'],
    [1, 'Season 01'],
    [2024, 'Season 2024'],
  ])('season %i', (season, name) => expect(seasonFolder(season)).toBe(name));
});

describe('whatever a title is called', () => {
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    // Made of what hurts.
    fc
      .array(
        fc.constantFrom('..', '/', '\\', '.', ' ', '[tmdbid-1]', 'tt', '1234567', 'imdb', '-', '\u202e', 'é', '父'),
        {
          maxLength: 60,
        },
      )
      .map((parts) => parts.join('')),
  );
  const anyId = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
  const anyTitle: fc.Arbitrary<LinkTitle> = fc.record({
    title: fc.option(anyText),
    year: fc.option(fc.integer({ min: -10_000, max: 100_000 })),
    tmdbId: anyId,
    imdbId: fc.option(fc.oneof(anyText, fc.constantFrom('tt0063350', 'tt1234567890'))),
    tvdbId: fc.option(anyId),
  });

  test('each name is one harmless component, bounded, and says our ids first', () => {
    fc.assert(
      fc.property(
        anyTitle,
        fc.constantFrom('movie', 'tv'),
        fc.constantFrom('standard', '4k'),
        fc.nat(9_999),
        fc.nat(99_999),
        (title, type, tier, season, episode) => {
          const folder = titleFolder(type, title);
          const episodes = [episode, episode + 1];
          const names = [
            folder,
            movieFile(folder, tier, 'webm'),
            seasonFolder(season),
            episodeFile(title.title, { season, episodes }, tier, 'webm'),
          ];
          for (const name of names) {
            expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cf}\p{Cs}]|^[.\s]|[.\s]$/u);
            expect(name).not.toBe('');
            expect(bytes(name)).toBeLessThanOrEqual(255);
          }
          expect(/[[({](?:tmdb|tmdbid)[-=](\d+)/i.exec(folder)?.[1]).toBe(String(title.tmdbId));
          const ours = /^tt\d{7,10}$/.test(title.imdbId ?? '') ? title.imdbId : undefined;
          expect(/tt\d{7,10}/i.exec(folder)?.[0]).toBe(ours ?? undefined);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('cleaning what is clean changes nothing', () => {
    fc.assert(
      fc.property(anyText, (text) => expect(cleanTitle(cleanTitle(text))).toBe(cleanTitle(text))),
      { numRuns: 500 },
    );
  });
});
