import type { SandboxClock } from '../kit/clock.js';
import { realDebridId } from '../kit/ids.js';
import type { World } from '../world/world.js';
import { type Entry, type Look, lookAt } from './entry.js';
import type { RealDebridSettings } from './settings.js';

/** An account entry as a test wants to see it. */
export interface AccountEntry {
  id: string;
  hash: string;
  name: string;
  by: Entry['by'];
  status: Look['status'];
  progress: number;
  links: number;
  selected: number[];
  addedAt: number;
}

/** The torrents of one account, newest last. Deleted ones are kept: the list may lag behind. */
export class Account {
  readonly #entries: Entry[] = [];
  readonly #byId = new Map<string, Entry>();
  readonly #byHash = new Map<string, Entry[]>();
  readonly #downloaded = new Map<string, boolean>();
  readonly #lastDeleted = new Map<string, number>();
  #counter = 0;

  constructor(
    readonly world: World,
    readonly clock: SandboxClock,
    readonly settings: RealDebridSettings,
  ) {}

  add(hash: string, by: Entry['by']): Entry {
    const now = this.clock.now();
    const lower = hash.toLowerCase();
    this.#counter += 1;
    const deletedAt = this.#lastDeleted.get(lower);
    const entry: Entry = {
      id: realDebridId(this.#counter),
      hash: lower,
      torrent: this.world.torrent(lower),
      by,
      addedAt: now,
      selected: [],
      selectedAt: null,
      deletedAt: null,
      cold: deletedAt !== undefined && now < deletedAt + this.clock.scaled(this.settings.coldWindowMs),
      known: (fileIds) => this.#downloadedBefore(lower, now, fileIds),
    };
    this.#entries.push(entry);
    this.#byId.set(entry.id, entry);
    this.#byHash.set(lower, [...(this.#byHash.get(lower) ?? []), entry]);
    return entry;
  }

  /** A live entry. */
  get(id: string): Entry | null {
    const entry = this.#byId.get(id);
    return entry === undefined || entry.deletedAt !== null ? null : entry;
  }

  select(entry: Entry, fileIds: number[]): void {
    entry.selected = [...fileIds].sort((a, b) => a - b);
    entry.selectedAt = this.clock.now();
  }

  delete(entry: Entry): void {
    entry.deletedAt = this.clock.now();
    this.#lastDeleted.set(entry.hash, entry.deletedAt);
  }

  look(entry: Entry, at = this.clock.now()): Look {
    return lookAt(entry, at, this.settings, this.clock);
  }

  /** Entries that existed at a moment, newest first. */
  at(moment: number): Entry[] {
    const live = this.#entries.filter(
      (entry) => entry.addedAt <= moment && (entry.deletedAt === null || entry.deletedAt > moment),
    );
    return live.reverse();
  }

  /** Entries taking a slot now. */
  activeCount(): number {
    const busy = new Set(['magnet_conversion', 'queued', 'downloading', 'uploading']);
    if (this.settings.waitingTakesSlot) busy.add('waiting_files_selection');
    return this.at(this.clock.now()).filter((entry) => busy.has(this.look(entry).status)).length;
  }

  /** Entries ever made, by whom. */
  created(by: Entry['by']): number {
    return this.#entries.filter((entry) => entry.by === by).length;
  }

  view(entry: Entry): AccountEntry {
    const look = this.look(entry);
    return {
      id: entry.id,
      hash: entry.hash,
      name: entry.torrent?.metadataName ?? '',
      by: entry.by,
      status: look.status,
      progress: look.progress,
      links: look.links,
      selected: entry.selected,
      addedAt: entry.addedAt,
    };
  }

  /** Once Real-Debrid has downloaded files for an entry, they are cached for later ones. */
  #downloadedBefore(hash: string, before: number, fileIds: number[]): boolean {
    return (this.#byHash.get(hash) ?? []).some((other) => {
      if (other.addedAt >= before || other.selectedAt === null) return false;
      if (!fileIds.every((id) => other.selected.includes(id))) return false;
      return this.#isDownloaded(other, Math.min(other.deletedAt ?? before, before));
    });
  }

  /** A moment that is over: each entry asks the same of all before it, so that without a memory twenty take minutes. */
  #isDownloaded(entry: Entry, at: number): boolean {
    const key = `${entry.id} ${at}`;
    const known = this.#downloaded.get(key) ?? this.look(entry, at).status === 'downloaded';
    this.#downloaded.set(key, known);
    return known;
  }
}
