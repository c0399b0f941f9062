/** A quality profile as the user writes it under `selection.profiles` (sizes, units and reasons: the config schema). */
export type Resolution = '2160p' | '1440p' | '1080p' | '720p' | '576p' | '480p';
export type Source = 'remux' | 'bluray' | 'web' | 'tv' | 'dvd' | 'hddvd' | 'vhs';
export type Banned =
  | 'cam'
  | 'telesync'
  | 'telecine'
  | 'screener'
  | 'workprint'
  | 'r5'
  | 'cleanAudio'
  | '3d'
  | 'upscaled'
  | 'disc'
  | 'hardcodedSubs';
export type Hdr = 'sdr' | 'hdr' | 'hdr10+' | 'hlg' | 'dv';

export interface QualityProfile {
  /** Ordered, first = best; one line is one tier; what is not listed is refused. `bluray` includes remuxes. */
  qualities: { resolution: Resolution; sources: Source[] }[];
  unknownSource: 'reject' | 'lowest';
  /** ms since the want was first due; 0 = take the best on offer now. */
  acceptLowerAfter: number;
  preferCached: 'always' | 'sameTier' | 'never';
  uncached: { allow: boolean; minSeeders: number };
  /** MB per minute of runtime, [min, max] by resolution. */
  sizeMbPerMin: Partial<Record<Resolution, [number, number]>>;
  maxSizeGb: { movie: number; episode: number };
  banned: Banned[];
  bannedTerms: string[];
  languages: { requireAny: string[]; reject: string[]; allowUnknown: boolean; acceptMulti: boolean };
  hdr: { allow: Hdr[]; dvWithoutHdrFallback: 'allow' | 'reject' };
  scores: { remux: number; hevc: number; proper: number; repack: number };
  groups: { prefer: Record<string, number>; reject: string[] };
  packs: {
    singleEpisode: 'avoid' | 'allow' | 'prefer';
    season: 'avoid' | 'allow' | 'prefer';
    multiSeason: 'avoid' | 'allow' | 'prefer';
  };
  /** Real-Debrid adds per plan and round. */
  maxCandidates: number;
}

/** Prediction of Real-Debrid's refusals by name (HTTP 451 since May 2026). Literal, case-insensitive patterns. */
export interface NameFilter {
  mode: 'penalize' | 'skip' | 'off';
  /** Refused when the name contains one of these. */
  contains: string[];
  /** Refused when the name contains one of these with a dot in front. */
  dotted: string[];
  /** ms that a hash which Real-Debrid refused by name stays refused. */
  remember: number;
}
