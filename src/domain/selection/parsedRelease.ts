import type { Resolution, Source } from '../profile.js';

/** Resolutions a name can state; those a profile can not list are only ever refused. */
export type ParsedResolution = Resolution | '4320p' | '540p' | '360p' | '240p';

/** Why a source counts as trash: the words of `banned` in a profile. */
export type TrashReason = 'cam' | 'telesync' | 'telecine' | 'screener' | 'workprint' | 'r5' | 'cleanAudio';

export type Codec = 'hevc' | 'avc' | 'av1' | 'xvid' | 'mpeg2' | 'vc1' | 'vp';
export type ParsedHdr = 'dv' | 'hdr10+' | 'hdr' | 'hlg';

export interface ReleaseFlags {
  proper: boolean;
  repack: boolean;
  threeD: boolean;
  upscaled: boolean;
  hardcodedSubs: boolean;
  /** Bonus material, not the work itself. */
  extras: boolean;
  /** "Part 1", "Vol 2", "Cour 1" behind a season: only some of its episodes. */
  partialPack: boolean;
  /** "Complete", "Complete series": a pack, possibly of unknown seasons. */
  complete: boolean;
  /** An untouched disc or its image. */
  disc: boolean;
  /** Only one half of an episode (`S01E01b`). */
  halfEpisode: boolean;
}

/** What a release name says. Read from text by strangers: every field is a claim, none a proof. */
export interface ParsedRelease {
  /** At most 300 characters; empty when the name holds no title. */
  title: string;
  year: number | null;
  /** Every four-digit number of the name that could be a year, in order (rescues titles that hold a year). */
  years: number[];
  /** `YYYY-MM-DD` of a daily show. */
  date: string | null;
  /** Ascending, without duplicates; 0 = specials. At most 100. */
  seasons: number[];
  /** Ascending, without duplicates; empty with a season = the whole season. At most 200. */
  episodes: number[];
  /** Bare numbers without a season: absolute numbers, or a compact `103`. At most 200. */
  absolute: number[];
  resolution: ParsedResolution | null;
  /** null = the name states no source. */
  source: Source | 'trash' | null;
  /** Set exactly when `source` is `trash`. */
  trash: TrashReason | null;
  codec: Codec | null;
  /** Empty = nothing said, which is taken as SDR. */
  hdr: ParsedHdr[];
  /** ISO 639-1 codes of the audio, a hint only. Empty = nothing said. */
  languages: string[];
  /** ISO 639-1 codes said of the subtitles only. */
  subtitles: string[];
  /** Several audio tracks. */
  multiAudio: boolean;
  group: string | null;
  flags: ReleaseFlags;
  /** Lower case, without the dot; only known video extensions. */
  extension: string | null;
}
