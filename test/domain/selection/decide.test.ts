import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../src/domain/release.js';
import { compareOutcomes } from '../../../src/domain/selection/compare.js';
import {
  absoluteMapOf,
  decide,
  type JudgedRelease,
  outcomeOf,
  type RejectionCode,
  recordSearch,
  type SearchInput,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { MOST_RELEASES } from '../../../src/domain/selection/recordedSearch.js';
import { GB, hash, nameFilter, pioneerOne, profile, release, sintel } from './examples.js';

const subject = { type: 'movie', anime: false, tier: 'standard', requestedBy: [1], keywords: [] } as const;
const chosen = { name: 'default', why: 'a movie' };
const inputOf = (releases: Release[], change: Partial<SearchInput> = {}): SearchInput => ({
  wanted: sintel,
  releases,
  facts: {},
  waitedMs: 0,
  inAccount: [],
  ...change,
});
const record = (input: SearchInput) =>
  recordSearch(input, decide(input, profile, nameFilter), { subject, profile: chosen });

const NAME = 'Sintel.2010.1080p.BluRay.x265-GRP';

describe('a recorded search', () => {
  test('holds no tracker and no link', () => {
    const text = JSON.stringify(record(inputOf([release(NAME, { trackers: ['udp://tracker.example.org'] })])));
    expect(text).not.toMatch(/tracker\.example|:\/\//);
  });

  test('of a very long list the best are kept, whole torrents, with the outcome they had among all', () => {
    const many = Array.from({ length: 400 }, (_, i) =>
      release(NAME, {
        infoHash: hash(1000 + Math.floor(i / 2)),
        fileIndex: i % 2,
        seeders: i,
      }),
    );
    const worst = release('Sintel.2010.HDCAM-FAKE', { sizeBytes: GB });
    const input = inputOf([worst, ...many]);
    const recorded = record(input);
    expect(recorded.offers).toBe(401);
    expect(recorded.input.releases).toHaveLength(MOST_RELEASES);
    expect(recorded.outcome).toEqual(outcomeOf(decide(input, profile, nameFilter)).slice(0, MOST_RELEASES / 2));
    expect(outcomeOf(decide(recorded.input, profile, nameFilter))).toEqual(recorded.outcome);
  });

  test('a hash that was ready at once before, or is in the account, goes first', () => {
    const [big, small] = [release(NAME, { seeders: 900 }), release('Sintel.2010.720p.BluRay.x265-B')];
    const first = (change: Partial<SearchInput>) =>
      decide(inputOf([big, small], change), profile, nameFilter)[0]?.release.infoHash;
    expect(first({})).toBe(big.infoHash);
    const [instant, uncached] = [{ code: 'instant' }, { code: 'not-cached' }];
    expect(first({ facts: { [small.infoHash]: [instant] } })).toBe(small.infoHash);
    expect(first({ facts: { [small.infoHash]: [uncached, instant] } })).toBe(small.infoHash);
    expect(first({ facts: { [small.infoHash]: [uncached] } })).toBe(big.infoHash);
    expect(first({ facts: { [small.infoHash]: [] } })).toBe(big.infoHash);
    expect(first({ inAccount: [small.infoHash] })).toBe(small.infoHash);
  });
});

test('that it was gone is held against a release only while it is not in the account', () => {
  const offer = release(NAME);
  const accepted = (code: string, inAccount: string[]) =>
    decide(inputOf([offer], { facts: { [offer.infoHash]: [{ code }] }, inAccount }), profile, nameFilter)[0]?.accepted;
  expect(accepted('gone', [])).toBe(false);
  expect(accepted('gone', [hash(7)])).toBe(false);
  expect(accepted('gone', [offer.infoHash])).toBe(true);
  expect(accepted('rejected', [offer.infoHash])).toBe(false);
});

describe('absolute numbers', () => {
  const offer = [13, 14, 15].map((number) => release(`[Grp] Pioneer One - ${number} [1080p WEB]`));
  const coveredBy = (wanted: Wanted): number[][] => {
    const verdicts = decide(inputOf(offer, { wanted }), profile, nameFilter);
    return verdicts.filter(({ accepted }) => accepted).map(({ covers }) => covers);
  };

  test('count from the first one of the season, where it is known', () => {
    expect(coveredBy(pioneerOne({ season: 2, episodes: [1, 2], firstAbsolute: 13 }))).toEqual([[1], [2]]);
    expect(coveredBy(pioneerOne({ season: 2, episodes: [3], firstAbsolute: 13 }))).toEqual([[3]]);
    expect(coveredBy(pioneerOne({ season: 1, episodes: [13], firstAbsolute: 1 }))).toEqual([[13]]);
    expect(coveredBy(pioneerOne({ season: 2, episodes: [1, 2] }))).toEqual([]);
    expect(absoluteMapOf(pioneerOne())).toBeUndefined();
    expect(absoluteMapOf(sintel)).toBeUndefined();
  });
});

describe('what differs', () => {
  const one = (infoHash: string, codes: RejectionCode[] = [], score = 0): JudgedRelease => ({
    infoHash,
    release: infoHash,
    accepted: codes.length === 0,
    codes,
    score: codes.length === 0 ? score : null,
  });
  const kinds = (before: JudgedRelease[], after: JudgedRelease[]) =>
    compareOutcomes(before, after).map(({ infoHash, change }) => `${infoHash} ${change}`);

  test.each<[string, JudgedRelease[], JudgedRelease[], string[]]>([
    ['nothing', [one('a'), one('b', ['title'])], [one('a'), one('b', ['title'])], []],
    ['refused now: those behind it only close up', [one('a'), one('b')], [one('b'), one('a', ['hdr'])], ['a refused']],
    ['accepted now', [one('a'), one('b', ['hdr'])], [one('b'), one('a')], ['b accepted']],
    ['another order', [one('a'), one('b'), one('c')], [one('b'), one('a'), one('c')], ['b rank', 'a rank']],
    ['other reasons', [one('a', ['hdr'])], [one('a', ['title', 'hdr'])], ['a reasons']],
    ['another score in the same place', [one('a', [], 5)], [one('a', [], 9)], ['a score']],
    ['the order of the refused', [one('a', ['hdr']), one('b', ['hdr'])], [one('b', ['hdr']), one('a', ['hdr'])], []],
  ])('%s', (_, before, after, expected) => expect(kinds(before, after)).toEqual(expected));

  test('places count among all that are acceptable', () => {
    expect(compareOutcomes([one('a'), one('b', ['hdr'])], [one('b'), one('a')])[0]).toEqual({
      infoHash: 'b',
      release: 'b',
      change: 'accepted',
      before: { accepted: false, rank: null, codes: ['hdr'], score: null },
      after: { accepted: true, rank: 1, codes: [], score: 0 },
    });
  });
});
