import type { Item } from '../jellyfin/items.js';
import type { ShowTitle } from '../world/titles.js';
import type { World } from '../world/world.js';
import type { Lifecycle } from './lifecycle.js';
import { MEDIA, type MediaRow, type SeasonRow, type SeerrState } from './state.js';

/** What Seerr's scanner asks of Jellyfin. */
export interface LibrarySource {
  items(): Item[];
  item(id: string): Item | null;
}

interface SeasonCount {
  seasonNumber: number;
  total: number;
  standard: number;
  fourK: number;
}

/** Above this width a file counts as 4K. */
const STANDARD_WIDTH = 2000;

/** Seerr's Jellyfin scanner. Only movies and series are looked at; bare episodes pass unseen. */
export class Scanner {
  constructor(
    readonly world: World,
    readonly state: SeerrState,
    readonly lifecycle: Lifecycle,
    readonly library: LibrarySource,
  ) {}

  process(items: Item[]): void {
    for (const listed of items) {
      const item = this.library.item(listed.id);
      if (item?.type === 'Movie') this.#movie(item);
      if (item?.type === 'Series') this.#show(item);
    }
  }

  /** 4K counts apart only where a 4K Radarr is configured. */
  get movies4k(): boolean {
    return this.lifecycle.settings.radarr.some((server) => server.is4k);
  }

  get shows4k(): boolean {
    return this.lifecycle.settings.sonarr.some((server) => server.is4k);
  }

  #movie(item: Item): void {
    const tmdbId = Number(item.providerIds.Tmdb ?? 0) || this.#tmdbByImdb(item.providerIds.Imdb);
    if (tmdbId === null) return;
    const widths = item.sources.flatMap((source) => source.width ?? []);
    const has4k = widths.some((width) => width > STANDARD_WIDTH);
    const hasStandard = widths.some((width) => width <= STANDARD_WIDTH);
    // Without probed streams neither holds, and the movie is never made available.
    if (hasStandard || (!this.movies4k && has4k)) this.#movieThere(tmdbId, item, false);
    if (has4k && this.movies4k) this.#movieThere(tmdbId, item, true);
  }

  #movieThere(tmdbId: number, item: Item, is4k: boolean): void {
    const now = this.lifecycle.nowText();
    const media = this.state.mediaOf('movie', tmdbId) ?? this.state.addMedia('movie', tmdbId, null, now);
    this.lifecycle.changeMedia(media, (row) => {
      row[is4k ? 'status4k' : 'status'] = MEDIA.available;
      row[is4k ? 'jellyfinMediaId4k' : 'jellyfinMediaId'] = item.id;
      row.imdbId ??= item.providerIds.Imdb ?? null;
    });
  }

  /** By TMDB id, else TVDB id; never by IMDb id. */
  #show(item: Item): void {
    const byTmdb = this.world.show(Number(item.providerIds.Tmdb ?? 0));
    const title = byTmdb ?? this.world.showByTvdb(Number(item.providerIds.Tvdb ?? 0));
    if (title === null) return;
    const counts = this.#counts(title, item.id);
    const now = this.lifecycle.nowText();
    const media = this.state.mediaOf('tv', title.tmdbId) ?? this.state.addMedia('tv', title.tmdbId, title.tvdbId, now);
    this.lifecycle.changeMedia(media, (row) => this.#apply(row, counts, item.id, now));
  }

  #counts(title: ShowTitle, seriesId: string): SeasonCount[] {
    const episodes = this.library.items().filter((other) => other.type === 'Episode' && other.seriesId === seriesId);
    const specials = this.lifecycle.settings.enableSpecialEpisodes;
    return title.seasons
      .filter((season) => season.number !== 0 || specials)
      .map((season) => {
        const here = episodes.filter((episode) => !episode.virtual && episode.parentIndex === season.number);
        const sum = (items: Item[]) => items.reduce((total, episode) => total + spanLength(episode), 0);
        const standard = this.shows4k ? here.filter((episode) => hasWidth(episode, false)) : here;
        return {
          seasonNumber: season.number,
          // Unaired episodes included: a season still airing stays partially available.
          total: season.episodes.length,
          standard: sum(standard),
          fourK: this.shows4k ? sum(here.filter((episode) => hasWidth(episode, true))) : 0,
        };
      });
  }

  #apply(row: MediaRow, counts: SeasonCount[], itemId: string, now: string): void {
    const before = availableSeasons(row);
    for (const count of counts) {
      const season = this.state.season(row, count.seasonNumber, now);
      season.status = seasonStatus(count.standard, count.total, season.status);
      if (this.shows4k) season.status4k = seasonStatus(count.fourK, count.total, season.status4k);
      if (count.standard > 0) row.jellyfinMediaId = itemId;
      if (count.fourK > 0) row.jellyfinMediaId4k = itemId;
    }
    // What makes the row itself change, and the requests follow, where the show's own status stays as it is.
    if (availableSeasons(row) > before) row.lastSeasonChange = now;
    row.status = rollUp(row.seasons, 'status', row.status);
    // Without a 4K Sonarr the 4K tier falls back whatever the seasons say.
    row.status4k = this.shows4k ? rollUp(row.seasons, 'status4k', row.status4k) : fallen(row.seasons, row.status4k);
  }

  #tmdbByImdb(imdbId: string | undefined): number | null {
    const title = imdbId === undefined ? null : this.world.titleByImdb(imdbId);
    return title?.type === 'movie' ? title.tmdbId : null;
  }
}

const availableSeasons = ({ seasons }: MediaRow): number =>
  seasons.flatMap(({ status, status4k }) => [status, status4k]).filter((status) => status === MEDIA.available).length;

/** Strict equality: one episode too many leaves a season partially available. An available one is never downgraded. */
function seasonStatus(there: number, total: number, before: number): number {
  if ((there === total && there > 0) || before === MEDIA.available) return MEDIA.available;
  return there > 0 ? MEDIA.partial : before;
}

function rollUp(seasons: SeasonRow[], tier: 'status' | 'status4k', before: number): number {
  const regular = seasons.filter((season) => season.seasonNumber !== 0);
  if (regular.length > 0 && regular.every((season) => season[tier] === MEDIA.available)) return MEDIA.available;
  const some = seasons.some((season) => season[tier] === MEDIA.partial || season[tier] === MEDIA.available);
  if (some) return MEDIA.partial;
  if (seasons.some((season) => season[tier] === MEDIA.processing)) return MEDIA.processing;
  return before === MEDIA.deleted ? MEDIA.deleted : MEDIA.unknown;
}

function fallen(seasons: SeasonRow[], before: number): number {
  if (seasons.some((season) => season.status4k === MEDIA.processing)) return MEDIA.processing;
  return before === MEDIA.deleted ? MEDIA.deleted : MEDIA.unknown;
}

function hasWidth(episode: Item, fourK: boolean): boolean {
  return episode.sources.some((source) => source.width !== null && source.width > STANDARD_WIDTH === fourK);
}

function spanLength(episode: Item): number {
  return episode.index === null || episode.indexEnd === null ? 1 : episode.indexEnd - episode.index + 1;
}
