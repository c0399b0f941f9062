import type { Sandbox, Torrent } from '../../src/sandbox/index.js';
import type { Outpost } from '../support/outpost.js';
import type { Ask, Chapter, Title } from './chapter.js';
import { FILM, type Offer, wantKey } from './offers.js';
import { DAY, HOUR, MINUTE } from './time.js';
import { Violation } from './violation.js';

/** The people of the household and the world around them: carries out what the chapters say, and knows who asked for what. */

const COMPLETED = 5;
const UNKNOWN = /^No release is chosen for|nothing that was requested is called/;

/** A request that was made in Seerr. */
export interface Asked {
  id: number;
  title: Title;
  seasons: number[];
  is4k: boolean;
  at: number;
  cancelledAt: number | null;
  /** What it had brought was deleted by its owner. */
  wipedAt: number | null;
  closedAt: number | null;
  /** Seerr's nightly check has closed it although it was not all there. */
  closedBySeerr: boolean;
  /** When a copy of it was called bad last. */
  rejectedAt: number;
}

interface Foreign {
  hash: string;
  selected: number[];
}

export class House {
  readonly asked: Asked[] = [];
  /** By hash. */
  readonly offers = new Map<string, { offer: Offer; title: Title }>();
  readonly #offersOf = new Map<Title, Offer[]>();
  /** What a person has called a bad copy: nobody can count on it any more. */
  readonly #rejected = new Set<Offer>();
  /** Entries that others have made, by id. */
  readonly foreign = new Map<string, Foreign>();
  readonly titles = new Map<string, Title>();
  /** Nobody asks for anything after that. */
  closing = Number.POSITIVE_INFINITY;

  constructor(
    readonly post: Outpost,
    /** Calls at a time; what goes wrong in it ends the run. */
    readonly at: (time: number, happen: () => void | Promise<void>) => void,
  ) {}

  get sandbox(): Sandbox {
    return this.post.sandbox;
  }

  /** Makes everything of a chapter happen in its time. */
  live({ titles, asks }: Chapter): void {
    for (const title of titles) {
      this.#announce(title, Math.min(...asks.filter((ask) => ask.title === title).map(({ at }) => at)));
    }
    for (const ask of asks) {
      this.at(ask.at, () => this.#ask(ask));
    }
  }

  /** What there was before anybody asked for anything: films and a show of the users' own, in the account. */
  furnish(films: number): void {
    const { world } = this.sandbox;
    for (let n = 1; n <= films; n += 1) {
      const imdbId = `tt${90_000_000 + n}`;
      const title = `Household Treasure ${n}`;
      world.addMovie({ tmdbId: 9_000_000 + n, imdbId, title, releaseDate: '2019-01-01', runtime: 90 });
      const { hash } = world.addRelease({ of: imdbId, name: `${title} 2019 1080p BluRay x265-OWN`, cached: true });
      this.addForeign(hash, 'all');
    }
  }

  addForeign(hash: string, select?: 'all' | number[]): string {
    const { realDebrid } = this.sandbox;
    const id = realDebrid.addForeign(hash, select === undefined ? {} : { select });
    const selected = realDebrid.entriesOf(hash).find((entry) => entry.id === id)?.selected ?? [];
    this.foreign.set(id, { hash, selected });
    return id;
  }

  /** The users' tools or they themselves remove an entry, whoever made it. */
  remove(id: string): void {
    this.sandbox.realDebrid.removeOutside(id);
    this.foreign.delete(id);
  }

  /** Those that stand, with what they want by now. */
  standing(): Asked[] {
    return this.asked.filter(({ cancelledAt, wipedAt }) => cancelledAt === null && wipedAt === null);
  }

  wantsOf({ title, seasons }: Pick<Asked, 'title' | 'seasons'>): string[] {
    if (title.spec.type === 'movie') {
      return [FILM];
    }
    const show = this.sandbox.world.show(title.tmdbId);
    return (show?.seasons ?? [])
      .filter(({ number }) => seasons.includes(number))
      .flatMap(({ number, episodes }) => episodes.map((episode) => wantKey(number, episode.number)));
  }

  /** Whether Jellyfin shows it to whoever asked for that tier. Seerr does not tell 4K apart here: any file is standard. */
  isThere(title: Title, want: string, is4k: boolean): boolean {
    const { jellyfin } = this.sandbox;
    const fits = ({ sources }: { sources: { width: number | null }[] }) =>
      sources.some(({ width }) => !is4k || (width ?? 0) > 2000);
    if (want === FILM) {
      return jellyfin.moviesOf(title.tmdbId).some(fits);
    }
    return this.episodesOf(title).some(
      (item) => item.virtual === false && `${item.parentIndex}x${item.index}` === want && fits(item),
    );
  }

  episodesOf(title: Title) {
    const items = this.sandbox.jellyfin.items();
    const series = items.find(
      ({ type, providerIds }) => type === 'Series' && providerIds.Tmdb === String(title.tmdbId),
    );
    return items.filter(({ type, seriesId }) => type === 'Episode' && seriesId !== null && seriesId === series?.id);
  }

  /** Since when a good release for it is listed that nobody has called bad; null = there is none. */
  offeredSince(title: Title, want: string, is4k: boolean): number | null {
    const dates = (this.#offersOf.get(title) ?? [])
      .filter((offer) => offer.wide === is4k && offer.brings.includes(want) && !this.#rejected.has(offer))
      .map(({ from }) => from);
    return dates.length === 0 ? null : Math.min(...dates);
  }

  /**
   * Orders another try, or another copy than what was chosen, of one of the requests that lack something. Some are not
   * known to the program yet, or nothing is chosen for them.
   */
  async order({ order, which }: { order: 'retry' | 'reject'; which: number }): Promise<undefined> {
    const open = this.standing().filter((asked) => !this.isWhole(asked));
    const asked = open[Math.floor(which * open.length)];
    if (asked === undefined) {
      return;
    }
    const { title, id } = asked;
    const said = await this.command(order, String(id));
    for (const offer of order === 'reject' ? (this.#offersOf.get(title) ?? []) : []) {
      if (said.includes(offer.release.name)) {
        this.#rejected.add(offer);
        asked.rejectedAt = this.post.clock.now();
      }
    }
  }

  /** Gives the program an order from outside, whether it runs or not; throws when that is not understood. Returns what it says. */
  async command(...args: string[]): Promise<string> {
    const { code, out, err } = await this.post.command(...args);
    if (code === 0 || UNKNOWN.test(out + err)) {
      return out;
    }
    throw new Violation(`${args.join(' ')} ended with ${code}: ${err}`);
  }

  /** Whether all of it is there. */
  isWhole(asked: Pick<Asked, 'title' | 'seasons' | 'is4k'>): boolean {
    return this.wantsOf(asked).every((want) => this.isThere(asked.title, want, asked.is4k));
  }

  /** What a file of a torrent is to those who want it. */
  wantsIn({ files }: Torrent, fileId: number): string[] {
    const file = files[fileId - 1];
    if (file === undefined) {
      return [];
    }
    const { span } = file;
    return span === null ? [FILM] : span.episodes.map((episode) => wantKey(span.season, episode));
  }

  #announce(title: Title, firstAsk: number): void {
    const { world } = this.sandbox;
    const { spec, later } = title;
    if (spec.type === 'movie') {
      world.addMovie(spec.movie);
    } else {
      world.addShow(spec.show);
    }
    this.titles.set(title.imdbId, title);
    for (const offer of title.offers) {
      this.at(offer.from, () => this.#list(title, offer));
    }
    if (later !== null) {
      this.at(later.at, () => this.#announceSeason(title, later));
    }
    if (title.held) {
      this.at(firstAsk - MINUTE, () => this.#hold(title));
    }
  }

  #announceSeason(title: Title, { number, airDates }: NonNullable<Title['later']>): void {
    this.sandbox.world.show(title.tmdbId)?.seasons.push({
      number,
      name: `Season ${number}`,
      airDate: airDates[0] ?? null,
      episodes: airDates.map((airDate, place) => ({ number: place + 1, airDate, name: `Episode ${place + 1}` })),
    });
  }

  #list(title: Title, offer: Offer): void {
    const { hash } = this.sandbox.world.addRelease(offer.release);
    this.offers.set(hash, { offer, title });
    this.#offersOf.set(title, [...(this.#offersOf.get(title) ?? []), offer]);
  }

  #hold(title: Title): void {
    for (const [hash, { offer, title: its }] of this.offers) {
      if (its === title && offer.brings.length > 0) {
        this.addForeign(hash, 'all');
        return;
      }
    }
  }

  /** As a person does: through Seerr, and again later where that is not possible now. */
  async #ask(ask: Ask, tries = 0): Promise<void> {
    const now = this.post.clock.now();
    if (now > this.closing) {
      return;
    }
    const { title, seasons, is4k } = ask;
    const isMovie = title.spec.type === 'movie';
    const body = isMovie
      ? { mediaType: 'movie', mediaId: title.tmdbId, ...(ask.again ? {} : { is4k }) }
      : { mediaType: 'tv', mediaId: title.tmdbId, seasons, is4k };
    const answer = await this.#seerr('POST', '/request', body);
    if (answer?.status !== 201) {
      // Down, or its old copy is not known to be gone yet; 409: it is asked for already.
      if (answer?.status !== 409 && tries < 60) {
        this.at(now + (answer === null ? HOUR : DAY), () => this.#ask(ask, tries + (answer === null ? 1 : 20)));
      }
      return;
    }
    const { id, seasons: given = [] } = (await answer.json()) as { id: number; seasons?: { seasonNumber: number }[] };
    const asked: Asked = {
      ...{ id, title, is4k, at: now, cancelledAt: null, wipedAt: null, closedAt: null, closedBySeerr: false },
      rejectedAt: 0,
      seasons: given.map(({ seasonNumber }) => seasonNumber),
    };
    this.asked.push(asked);
    if (ask.cancelAfter !== undefined) {
      this.at(now + ask.cancelAfter, () => this.#cancel(asked));
    }
    const { wipeAt, ...again } = ask;
    if (wipeAt !== undefined) {
      this.at(wipeAt, () => this.#wipe(asked, again));
    }
  }

  async #cancel(asked: Asked): Promise<void> {
    const now = this.post.clock.now();
    if (this.sandbox.seerr.state(asked.id)?.status === COMPLETED) {
      return;
    }
    const answer = await this.#seerr('DELETE', `/request/${asked.id}`);
    if (answer === null) {
      this.at(now + HOUR, () => this.#cancel(asked));
    } else {
      asked.cancelledAt = now;
    }
  }

  /** Deletes all that there is of a title once everybody has had it, and asks for it again some days later. */
  #wipe(asked: Asked, again: Ask): void {
    const now = this.post.clock.now();
    const ofTitle = this.standing().filter(({ title }) => title === asked.title);
    const { jellyfin, realDebrid, seerr } = this.sandbox;
    if (ofTitle.some(({ id }) => seerr.state(id)?.status !== COMPLETED) || jellyfin.mount.down) {
      this.at(now + 5 * DAY, () => this.#wipe(asked, again));
      return;
    }
    for (const one of ofTitle) {
      one.wipedAt = now;
      one.closedAt ??= now;
    }
    for (const { id, hash } of realDebrid.entries()) {
      if (this.offers.get(hash)?.title === asked.title) {
        this.remove(id);
      }
    }
    this.at(now + MINUTE, () => jellyfin.scan.start());
    this.at(now + 2 * DAY, () => this.#ask({ ...again, at: now + 2 * DAY }));
  }

  /** null = it cannot be reached. */
  async #seerr(method: string, path: string, body?: unknown): Promise<Response | null> {
    const { url, apiKey } = this.sandbox.seerr;
    try {
      return await fetch(`${url}/api/v1${path}`, {
        method,
        headers: { 'X-Api-Key': apiKey, 'Content-Type': 'application/json', 'X-By': BY_HAND },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      return null;
    }
  }
}

/** Tells the household's own calls from the program's. */
export const BY_HAND = 'household';
