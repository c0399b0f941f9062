import { type Clock, MINUTE } from '../clock.js';
import type { RealDebridPort, TorrentEntry, TorrentList } from '../services/ports.js';

/** Entries that take a slot of the account while they are not finished. */
const active: ReadonlySet<TorrentEntry['status']> = new Set([
  'magnet_conversion',
  'queued',
  'downloading',
  'compressing',
  'uploading',
]);

/** What we have changed is kept beside the list for this long: a list may show the account as it was a moment ago. */
export const LIST_LAG = 10 * MINUTE;

/** The Real-Debrid account as last listed, shared by everything in the process. */
export interface Account {
  /** The list, read anew when older than `maxAge` ms. Concurrent readers share one call. */
  list(maxAge: number): Promise<TorrentList>;
  /** The list last read, however old; null = none yet. */
  last(): TorrentList | null;
  /** Entries of this hash in the list last read, with what we added or removed lately. */
  entriesOf(infoHash: string): TorrentEntry[];
  hashes(): ReadonlySet<string>;
  added(entry: { id: string; infoHash: string; name: string }): void;
  removed(id: string): void;
  activeCount(): number;
}

export const createAccount = (realDebrid: RealDebridPort, clock: Clock): Account => {
  let last: TorrentList | null = null;
  let reading: Promise<TorrentList> | null = null;
  /** Added by us and not listed yet; removed by us, though perhaps still listed. */
  const unlisted = new Map<string, { entry: TorrentEntry; at: number }>();
  const removed = new Map<string, number>();

  const forget = (list: TorrentList): void => {
    const before = clock.now() - LIST_LAG;
    const listed = new Set(list.entries.map((entry) => entry.id));
    for (const [id, { at }] of unlisted) {
      if (listed.has(id) || at < before) {
        unlisted.delete(id);
      }
    }
    for (const [id, at] of removed) {
      if (at < before) {
        removed.delete(id);
      }
    }
  };

  const entries = (): TorrentEntry[] =>
    [...[...unlisted.values()].map(({ entry }) => entry), ...(last?.entries ?? [])].filter(
      ({ id }) => !removed.has(id),
    );

  const read = async (): Promise<TorrentList> => {
    try {
      last = await realDebrid.list();
      forget(last);
      return last;
    } finally {
      reading = null;
    }
  };

  return {
    list: (maxAge) => {
      const age = last === null ? Number.POSITIVE_INFINITY : clock.now() - last.startedAt;
      // A list from the future: the clock was set back, and its age is not known.
      if (last !== null && age >= 0 && age < maxAge) {
        return Promise.resolve(last);
      }
      reading ??= read();
      return reading;
    },
    last: () => last,
    entriesOf: (infoHash) => entries().filter((entry) => entry.infoHash === infoHash),
    hashes: () => new Set(entries().map((entry) => entry.infoHash)),
    added: ({ id, infoHash, name }) => {
      const unknown = { bytes: 0, progress: 0, linkCount: 0, seeders: null };
      unlisted.set(id, {
        entry: { id, infoHash, name, ...unknown, status: 'waiting_files_selection' },
        at: clock.now(),
      });
    },
    removed: (id) => {
      unlisted.delete(id);
      removed.set(id, clock.now());
    },
    activeCount: () => entries().filter((entry) => active.has(entry.status)).length,
  };
};
