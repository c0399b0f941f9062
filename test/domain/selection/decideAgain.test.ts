import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Release } from '../../../src/domain/release.js';
import { compareOutcomes } from '../../../src/domain/selection/compare.js';
import {
  decide,
  outcomeOf,
  type RememberedFact,
  recordSearch,
  type SearchInput,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { hash, nameFilter, pioneerOne, profile, sintel } from './examples.js';

const subject = { type: 'movie', anime: false, tier: 'standard', requestedBy: [1], keywords: [] } as const;
const chosen = { name: 'default', why: 'a movie' };

const NAMES = [
  'Sintel.2010.1080p.BluRay.x265-GRP',
  'Sintel.2010.720p.WEB-DL.H264-GRP',
  'Sintel 2010 HDCAM 720p',
  'Pioneer.One.S01.1080p.WEB.x265-PACK',
  'Pioneer.One.S01E02.720p.HDTV.x264-ONE',
  'Pioneer One S01E01-E03 1080p BluRay x265',
  'Sintel \ud83c\udfac 2010 1080p \u202e BluRay',
];
const hashes = Array.from({ length: 8 }, (_, i) => hash(i + 1));
const someRelease: fc.Arbitrary<Release> = fc.record({
  infoHash: fc.constantFrom(...hashes),
  name: fc.oneof(fc.constantFrom(...NAMES), fc.string({ unit: 'binary', maxLength: 80 })),
  filePath: fc.option(fc.constantFrom(...NAMES.map((name) => `${name}.mkv`))),
  fileIndex: fc.option(fc.nat(4)),
  sizeBytes: fc.option(fc.nat(4e9)),
  seeders: fc.option(fc.nat(500)),
  provider: fc.constant(null),
  quality: fc.option(fc.constant('1080p')),
  languages: fc.constant([]),
  cached: fc.option(fc.boolean()),
  packMarker: fc.boolean(),
  trackers: fc.array(fc.constantFrom('udp://tracker.example.org:1337', 'http://tracker.example.net/announce')),
});
const someFact: fc.Arbitrary<RememberedFact> = fc.record(
  {
    code: fc.constantFrom('instant', 'not-cached', 'lacks-episode', 'refused-by-name', 'rejected', 'gone'),
    fileIds: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 2 }),
    episodes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
    until: fc.option(fc.nat()),
  },
  { requiredKeys: ['code'] },
);
const someWanted = fc.constantFrom<Wanted>(sintel, pioneerOne(), pioneerOne({ episodes: [1, 2, 3] }));
const someInput: fc.Arbitrary<SearchInput> = fc.record({
  wanted: someWanted,
  releases: fc.array(someRelease, { maxLength: 14 }),
  facts: fc.dictionary(fc.constantFrom(...hashes), fc.array(someFact, { maxLength: 3 })),
  waitedMs: fc.nat(1e8),
  inAccount: fc.subarray(hashes),
});

describe('a recorded search, whatever was on offer', () => {
  test('judged again from its JSON, by the same rules, has exactly the recorded outcome', () => {
    fc.assert(
      fc.property(someInput, fc.constantFrom('always', 'sameTier', 'never'), (input, preferCached) => {
        const rules = { ...profile, preferCached, acceptLowerAfter: 5e7 } as const;
        const recorded = recordSearch(input, decide(input, rules, nameFilter), { subject, profile: chosen });
        const kept: typeof recorded = JSON.parse(JSON.stringify(recorded));
        const again = outcomeOf(decide(kept.input, rules, nameFilter));
        expect(again).toEqual(recorded.outcome);
        expect(compareOutcomes(kept.outcome, again)).toEqual([]);
      }),
    );
  });
});
