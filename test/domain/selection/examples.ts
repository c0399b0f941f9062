import type { NameFilter, QualityProfile } from '../../../src/domain/profile.js';
import type { Release, TorrentFile } from '../../../src/domain/release.js';
import type {
  JudgeContext,
  ParsedRelease,
  RejectionCode,
  Verdict,
  Wanted,
  WantedEpisodes,
  WantedMovie,
} from '../../../src/domain/selection/index.js';
import { judge } from '../../../src/domain/selection/index.js';

export const MB = 1024 ** 2;
export const GB = 1024 ** 3;

export const profile: QualityProfile = {
  qualities: [
    { resolution: '1080p', sources: ['bluray', 'web'] },
    { resolution: '1080p', sources: ['tv'] },
    { resolution: '720p', sources: ['bluray', 'web', 'tv'] },
  ],
  unknownSource: 'lowest',
  acceptLowerAfter: 0,
  preferCached: 'always',
  uncached: { allow: true, minSeeders: 5 },
  sizeMbPerMin: { '720p': [4, 80], '1080p': [6, 200], '2160p': [20, 700] },
  maxSizeGb: { movie: 40, episode: 12 },
  banned: [
    'cam',
    'telesync',
    'telecine',
    'screener',
    'workprint',
    'r5',
    'cleanAudio',
    '3d',
    'upscaled',
    'disc',
    'hardcodedSubs',
  ],
  bannedTerms: [],
  languages: { requireAny: [], reject: [], allowUnknown: true, acceptMulti: true },
  hdr: { allow: ['sdr', 'hdr', 'hdr10+', 'hlg', 'dv'], dvWithoutHdrFallback: 'reject' },
  scores: { remux: 0, hevc: 10, proper: 5, repack: 5 },
  groups: { prefer: {}, reject: [] },
  packs: { singleEpisode: 'avoid', season: 'prefer', multiSeason: 'allow' },
  maxCandidates: 3,
};

export const profile4k: QualityProfile = {
  ...profile,
  qualities: [{ resolution: '2160p', sources: ['bluray', 'web'] }],
};

export const nameFilter: NameFilter = {
  mode: 'penalize',
  contains: ['web-dl', 'webrip', 'bdrip', 'hdrip', 'dvdrip'],
  dotted: ['bluray.x264', 'hdtv.x264', 'hdtv.xvid', 'web.x264', 'web.h264'],
  remember: 7 * 86_400_000,
};

export const context = (changes: Partial<JudgeContext> = {}): JudgeContext => ({
  profile,
  nameFilter,
  facts: [],
  waitedMs: 0,
  ...changes,
});

/** A context whose profile differs from the default one. */
export const withProfile = (changes: Partial<QualityProfile>): JudgeContext =>
  context({ profile: { ...profile, ...changes } });

let count = 0;

/** 40 hex digits, ascending with every call. */
export function hash(number?: number): string {
  count += 1;
  return (number ?? count).toString(16).padStart(40, '0');
}

export const release = (name: string, changes: Partial<Release> = {}): Release => ({
  infoHash: hash(),
  name,
  filePath: null,
  fileIndex: 0,
  sizeBytes: null,
  seeders: 20,
  provider: 'Indexer',
  quality: null,
  languages: [],
  cached: null,
  packMarker: false,
  trackers: [],
  ...changes,
});

export const sintel: WantedMovie = {
  kind: 'movie',
  titles: ['Sintel'],
  year: 2010,
  runtimeMin: 15,
  tier: 'standard',
};

export const livingDead: WantedMovie = {
  kind: 'movie',
  titles: ['Night of the Living Dead'],
  year: 1968,
  runtimeMin: 96,
  tier: 'standard',
};

export const pioneerOne = (changes: Partial<WantedEpisodes> = {}): WantedEpisodes => ({
  kind: 'episodes',
  titles: ['Pioneer One'],
  year: 2010,
  runtimeMin: 30,
  season: 1,
  episodes: [1],
  seasonEpisodeCount: 6,
  specials: false,
  tier: 'standard',
  ...changes,
});

export const judgeName = (name: string, wanted: Wanted, ctx = context(), changes: Partial<Release> = {}): Verdict =>
  judge(release(name, changes), wanted, ctx);

export const codes = (verdict: Verdict): RejectionCode[] => verdict.rejections.map(({ code }) => code);

/** Files of these paths and sizes; ids are the position in the list, from 1. */
export const files = (...list: [path: string, bytes: number][]): TorrentFile[] =>
  list.map(([path, bytes], index) => ({ id: index + 1, path: `/${path}`, bytes: Math.round(bytes) }));

export const flagNames = (parsed: ParsedRelease): string[] =>
  Object.entries(parsed.flags).flatMap(([name, set]) => (set ? [name] : []));
