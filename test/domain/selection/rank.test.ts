import { describe, expect, test } from '@jest/globals';
import type { QualityProfile } from '../../../src/domain/profile.js';
import type { Release } from '../../../src/domain/release.js';
import {
  type JudgeContext,
  judge,
  type RankContext,
  rank,
  type Verdict,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { context, hash, nameFilter, pioneerOne, profile, release, sintel } from './examples.js';

const A = hash(0xa);
const B = hash(0xb);

interface Side {
  name?: string;
  with?: Partial<Release>;
}
interface Scene {
  better: Side;
  worse: Side;
  wanted?: Wanted;
  profile?: Partial<QualityProfile>;
  rank?: Partial<RankContext>;
  judge?: Partial<JudgeContext>;
}

const NAME = 'Sintel.2010.1080p.BluRay.AV1';

const ranked = (verdicts: Verdict[], changes: Partial<RankContext> = {}): Verdict[] =>
  rank(verdicts, { profile, inAccount: new Set(), instantBefore: new Set(), wantedCount: 1, ...changes });

/** Per criterion: the better one has the later hash, so that the last criterion can not be what decides. */
const CRITERIA: [string, Scene][] = [
  ['refused ones come last', { better: {}, worse: { name: 'Sintel.2010.480p.WEB', with: { cached: true } } }],
  [
    'half an episode is the last resort',
    {
      wanted: pioneerOne(),
      better: { name: 'Pioneer.One.S01E01.720p' },
      worse: { name: 'Pioneer.One.S01E01b.1080p.WEB', with: { cached: true } },
    },
  ],
  ['1 in the account', { better: {}, worse: { with: { cached: true } }, rank: { inAccount: new Set([B]) } }],
  [
    '1 ready at once before',
    { better: { name: 'Sintel.2010.720p.WEB' }, worse: {}, rank: { instantBefore: new Set([B]) } },
  ],
  ['2 cached marker', { better: { name: 'Sintel.2010.720p.WEB', with: { cached: true } }, worse: {} }],
  [
    '2 cached marker: no word is as bad as no',
    { better: { with: { cached: null, seeders: 100 } }, worse: { with: { cached: false } } },
  ],
  ['3 name filter', { better: { name: 'Sintel.2010.720p.BluRay' }, worse: { name: 'Sintel.2010.1080p.WEB-DL' } }],
  [
    '3 name filter: a marker cancels it',
    {
      profile: { preferCached: 'never' },
      better: { name: 'Sintel.2010.1080p.WEB-DL', with: { cached: true } },
      worse: { name: 'Sintel.2010.720p.BluRay' },
    },
  ],
  [
    '3 name filter: off',
    {
      judge: { nameFilter: { ...nameFilter, mode: 'off' } },
      better: { name: 'Sintel.2010.1080p.WEB-DL' },
      worse: { name: 'Sintel.2010.720p.BluRay' },
    },
  ],
  ['4 tier', { better: { name: 'Sintel.2010.1080p.HDTV' }, worse: { name: 'Sintel.2010.720p.BluRay.x265' } }],
  [
    '4 unknown source behind all tiers of its resolution',
    { better: { name: 'Sintel.2010.1080p.HDTV' }, worse: { name: 'Sintel.2010.1080p.x265' } },
  ],
  [
    '4 unknown source before the next resolution',
    { better: { name: 'Sintel.2010.1080p' }, worse: { name: 'Sintel.2010.720p.BluRay.x265' } },
  ],
  [
    '5 sameTier: tier before marker',
    {
      profile: { preferCached: 'sameTier' },
      better: {},
      worse: { name: 'Sintel.2010.720p.BluRay', with: { cached: true } },
    },
  ],
  [
    '5 sameTier: marker within the tier',
    {
      profile: { preferCached: 'sameTier' },
      better: { with: { cached: true } },
      worse: { name: 'Sintel.2010.1080p.BluRay.x265' },
    },
  ],
  [
    '5 never: the marker does not count',
    {
      profile: { preferCached: 'never' },
      better: { with: { seeders: 100 } },
      worse: { with: { cached: true, seeders: 10 } },
    },
  ],
  [
    '5 never: the seeders of a cached one count, too',
    {
      profile: { preferCached: 'never' },
      better: { with: { cached: true, seeders: 100 } },
      worse: { with: { seeders: 10 } },
    },
  ],
  [
    '6 single episode: packs avoided',
    {
      wanted: pioneerOne(),
      better: { name: 'Pioneer.One.S01E01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
    },
  ],
  [
    '6 single episode: packs preferred',
    {
      wanted: pioneerOne(),
      profile: { packs: { ...profile.packs, singleEpisode: 'prefer' } },
      better: { name: 'Pioneer.One.S01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01.1080p.WEB.x265' },
    },
  ],
  [
    '6 single episode: packs allowed',
    {
      wanted: pioneerOne(),
      profile: { packs: { ...profile.packs, singleEpisode: 'allow' } },
      better: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
      worse: { name: 'Pioneer.One.S01E01.1080p.WEB' },
    },
  ],
  [
    '6 season: a pack that covers it',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3] }),
      rank: { wantedCount: 3 },
      better: { name: 'Pioneer.One.S01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01-S02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: all of it in several seasons before a part of it',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3] }),
      rank: { wantedCount: 3 },
      better: { name: 'Pioneer.One.S01-S02.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01-E02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: more episodes first',
    {
      wanted: pioneerOne({ episodes: [1, 2, 3, 4], seasonEpisodeCount: 10 }),
      rank: { wantedCount: 4 },
      better: { name: 'Pioneer.One.S01E01-E03.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01E01-E02.1080p.WEB.x265' },
    },
  ],
  [
    '6 season: packs avoided',
    {
      wanted: pioneerOne({ episodes: [1, 2] }),
      profile: { packs: { ...profile.packs, season: 'avoid' } },
      rank: { wantedCount: 2 },
      better: { name: 'Pioneer.One.S01E01.1080p.WEB' },
      worse: { name: 'Pioneer.One.S01.1080p.WEB.x265' },
    },
  ],
  ['7 scores', { better: { name: 'Sintel.2010.1080p.BluRay.x265' }, worse: { with: { seeders: 10_000 } } }],
  [
    '7 preferred groups',
    {
      profile: { groups: { prefer: { GRP: 1 }, reject: [] } },
      better: { name: `${NAME}-GRP` },
      worse: { with: { seeders: 10_000 } },
    },
  ],
  ['8 certain year', { better: {}, worse: { name: 'Sintel.1080p.BluRay.German', with: { seeders: 10_000 } } }],
  [
    '8 certain language',
    {
      profile: { languages: { ...profile.languages, requireAny: ['de'] } },
      better: { name: 'Sintel.2010.German.1080p.BluRay' },
      worse: { with: { seeders: 10_000 } },
    },
  ],
  [
    '8 no language is better when none is required',
    {
      better: { with: { seeders: 100 } },
      worse: { name: 'Sintel.2010.German.1080p.BluRay', with: { seeders: 10 } },
    },
  ],
  [
    '9 seeders by powers of ten',
    { better: { with: { seeders: 100 } }, worse: { with: { seeders: 99, sizeBytes: 150 * 1024 ** 2 } } },
  ],
  [
    '9 seeders: within a power of ten the size decides',
    {
      better: { with: { seeders: 10, sizeBytes: 150 * 1024 ** 2 } },
      worse: { with: { seeders: 99, sizeBytes: 140 * 1024 ** 2 } },
    },
  ],
  [
    '9 seeders: not for cached ones',
    {
      better: { with: { cached: true, seeders: 0, sizeBytes: 150 * 1024 ** 2 } },
      worse: { with: { cached: true, seeders: 99, sizeBytes: 140 * 1024 ** 2 } },
    },
  ],
  ['9 seeders: one is more than none', { better: { with: { seeders: 1 } }, worse: { with: { seeders: 0 } } }],
  ['10 larger', { better: { with: { sizeBytes: 150 * 1024 ** 2 } }, worse: { with: { sizeBytes: 149 * 1024 ** 2 } } }],
];

describe('the order of preference', () => {
  test.each(CRITERIA)('%s', (_, scene) => {
    const own = { ...profile, ...scene.profile };
    const verdictOf = ({ name = NAME, with: changes }: Side, infoHash: string): Verdict =>
      judge(release(name, { infoHash, ...changes }), scene.wanted ?? sintel, context({ profile: own, ...scene.judge }));
    const [worse, better] = [verdictOf(scene.worse, A), verdictOf(scene.better, B)];
    for (const order of [
      [worse, better],
      [better, worse],
    ]) {
      const hashes = ranked(order, { profile: own, ...scene.rank }).map((verdict) => verdict.release.infoHash);
      expect(hashes).toEqual([B, A]);
    }
  });

  test('11 at last the hash, ascending', () => {
    const verdicts = [B, A].map((infoHash) => judge(release(NAME, { infoHash }), sintel, context()));
    expect(ranked(verdicts).map((verdict) => verdict.release.infoHash)).toEqual([A, B]);
  });
});

/** What a criterion looks at, at its better and at its worse. Of a season of three episodes, packs to be avoided. */
const ASPECTS = {
  accepted: { better: {}, worse: { accepted: false } },
  wholeEpisode: { better: {}, worse: { halfEpisode: true } },
  free: { better: { free: true }, worse: {} },
  cached: { better: { cached: true }, worse: {} },
  name: { better: {}, worse: { nameRefusal: true } },
  tier: { better: { tierIndex: 0 }, worse: {} },
  packs: { better: {}, worse: { pack: 'season' } },
  covers: { better: { covers: [1, 2, 3] }, worse: {} },
  score: { better: { total: 5 }, worse: {} },
  year: { better: {}, worse: { year: false } },
  language: { better: {}, worse: { language: false } },
  seeders: { better: { seeders: 100 }, worse: {} },
  perMinute: { better: { mbPerMin: 11 }, worse: {} },
  size: { better: { sizeBytes: 2e9 }, worse: {} },
} as const;
type Aspect = keyof typeof ASPECTS;
interface Looks {
  accepted?: boolean;
  halfEpisode?: boolean;
  free?: boolean;
  cached?: boolean;
  nameRefusal?: boolean;
  tierIndex?: number | null;
  pack?: 'season';
  covers?: readonly number[];
  total?: number;
  year?: boolean;
  language?: boolean;
  seeders?: number | null;
  mbPerMin?: number | null;
  sizeBytes?: number | null;
}

const ORDERS: Record<QualityProfile['preferCached'], Aspect[]> = {
  always: [
    ...(['accepted', 'wholeEpisode', 'free', 'cached', 'name', 'tier', 'packs', 'covers', 'score'] as const),
    ...(['year', 'language', 'seeders', 'perMinute', 'size'] as const),
  ],
  sameTier: [
    ...(['accepted', 'wholeEpisode', 'free', 'name', 'tier', 'cached', 'packs', 'covers', 'score'] as const),
    ...(['year', 'language', 'seeders', 'perMinute', 'size'] as const),
  ],
  never: [
    ...(['accepted', 'wholeEpisode', 'free', 'name', 'tier', 'packs', 'covers', 'score'] as const),
    ...(['year', 'language', 'seeders', 'perMinute', 'size'] as const),
  ],
};

const season = pioneerOne({ episodes: [1, 2, 3] });

function looking(infoHash: string, looks: Looks): Verdict {
  const verdict = judge(release('Pioneer.One.S01E01.1080p.WEB.AV1', { infoHash }), season, context());
  const { seeders = 10, sizeBytes = 1e9, year = true, language = true, cached = null } = looks;
  return {
    ...verdict,
    release: { ...verdict.release, cached, seeders, sizeBytes },
    parsed: { ...verdict.parsed, flags: { ...verdict.parsed.flags, halfEpisode: looks.halfEpisode ?? false } },
    accepted: looks.accepted ?? true,
    score: { total: looks.total ?? 0, parts: [] },
    tierIndex: looks.tierIndex === undefined ? 1 : looks.tierIndex,
    covers: [...(looks.covers ?? [1])],
    pack: looks.pack ?? 'single',
    nameRefusal: looks.nameRefusal ?? false,
    certainty: { year, language },
    mbPerMin: looks.mbPerMin === undefined ? 10 : looks.mbPerMin,
  };
}

/** The hashes in the order of preference; the first of the two has the later hash. */
function orderOf(one: Looks, other: Looks, preferCached: QualityProfile['preferCached']): string[] {
  const verdicts = [looking(A, other), looking(B, one)];
  const inAccount = new Set([...(one.free ? [B] : []), ...(other.free ? [A] : [])]);
  const own = { ...profile, preferCached, packs: { ...profile.packs, season: 'avoid' as const } };
  return ranked(verdicts, { profile: own, inAccount, wantedCount: 3 }).map((verdict) => verdict.release.infoHash);
}

describe.each(Object.entries(ORDERS))('with preferCached: %s', (mode, order) => {
  const preferCached = mode as QualityProfile['preferCached'];

  test.each(order)('%s makes a difference', (aspect) => {
    expect(orderOf(ASPECTS[aspect].better, ASPECTS[aspect].worse, preferCached)).toEqual([B, A]);
  });

  const pairs = order.flatMap((earlier, place) => order.slice(place + 1).map((later) => [earlier, later] as const));
  // A marker cancels the prediction: the one does not compete with the other.
  const competing = pairs.filter(([earlier, later]) => !(earlier === 'name' && later === 'cached'));
  test.each(competing)('%s goes before %s', (earlier, later) => {
    const one = { ...ASPECTS[later].worse, ...ASPECTS[earlier].better };
    const other = { ...ASPECTS[later].better, ...ASPECTS[earlier].worse };
    expect(orderOf(one, other, preferCached)).toEqual([B, A]);
  });
});

test.each<[string, Looks, Looks]>([
  ['a last tier before none', { tierIndex: 99 }, { tierIndex: null }],
  ['a size per minute before an unknown one', { mbPerMin: 0.5 }, { mbPerMin: null }],
  ['a size before an unknown one', { sizeBytes: 1 }, { sizeBytes: null }],
  ['the larger one of two without seeders', { seeders: 0, mbPerMin: 11 }, { seeders: 0 }],
  ['one seeder before an unknown number', { seeders: 1 }, { seeders: null }],
])('%s', (_, one, other) => expect(orderOf(one, other, 'always')).toEqual([B, A]));

describe('one candidate per torrent', () => {
  const wanted = pioneerOne({ episodes: [1, 2, 3] });
  const pack = (fileIndex: number, filePath: string): Verdict =>
    judge(release('Pioneer One 1080p WEB', { infoHash: A, fileIndex, filePath, packMarker: true }), wanted, context());

  test('the best of its files stands for it and covers what all of them cover', () => {
    const [verdict, ...others] = ranked([pack(0, 'P/1x01.avi'), pack(2, 'P/1x03.avi')], { wantedCount: 3 });
    expect(others).toEqual([]);
    expect(verdict).toMatchObject({ accepted: true, covers: [1, 3], release: { fileIndex: 0 } });
  });

  test('an accepted file wins over a refused one', () => {
    const [verdict] = ranked([pack(7, 'P/2x01.avi'), pack(8, 'P/1x02.avi')], { wantedCount: 3 });
    expect(verdict).toMatchObject({ accepted: true, covers: [2], release: { fileIndex: 8 } });
  });

  test('of refused ones only, the best stands for it with what it covers itself', () => {
    const refused = (fileIndex: number, filePath: string): Verdict => ({
      ...pack(fileIndex, filePath),
      accepted: false,
      score: null,
    });
    const [verdict] = ranked([refused(0, 'P/1x01.avi'), refused(2, 'P/1x03.avi')], { wantedCount: 3 });
    expect(verdict).toMatchObject({ accepted: false, covers: [1], release: { fileIndex: 0 } });
  });

  test('what a refused file covers does not count', () => {
    const refused = { ...pack(1, 'P/1x02.avi'), accepted: false, score: null };
    expect(ranked([pack(0, 'P/1x01.avi'), refused], { wantedCount: 3 })[0]?.covers).toEqual([1]);
  });

  test('what several files cover counts once, ascending', () => {
    const order = ranked([pack(2, 'P/1x02.avi'), pack(3, 'P/1x03.avi'), pack(9, 'P/1x02.avi'), pack(4, 'P/1x01.avi')]);
    expect(order.map(({ covers }) => covers)).toEqual([[1, 2, 3]]);
  });

  test('of equal ones that without an index, then the lowest, then the first by its text stands for it', () => {
    const at = (fileIndex: number | null, provider = 'A'): Verdict => {
      const verdict = pack(0, 'P/1x01.avi');
      return { ...verdict, release: { ...verdict.release, fileIndex, provider } };
    };
    const bestOf = (...verdicts: Verdict[]) => {
      const found = [verdicts, [...verdicts].reverse()].map((order) => ranked(order)[0]?.release);
      expect(found[1]).toEqual(found[0]);
      return [found[0]?.fileIndex, found[0]?.provider];
    };
    expect(bestOf(at(0), at(null))).toEqual([null, 'A']);
    expect(bestOf(at(1), at(10), at(0))).toEqual([0, 'A']);
    expect(bestOf(at(0, 'B'), at(0, 'A'), at(0, 'C'))).toEqual([0, 'A']);
  });

  test('half an MB per minute more is enough', () => {
    const ofSize = (fileIndex: number, mbPerMin: number): Verdict => ({ ...pack(fileIndex, 'P/1x01.avi'), mbPerMin });
    expect(ranked([ofSize(1, 10.5), ofSize(0, 10)])[0]?.release.fileIndex).toBe(1);
  });

  test('nothing in, nothing out', () => {
    expect(ranked([])).toEqual([]);
  });
});
