import { describe, expect, test } from '@jest/globals';
import {
  chooseProfile,
  type ProfileKeys,
  type ProfileRule,
  type ProfileSubject,
} from '../../../src/domain/selection/index.js';

const keys = (change: Partial<ProfileKeys> = {}): ProfileKeys => ({
  profile: 'default',
  profileSeries: '',
  profileAnime: '',
  profile4k: '4k',
  rules: [],
  ...change,
});
const movie: ProfileSubject = { type: 'movie', anime: false, tier: 'standard', requestedBy: [1], keywords: [] };
const series: ProfileSubject = { ...movie, type: 'series' };
const anime: ProfileSubject = { ...series, anime: true, keywords: [{ id: 210024, name: 'anime' }] };
const animeMovie: ProfileSubject = { ...movie, keywords: anime.keywords };

const inKind = { profileSeries: 'tv', profileAnime: 'drawn' };

describe('without rules', () => {
  test.each<[string, Partial<ProfileKeys>, ProfileSubject, string, string]>([
    ['a movie', inKind, movie, 'default', 'a movie'],
    ['a movie with the keyword', inKind, animeMovie, 'default', 'a movie'],
    ['a series', inKind, series, 'tv', 'a series'],
    ['an anime series', inKind, anime, 'drawn', 'an anime series'],
    ['a series, nothing said of series', {}, series, 'default', 'a series'],
    ['an anime series, nothing said of it', { profileSeries: 'tv' }, anime, 'tv', 'an anime series'],
    ['an anime series, nothing said at all', {}, anime, 'default', 'an anime series'],
    ['a movie in 4K', inKind, { ...movie, tier: '4k' }, '4k', 'a 4K request'],
    ['a series in 4K', inKind, { ...series, tier: '4k' }, '4k', 'a 4K request'],
    ['an anime series in 4K', inKind, { ...anime, tier: '4k' }, '4k', 'a 4K request'],
  ])('%s', (_, change, subject, name, why) => {
    expect(chooseProfile(keys(change), subject)).toEqual({ name, why });
  });
});

describe('one rule', () => {
  const xmas: ProfileSubject = { ...movie, keywords: [{ id: 207317, name: 'Christmas' }] };
  test.each<[string, Omit<ProfileRule, 'profile'>, ProfileSubject, boolean]>([
    ['no condition', {}, movie, true],
    ['its user', { requestedBy: [7, 1] }, movie, true],
    ['another user', { requestedBy: [7] }, movie, false],
    ['one of several who asked', { requestedBy: [7] }, { ...movie, requestedBy: [1, 7] }, true],
    ['nobody known to have asked', { requestedBy: [1] }, { ...movie, requestedBy: [] }, false],
    ['a keyword by name, in any case', { keywords: ['CHRISTMAS '] }, xmas, true],
    [
      'a keyword with blanks around it',
      { keywords: ['christmas'] },
      { ...movie, keywords: [{ id: 1, name: ' Christmas ' }] },
      true,
    ],
    ['a keyword by id', { keywords: [207317] }, xmas, true],
    ['a keyword by id, as a text', { keywords: ['207317'] }, xmas, true],
    ['part of a keyword', { keywords: ['christ'] }, xmas, false],
    ['one of several keywords', { keywords: ['snow', 'christmas'] }, xmas, true],
    ['no keyword', { keywords: ['christmas'] }, movie, false],
    ['movie', { type: 'movie' }, movie, true],
    ['movie of a series', { type: 'movie' }, series, false],
    ['series', { type: 'series' }, series, true],
    ['series of an anime series', { type: 'series' }, anime, true],
    ['anime', { type: 'anime' }, anime, true],
    ['anime of another series', { type: 'anime' }, series, false],
    ['anime of a movie', { type: 'anime' }, animeMovie, false],
    ['anime of a movie that is one', { type: 'anime' }, { ...animeMovie, anime: true }, false],
    ['tier', { tier: 'standard' }, movie, true],
    ['another tier', { tier: '4k' }, movie, false],
    ['all of several', { requestedBy: [1], type: 'movie', tier: 'standard' }, movie, true],
    ['all but one of several', { requestedBy: [1], type: 'series', tier: 'standard' }, movie, false],
  ])('%s', (_, rule, subject, holds) => {
    const choice = chooseProfile(keys({ rules: [{ ...rule, profile: 'special' }] }), subject);
    expect(choice).toEqual(
      holds ? { name: 'special', why: 'rule 1 of selection.rules' } : expect.not.objectContaining({ name: 'special' }),
    );
  });
});

test('the first rule that holds decides, also before the tier', () => {
  const rules: ProfileRule[] = [
    { requestedBy: [9], profile: 'first' },
    { type: 'anime', profile: 'second' },
    { type: 'series', profile: 'third' },
    { profile: 'last' },
  ];
  const choose = (subject: ProfileSubject) => chooseProfile(keys({ rules }), subject);
  expect(choose(anime)).toEqual({ name: 'second', why: 'rule 2 of selection.rules' });
  expect(choose({ ...anime, requestedBy: [9] }).name).toBe('first');
  expect(choose({ ...series, tier: '4k' }).name).toBe('third');
  expect(choose(movie).name).toBe('last');
});
