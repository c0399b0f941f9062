import { isServiceError, type ServiceError } from '../domain/errors.js';
import { chooseForPlan, type Place } from '../domain/fileChoice.js';
import { type GrabReason, type GrabRole, isOpen } from '../domain/grab.js';
import { type PlacedNames, placedNames } from '../domain/placed.js';
import type { Verdict, Wanted } from '../domain/selection/index.js';
import type { TorrentInfo } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { isShareUsed } from './hourlyShare.js';
import { grabTitle, requestsOf, say } from './narrate.js';
import { discard, remember } from './remove.js';
import { leaveRoom } from './slots.js';

/** One candidate that the walk wants in the account. */
export interface Attempt {
  plan: string;
  requestId: number;
  /** One part per season. */
  wanted: readonly Wanted[];
  wantIds: number[];
  /** Ids of those wants that these episodes are. */
  wantsOf: (places: readonly Place[]) => number[];
  verdict: Verdict;
  role: GrabRole;
  rank: number;
  /** Real-Debrid's own word, where it was asked. */
  cached: boolean | null;
  /** Known from instantAvailability: no `info` is needed. */
  fileIds: number[] | null;
  /** Of those files, likewise. */
  placed?: PlacedNames;
}

export type Outcome =
  /** In the account with its files chosen; what Real-Debrid makes of it shows later. */
  | { kind: 'selected'; grab: GrabRow }
  /** In the account, but Real-Debrid does not know its files yet. */
  | { kind: 'no-metadata'; grab: GrabRow }
  /** Whether it was added is not known: the account's list will tell. */
  | { kind: 'unsure'; grab: GrabRow }
  /** The account turns out to hold it already: it is to be adopted, not added. */
  | { kind: 'held' }
  /** Other walks have used up this hour's share of new grabs, or are at this torrent: it is for a later tick. */
  | { kind: 'put-off' }
  /** This release will not do: take the next one. `added` when it cost an add. */
  | { kind: 'refused'; added: boolean };

/**
 * Adds one release and selects its files. The intent is committed before each call, so that a crash anywhere is made
 * good by the next look at the account. Throws `ServiceError` when the account or the service is to blame.
 */
export const acquire = async (tick: Tick, attempt: Attempt): Promise<Outcome> => {
  const { release } = attempt.verdict;
  // Judged as one that is there again: it is used as it is, or not at all.
  if (tick.store.grabs.factsFor([release.infoHash], [], tick.clock.now()).some(({ code }) => code === 'gone')) {
    return { kind: 'refused', added: false };
  }
  await leaveRoom(tick);
  if (isShareUsed(tick, attempt.plan) || isUndecided(tick, release.infoHash)) {
    return { kind: 'put-off' };
  }
  const now = tick.clock.now();
  const grab = tick.store.grabs.begin({
    infoHash: release.infoHash,
    release: release.name,
    plan: attempt.plan,
    requestId: attempt.requestId,
    role: attempt.role,
    rank: attempt.rank,
    seeders: release.seeders,
    fileIndex: release.fileIndex,
    placed: attempt.placed ?? null,
    ours: true,
    knownIds: tick.account.entriesOf(release.infoHash).map((entry) => entry.id),
    cached: attempt.cached,
    addSentAt: now,
    progressAt: now,
    lookAt: now,
    expiresAt: now + tick.config.inFlight.ttl,
    createdAt: now,
    wantIds: attempt.wantIds,
  });
  return withWork({ grabId: grab.id }, async () => {
    const added = await add(tick, grab, attempt);
    if (!('rdId' in added)) {
      return added;
    }
    const taken = accepted(tick, grab, added.rdId);
    if (tick.store.grabs.wantIds(grab.id).length === 0) {
      // A person has called it bad while the call was under way.
      await discard(tick, taken, 'rejected');
      return { kind: 'refused', added: true };
    }
    return chooseAndSelect(tick, taken, attempt.wanted, attempt.fileIds);
  });
};

/**
 * Whether another walk has begun with this torrent since it was looked for: a second entry is to have the files of the
 * first, and they are not chosen yet, or may go again.
 */
const isUndecided = (tick: Tick, infoHash: string): boolean =>
  tick.store.grabs
    .unended()
    .some(
      (grab) =>
        grab.infoHash === infoHash &&
        (grab.state === 'adding' || grab.state === 'selecting' || (grab.role === 'probe' && isOpen(grab.state))),
    );

const add = async (tick: Tick, grab: GrabRow, attempt: Attempt): Promise<{ rdId: string } | Outcome> => {
  try {
    const { id } = await tick.realDebrid.addMagnet(grab.infoHash, attempt.verdict.release.trackers);
    return { rdId: id };
  } catch (error) {
    // A stop of the program while the call was under way: it may have arrived.
    if (!isServiceError(error)) {
      throw error;
    }
    if (error.ambiguous) {
      say(
        tick,
        requestsOf(tick.store, grab),
        `${grabTitle(tick.store, grab)}: no clear answer to adding ${grab.release}; the account's list will show whether it was added, it is not sent twice`,
        {
          kind: 'call',
          code: 'add-unsure',
          level: 'warn',
          data: { service: error.service, failure: error.failure, reason: error.code },
        },
      );
      return { kind: 'unsure', grab };
    }
    if (error.code === 'already-active') {
      tick.store.grabs.forget(grab.id);
      return { kind: 'held' };
    }
    if (error.failure !== 'release') {
      tick.store.grabs.forget(grab.id);
      throw error;
    }
    refusedOnAdd(tick, grab, error);
    return { kind: 'refused', added: false };
  }
};

const refusedOnAdd = (tick: Tick, grab: GrabRow, error: ServiceError): void => {
  const byName = error.code === 'rd-35';
  const reason: GrabReason = byName ? 'refused-by-name' : 'not-accepted';
  remember(tick, grab, byName ? 'refused-by-name' : 'not-accepted');
  const requests = requestsOf(tick.store, grab);
  tick.store.grabs.move(grab.id, 'failed', tick.clock.now(), { reason });
  say(
    tick,
    requests,
    `${grabTitle(tick.store, grab)}: Real-Debrid refuses ${grab.release}${byName ? ' (451, by its name)' : `: ${error.message}`}; next candidate`,
    {
      kind: 'transition',
      code: reason,
      level: 'info',
      data: { infoHash: grab.infoHash },
    },
  );
};

/** The entry exists and is ours: from here on it can be found by its id. */
export const accepted = (tick: Tick, grab: GrabRow, rdId: string): GrabRow => {
  const now = tick.clock.now();
  const moved = tick.store.transaction(() => {
    const row = tick.store.grabs.move(grab.id, 'selecting', now, { rdId, progressAt: now, missingSince: null });
    tick.store.grabs.setEntry({ rdId, infoHash: grab.infoHash, grabId: grab.id, ours: true, createdAt: now });
    return row;
  });
  tick.account.added({ id: rdId, infoHash: grab.infoHash, name: grab.release });
  return moved;
};

/** Reads the torrent's files (unless they are known), judges them, and selects exactly the wanted ones. */
export const chooseAndSelect = async (
  tick: Tick,
  grab: GrabRow,
  wanted: readonly Wanted[],
  knownFileIds: number[] | null,
): Promise<Outcome> => {
  const rdId = grab.rdId ?? '';
  if (knownFileIds !== null) {
    return select(tick, grab, rdId, withHeldFiles(tick, grab, knownFileIds));
  }
  const info = await tick.realDebrid.info(rdId);
  if (info === null) {
    // One answer proves nothing about a torrent this young: the lists will tell whether it is gone.
    return { kind: 'unsure', grab };
  }
  const failed = failureOf(info);
  if (failed !== null) {
    remember(tick, grab, failed);
    await discard(tick, grab, failed);
    return { kind: 'refused', added: true };
  }
  if (info.files.some((file) => file.selected) && info.status !== 'waiting_files_selection') {
    return {
      kind: 'selected',
      grab: selected(
        tick,
        grab,
        info.files.filter((file) => file.selected).map((file) => file.id),
      ),
    };
  }
  const choice = chooseForPlan(info.files, wanted, {
    torrentName: info.originalName || grab.release,
    fileIndex: grab.fileIndex,
  });
  if (choice.outcome === 'undecided') {
    return { kind: 'no-metadata', grab };
  }
  if (choice.outcome === 'rejected') {
    return refuseFiles(tick, grab, choice.rejection);
  }
  letGoOfMissing(tick, grab, choice.brought);
  const fileIds = withHeldFiles(tick, grab, choice.ids);
  const placed = placedNames([info.originalName, info.name], info.files, fileIds);
  return select(tick, tick.store.grabs.update(grab.id, { placed }), rdId, fileIds);
};

/**
 * A selection cannot be changed later, and mounts show only the newest entry of a hash: where the account holds one
 * with other files already, the new one has those as well.
 */
const withHeldFiles = (tick: Tick, grab: GrabRow, fileIds: number[]): number[] => {
  const held = tick.account
    .entriesOf(grab.infoHash)
    .flatMap(({ id }) => (id === grab.rdId ? [] : (tick.store.grabs.entry(id)?.selectedIds ?? [])));
  return [...new Set([...fileIds, ...held])].sort((a, b) => a - b);
};

const failureOf = (info: TorrentInfo): GrabReason | null => {
  switch (info.status) {
    case 'magnet_error':
      return 'magnet-error';
    case 'virus':
      return 'virus';
    case 'dead':
      return 'dead';
    case 'error':
      return 'download-error';
    default:
      return null;
  }
};

const faultsOfTorrent: ReadonlySet<string> = new Set(['executable', 'archive', 'disc-structure', 'no-video']);

const refuseFiles = async (
  tick: Tick,
  grab: GrabRow,
  rejection: { code: string; got: string; wanted: string },
): Promise<Outcome> => {
  const requests = requestsOf(tick.store, grab);
  // Few faults are the torrent's own. "The wanted episode is not in it", or "which of them is it?", is true of these wants.
  const wantIds = faultsOfTorrent.has(rejection.code) ? [null] : tick.store.grabs.wantIds(grab.id);
  const code = rejection.code === 'episode-absent' ? 'lacks-episode' : rejection.code;
  for (const wantId of wantIds) {
    tick.store.grabs.remember({ infoHash: grab.infoHash, wantId, code, until: null }, tick.clock.now());
  }
  say(
    tick,
    requests,
    `${grabTitle(tick.store, grab)}: the files of ${grab.release} will not do: ${rejection.code} (${rejection.got}; wanted ${rejection.wanted}); removed, next candidate`,
    {
      kind: 'transition',
      code: 'refused-files',
      level: 'info',
      data: { infoHash: grab.infoHash, rejection },
    },
  );
  await discard(tick, grab, 'refused-files');
  return { kind: 'refused', added: true };
};

/** Episodes that a pack does not hold stay open, and the pack is not tried for them again. */
const letGoOfMissing = (tick: Tick, grab: GrabRow, brought: readonly Place[]): void => {
  const now = tick.clock.now();
  tick.store.transaction(() => {
    for (const wantId of tick.store.grabs.wantIds(grab.id)) {
      const want = tick.store.wants.get(wantId);
      if (want?.type === 'episode' && !brought.some((place) => isPlace(place, want))) {
        tick.store.grabs.releaseWant(grab.id, wantId, 'lacks-episode', now);
        tick.store.grabs.remember({ infoHash: grab.infoHash, wantId, code: 'lacks-episode', until: null }, now);
      }
    }
  });
};

const isPlace = (a: Place, b: Place): boolean => a.season === b.season && a.episode === b.episode;

const select = async (tick: Tick, grab: GrabRow, rdId: string, fileIds: number[]): Promise<Outcome> => {
  const intent = tick.store.grabs.update(grab.id, { selectedIds: fileIds, selectSentAt: tick.clock.now() });
  try {
    await tick.realDebrid.selectFiles(rdId, fileIds);
  } catch (error) {
    if (!isServiceError(error) || !isForGood(tick, intent, error)) {
      throw error;
    }
    say(
      tick,
      requestsOf(tick.store, intent),
      `${grabTitle(tick.store, intent)}: Real-Debrid does not take the selection of files of ${grab.release}: ${error.message}; removed, next candidate`,
      { kind: 'transition', code: 'not-accepted', level: 'info', data: { infoHash: grab.infoHash } },
    );
    remember(tick, intent, 'not-accepted');
    await discard(tick, intent, 'not-accepted');
    return { kind: 'refused', added: true };
  }
  return { kind: 'selected', grab: selected(tick, intent, fileIds) };
};

/**
 * A selection that Real-Debrid refuses as such would be refused at every tick. A refusal in somebody else's words says
 * nothing about it, until it has been repeated for as long as a download may stand still.
 */
const isForGood = (tick: Tick, grab: GrabRow, { failure, code }: ServiceError): boolean => {
  if (failure !== 'release' && failure !== 'ours') {
    return false;
  }
  return code.startsWith('rd-') || tick.clock.now() - grab.progressAt >= tick.config.inFlight.stalledAfter;
};

/** Real-Debrid has the selection; from now on it says how far it is. */
const selected = (tick: Tick, grab: GrabRow, fileIds: number[]): GrabRow => {
  const now = tick.clock.now();
  return tick.store.transaction(() => {
    if (grab.rdId !== null) {
      tick.store.grabs.entrySelected(grab.rdId, fileIds);
    }
    return tick.store.grabs.move(grab.id, 'downloading', now, {
      selectedIds: fileIds,
      progressAt: now,
      lookAt: (grab.selectSentAt ?? now) + tick.config.realDebrid.probeWait,
    });
  });
};
