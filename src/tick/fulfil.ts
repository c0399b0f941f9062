import PQueue from 'p-queue';
import { MINUTE } from '../clock.js';
import { groupBy } from '../domain/group.js';
import { isSpan, joinPlans, type Plan, type PlannedWant, singleOf, splitBehind } from '../domain/plan.js';
import { recordSearch, type Verdict } from '../domain/selection/index.js';
import { count } from '../domain/span.js';
import { singleKey } from '../domain/want.js';
import type { JournaledSearch } from '../store/index.js';
import { withWork } from '../work.js';
import { advance } from './advance.js';
import { arrange } from './arrange.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { isShareUsed } from './hourlyShare.js';
import { say } from './narrate.js';
import { nothing, sourceIsWell, unanswered } from './nothing.js';
import { attendToNumbering } from './numbering.js';
import { newRound, type Round } from './prepare.js';
import { candidatesOf, type SearchResult, search } from './search.js';
import { type Step, walk } from './walk.js';
import { partsOf } from './wanted.js';

/** Searches with their walk that are under way at once; the services' own limits set the pace. */
const WALKS_AT_ONCE = 4;
/** Real-Debrid's list is at most this old when something is added: nothing is added that is already there. */
const LIST_AGE = MINUTE;
/** Candidates kept in the journal, per search. */
const JOURNALED = 30;
/** So many episodes of a season without any release: the others will have none either. */
const BARREN_EPISODES = 2;

/** One go over plans: what their walks share. */
interface Pass {
  tick: Tick;
  /** By the plan's key, kept over all passes of the tick. */
  rounds: Map<string, Round>;
  /**
   * A title's plans are worked one after the other, and between the titles turns go round walk by walk: nobody waits
   * for the end of somebody else's thousand episodes.
   */
  turns: PQueue;
}

/** Works the due plans: never-searched first, serially per title, until the tick's time for new work is up. */
export const fulfil = async (tick: Tick, plans: Plan[]): Promise<void> => {
  const rounds = new Map<string, Round>();
  let queue = byOpenProbes(tick, plans);
  while (queue.length > 0) {
    const waiting = await workAll({ tick, rounds, turns: new PQueue({ concurrency: WALKS_AT_ONCE }) }, queue);
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
const byOpenProbes = (tick: Tick, plans: readonly Plan[]): Plan[] => {
  const { grabs } = tick.store;
  const walking = new Map(
    grabs
      .openFor(plans.flatMap(({ wants }) => wants.map(({ id }) => id)))
      .reverse()
      .flatMap((grab) => grabs.wantIds(grab.id).map((wantId) => [wantId, grab.plan] as const)),
  );
  const parts = plans.flatMap((plan) => {
    const groups = groupBy(plan.wants, ({ id }) => walking.get(id) ?? plan.key);
    return [...groups].map(([key, wants]) => singleBy(plan, key) ?? { ...plan, key, wants });
  });
  return [...groupBy(parts, ({ key }) => key)].flatMap(([key, [first, ...others]]) =>
    first === undefined ? [] : [joinPlans(first, others, key)],
  );
};

/** Begun for one of its episodes, the others only came along: nothing else is to be searched for because of them. */
const singleBy = (plan: Plan, key: string): Plan | undefined => {
  const want = plan.wants.find((one) => singleKey(one) === key);
  return want && singleOf(plan, want);
};

interface Waiting {
  plan: Plan;
  until: number;
}

const workAll = async (pass: Pass, plans: Plan[]): Promise<Waiting[]> => {
  const titles = groupBy(plans, (plan) => `${plan.type}:${plan.tmdbId}`);
  const jobs = [...titles.values()].map((title) => workTitle(pass, title));
  // All have come to rest before anything goes on, or ends: none may work on behind a stop.
  await Promise.allSettled(jobs);
  return (await Promise.all(jobs)).flat();
};

const workTitle = async (pass: Pass, plans: Plan[]): Promise<Waiting[]> => {
  const { tick } = pass;
  const arranged = await inTurn(pass, () => arrange(tick, plans));
  if (arranged === undefined) {
    return [];
  }
  const waiting: Waiting[] = [];
  for (const plan of arranged) {
    waiting.push(...(await onePlan(pass, plan)));
  }
  await attendToNumbering(tick, plans);
  return waiting;
};

/** undefined = the tick's time is up, or nothing may be added. */
const inTurn = <T>({ tick, turns }: Pass, work: () => Promise<T>): Promise<T | undefined> =>
  turns.add(async () => {
    const isOver = tick.signal.aborted || tick.clock.now() >= tick.workUntil || tick.addsPaused() !== null;
    return isOver ? undefined : work();
  });

/** The walks that wait for a probe to tell; empty when the plan needs nothing more in this tick. */
const onePlan = async (pass: Pass, plan: Plan): Promise<Waiting[]> => {
  const several = plan.wants.length > 1;
  if (several && plan.approach === 'singles') {
    return oneByOne(pass, plan);
  }
  if (several && plan.approach === 'singles-first') {
    return singlesFirst(pass, plan);
  }
  const walked = await walkPlan(pass, plan);
  if (walked?.step.kind === 'wait') {
    return [{ plan, until: walked.step.until }];
  }
  return walked?.step.kind === 'nothing' ? withoutThat(pass, plan, walked.reach) : [];
};

/**
 * Nothing came of it. No torrent will do for all of several seasons: first for as many as one on offer names (`reach`),
 * then for the others. No season pack: each episode.
 */
const withoutThat = async (pass: Pass, plan: Plan, reach: number): Promise<Waiting[]> => {
  if (plan.withoutPacks === true) {
    return onePlan(pass, { ...plan, withoutPacks: false });
  }
  if (!isSpan(plan)) {
    return plan.wants.length > 1 ? oneByOne(pass, plan) : [];
  }
  const waiting: Waiting[] = [];
  for (const part of splitBehind(plan, reach)) {
    waiting.push(...(await onePlan(pass, part)));
  }
  return waiting;
};

/** No pack will do: each episode on its own. Two in a row without any release end it: the rest waits with them. */
const oneByOne = async (pass: Pass, plan: Plan): Promise<Waiting[]> => {
  const { waiting, left } = await walkSingles(pass, plan, ({ offers }) => offers === 0);
  if (left.length > 0) {
    nothing(pass.tick, { ...plan, wants: left }, { verdicts: [], offers: 0, unasked: true });
  }
  return waiting;
};

/** Most of the season is there: singles, and one pack for what no single brings. */
const singlesFirst = async (pass: Pass, plan: Plan): Promise<Waiting[]> => {
  const missed: PlannedWant[] = [];
  const { waiting, left } = await walkSingles(pass, { ...plan, withoutPacks: true }, ({ step }, want) => {
    if (step.kind === 'nothing') {
      missed.push(want);
    }
    return step.kind === 'nothing';
  });
  const wants = [...missed, ...left].sort((a, b) => a.episode - b.episode);
  return wants.length === 0 ? waiting : [...waiting, ...(await onePlan(pass, { ...plan, wants, approach: 'pack' }))];
};

/** Walks for each want alone; `left` are those after several barren ones in a row. */
const walkSingles = async (
  pass: Pass,
  plan: Plan,
  isBarren: (walked: Walked, want: PlannedWant) => boolean,
): Promise<{ waiting: Waiting[]; left: PlannedWant[] }> => {
  const waiting: Waiting[] = [];
  let barren = 0;
  const wants = rotated(plan.wants);
  for (const [place, want] of wants.entries()) {
    if (barren >= BARREN_EPISODES) {
      return { waiting, left: wants.slice(place) };
    }
    if (isUnderWay(pass.tick, want)) {
      continue;
    }
    const single = singleOf(plan, want);
    const walked = await walkPlan(pass, single);
    if (walked === undefined) {
      break;
    }
    barren = isBarren(walked, want) ? barren + 1 : 0;
    if (walked.step.kind === 'wait') {
      waiting.push({ plan: single, until: walked.step.until });
    }
  }
  return { waiting, left: [] };
};

/** A pack that was taken for another one of them brings it along. */
const isUnderWay = (tick: Tick, { id }: PlannedWant): boolean => tick.store.grabs.openFor([id]).length > 0;

/** Each round begins with others: those that nobody has must not for ever stand before those that somebody has. */
const rotated = (wants: readonly PlannedWant[]): PlannedWant[] => {
  const rounds = Math.max(...wants.map(({ backoffStep }) => backoffStep));
  const start = (rounds * BARREN_EPISODES) % wants.length;
  return [...wants.slice(start), ...wants.slice(0, start)];
};

interface Walked {
  step: Step;
  offers: number;
  /** How many of its seasons, from the first on, one torrent on offer names. */
  reach: number;
}

/** undefined = it could not be worked on (time or the hour's share of grabs is up, a service is away). */
const walkPlan = (pass: Pass, plan: Plan): Promise<Walked | undefined> =>
  inTurn(pass, async () => {
    if (isShareUsed(pass.tick, plan.key)) {
      return undefined;
    }
    const round = pass.rounds.get(plan.key) ?? newRound();
    pass.rounds.set(plan.key, round);
    return withWork({ requestId: plan.requestIds[0], plan: plan.key }, async () => {
      let isOfTitle = false;
      const walked = await guard(pass.tick, plan.key, async () => {
        try {
          return await work(pass.tick, plan, round);
        } catch (error) {
          isOfTitle = unanswered(pass.tick, plan, error);
          throw error;
        }
      });
      // What the addon makes of one episode keeps nobody from asking for the others.
      return walked ?? (isOfTitle && plan.wants.length > 1 ? NO_OFFERS : undefined);
    });
  });

const NO_OFFERS: Walked = { step: { kind: 'nothing' }, offers: 0, reach: 1 };

const work = async (tick: Tick, plan: Plan, round: Round): Promise<Walked> => {
  const wanted = await partsOf(tick, plan.wants);
  await tick.account.list(LIST_AGE);
  const found = await search(tick, plan, wanted[0]);
  if (round.adds === 0 && round.refusals === 0 && round.done.size === 0) {
    journalCandidates(tick, plan, found);
  }
  const step = await walk({ tick, plan, wanted, round, candidates: candidatesOf(tick, plan, found) });
  if (found.offers > 0) {
    sourceIsWell(tick);
  }
  const [want, ...others] = plan.wants;
  if (want !== undefined && others.length === 0 && plan.withoutPacks !== true) {
    if (step.kind === 'nothing') {
      nothing(tick, plan, found);
    } else if (found.offers > 0) {
      tick.store.wants.offered(want.id, found.offers);
    }
  }
  return { step, offers: found.offers, reach: found.reach };
};

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
    `${plan.key}: ${count(verdicts.length, 'release')} on offer, ${candidates.filter((one) => one.accepted).length} acceptable (profile ${profile.name}: ${profile.why})`,
    {
      kind: 'candidate',
      code: 'searched',
      level: 'debug',
      data: { plan: plan.key, profile: profile.name, ...tally(verdicts), candidates },
    },
  );
};

/** How many were on offer, how many would do, and why the others would not (their first rejections). */
const tally = (verdicts: readonly Verdict[]): Omit<JournaledSearch, 'candidates'> => {
  const refused: Record<string, number> = {};
  for (const { rejections } of verdicts) {
    const code = rejections[0]?.code;
    if (code !== undefined) {
      refused[code] = (refused[code] ?? 0) + 1;
    }
  }
  return { offers: verdicts.length, acceptable: verdicts.filter(({ accepted }) => accepted).length, refused };
};
