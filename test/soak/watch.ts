import type { AccountEntry } from '../../src/sandbox/index.js';
import type { Title } from './chapter.js';
import type { House } from './house.js';
import { HOUR } from './time.js';
import { Violation } from './violation.js';

/** What must hold at every moment, by the state of the stand-ins. */

const COMPLETED = 5;
/** Two entries for one thing while a release is being chosen, or while a better selection is being fetched. */
const TWINS_MAY_LAST = 3 * HOUR;

export class Watch {
  /** How often it has looked. */
  looks = 0;
  /** Since when two entries have been fetching one thing with nothing in the way: by what they are. */
  readonly #twins = new Map<string, number>();
  #isSyncing = false;

  constructor(
    readonly house: House,
    /** Nothing goes wrong. */
    readonly isCalm: () => boolean,
  ) {}

  look(): void {
    this.looks += 1;
    const entries = this.house.sandbox.realDebrid.entries();
    const ours = entries.filter(({ by }) => by === 'api');
    this.#others(entries);
    this.#selections(ours);
    this.#repeats(ours);
    if (!this.#isSyncing) {
      this.#closings();
    }
    this.#manners();
  }

  /** What Seerr's own nightly check closes is not of our doing. */
  beforeSync(): void {
    this.look();
    this.#isSyncing = true;
  }

  afterSync(): void {
    this.#isSyncing = false;
    for (const asked of this.house.standing().filter(({ closedAt }) => closedAt === null)) {
      const { seerr, post } = { ...this.house.sandbox, post: this.house.post };
      if (seerr.state(asked.id)?.status === COMPLETED && !this.house.isWhole(asked)) {
        asked.closedAt = post.clock.now();
        asked.closedBySeerr = true;
      }
    }
  }

  #others(entries: AccountEntry[]): void {
    const byId = new Map(entries.map((entry) => [entry.id, entry]));
    for (const [id, { hash, selected }] of this.house.foreign) {
      const there = byId.get(id);
      if (there === undefined) {
        throw new Violation(`an entry of the users' own was deleted: ${id} ${hash}`);
      }
      if (there.selected.join() !== selected.join()) {
        throw new Violation(`an entry of the users' own was changed: ${id} ${there.name} ${there.selected}`);
      }
    }
  }

  #selections(ours: AccountEntry[]): void {
    for (const { id, hash, name, selected } of ours) {
      const known = this.house.offers.get(hash);
      if (known === undefined) {
        throw new Violation(`a torrent was added that nobody asked for: ${id} ${hash} ${name}`);
      }
      if (known.offer.poison && selected.length > 0) {
        throw new Violation(`files of a malicious or wrong torrent were selected: ${name}`);
      }
      for (const file of selected) {
        this.#isAskedFor(known.title, hash, file);
      }
    }
  }

  #isAskedFor(title: Title, hash: string, file: number): void {
    const { world } = this.house.sandbox;
    const torrent = world.torrent(hash);
    const wants = torrent === null ? [] : this.house.wantsIn(torrent, file);
    const isWide = this.house.offers.get(hash)?.offer.wide ?? false;
    const isAsked = this.house.asked.some(
      (asked) =>
        asked.title === title &&
        asked.is4k === isWide &&
        wants.some((want) => this.house.wantsOf(asked).includes(want)),
    );
    if (!isAsked) {
      throw new Violation(`something was selected that nobody asked for: file ${file} of ${torrent?.name}`);
    }
  }

  #repeats(ours: AccountEntry[]): void {
    const open = ours.filter(({ status }) => status !== 'downloaded');
    const groups = new Map<string, AccountEntry[]>();
    const put = (key: string, entry: AccountEntry) => groups.set(key, [...(groups.get(key) ?? []), entry]);
    for (const entry of ours) {
      put(`hash ${entry.hash}`, entry);
    }
    for (const entry of open) {
      for (const want of this.#servedBy(entry)) {
        put(`want ${want}`, entry);
      }
    }
    const now = this.house.post.clock.now();
    for (const [key, entries] of groups) {
      if (entries.length < 2 || !this.isCalm()) {
        this.#twins.delete(key);
        continue;
      }
      const since = this.#twins.get(key) ?? now;
      this.#twins.set(key, since);
      if (now - since > TWINS_MAY_LAST) {
        const shown = entries.map(({ id, name, status, selected }) => `${id} ${name} ${status} [${selected}]`);
        throw new Violation(`two entries of ours for one thing (${key}): ${shown.join('; ')}`);
      }
    }
    for (const key of this.#twins.keys()) {
      if (!groups.has(key)) {
        this.#twins.delete(key);
      }
    }
  }

  /** Title, tier and want of each selected file. */
  #servedBy({ hash, selected }: AccountEntry): string[] {
    const torrent = this.house.sandbox.world.torrent(hash);
    const offer = this.house.offers.get(hash)?.offer;
    if (torrent === null || offer === undefined) {
      return [];
    }
    return selected.flatMap((file) =>
      this.house.wantsIn(torrent, file).map((want) => `${torrent.imdbId} ${want}${offer.wide ? ' 4k' : ''}`),
    );
  }

  /** Closed only when all of it can be watched, and told once. */
  #closings(): void {
    const { seerr } = this.house.sandbox;
    for (const asked of this.house.asked.filter(
      ({ closedAt, cancelledAt }) => closedAt === null && cancelledAt === null,
    )) {
      const state = seerr.state(asked.id);
      if (state === null) {
        throw new Violation(`request ${asked.id} is gone from Seerr`);
      }
      if (state.status === COMPLETED) {
        asked.closedAt = this.house.post.clock.now();
        if (!this.house.isWhole(asked) && asked.rejectedAt > 0) {
          // Seerr has seen the bad copy: it counts it until its nightly check, and may call the request completed for it.
          asked.closedBySeerr = true;
        } else if (!this.house.isWhole(asked)) {
          throw new Violation(`request ${asked.id} (${asked.title.label}) was closed before Jellyfin shows all of it`);
        }
      }
      if (seerr.timesTold(asked.id) > 1) {
        throw new Violation(`request ${asked.id} was told ${seerr.timesTold(asked.id)} times`);
      }
    }
  }

  #manners(): void {
    const { realDebrid } = this.house.sandbox;
    const wrong = Object.entries({
      'calls over a limit of Real-Debrid': realDebrid.throttled,
      'torrents added by a resolve URL': realDebrid.addedByResolve,
      'links unrestricted': realDebrid.counts().unrestrictLink ?? 0,
    }).filter(([, count]) => count > 0);
    if (wrong.length > 0) {
      throw new Violation(wrong.map(([what, count]) => `${what}: ${count}`).join(', '));
    }
  }
}
