export { decide, type SearchInput } from './decide.js';
export { fileNumbers } from './fileNumbers.js';
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
export {
  chooseProfile,
  type ProfileChoice,
  type ProfileKeys,
  type ProfileRule,
  type ProfileSubject,
} from './profileChoice.js';
export { type RankContext, rank } from './rank.js';
export { type JudgedRelease, outcomeOf, type RecordedSearch, recordSearch } from './recordedSearch.js';
export { type Rejection, type RejectionCode, rejectionCodes } from './rejections.js';
export { parseRelease } from './releaseName.js';
export { spanningPacks } from './spanningPacks.js';
export { type ParsedStream, parseStream, type RawStream } from './streamText.js';
export { matchTitle, type TitleMatch } from './titles.js';
export type { JudgeContext, PackKind, RememberedFact, Score, Verdict } from './verdict.js';
export { absoluteMapOf, type Wanted, type WantedEpisodes, type WantedMovie } from './wanted.js';
