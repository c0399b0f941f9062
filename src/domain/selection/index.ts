export { type ChooseFilesOptions, chooseFiles, type FileChoice } from './files.js';
export { judge, mayKeepUncached } from './judge.js';
export { nameIsRefused, predictsNameRefusal } from './nameFilter.js';
export type {
  Codec,
  ParsedHdr,
  ParsedRelease,
  ParsedResolution,
  ReleaseFlags,
  TrashReason,
} from './parsedRelease.js';
export { type RankContext, rank } from './rank.js';
export { type Rejection, type RejectionCode, rejectionCodes } from './rejections.js';
export { parseRelease } from './releaseName.js';
export { spanningPacks } from './spanningPacks.js';
export { type ParsedStream, parseStream, type RawStream } from './streamText.js';
export { matchTitle, type TitleMatch } from './titles.js';
export type { JudgeContext, PackKind, RememberedFact, Score, Verdict } from './verdict.js';
export type { Wanted, WantedEpisodes, WantedMovie } from './wanted.js';
