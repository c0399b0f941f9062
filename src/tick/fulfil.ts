import PQueue from 'p-queue';
import { MINUTE } from '../clock.js';
import { searchBackoff } from '../domain/backoff.js';
import { groupBy } from '../domain/group.js';
import type { Plan } from '../domain/plan.js';
import { recordSearch, rejectionCodes, type Verdict } from '../domain/selection/index.js';
import { humanSpan } from '../domain/span.js';
import { withWork } from '../work.js';
import { advance } from './advance.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { type SearchResult, search } from './search.js';
import { newRound, type Round, type Step, walk } from './walk.js';
import { wantedOf } from './wanted.js';

/** Titles worked on at once; the services' own limits set the pace. */
const TITLES_AT_ONCE = 4;
/** Real-Debrid's list is at most this old when something is added: nothing is added that is already there. */
const LIST_AGE = MINUTE;
/** Candidates kept in the journal, per search. */
const JOURNALED = 30;
/** So many different titles empty in a row: the source, not the titles. */
const SUSPICIOUS_EMPTIES = 5;
/** So many episodes of a season without any release: the others will have none either. */
const BARREN_EPISODES = 2;
const EMPTIES_KEY = 'torrentio.empties';

/** Works the due plans: never-searched first, serially per title, until the tick's time for new work is up. */
export const fulfil = async (tick: Tick, plans: Plan[]): Promise<void> => {
  const rounds = new Map<string, Round>();
  let queue = plans.flatMap((plan) => byOpenProbes(tick, plan));
  while (queue.length > 0) {
    const waiting = await pass(tick, queue, rounds);
    const until = Math.max(...waiting.map((entry) => entry.until));
    if (waiting.length === 0 || until > tick.workUntil) {
      return;
    }
    await tick.clock.sleep(Math.max(0, until - tick.clock.now()), tick.signal);
    // One list serves all probes of this round.
    const list = await guard(tick, 'the Real-Debrid list', () => tick.account.list(0));
    if (list === undefined) {
      return;
    }
    await advance(tick, list);
    queue = waiting.map((entry) => entry.plan);
  }
};

/** Wants that an earlier tick has begun to walk for go on in the same company. */
const byOpenProbes = (tick: Tick, plan: Plan): Plan[] => {
  const groups = groupBy(plan.wants, (want) => tick.store.grabs.openFor([want.id])[0]?.plan ?? plan.key);
  return [...groups].map(([key, wants]) => ({ ...plan, key, wants }));
};

interface Waiting {
  plan: Plan;
  until: number;
}

const pass = async (tick: Tick, plans: Plan[], rounds: Map<string, Round>): Promise<Waiting[]> => {
  const waiting: Waiting[] = [];
  const pool = new PQueue({ concurrency: TITLES_AT_ONCE });
  const titles = groupBy(plans, (plan) => `${plan.type}:${plan.tmdbId}`);
  const jobs = [...titles.values()].map((title) =>
    pool.add(async () => {
      for (const plan of title) {
        waiting.push(...(await onePlan(tick, plan, rounds)));
      }
    }),
  );
  // All have come to rest before anything goes on, or ends: none may work on behind a stop.
  await Promise.allSettled(jobs);
  await Promise.all(jobs);
  return waiting;
};

/** The walks that wait for a probe to tell; empty when the plan needs nothing more in this tick. */
const onePlan = async (tick: Tick, plan: Plan, rounds: Map<string, Round>): Promise<Waiting[]> => {
  const walked = await walkPlan(tick, plan, rounds);
  if (walked?.step.kind === 'wait') {
    return [{ plan, until: walked.step.until }];
  }
  return walked?.step.kind === 'nothing' && plan.wants.length > 1 ? oneByOne(tick, plan, rounds) : [];
};

/** No pack will do: each episode on its own. Two in a row without any release end it: the rest waits with them. */
const oneByOne = async (tick: Tick, plan: Plan, rounds: Map<string, Round>): Promise<Waiting[]> => {
  const waiting: Waiting[] = [];
  let barren = 0;
  for (const [place, want] of plan.wants.entries()) {
    if (barren >= BARREN_EPISODES) {
      postponeRest(tick, plan, plan.wants.slice(place));
      break;
    }
    const single = { ...plan, key: `${plan.key}:${want.episode}`, wants: [want] };
    const walked = await walkPlan(tick, single, rounds);
    if (walked === undefined) {
      break;
    }
    barren = walked.offers === 0 ? barren + 1 : 0;
    if (walked.step.kind === 'wait') {
      waiting.push({ plan: single, until: walked.step.until });
    }
  }
  return waiting;
};

interface Walked {
  step: Step;
  offers: number;
}

/** undefined = it could not be worked on (time is up, a service is away). */
const walkPlan = async (tick: Tick, plan: Plan, rounds: Map<string, Round>): Promise<Walked | undefined> => {
  if (tick.signal.aborted || tick.clock.now() >= tick.workUntil || tick.addsPaused() !== null) {
    return undefined;
  }
  const round = rounds.get(plan.key) ?? newRound();
  rounds.set(plan.key, round);
  return withWork({ requestId: plan.requestIds[0], plan: plan.key }, () =>
    guard(tick, plan.key, () => work(tick, plan, round)),
  );
};

const work = async (tick: Tick, plan: Plan, round: Round): Promise<Walked> => {
  const wanted = await wantedOf(tick, plan.wants);
  await tick.account.list(LIST_AGE);
  const found = await search(tick, plan, wanted);
  const candidates = found.verdicts.filter((verdict) => verdict.accepted);
  if (round.adds === 0 && round.refusals === 0 && round.done.size === 0) {
    journalCandidates(tick, plan, found);
  }
  const step = await walk({ tick, plan, wanted, round, candidates });
  if (found.offers > 0) {
    tick.store.state.set(EMPTIES_KEY, []);
  }
  if (step.kind === 'nothing' && plan.wants.length === 1) {
    nothing(tick, plan, found.verdicts, found.offers);
  }
  return { step, offers: found.offers };
};

const postponeRest = (tick: Tick, plan: Plan, wants: Plan['wants']): void => nothing(tick, { ...plan, wants }, [], 0);

const journalCandidates = (tick: Tick, plan: Plan, found: SearchResult): void => {
  const { verdicts, input, profile } = found;
  tick.store.searches.record(plan.key, plan.requestIds[0], tick.clock.now(), recordSearch(input, verdicts, found));
  const candidates = verdicts.slice(0, JOURNALED).map(({ release, accepted, rejections, score }) => ({
    infoHash: release.infoHash,
    release: release.name,
    accepted,
    score: score?.total ?? null,
    rejections: rejections.map(({ code, got, wanted }) => ({ code, got, wanted })),
  }));
  say(
    tick,
    plan.requestIds,
    `${plan.key}: ${verdicts.length} releases on offer, ${candidates.filter((one) => one.accepted).length} acceptable (profile ${profile.name}: ${profile.why})`,
    {
      kind: 'candidate',
      code: 'searched',
      level: 'debug',
      data: { plan: plan.key, profile: profile.name, candidates },
    },
  );
};

/** Nothing acceptable: the wants wait, longer each time, and it is said why. */
const nothing = (tick: Tick, plan: Plan, verdicts: Verdict[], offers: number): void => {
  const now = tick.clock.now();
  const unknown = offers === 0 && sourceIsSuspect(tick, plan);
  const step = Math.max(...plan.wants.map((want) => want.backoffStep));
  const dueFor = now - Math.min(...plan.wants.map((want) => want.firstDueAt ?? now));
  const wait = searchBackoff(tick.config.search.backoff, unknown ? 0 : step, dueFor);
  const nextActionAt = now + wait;
  const [code, why] = unknown
    ? [
        'source-unknown',
        'the addon answers with nothing where it had something before; taken as its fault, not the title’s',
      ]
    : reasonOf(verdicts, offers);
  tick.store.wants.postpone(
    plan.wants.map((want) => want.id),
    {
      nextActionAt,
      waitCode: code,
      searchedAt: now,
      ...(unknown ? {} : { backoffStep: step + 1, offers }),
    },
  );
  for (const want of plan.wants) {
    const row = tick.store.wants.get(want.id);
    if (row !== undefined) {
      tick.report.nothing.push({ want: tick.store.keyOf(row), code, nextActionAt });
    }
  }
  const request = tick.store.requests.get(plan.requestIds[0]);
  const title = request === undefined ? plan.key : titleOf(request);
  const season = plan.type === 'movie' ? '' : ` season ${plan.season}`;
  say(tick, plan.requestIds, `${title}${season}: ${why}; searched again in ${humanSpan(wait)}`, {
    kind: 'decision',
    code: 'nothing-acceptable',
    level: 'info',
    data: { plan: plan.key, nextActionAt: new Date(nextActionAt).toISOString() },
  });
};

/** An empty answer for a title that had results, or for several different titles in a row, says nothing about the title. */
const sourceIsSuspect = (tick: Tick, plan: Plan): boolean => {
  const empties = new Set(tick.store.state.get<string[]>(EMPTIES_KEY) ?? []).add(plan.key);
  tick.store.state.set(EMPTIES_KEY, [...empties].slice(-SUSPICIOUS_EMPTIES));
  const hadResults = plan.wants.some((want) => (tick.store.wants.get(want.id)?.offers ?? 0) > 0);
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
  const list = reasons.slice(0, 4).map(([code, count]) => `${count} ${code}`);
  const meaning = rejectionCodes[first[0] as keyof typeof rejectionCodes] ?? '';
  return [first[0], `none of ${verdicts.length} releases will do (${list.join(', ')}: ${meaning.replace(/\.$/, '')})`];
};
