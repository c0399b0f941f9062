import type { Clock } from '../clock.js';
import type { RealDebridPort, TorrentEntry, TorrentList } from '../services/ports.js';

/** Entries that take a slot of the account while they are not finished. */
const active: ReadonlySet<TorrentEntry['status']> = new Set([
  'magnet_conversion',
  'queued',
  'downloading',
  'compressing',
  'uploading',
]);

/** The Real-Debrid account as last listed, shared by everything in the process. */
export interface Account {
  /** The list, read anew when older than `maxAge` ms. Concurrent readers share one call. */
  list(maxAge: number): Promise<TorrentList>;
  /** Entries of this hash in the list last read, with what we added or removed since. */
  entriesOf(infoHash: string): TorrentEntry[];
  hashes(): ReadonlySet<string>;
  added(entry: { id: string; infoHash: string; name: string }): void;
  removed(id: string): void;
  activeCount(): number;
}

export const createAccount = (realDebrid: RealDebridPort, clock: Clock): Account => {
  let last: TorrentList | null = null;
  let reading: Promise<TorrentList> | null = null;

  const read = async (): Promise<TorrentList> => {
    try {
      last = await realDebrid.list();
      return last;
    } finally {
      reading = null;
    }
  };

  return {
    list: (maxAge) => {
      if (last !== null && clock.now() - last.startedAt < maxAge) {
        return Promise.resolve(last);
      }
      reading ??= read();
      return reading;
    },
    entriesOf: (infoHash) => last?.entries.filter((entry) => entry.infoHash === infoHash) ?? [],
    hashes: () => new Set(last?.entries.map((entry) => entry.infoHash)),
    added: ({ id, infoHash, name }) => {
      last?.entries.unshift({
        id,
        infoHash,
        name,
        bytes: 0,
        progress: 0,
        status: 'waiting_files_selection',
        linkCount: 0,
        seeders: null,
      });
    },
    removed: (id) => {
      if (last !== null) {
        last.entries = last.entries.filter((entry) => entry.id !== id);
      }
    },
    activeCount: () => last?.entries.filter((entry) => active.has(entry.status)).length ?? 0,
  };
};
