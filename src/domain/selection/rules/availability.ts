import type { QualityProfile } from '../../profile.js';
import type { Release } from '../../release.js';
import { predictsNameRefusal } from '../nameFilter.js';
import { type Rejection, refuse, refuseForNow } from '../rejections.js';
import { concerns } from './memory.js';
import type { Rule, Subject } from './subject.js';

/** Can it be had at all? */

/**
 * Whether a release that turned out not to be cached may be downloaded all the same.
 * An unknown number of seeders passes, as an unknown size does: some addons never name it.
 */
export function mayKeepUncached(
  release: Pick<Release, 'seeders'>,
  profile: Pick<QualityProfile, 'uncached'>,
): { ok: true } | { ok: false; rejection: Rejection } {
  const { allow, minSeeders } = profile.uncached;
  if (!allow) return { ok: false, rejection: refuseForNow('uncached', 'not cached', 'cached') };
  if (release.seeders === null || release.seeders >= minSeeders) return { ok: true };
  return { ok: false, rejection: refuseForNow('seeders', String(release.seeders), `at least ${minSeeders}`) };
}

/** Real-Debrid's own word only: an addon's missing marker says nothing, and seeders do not matter for what may be cached. */
export const uncachedRule: Rule = (subject) => {
  if (!isKnownUncached(subject)) return null;
  const kept = mayKeepUncached(subject.release, subject.ctx.profile);
  return kept.ok ? null : kept.rejection;
};

function isKnownUncached({ ctx, release }: Subject): boolean {
  if (ctx.knownCached !== null && ctx.knownCached !== undefined) return !ctx.knownCached;
  return ctx.facts.some((fact) => fact.code === 'not-cached' && concerns(fact, release.fileIndex));
}

export const nameFilterRule: Rule = ({ ctx, release }) =>
  ctx.nameFilter.mode === 'skip' && predictsNameRefusal(release, ctx.nameFilter)
    ? refuse('name-filter', 'a refused pattern', 'a name without one')
    : null;
