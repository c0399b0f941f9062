import type { Release } from '../../release.js';
import type { Reading } from '../reading.js';
import type { Rejection } from '../rejections.js';
import type { Scope } from '../scope.js';
import type { TitleMatch } from '../titles.js';
import type { JudgeContext } from '../verdict.js';
import type { Wanted } from '../wanted.js';

/** Everything a rule may look at; read once per release. */
export interface Subject {
  release: Release;
  wanted: Wanted;
  ctx: JudgeContext;
  reading: Reading;
  /** How the title was recognised in the torrent line, else in the file line; `unasked` = no title is known. */
  title: TitleMatch | 'unasked';
  /** Where the title was recognised: its years count. */
  titleLine: 'torrent' | 'file';
  /** null for movies. */
  scope: Scope | null;
  tierIndex: number | null;
  /** Size of the matched file per minute; null = unknown. */
  mbPerMin: number | null;
  /** Episodes in the matched file; 1 for movies. */
  episodesInFile: number;
}

/** One reason to refuse, or null. */
export type Rule = (subject: Subject) => Rejection | null;
