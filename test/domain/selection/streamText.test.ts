import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Release } from '../../../src/domain/release.js';
import { type ParsedStream, parseStream, type RawStream } from '../../../src/domain/selection/index.js';

const FIXTURES = join(process.cwd(), 'test/fixtures/torrentio');
const HASH = '0123456789abcdef0123456789abcdef01234567';

interface RecordedStream extends RawStream {
  name: string;
  title: string;
  infoHash?: string;
  url?: string;
}

interface Recording {
  file: string;
  streams: RecordedStream[];
}

const recordings: Recording[] = readdirSync(FIXTURES)
  .filter((file) => file.endsWith('.json'))
  .map((file) => {
    const body: { streams?: RecordedStream[] } = JSON.parse(readFileSync(join(FIXTURES, file), 'utf8'));
    return { file, streams: body.streams ?? [] };
  })
  .filter(({ streams }) => streams.length > 0);

type Expected = Omit<Release, 'cached' | 'trackers'>;

/** What the recorded texts say, one row per file of a torrent, written down apart from the code under test. */
const expectedRows: Expected[] = readFileSync(
  join(process.cwd(), 'test/domain/selection/recordedReleases.ndjson'),
  'utf8',
)
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const key = (release: Pick<Release, 'infoHash' | 'fileIndex'>): string => `${release.infoHash}:${release.fileIndex}`;
const expected = new Map(expectedRows.map((row) => [key(row), row]));

const releaseOf = (parsed: ParsedStream): Release => {
  if (parsed.kind !== 'release') throw new Error(`a notice: ${parsed.text}`);
  return parsed.release;
};
const read = (raw: RawStream): Release => releaseOf(parseStream(raw));

describe('every recorded answer of Torrentio', () => {
  test('is there', () => {
    expect(recordings.length).toBeGreaterThan(20);
    expect(expected.size).toBe(153);
  });

  test.each(recordings)('$file parses without a mistake', ({ streams }) => {
    for (const stream of streams) {
      const parsed = parseStream(stream);
      if (stream.name.includes('RD error')) {
        expect(parsed).toEqual({ kind: 'notice', text: 'Invalid RealDebrid ApiKey/Token!' });
        continue;
      }
      const { cached, trackers, ...rest } = releaseOf(parsed);
      expect(rest).toEqual(expected.get(key(rest)));
      expect(cached).toBe(
        stream.name.startsWith('[RD+]') ? true : stream.name.startsWith('[RD download]') ? false : null,
      );
      expect(`${stream.infoHash ?? stream.url}`).toContain(rest.infoHash);
      expect(trackers.every((tracker) => /^(udp|http):\/\//.test(tracker))).toBe(true);
      expect(JSON.stringify(parsed)).not.toMatch(/FAKEKEY|real-debrid-key|torrentio\.test/);
    }
  });

  test('names each file of each torrent at least once', () => {
    const seen = recordings
      .flatMap(({ streams }) => streams.map(parseStream))
      .flatMap((parsed) => (parsed.kind === 'release' ? [key(parsed.release)] : []));
    expect(new Set(seen)).toEqual(new Set(expected.keys()));
  });

  test('keeps the trackers of a keyless answer', () => {
    const streams = recordings.find(({ file }) => file === 'movie-plain.json')?.streams ?? [];
    expect(read(streams[0] ?? {}).trackers).toEqual([
      'udp://tracker.example.org:1337/announce',
      'http://tracker.example.net/announce',
    ]);
  });
});

const torrentio = (changes: RawStream = {}): RawStream => ({
  name: 'Torrentio\n1080p',
  title: 'Sintel 2010 1080p\n👤 5 💾 1.5 GB ⚙️ 1337x',
  infoHash: HASH,
  fileIdx: 0,
  ...changes,
});

describe("Torrentio's form", () => {
  test.each([
    ['Torrentio\n1080p', null, '1080p'],
    ['[RD+] Torrentio\n4k HDR10+', true, '4k HDR10+'],
    ['[PM+] Torrentio\n4k', true, '4k'],
    ['[RD download] Torrentio\n4k HDR10+', false, '4k HDR10+'],
    ['Torrentio\n4k HDR10+', null, '4k HDR10+'],
    ['HDR10+] Torrentio', null, null],
    ['Torrentio', null, null],
    ['', null, null],
  ])('marker and quality of %j', (name, cached, quality) => {
    expect(read(torrentio({ name }))).toMatchObject({ cached, quality });
  });

  test.each([
    ['👤 5 💾 1.5 GB ⚙️ 1337x', { seeders: 5, sizeBytes: 1_610_612_736, provider: '1337x' }],
    ['👤 0 💾 10 B ⚙ YTS', { seeders: 0, sizeBytes: 10, provider: 'YTS' }],
    ['💾 700 kB ⚙️ YTS', { seeders: null, sizeBytes: 716_800, provider: 'YTS' }],
    ['👤 5', { seeders: 5, sizeBytes: null, provider: null }],
    ['⚙️ YTS', { seeders: null, sizeBytes: null, provider: 'YTS' }],
    ['👤 1 💾 286.1 MB ⚙️ YTS', { sizeBytes: null }],
    ['👤 1 💾 286.11 MB ⚙️ YTS', { sizeBytes: 300_008_079 }],
    ['👤 1 💾 286.1 GB ⚙️ YTS', { sizeBytes: 307_197_535_846 }],
    ['👤 1 💾 0 B ⚙️ YTS', { sizeBytes: null }],
    ['👤 1 💾 1.2.3 GB ⚙️ YTS', { sizeBytes: null }],
  ])('details %j', (details, fields) => {
    expect(read(torrentio({ title: `Sintel\n${details}` }))).toMatchObject({ name: 'Sintel', ...fields });
  });

  test('details are read from the end, and never in the first line', () => {
    const title = 'Sintel 👤 999 💾 9 GB ⚙️ Fake\n👤 7 💾 8 GB ⚙️ Fake\n👤 1 💾 1 GB ⚙️ YTS\n🇬🇧 / Dual Audio / Multi Subs';
    expect(read(torrentio({ title }))).toMatchObject({
      name: 'Sintel 👤 999 💾 9 GB ⚙️ Fake',
      filePath: '👤 7 💾 8 GB ⚙️ Fake',
      seeders: 1,
      provider: 'YTS',
      languages: ['🇬🇧', 'Dual Audio', 'Multi Subs'],
    });
  });

  test('the path in the text wins over the bare file name', () => {
    const title = 'P S01\nP S01/P.S01E01.mkv\n👤 1 💾 1 GB ⚙️ YTS';
    const behaviorHints = { filename: 'P.S01E01.mkv', bingeGroup: `torrentio|${HASH}` };
    expect(read(torrentio({ title, behaviorHints }))).toMatchObject({
      filePath: 'P S01/P.S01E01.mkv',
      packMarker: true,
    });
    expect(read(torrentio({ behaviorHints: { filename: 'a.mkv', bingeGroup: 'torrentio|1080p' } }))).toMatchObject({
      filePath: 'a.mkv',
      packMarker: false,
    });
  });
});

const URL_BASE = 'https://addon.test';

describe('where the hash comes from', () => {
  const key40 = 'f'.repeat(40);
  const cases: [string, RawStream, { infoHash: string; fileIndex: number | null }][] = [
    ['field', { infoHash: HASH.toUpperCase(), fileIdx: 3 }, { infoHash: HASH, fileIndex: 3 }],
    [
      'resolve URL',
      { url: `${URL_BASE}/resolve/realdebrid/KEY/${HASH}/null/4/a.mkv` },
      { infoHash: HASH, fileIndex: 4 },
    ],
    [
      'no index',
      { url: `${URL_BASE}/resolve/realdebrid/KEY/${HASH}/null/undefined/a.mkv` },
      { infoHash: HASH, fileIndex: null },
    ],
    [
      'a key that looks like a hash',
      { url: `${URL_BASE}/resolve/x/${key40}/${HASH}/null/4/a` },
      { infoHash: HASH, fileIndex: 4 },
    ],
    ['Comet', { url: `${URL_BASE}/x/playback/${HASH}/realdebrid/2/1/3` }, { infoHash: HASH, fileIndex: 2 }],
    [
      'Comet, no index',
      { url: `${URL_BASE}/x/playback/${HASH}/realdebrid/n/1/3` },
      { infoHash: HASH, fileIndex: null },
    ],
    [
      'MediaFusion, season and episode behind it',
      { url: `${URL_BASE}/streaming_provider/secret/playback/realdebrid/${HASH}/1/3/a.mkv` },
      { infoHash: HASH, fileIndex: null },
    ],
    [
      'MediaFusion, field',
      { url: `${URL_BASE}/streaming_provider/s/playback/rd/${HASH}`, fileIdx: 5 },
      { infoHash: HASH, fileIndex: 5 },
    ],
    [
      'StremThru',
      { url: `${URL_BASE}/stremio/torz/ud/_/strem/tt1/rd/${HASH}-link/6/a.mkv` },
      { infoHash: HASH, fileIndex: 6 },
    ],
    [
      'StremThru, unknown index',
      { url: `${URL_BASE}/stremio/torz/ud/_/strem/tt1/rd/${HASH}/-1/a` },
      { infoHash: HASH, fileIndex: null },
    ],
    [
      'binge group',
      { url: `${URL_BASE}/opaque`, behaviorHints: { bingeGroup: `comet|realdebrid|${HASH}` } },
      { infoHash: HASH, fileIndex: null },
    ],
    ['torz group', { behaviorHints: { bingeGroup: `torz:${HASH}` } }, { infoHash: HASH, fileIndex: null }],
    ['magnet', { url: `magnet:?xt=urn:btih:${HASH.toUpperCase()}&dn=Sintel` }, { infoHash: HASH, fileIndex: null }],
    ['dht source', { sources: ['tracker:udp://t.test', `dht:${HASH}`] }, { infoHash: HASH, fileIndex: null }],
    [
      'a bad field, a good URL',
      { infoHash: 'zz', url: `${URL_BASE}/resolve/rd/K/${HASH}/null/1/a` },
      { infoHash: HASH, fileIndex: 1 },
    ],
  ];

  test.each(cases)('%s', (_, raw, fields) => {
    expect(read({ name: 'Addon', title: 'Sintel', ...raw })).toMatchObject(fields);
  });

  test.each([-1, 1.5, Number.NaN, 1e9, '3'])('a file index of %j is none', (fileIdx) => {
    expect(read(torrentio({ fileIdx })).fileIndex).toBeNull();
  });
});

describe('other addons', () => {
  test('KnightCrawler: file line always, no seeders, no provider', () => {
    const raw = {
      name: 'knightcrawler\n1080p',
      title: 'Sintel 2010 1080p\nSintel.2010.mkv\n💾 1.5 GB',
      infoHash: HASH,
    };
    expect(read(raw)).toMatchObject({
      name: 'Sintel 2010 1080p',
      filePath: 'Sintel.2010.mkv',
      sizeBytes: 1_610_612_736,
      seeders: null,
      provider: null,
    });
  });

  test('Comet: description, its own signs, the size of the whole torrent ignored', () => {
    const raw: RawStream = {
      name: '[RD⚡] Comet 1080p',
      description: '📄 Sintel.2010.1080p.WEB\n📹 hevc\n👤 12 💾 1.5 GB 🔎 Indexer',
      url: `${URL_BASE}/playback/${HASH}/realdebrid/0/n/n`,
      behaviorHints: { bingeGroup: `comet|realdebrid|${HASH}`, videoSize: 99_999_999_999, filename: 'Sintel.2010.mkv' },
    };
    expect(read(raw)).toMatchObject({
      name: 'Sintel.2010.1080p.WEB',
      filePath: 'Sintel.2010.mkv',
      cached: true,
      seeders: 12,
      sizeBytes: 1_610_612_736,
      provider: 'Indexer',
      fileIndex: 0,
      packMarker: false,
    });
    expect(read({ ...raw, name: '[RD⬇️] Comet 1080p' }).cached).toBe(false);
    expect(read({ ...raw, name: '[TORRENT🧲] Comet 1080p' }).cached).toBeNull();
  });

  test('MediaFusion: size in the hints, flash and hourglass', () => {
    const raw: RawStream = {
      name: 'MediaFusion | RD ⚡️\n1080p',
      description: '📂 Sintel.2010.1080p.WEB\n💾 1,2 GiB 👥 7\n🔗 Indexer\n🌐 🇬🇧 🇩🇪',
      infoHash: HASH,
      behaviorHints: { videoSize: 123_456 },
    };
    expect(read(raw)).toMatchObject({
      name: 'Sintel.2010.1080p.WEB',
      cached: true,
      sizeBytes: 123_456,
      seeders: 7,
      provider: 'Indexer',
    });
    expect(read(raw).languages).toEqual(['🇬🇧', '🇩🇪']);
    expect(read({ ...raw, name: 'MediaFusion | RD ⏳' }).cached).toBe(false);
    expect(read({ ...raw, behaviorHints: {} }).sizeBytes).toBe(1_288_490_189);
  });

  test('a text without a name falls back to the file name, then to the hash', () => {
    expect(read({ infoHash: HASH, behaviorHints: { filename: 'Sintel.mkv' } })).toMatchObject({
      name: 'Sintel.mkv',
      filePath: 'Sintel.mkv',
    });
    expect(read({ infoHash: HASH })).toMatchObject({ name: HASH, filePath: null });
  });
});

describe('hostile and broken streams', () => {
  test('text is cleaned and bounded', () => {
    const release = read(
      torrentio({
        name: `Torrentio\n${'q'.repeat(5000)}`,
        title: `Sin\u0000tel\u202e\u200b ${'n'.repeat(5000)}`,
        behaviorHints: { filename: `a\u0007/${'p'.repeat(5000)}` },
        sources: Array.from({ length: 200 }, (_, index) => `tracker:udp://t${index}.test/announce`),
      }),
    );
    expect(release.name.startsWith('Sin tel   nnn')).toBe(true);
    expect(release.name).toHaveLength(300);
    expect(release.filePath).toHaveLength(1000);
    expect(release.quality).toHaveLength(100);
    expect(release.trackers).toHaveLength(50);
  });

  test('only tracker URLs become trackers, each once', () => {
    const sources = [
      'tracker:udp://a.test',
      'tracker:udp://a.test',
      'tracker:file:///etc/passwd',
      'udp://b.test',
      7,
      null,
      `tracker:http://${'x'.repeat(400)}`,
    ];
    expect(read(torrentio({ sources })).trackers).toEqual(['udp://a.test']);
  });

  test('a stream without a hash is a notice, without its links', () => {
    expect(parseStream({ name: 'Addon', title: 'Log in:\nhttps://addon.test/KEY/configure now', url: '#' })).toEqual({
      kind: 'notice',
      text: 'Log in: (link) now',
    });
    expect(parseStream({})).toEqual({ kind: 'notice', text: 'a message without text' });
    expect(parseStream({ name: 7, title: [], behaviorHints: 'x', sources: {}, url: null })).toMatchObject({
      kind: 'notice',
    });
  });
});
