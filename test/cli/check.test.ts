import { describe, expect, test } from '@jest/globals';
import type { Checked, CheckedCandidate } from '../../src/check.js';
import { describeChecked } from '../../src/cli/checkTable.js';
import { decide } from '../../src/domain/selection/index.js';
import { GB, nameFilter, profile, release, sintel } from '../domain/selection/examples.js';

const judged = (names: string[], change = {}): CheckedCandidate[] => {
  const releases = names.map((name, i) =>
    release(name, { infoHash: String(i).padStart(40, '0'), sizeBytes: GB, seeders: 40 - i, ...change }),
  );
  const input = { wanted: sintel, releases, facts: {}, waitedMs: 0, inAccount: [] };
  return decide(input, profile, nameFilter).map((verdict) => ({ verdict, cached: null, files: null }));
};
const checked = (candidates: CheckedCandidate[], change: Partial<Checked> = {}): Checked => ({
  target: { imdbId: 'tt1727587', season: null, episode: null, tier: 'standard' },
  title: 'Sintel (2010)',
  mode: 'probe',
  profile: { name: 'default', why: 'a movie' },
  candidates,
  chosen: candidates.find(({ verdict }) => verdict.accepted)?.verdict.release.infoHash ?? null,
  calls: { torrentio: 1, realDebrid: 3 },
  remarks: [],
  ...change,
});
const draw = (subject: Checked) => describeChecked('tt1727587', subject, { torrentio: 1, realDebrid: 3 });

describe('the table of check', () => {
  test('one to trust', () => {
    const candidates = judged([
      'Sintel.2010.1080p.BluRay.x265-GRP',
      'Sintel.2010.1080p.WEB-DL.H264-GRP',
      'Sintel.2010.HDCAM.720p-FAKE',
      'Another.Thing.2010.480p.VHS-GRP',
    ]);
    const [first, second] = candidates;
    if (first !== undefined && second !== undefined) {
      first.files = [{ id: 2, path: '/Sintel/Sintel.2010.1080p.BluRay.x265-GRP.mkv', bytes: 1.4 * GB }];
      second.cached = true;
    }
    expect(`\n${draw(checked(candidates))}\n`).toMatchInlineSnapshot(`
"
tt1727587: Sintel (2010); probe mode
Profile default: a movie

#  quality         size  seeders  cached?  verdict
1  1080p bluray  1.0 GB       40  ?        score 10 = hevc 10
    Sintel.2010.1080p.BluRay.x265-GRP
2  1080p web     1.0 GB       39  yes      score 0; name at risk
    Sintel.2010.1080p.WEB-DL.H264-GRP
-  720p cam      1.0 GB       38  ?        banned
    Sintel.2010.HDCAM.720p-FAKE
-  480p vhs      1.0 GB       37  ?        title, quality
    Another.Thing.2010.480p.VHS-GRP

cached?: yes and no are Real-Debrid’s word, hint is the addon’s, ? is unknown.

Chosen: Sintel.2010.1080p.BluRay.x265-GRP
    file  path                                             size
       2  /Sintel/Sintel.2010.1080p.BluRay.x265-GRP.mkv  1.4 GB
Name at risk: Real-Debrid will probably refuse 1 of 4 releases (25 %) by their
name.
Calls: Torrentio 1 of 1, Real-Debrid 3 of 3
"
`);
  });

  test('unknown is said to be unknown, a marker is a hint', () => {
    const [candidate] = judged(['Sintel.2010.1080p.BluRay.x265-GRP'], { sizeBytes: null, seeders: null, cached: true });
    const text = draw(checked(candidate === undefined ? [] : [candidate]));
    expect(text).toMatch(/1080p bluray {2,}\? {2,}\? {2}hint/);
    expect(text).toContain('its files were not looked into');
  });

  test('nothing on offer, nothing acceptable', () => {
    expect(draw(checked([]))).toContain('No release is on offer.');
    expect(draw(checked(judged(['Sintel.2010.HDCAM-FAKE'])))).toContain('Nothing would be taken.');
  });

  test('never wider than a terminal', () => {
    const long = 'Sintel 2010 1080p BluRay x265 '.padEnd(290, 'extended director cut ');
    const candidates = judged([long, `${long}日本語`, '日本語'.repeat(60)]);
    const remarks = [`The addon says: ${'many words '.repeat(30)}`];
    const lines = draw(checked(candidates, { remarks, title: 'A '.repeat(200) })).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
