import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TorrentFile } from '../../../src/domain/release.js';
import { VIDEO_EXTENSIONS } from '../../../src/domain/selection/extensions.js';
import {
  chooseFiles,
  judge,
  matchTitle,
  parseRelease,
  parseStream,
  rank,
  rejectionCodes,
  type Verdict,
  type Wanted,
} from '../../../src/domain/selection/index.js';
import { context, hash, pioneerOne, profile, release, sintel } from './examples.js';

/** Pieces that release names are made of, in any order: far more telling than random letters. */
const PIECES = [
  'Sintel',
  'Pioneer One',
  'Night of the Living Dead',
  '2010',
  '1968',
  'S01',
  'S01E01',
  'S01E02',
  'E03',
  '1x04',
  '-05',
  ' - 06',
  'Season 1',
  'Сезон: 1',
  'Complete',
  'Part 1',
  '1080p',
  '2160p',
  '4K',
  'BluRay',
  'REMUX',
  'WEB-DL',
  'HDTV',
  'HDCAM',
  'x264',
  'x265',
  'DV',
  'HDR10+',
  'German DL',
  'SUBFRENCH',
  'Extras',
  '[Grp]',
  '(',
  ']',
  '/',
  '.mkv',
  '.ts',
  '👤 5',
  '💾 1 GB',
  '\u202e',
  '\ud83d',
];
const name = fc.oneof(
  fc
    .array(fc.tuple(fc.constantFrom(...PIECES), fc.constantFrom('.', ' ', '_', '-', '')), { maxLength: 14 })
    .map((parts) => parts.map((part) => part.join('')).join('')),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 400 }))
    .map(([unit, times]) => unit.repeat(times)),
);

const bytes = fc.oneof(fc.nat(3e9), fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY));
const extension = fc.constantFrom('.mkv', '.mp4', '.avi', '.srt', '.nfo', '.rar', '.exe', '.iso', '');
const torrentFiles = fc
  .array(fc.tuple(fc.array(name, { maxLength: 3 }), name, extension, bytes), { maxLength: 12 })
  .map((rows) =>
    rows.map(([folders, base, end, size], index) => ({
      id: index + 1,
      path: `/${[...folders, base].join('/')}${end}`,
      bytes: size,
    })),
  );

const wanted: fc.Arbitrary<Wanted> = fc.oneof(
  fc.constantFrom<Wanted>(sintel, { ...sintel, titles: [], year: null, runtimeMin: null }),
  fc
    .tuple(fc.nat(3), fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1, maxLength: 8 }))
    .map(([season, episodes]) => pioneerOne({ season, episodes })),
);

const anyRelease = fc
  .tuple(
    name,
    fc.option(name),
    fc.option(fc.nat(20)),
    fc.option(fc.nat(3e9)),
    fc.option(fc.nat(2000)),
    fc.option(fc.boolean()),
    fc.nat(8),
  )
  .map(([title, filePath, fileIndex, sizeBytes, seeders, cached, number]) =>
    release(title, { filePath, fileIndex, sizeBytes, seeders, cached, infoHash: hash(number) }),
  );

const ascendingWithout = (values: number[]): boolean =>
  values.every((value, index) => index === 0 || value > (values[index - 1] ?? value));

describe('for every name', () => {
  test('parseRelease answers, within its bounds', () => {
    fc.assert(
      fc.property(name, (text) => {
        const parsed = parseRelease(text);
        expect(parsed.title.length).toBeLessThanOrEqual(310);
        expect((parsed.group ?? '').length).toBeLessThanOrEqual(300);
        for (const numbers of [parsed.seasons, parsed.episodes, parsed.absolute]) {
          expect(numbers.length).toBeLessThanOrEqual(200);
          expect(ascendingWithout(numbers)).toBe(true);
        }
        expect(parsed.trash !== null).toBe(parsed.source === 'trash');
        expect(parseRelease(text)).toEqual(parsed);
      }),
      { numRuns: 500 },
    );
  });

  test('matchTitle answers', () => {
    fc.assert(
      fc.property(name, fc.array(name, { maxLength: 3 }), fc.option(fc.nat(2100)), (text, titles, year) => {
        expect([null, 'exact', 'segment']).toContain(matchTitle(text, parseRelease(text).title, titles, year));
      }),
    );
  });
});

/** By the path alone, without what Windows drops from its end. */
const isVideo = (file: TorrentFile | undefined): boolean => {
  const extension = /\.([^.]*?)[\s.\p{C}]*$/u.exec(file?.path ?? '')?.[1];
  return VIDEO_EXTENSIONS.has(extension?.toLowerCase() ?? '');
};

describe('for every file list', () => {
  test('chooseFiles takes wanted videos of the list only, and decides unless the list is empty', () => {
    fc.assert(
      fc.property(torrentFiles, wanted, name, fc.option(fc.nat(15)), (list, want, torrentName, fileIndex) => {
        const choice = chooseFiles(list, want, { torrentName, fileIndex });
        expect(choice.outcome === 'undecided').toBe(list.length === 0);
        if (choice.outcome === 'rejected') expect(rejectionCodes).toHaveProperty(choice.rejection.code);
        if (choice.outcome !== 'selected') return;
        const chosen = choice.ids.map((id) => list.find((file) => file.id === id));
        expect(choice.ids.length).toBeGreaterThan(0);
        expect(ascendingWithout(choice.ids)).toBe(true);
        for (const file of chosen) expect(isVideo(file)).toBe(true);
        const episodes = want.kind === 'movie' ? [] : want.episodes;
        expect(choice.episodes.every((episode) => episodes.includes(episode))).toBe(true);
        expect(choice.ids.length).toBeLessThanOrEqual(Math.max(1, choice.episodes.length));
        expect(choice.episodes.length > 0).toBe(want.kind === 'episodes');
      }),
      { numRuns: 500 },
    );
  });

  test('a well-named season gives exactly the wanted files', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 24 }), { minLength: 1, maxLength: 24 }), (episodes) => {
        const list = Array.from({ length: 24 }, (_, index) => ({
          id: index + 1,
          path: `/Pioneer One S01/Pioneer.One.S01E${String(index + 1).padStart(2, '0')}.mkv`,
          bytes: 500_000_000,
        }));
        const sorted = [...episodes].sort((a, b) => a - b);
        const choice = chooseFiles(list, pioneerOne({ episodes }), { torrentName: 'Pioneer One S01' });
        expect(choice).toEqual({ outcome: 'selected', ids: sorted, episodes: sorted, warnings: [] });
      }),
    );
  });
});

describe('for every release', () => {
  test('a verdict is accepted exactly without rejections, and covers wanted episodes only', () => {
    fc.assert(
      fc.property(anyRelease, wanted, (one, want) => {
        const verdict = judge(one, want, context());
        expect(verdict.accepted).toBe(verdict.rejections.length === 0);
        expect(verdict.score === null).toBe(!verdict.accepted);
        expect(new Set(verdict.rejections.map(({ code }) => code)).size).toBeGreaterThanOrEqual(
          verdict.rejections.length - 1,
        );
        const episodes = want.kind === 'movie' ? [] : want.episodes;
        expect(verdict.covers.every((episode) => episodes.includes(episode))).toBe(true);
        if (verdict.accepted && want.kind === 'episodes') expect(verdict.covers.length).toBeGreaterThan(0);
        if (verdict.accepted) expect(verdict.tierIndex).not.toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  test('rank is a total order that does not depend on the order of its input', () => {
    const shuffled = fc
      .tuple(fc.array(anyRelease, { maxLength: 12 }), wanted)
      .map(([releases, want]): Verdict[] => releases.map((one) => judge(one, want, context())))
      .chain((verdicts) =>
        fc.tuple(fc.constant(verdicts), fc.shuffledSubarray(verdicts, { minLength: verdicts.length })),
      );
    const cached = fc.constantFrom('always', 'sameTier', 'never');
    fc.assert(
      fc.property(shuffled, cached, fc.integer({ min: 1, max: 8 }), ([verdicts, other], preferCached, wantedCount) => {
        const ctx = {
          profile: { ...profile, preferCached } as const,
          inAccount: new Set([hash(1)]),
          instantBefore: new Set([hash(2)]),
          wantedCount,
        };
        const order = rank(verdicts, ctx);
        expect(rank(other, ctx)).toEqual(order);
        expect(rank(order, ctx)).toEqual(order);
        const hashes = order.map((verdict) => verdict.release.infoHash);
        expect(new Set(hashes)).toEqual(new Set(verdicts.map((verdict) => verdict.release.infoHash)));
        expect(hashes.length).toBe(new Set(hashes).size);
        const firstRefused = order.findIndex((verdict) => !verdict.accepted);
        if (firstRefused >= 0) expect(order.slice(firstRefused).some((verdict) => verdict.accepted)).toBe(false);
      }),
      { numRuns: 150 },
    );
  });
});

describe('for every stream', () => {
  const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 40, maxLength: 40 });
  const url = fc
    .tuple(fc.webUrl(), hex, fc.nat(9))
    .map(([base, digits, index]) => `${base}/SECRETKEY/${digits}/null/${index}`);
  const text = fc.oneof(
    name,
    fc.array(name, { maxLength: 5 }).map((lines) => lines.join('\n')),
  );
  const field = fc.oneof(text, fc.anything());
  const stream = fc.record(
    {
      name: field,
      title: field,
      description: field,
      infoHash: fc.oneof(hex, fc.anything()),
      url: fc.oneof(url, fc.anything()),
      fileIdx: fc.oneof(fc.nat(30), fc.anything()),
      sources: fc.oneof(
        fc.array(
          fc.oneof(
            fc.webUrl().map((link) => `tracker:${link}`),
            fc.anything(),
          ),
        ),
        fc.anything(),
      ),
      behaviorHints: fc.oneof(
        fc.record({ filename: field, bingeGroup: field, videoSize: fc.anything() }),
        fc.anything(),
      ),
    },
    { requiredKeys: [] },
  );

  test('parseStream answers, within its bounds, and keeps no link with a key', () => {
    fc.assert(
      fc.property(stream, (raw) => {
        const parsed = parseStream(raw);
        expect(JSON.stringify(parsed)).not.toContain('SECRETKEY');
        if (parsed.kind === 'notice') {
          expect(parsed.text.length).toBeGreaterThan(0);
          expect(parsed.text.length).toBeLessThanOrEqual(300);
          return;
        }
        const { infoHash, name: title, filePath, trackers, languages, sizeBytes, seeders } = parsed.release;
        expect(infoHash).toMatch(/^[0-9a-f]{40}$/);
        expect(title.length).toBeGreaterThan(0);
        expect(title.length).toBeLessThanOrEqual(300);
        expect((filePath ?? '').length).toBeLessThanOrEqual(1000);
        expect(trackers.length).toBeLessThanOrEqual(50);
        expect(languages.length).toBeLessThanOrEqual(30);
        expect(`${title}${filePath}`).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
        for (const amount of [sizeBytes, seeders]) expect(amount === null || Number.isSafeInteger(amount)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
