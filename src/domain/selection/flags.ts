import type { ReleaseFlags } from './parsedRelease.js';
import { isPartOfSeason } from './seasons.js';
import { tagsOf } from './trash.js';

const token = (body: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${body})(?![\\p{L}\\p{N}])`, 'iu');

const THREE_D = token('3D|H?-?SBS|Half[\\s._-]?(?:SBS|OU)|H-?OU');
const UPSCALED = token('(?:AI)?up(?:scaled?|scaling|rez|res)|AI[\\s._-]enhanced');
const HARDCODED = token('HC|KORSUBS?|hard[\\s._-]?(?:coded|sub(?:s|bed)?)(?:[\\s._-]subs?)?');
const DISC = token(
  'BDMV|BD(?:25|50|66|100)|ISO|VIDEO_TS|full[\\s._-]?(?:blu[\\s._-]?ray|bd|disc|disk)|DVD[59]|DVD[\\s._-]?R|BR[\\s._-]?Disk',
);
const COMPLETE_DISC = token('complete[\\s._-](?:(?:UHD|MULTi)[\\s._-])*blu[\\s._-]?ray');
const ENCODED = /(?<![\p{L}\p{N}])(?:[xh][\s.]?26[45]|remux|rip)(?![\p{L}\p{N}])|(?:bd|br)rip/iu;
/** Directly behind the season or year: further back it only says that extras are included. */
const EXTRAS =
  /(?<![\p{L}\p{N}])(?:S\d{1,4}|(?:season|series|saison|staffel)[\s._]{0,2}\d{1,2}|(?:19|20)\d{2}[)\]]?)[\s._-]{1,3}[([]?(?:extras?|bonus|trailers?|teasers?|making[\s._-]of|featurettes?|deleted[\s._-]scenes|behind[\s._-]the[\s._-]scenes|special[\s._-]features|interviews)(?![\p{L}\p{N}])/iu;
const COMPLETE = token('complet[aeo]?|int[eé]grale?|collection|box[\\s._-]?set');

/** What the parser library found of the same flags. */
export interface LibraryFlags {
  proper: boolean;
  repack: boolean;
  threeD: boolean;
  upscaled: boolean;
  hardcoded: boolean;
  half: boolean;
  /** An explicit episode was found, so that neither "extras" nor "part" speaks of a whole season. */
  hasEpisode: boolean;
}

export function flagsOf(name: string, library: LibraryFlags): ReleaseFlags {
  const tags = tagsOf(name);
  return {
    proper: library.proper,
    repack: library.repack,
    threeD: library.threeD || THREE_D.test(name),
    upscaled: library.upscaled || UPSCALED.test(tags),
    hardcodedSubs: library.hardcoded || HARDCODED.test(tags),
    extras: !library.hasEpisode && EXTRAS.test(name),
    partialPack: !library.hasEpisode && isPartOfSeason(name),
    complete: COMPLETE.test(name),
    disc: DISC.test(tags) || (COMPLETE_DISC.test(name) && !ENCODED.test(name)),
    halfEpisode: library.half,
  };
}
