import { describe, expect, test } from '@jest/globals';
import { episodeDueAt, movieDueAt } from '../../src/domain/due.js';
import type { MovieDetails } from '../../src/domain/media.js';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T12:00:00Z');
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString().slice(0, 10));

const movie = (
  first: string | null,
  status: string,
  releases: [MovieDetails['releases'][number]['kind'], string][] = [],
): MovieDetails => ({
  tmdbId: 1,
  imdbId: null,
  title: 'Synthetic',
  originalTitle: 'Synthetic',
  year: null,
  runtimeMin: null,
  status,
  firstReleaseAt: first === null ? null : day(first),
  releases: releases.map(([kind, date]) => ({ kind, at: day(date) })),
  keywords: [],
});

describe('when a movie is due', () => {
  test.each<[string, MovieDetails, string | null]>([
    ['digital', movie('2026-12-01', 'In Production', [['digital', '2027-01-10']]), '2027-01-10'],
    [
      'the earliest digital or physical date of any region',
      movie('2026-12-01', 'Released', [
        ['physical', '2027-02-01'],
        ['digital', '2027-03-01'],
      ]),
      '2027-02-01',
    ],
    ['theatrical only', movie('2026-12-01', 'Released', [['theatrical', '2026-12-01']]), '2027-01-30'],
    [
      'sixty days after the cinema, if that is sooner than digital',
      movie('2026-10-01', 'Released', [
        ['theatrical', '2026-10-01'],
        ['digital', '2027-06-01'],
      ]),
      '2026-11-30',
    ],
    ['a premiere counts for nothing', movie('2026-10-01', 'Released', [['premiere', '2026-10-01']]), '2026-11-22'],
    ['released without any date', movie(null, 'Released'), '2026-11-22'],
    ['to come, with one date', movie('2027-05-01', 'Post Production'), '2027-06-30'],
    ['to come without a date', movie(null, 'Planned'), null],
    [
      'a film of 1968 with a re-issue next year',
      movie('1968-10-04', 'Released', [
        ['theatrical', '1968-10-04'],
        ['theatrical', '2027-10-04'],
        ['physical', '2027-10-31'],
      ]),
      '1968-12-03',
    ],
    [
      'of which only the re-issue is dated',
      movie('1968-10-04', 'Released', [
        ['theatrical', '2027-10-04'],
        ['digital', '2027-10-31'],
      ]),
      '1968-12-03',
    ],
    [
      'a premiere this year does not make a film out',
      movie('2026-05-01', 'Released', [['theatrical', '2026-12-24']]),
      '2027-02-22',
    ],
  ])('%s', (_, given, due) => {
    expect(iso(movieDueAt(given, 60 * DAY, NOW))).toBe(due);
  });

  test('without a delay on the day itself', () => {
    expect(movieDueAt(movie('2026-12-01', 'Released', [['theatrical', '2026-12-01']]), 0, NOW)).toBe(day('2026-12-01'));
  });
});

describe('when episodes are due', () => {
  const due = (dates: (string | null)[], first = 1) =>
    [
      ...episodeDueAt({ number: 1, episodes: dates.map((airDate, i) => ({ number: first + i, airDate })) }, DAY, NOW),
    ].map(([number, at]) => [number, iso(at)]);

  test.each<[string, (string | null)[], (string | null)[]]>([
    ['a day after the date', ['2026-11-20', '2026-11-27'], ['2026-11-21', '2026-11-28']],
    ['undated before an aired one: with that one', [null, '2020-01-08', null], ['2020-01-09', '2020-01-09', null]],
    ['undated before one to come: not yet', [null, '2026-12-08'], [null, '2026-12-09']],
    ['none dated', [null, null], [null, null]],
    ['nonsense is no date', ['soon', '2020-13-45'], [null, null]],
    ['a date with a time keeps its day', ['2026-11-20T23:30:00Z'], ['2026-11-21']],
  ])('%s', (_, dates, expected) => {
    expect(due(dates)).toEqual(expected.map((at, i) => [i + 1, at]));
  });

  test('midnight UTC, whatever the zone of the machine', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['Pacific/Kiritimati', 'America/Adak', 'UTC']) {
        process.env.TZ = zone;
        const [at] = episodeDueAt({ number: 1, episodes: [{ number: 1, airDate: '2026-11-20' }] }, 0, NOW).values();
        expect(at).toBe(Date.UTC(2026, 10, 20));
      }
    } finally {
      process.env.TZ = before;
    }
  });

  test('in order of their numbers, absurd ones and zero included', () => {
    const episodes = [10_718, 0, 2].map((number) => ({ number, airDate: '2020-01-01' }));
    expect([...episodeDueAt({ number: 1, episodes }, 0, NOW).keys()]).toEqual([0, 2, 10_718]);
  });
});
