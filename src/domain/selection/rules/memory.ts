import { refuse, refuseForNow } from '../rejections.js';
import type { RememberedFact } from '../verdict.js';
import type { Rule } from './subject.js';

/** Codes that say nothing against a release, or only together with the profile (see the availability rules). */
const NO_BLOCK: ReadonlySet<string> = new Set(['instant', 'not-cached', 'lacks-episode', 'refused-by-name']);

export const hashRule: Rule = ({ release }) =>
  /^[0-9a-f]{40}$/.test(release.infoHash) ? null : refuse('no-hash', release.infoHash || 'none', '40 hex digits');

export const refusedByNameRule: Rule = ({ ctx }) => {
  const fact = ctx.facts.find(({ code }) => code === 'refused-by-name');
  return fact === undefined ? null : ended(fact)('refused-by-name', 'refused (451)', 'a name Real-Debrid accepts');
};

export const blockedRule: Rule = (subject) => {
  const fact = subject.ctx.facts.find(
    (known) => !NO_BLOCK.has(known.code) && concerns(known, subject.release.fileIndex),
  );
  return fact === undefined ? null : ended(fact)('blocked', fact.code, 'a release that did not fail before');
};

/** Episodes that an earlier look into the torrent did not find. */
export function missingEpisodes(facts: readonly RememberedFact[], wanted: readonly number[]): Set<number> {
  const lacking = facts.filter(({ code }) => code === 'lacks-episode');
  return new Set(lacking.flatMap((fact) => fact.episodes ?? wanted));
}

/** Whether a fact about certain files is about the file that this release would bring (id = index + 1). */
export function concerns(fact: RememberedFact, fileIndex: number | null): boolean {
  if (fact.fileIds === undefined || fileIndex === null) return true;
  return fact.fileIds.includes(fileIndex + 1);
}

const ended = (fact: RememberedFact) => (fact.until === null || fact.until === undefined ? refuse : refuseForNow);
