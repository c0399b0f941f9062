import { MINUTE } from '../clock.js';
import { searchBackoff } from '../domain/backoff.js';
import { isServiceError } from '../domain/errors.js';
import { groupBy } from '../domain/group.js';
import { partOf } from '../domain/part.js';
import type { Plan, PlannedWant } from '../domain/plan.js';
import { rejectionCodes, type Verdict } from '../domain/selection/index.js';
import { count, humanSpan } from '../domain/span.js';
import { wantKey } from '../domain/want.js';
import type { Tick } from './context.js';
import { say, titleOf } from './narrate.js';

/** So many different titles empty in a row: the source, not the titles. */
const SUSPICIOUS_EMPTIES = 5;
const EMPTIES_KEY = 'torrentio.empties';

/** The addon has answered with something: it is well. */
export const sourceIsWell = (tick: Tick): void => tick.store.state.set(EMPTIES_KEY, []);

/** Nothing acceptable: the wants wait, longer each time, and it is said why. */
export const nothing = (
  tick: Tick,
  plan: Plan,
  { verdicts, offers, unasked = false }: { verdicts: Verdict[]; offers: number; unasked?: boolean },
): void => {
  const now = tick.clock.now();
  const unknown = !unasked && offers === 0 && sourceIsSuspect(tick, plan);
  const [code, why] = unknown
    ? [
        'source-unknown',
        'the addon answers with nothing where it had something before; taken as its fault, not the title’s',
      ]
    : unasked
      ? ['not-searched', 'nobody has the episodes that were searched, so the others wait with them']
      : reasonOf(verdicts, offers);
  // Each by its own: one that has just aired does not wait as long as those that nobody has had for a year.
  const waitOf = ({ backoffStep, firstDueAt }: PlannedWant) =>
    searchBackoff(tick.config.search.backoff, unknown ? 0 : backoffStep, now - (firstDueAt ?? now));
  const waits = groupBy(plan.wants, (want) => `${want.backoffStep} ${waitOf(want)}`);
  for (const [first, ...others] of waits.values()) {
    if (first === undefined) {
      continue;
    }
    const wants = [first, ...others];
    const nextActionAt = now + waitOf(first);
    tick.store.wants.postpone(
      wants.map((want) => want.id),
      {
        nextActionAt,
        waitCode: code,
        searchedAt: now,
        ...(unknown ? {} : { backoffStep: first.backoffStep + 1, offers }),
      },
    );
    tick.report.nothing.push(...wants.map((want) => ({ want: wantKey(want), code, nextActionAt })));
  }
  const wait = Math.min(...plan.wants.map(waitOf));
  const request = tick.store.requests.get(plan.requestIds[0]);
  const title = request === undefined ? plan.key : titleOf(request);
  const part = partOf(plan.wants);
  say(
    tick,
    plan.requestIds,
    `${title}${part === null ? '' : `, ${part}`}: ${why}; searched again in ${humanSpan(wait)}`,
    {
      kind: 'decision',
      code: 'nothing-acceptable',
      level: 'info',
      data: { plan: plan.key, nextActionAt: new Date(now + wait).toISOString() },
    },
  );
};

/** A title of which the addon makes no sense is asked for so often; each call counts against its daily budget. */
const ASK_AGAIN = 15 * MINUTE;

/**
 * The addon has not answered for this. Others go first the next time: one that it always fails for must not be the only
 * one that is ever asked for. Returns whether the answer says something of the title rather than of the addon.
 */
export const unanswered = (tick: Tick, { wants }: Plan, error: unknown): boolean => {
  if (!isServiceError(error) || error.operation !== 'streams' || WAITING.has(error.code)) {
    return false;
  }
  const now = tick.clock.now();
  const ids = wants.map(({ id }) => id);
  const isOfTitle = error.failure === 'ours';
  // Of several episodes, each is asked for alone.
  if (isOfTitle && ids.length === 1) {
    tick.store.wants.postpone(ids, { nextActionAt: now + ASK_AGAIN, waitCode: 'unanswered', searchedAt: now });
  } else {
    tick.store.wants.searched(ids, now);
  }
  return isOfTitle;
};

/** Nothing was asked. */
const WAITING: ReadonlySet<string> = new Set(['paused', 'budget-spent']);

/** An empty answer for a title that had results, or for several different titles in a row, says nothing about the title. */
const sourceIsSuspect = (tick: Tick, plan: Plan): boolean => {
  // By title: that a season's episodes have no release, one as the other, says nothing about the addon.
  const title = `${plan.type}:${plan.tmdbId}`;
  const empties = new Set(tick.store.state.get<string[]>(EMPTIES_KEY) ?? []).add(title);
  tick.store.state.set(EMPTIES_KEY, [...empties].slice(-SUSPICIOUS_EMPTIES));
  const hadResults = plan.wants.some(({ offers }) => offers > 0);
  return hadResults || empties.size >= SUSPICIOUS_EMPTIES;
};

const reasonOf = (verdicts: Verdict[], offers: number): [string, string] => {
  if (offers === 0) {
    return ['no-releases', 'no release is on offer'];
  }
  const counts = new Map<string, number>();
  for (const verdict of verdicts) {
    const code = verdict.rejections[0]?.code;
    if (code !== undefined) {
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  }
  const reasons = [...counts].sort((a, b) => b[1] - a[1]);
  const [first] = reasons;
  if (first === undefined) {
    return ['none-left', 'every acceptable release was tried'];
  }
  const list = reasons.slice(0, 4).map(([code, n]) => `${n} ${code}`);
  const meaning = rejectionCodes[first[0] as keyof typeof rejectionCodes] ?? '';
  return [
    first[0],
    `none of ${count(verdicts.length, 'release')} will do (${list.join(', ')}: ${meaning.replace(/\.$/, '')})`,
  ];
};
