import { chooseFiles } from '../domain/selection/index.js';
import type { TorrentEntry, TorrentInfo } from '../services/ports.js';
import type { GrabRow } from '../store/index.js';
import type { Attempt } from './acquire.js';
import { becomeReady, reportGrabbed } from './advance.js';
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

/**
 * The account already holds this torrent: nothing is added. It is used as it is if what it has selected includes the
 * wanted files. Entries of others are never selected on and never deleted. Costs one `info`. false = it will not do.
 */
export const adopt = async (tick: Tick, attempt: Attempt, entries: readonly TorrentEntry[]): Promise<boolean> => {
  const [best] = [...entries].sort((a, b) => usefulness(b) - usefulness(a));
  if (best === undefined || usefulness(best) === 0) {
    return false;
  }
  const info = await tick.realDebrid.info(best.id);
  const brought = info === null ? null : broughtBy(info, attempt);
  if (info === null || brought === null) {
    return false;
  }
  const wantIds = brought.wantIds;
  const mine = tick.store.grabs.unended().find((grab) => grab.rdId === best.id && grab.state !== 'discarding');
  if (mine !== undefined && mine.role === 'chosen') {
    tick.store.grabs.serveToo(mine.id, wantIds);
    announce(tick, mine, 'is on its way already for another request and serves this one too');
    return true;
  }
  if (mine !== undefined) {
    return false;
  }
  const grab = beginAdopted(tick, attempt, info, wantIds, brought.selectedIds);
  announce(tick, grab, 'is in the Real-Debrid account already; nothing is added');
  if (info.status === 'downloaded' && info.linkCount > 0) {
    becomeReady(tick, grab);
    return true;
  }
  const rivals = tick.store.grabs.openFor(wantIds).filter((rival) => rival.id !== grab.id && rival.role === 'probe');
  tick.store.grabs.promote(
    grab.id,
    rivals.map((rival) => rival.id),
    tick.clock.now(),
  );
  reportGrabbed(tick, grab, wantIds);
  return true;
};

/** The wants that the entry's selected files bring; null = none. */
const broughtBy = (info: TorrentInfo, { wanted, wantIds, verdict, ...attempt }: Attempt) => {
  const selected = info.files.filter((file) => file.selected);
  const choice = chooseFiles(selected, wanted, {
    torrentName: info.originalName || verdict.release.name,
    fileIndex: verdict.release.fileIndex,
  });
  if (choice.outcome !== 'selected') {
    return null;
  }
  return {
    selectedIds: selected.map((file) => file.id),
    wantIds: wanted.kind === 'movie' ? wantIds : attempt.wantsOf(choice.episodes),
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
