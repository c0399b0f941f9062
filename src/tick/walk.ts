import { isServiceError } from '../domain/errors.js';
import { mayKeepUncached, type Verdict } from '../domain/selection/index.js';
import type { TorrentEntry } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import { type Attempt, acquire, type Outcome } from './acquire.js';
import { adopt } from './adopt.js';
import { reportGrabbed, wasCached } from './advance.js';
import type { Tick } from './context.js';
import { DryRunStop } from './guard.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { prepare, type Walk } from './prepare.js';
import { profileOf } from './profile.js';
import { discard, finishDiscarding, remember } from './remove.js';

/** What a plan's walk over its candidates has come to. */
export type Step =
  /** A grab serves the wants, or is about to; nothing more to do in this tick. */
  | { kind: 'served' }
  /** A probe is in the account; whether it is cached shows at `until` (epoch ms). */
  | { kind: 'wait'; until: number }
  /** No candidate is left, and none of those tried is kept. */
  | { kind: 'nothing' };

/** Refusals by name cost little and do not count as tries, but they end somewhere. */
const MOST_REFUSALS = 10;

/** Takes the walk as far as it goes now. Its state is the probes in the database: a restart goes on where it stood. */
export const walk = async (walking: Walk): Promise<Step> => {
  const { tick, plan } = walking;
  for (;;) {
    tick.signal.throwIfAborted();
    const open = tick.store.grabs.openFor(plan.wants.map((want) => want.id));
    if (open.some((grab) => grab.role === 'chosen' || grab.state === 'adding')) {
      return { kind: 'served' };
    }
    const step = (await settleProbes(walking, open)) ?? (await tryNext(walking, open));
    if (step !== 'again') {
      return step;
    }
  }
};

/** What the probes in the account tell; null = nothing stands in the way of the next candidate. */
const settleProbes = async (walking: Walk, probes: GrabRow[]): Promise<Step | 'again' | null> => {
  const { tick } = walking;
  const undecided = probes.filter((probe) => probe.cached === null);
  if (undecided.length === 0) {
    return null;
  }
  if (undecided.some((probe) => probe.state === 'selecting' && probe.selectedIds !== null)) {
    // Its selection has not got through yet: until it has, nothing can be told of it.
    return { kind: 'served' };
  }
  const until = Math.max(...undecided.map((probe) => probe.lookAt));
  const list = await tick.account.list(Number.POSITIVE_INFINITY);
  if (tick.clock.now() < until || list.startedAt < until) {
    return { kind: 'wait', until };
  }
  const [first] = undecided;
  if (first !== undefined && probes.length === 1 && next(walking, probes) === null && keepable(walking, first)) {
    keep(walking, first, []);
    return { kind: 'served' };
  }
  for (const probe of undecided) {
    if (await lookClosely(tick, probe)) {
      return { kind: 'served' };
    }
  }
  return 'again';
};

/**
 * The list did not confirm it, and a list may be stale: only `info` makes a no of it. true = it is cached after all, or
 * it has vanished, which the next lists are to confirm.
 */
const lookClosely = async (tick: Tick, probe: GrabRow): Promise<boolean> => {
  const info = probe.rdId === null ? null : await tick.realDebrid.info(probe.rdId);
  if (info === null) {
    return true;
  }
  if (info.status === 'downloaded') {
    wasCached(tick, probe, info);
    return true;
  }
  const row = tick.store.grabs.update(probe.id, { cached: false, status: info.status });
  if (row.state === 'downloading') {
    remember(tick, row, 'not-cached');
  }
  say(tick, requestsOf(tick.store, probe), `${grabTitle(tick.store, probe)}: ${probe.release} is not cached`, {
    kind: 'decision',
    code: 'not-cached',
    level: 'debug',
    data: { infoHash: probe.infoHash },
  });
  return false;
};

/** The next candidate worth an add; null = the pass is over. */
const next = ({ tick, plan, round, candidates }: Walk, probes: readonly GrabRow[]): Verdict | null => {
  const profile = profileOf(tick, plan);
  const held = Math.max(round.adds, probes.length);
  if (held >= profile.maxCandidates || round.refusals >= MOST_REFUSALS) {
    return null;
  }
  const best = probes[0];
  if (best !== undefined && profile.preferCached === 'never') {
    return null;
  }
  const left = candidates.filter(
    ({ release }) => !round.done.has(release.infoHash) && !probes.some((probe) => probe.infoHash === release.infoHash),
  );
  if (best === undefined || profile.preferCached === 'always') {
    return left[0] ?? null;
  }
  const tier = candidates.find(({ release }) => release.infoHash === best.infoHash)?.tierIndex ?? null;
  return left.find((verdict) => verdict.tierIndex === tier) ?? null;
};

const keepable = ({ tick, plan }: Walk, grab: Pick<GrabRow, 'seeders'>): boolean =>
  mayKeepUncached({ seeders: grab.seeders }, profileOf(tick, plan)).ok;

/** An uncached release is kept: it downloads at Real-Debrid, the other probes go. */
const keep = ({ tick, plan }: Walk, probe: GrabRow, losers: GrabRow[]): void => {
  const wantIds = tick.store.grabs.wantIds(probe.id);
  tick.store.transaction(() => {
    tick.store.grabs.promote(
      probe.id,
      losers.map((loser) => loser.id),
      tick.clock.now(),
    );
    tick.store.grabs.update(probe.id, { cached: false });
  });
  reportGrabbed(tick, probe, wantIds);
  say(
    tick,
    plan.requestIds,
    `${grabTitle(tick.store, probe)}: nothing better is cached; Real-Debrid downloads ${probe.release} (${probe.seeders ?? 'unknown'} seeders)`,
    {
      kind: 'decision',
      code: 'kept-uncached',
      level: 'info',
      data: { infoHash: probe.infoHash },
    },
  );
};

const tryNext = async (walking: Walk, probes: GrabRow[]): Promise<Step | 'again'> => {
  const candidate = next(walking, probes);
  if (candidate === null) {
    return conclude(walking, probes);
  }
  walking.round.done.add(candidate.release.infoHash);
  const attempt = await prepare(walking, candidate);
  if (attempt === null) {
    return 'again';
  }
  const { tick } = walking;
  const { infoHash } = candidate.release;
  if (tick.account.entriesOf(infoHash).length > 0 || tick.store.grabs.isOpen(infoHash)) {
    const found = await adopt(tick, attempt, entriesHeld(tick, infoHash));
    if (found !== 'narrow') {
      return found === 'unfit' ? 'again' : { kind: 'served' };
    }
  }
  // Known not to be cached: no better than a probe that may be kept. Those that may not go before it is chosen.
  if (attempt.role === 'chosen' && (await conclude(walking, probes)).kind === 'served') {
    return { kind: 'served' };
  }
  const outcome = await acquireOrStop(tick, attempt);
  if (outcome !== 'dry' && outcome.kind === 'held') {
    await tick.account.list(0);
    const found = await adopt(tick, attempt, entriesHeld(tick, infoHash));
    return found === 'adopted' ? { kind: 'served' } : 'again';
  }
  return after(walking, outcome);
};

/** The account's entries of a hash, with those of open grabs that a lagging list does not show. */
const entriesHeld = (tick: Tick, infoHash: string): TorrentEntry[] => {
  const listed = tick.account.entriesOf(infoHash);
  const unlisted = tick.store.grabs
    .unended()
    .filter((grab) => grab.infoHash === infoHash && !listed.some(({ id }) => id === grab.rdId));
  return [
    ...listed,
    ...unlisted.flatMap(({ rdId, release, state }): TorrentEntry[] =>
      rdId === null || state === 'discarding'
        ? []
        : [{ id: rdId, infoHash, name: release, bytes: 0, progress: 0, status: 'queued', linkCount: 0, seeders: null }],
    ),
  ];
};

/** No candidate is left: the best one that may be downloaded is kept, the rest go. */
const conclude = async (walking: Walk, probes: GrabRow[]): Promise<Step> => {
  const { tick } = walking;
  const best = probes.find((probe) => keepable(walking, probe));
  const rest = probes.filter((probe) => probe !== best);
  if (best !== undefined) {
    keep(walking, best, rest);
    for (const loser of rest) {
      await finishDiscarding(tick, tick.store.grabs.get(loser.id) ?? loser);
    }
    return { kind: 'served' };
  }
  for (const probe of rest) {
    await discard(tick, probe, 'not-cached');
  }
  return { kind: 'nothing' };
};

/** In a dry run this is where it ends: the candidate is named and nothing is added. */
const acquireOrStop = async (tick: Tick, attempt: Attempt): Promise<Outcome | 'dry'> => {
  try {
    return await acquire(tick, attempt);
  } catch (error) {
    if (error instanceof DryRunStop) {
      const { release } = attempt.verdict;
      for (const wantId of attempt.wantIds) {
        const want = tick.store.wants.get(wantId);
        if (want !== undefined) {
          tick.report.grabbed.push({ want: tick.store.keyOf(want), release: release.name, infoHash: release.infoHash });
        }
      }
      return 'dry';
    }
    // The wants were taken by another grab in the meantime: the database holds that line.
    if (!isServiceError(error) && (error as { code?: string }).code === 'SQLITE_CONSTRAINT_UNIQUE') {
      return 'dry';
    }
    throw error;
  }
};

const after = async (walking: Walk, outcome: Exclude<Outcome, { kind: 'held' }> | 'dry'): Promise<Step | 'again'> => {
  const { tick, round } = walking;
  if (outcome === 'dry' || outcome.kind === 'unsure' || outcome.kind === 'put-off') {
    return { kind: 'served' };
  }
  if (outcome.kind === 'refused') {
    round.adds += outcome.added ? 1 : 0;
    round.refusals += outcome.added ? 0 : 1;
    return 'again';
  }
  round.adds += 1;
  announce(walking, outcome.grab);
  if (outcome.grab.role === 'chosen') {
    return { kind: 'served' };
  }
  if (outcome.kind === 'no-metadata') {
    // Real-Debrid would know the files of anything it holds.
    const row = tick.store.grabs.update(outcome.grab.id, { cached: false });
    if (!keepable(walking, row)) {
      remember(tick, row, 'no-metadata');
      await discard(tick, row, 'no-metadata');
    }
    return 'again';
  }
  return { kind: 'wait', until: outcome.grab.lookAt };
};

const announce = ({ tick, plan, candidates }: Walk, grab: GrabRow): void => {
  const verdict = candidates.find(({ release }) => release.infoHash === grab.infoHash);
  const quality = verdict === undefined ? '' : describe(verdict);
  const what = quality === '' ? '' : ` (${quality})`;
  const then = grab.role === 'chosen' ? 'Real-Debrid downloads it' : 'checking whether it is cached';
  say(tick, plan.requestIds, `${grabTitle(tick.store, grab)}: added ${grab.release}${what}; ${then}`, {
    kind: 'transition',
    code: 'grab-added',
    level: 'info',
    data: { infoHash: grab.infoHash, files: grab.selectedIds, quality },
  });
};

/** `1080p bluray, 120 seeders, 4.2 GB`, for people. */
export const describe = ({ parsed, release }: Verdict): string => {
  const size = release.sizeBytes === null ? null : `${(release.sizeBytes / 1024 ** 3).toFixed(1)} GB`;
  const seeders = release.seeders === null ? null : `${release.seeders} seeders`;
  const quality = [parsed.resolution, parsed.source].filter(Boolean).join(' ');
  return [quality === '' ? null : quality, seeders, size].filter((part) => part !== null).join(', ');
};
