import { chooseForPlan } from '../domain/fileChoice.js';
import { linkFaultIn } from '../domain/grab.js';
import { placedNames } from '../domain/placed.js';
import type { TorrentEntry, TorrentInfo } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import type { Attempt } from './acquire.js';
import { becomeReady, choose } from './advance.js';
import type { Tick } from './context.js';
import { grabTitle, requestsOf, say } from './narrate.js';

const failedStates: ReadonlySet<TorrentEntry['status']> = new Set(['magnet_error', 'error', 'virus', 'dead']);

const usefulness = (entry: TorrentEntry): number => {
  if (entry.status === 'downloaded' && entry.linkCount > 0) {
    return 2;
  }
  return entry.status === 'waiting_files_selection' || failedStates.has(entry.status) || entry.status === 'downloaded'
    ? 0
    : 1;
};

/** What the account's entry of a hash is good for. */
export type Adopted =
  /** It serves the wants; nothing is added. */
  | 'adopted'
  /** Another plan is about to find out: to be looked at again in the next tick. */
  | 'undecided'
  /** It has other files selected, and the wanted ones are in it too: a second entry with both is the way. */
  | 'narrow'
  | 'unfit';

/**
 * The account already holds this torrent: nothing is added. It is used as it is if what it has selected includes the
 * wanted files. Entries of others are never selected on and never deleted. Costs one `info`.
 */
export const adopt = async (tick: Tick, attempt: Attempt, entries: readonly TorrentEntry[]): Promise<Adopted> => {
  const { infoHash } = attempt.verdict.release;
  const open = tick.store.grabs.unended().filter((grab) => grab.infoHash === infoHash);
  if (open.some(({ role, state }) => role === 'probe' && state !== 'discarding')) {
    return 'undecided';
  }
  const [best] = [...entries].sort((a, b) => usefulness(b) - usefulness(a));
  const mine = open.find((grab) => grab.rdId === best?.id);
  if (best === undefined || (mine?.role !== 'chosen' && usefulness(best) === 0)) {
    return 'unfit';
  }
  if (mine?.state === 'discarding' && mine.reason !== 'not-wanted') {
    return 'unfit';
  }
  const info = await tick.realDebrid.info(best.id);
  if (info === null || isArchive(info)) {
    return 'unfit';
  }
  const brought = broughtBy(info, info.files.filter(isSelected), attempt);
  if (brought === null) {
    return widened(tick, info, attempt);
  }
  if (mine !== undefined && mine.state !== 'discarding') {
    const rivals = tick.store.grabs.openFor(brought.wantIds).filter(({ id }) => id !== mine.id);
    tick.store.transaction(() => {
      tick.store.grabs.promote(
        mine.id,
        rivals.map(({ id }) => id),
        tick.clock.now(),
      );
      tick.store.grabs.serveToo(mine.id, brought.wantIds);
    });
    announce(tick, mine, 'is on its way already for another request and serves this one too');
    return 'adopted';
  }
  const grab = beginAdopted(tick, attempt, info, brought.wantIds, brought.selectedIds);
  announce(tick, grab, 'is in the Real-Debrid account already; nothing is added');
  if (info.status === 'downloaded' && info.linkCount > 0) {
    becomeReady(tick, grab);
  } else {
    choose(tick, grab);
  }
  return 'adopted';
};

const isSelected = ({ selected }: TorrentInfo['files'][number]): boolean => selected;

const isArchive = (info: TorrentInfo): boolean => info.status === 'downloaded' && linkFaultIn(info) === 'archived';

/** A selection cannot be changed: what lacks in it takes a second entry, which is to have these files as well. */
const widened = (tick: Tick, info: TorrentInfo, attempt: Attempt): Adopted => {
  const selectedIds = info.files.filter(isSelected).map(({ id }) => id);
  if (selectedIds.length === 0 || broughtBy(info, info.files, attempt) === null) {
    return 'unfit';
  }
  const { id: rdId, infoHash } = info;
  const ours = tick.store.grabs.entry(rdId)?.ours ?? false;
  tick.store.transaction(() => {
    if (tick.store.grabs.entry(rdId) === undefined) {
      tick.store.grabs.setEntry({ rdId, infoHash, grabId: null, ours, createdAt: tick.clock.now() });
    }
    tick.store.grabs.entrySelected(rdId, selectedIds);
  });
  return 'narrow';
};

/** The wants that these files of the entry bring; null = none. */
const broughtBy = (
  info: TorrentInfo,
  selected: TorrentInfo['files'],
  { wanted, wantIds, verdict, ...attempt }: Attempt,
) => {
  const choice = chooseForPlan(selected, wanted, {
    torrentName: info.originalName || verdict.release.name,
    fileIndex: verdict.release.fileIndex,
  });
  if (choice.outcome !== 'selected') {
    return null;
  }
  return {
    selectedIds: selected.map((file) => file.id),
    wantIds: wanted[0]?.kind === 'movie' ? wantIds : attempt.wantsOf(choice.brought),
  };
};

const beginAdopted = (
  tick: Tick,
  attempt: Attempt,
  info: TorrentInfo,
  wantIds: number[],
  selectedIds: number[],
): GrabRow => {
  const now = tick.clock.now();
  const ours = tick.store.grabs.entry(info.id)?.ours ?? false;
  return tick.store.transaction(() => {
    // It was to be removed, and is wanted again.
    for (const removal of tick.store.grabs.unended()) {
      if (removal.rdId === info.id && removal.state === 'discarding') {
        tick.store.grabs.move(removal.id, 'withdrawn', now);
      }
    }
    const grab = tick.store.grabs.begin({
      infoHash: info.infoHash,
      release: attempt.verdict.release.name,
      plan: attempt.plan,
      requestId: attempt.requestId,
      role: 'probe',
      state: 'downloading',
      rank: attempt.rank,
      seeders: attempt.verdict.release.seeders,
      fileIndex: attempt.verdict.release.fileIndex,
      ours,
      rdId: info.id,
      knownIds: [],
      selectedIds,
      placed: placedNames([info.originalName, info.name], info.files, selectedIds),
      cached: info.status === 'downloaded',
      status: info.status,
      addSentAt: null,
      progressAt: now,
      lookAt: now,
      expiresAt: now + tick.config.inFlight.ttl,
      createdAt: now,
      wantIds,
    });
    tick.store.grabs.setEntry({ rdId: info.id, infoHash: info.infoHash, grabId: grab.id, ours, createdAt: now });
    return grab;
  });
};

const announce = (tick: Tick, grab: GrabRow, what: string): void =>
  say(tick, requestsOf(tick.store, grab), `${grabTitle(tick.store, grab)}: ${grab.release} ${what}`, {
    kind: 'decision',
    code: 'adopted',
    level: 'info',
    data: { infoHash: grab.infoHash },
  });
