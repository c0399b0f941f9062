import { guid } from '../kit/ids.js';
import type { EpisodeSpan } from '../world/episodes.js';
import type { Episode, MovieTitle, ShowTitle, Title } from '../world/titles.js';
import { yearOf } from '../world/titles.js';
import { widthOf } from '../world/torrents.js';
import type { World } from '../world/world.js';
import { blankItem, type Item, LIBRARIES, type VideoSource } from './items.js';
import type { MountedFile } from './mount.js';
import type { Identification, JellyfinSettings } from './settings.js';

/** The library database: items made from files, and what a scan does to them. */
export class Library {
  readonly items = new Map<string, Item>();
  readonly identification = new Map<string, Identification>();
  /** Items of the user's own, present whatever the mount holds. */
  readonly #owned = new Map<string, Item>();

  constructor(
    readonly world: World,
    readonly settings: JellyfinSettings,
  ) {}

  /** Adds an item that later scans keep. */
  own(item: Item): void {
    const twin = this.#twinOf(item, this.items);
    if (twin !== undefined) {
      twin.sources.push(...item.sources);
      return;
    }
    this.#owned.set(item.id, item);
    this.items.set(item.id, item);
  }

  /** Since 12.0 several files of one episode are one item with several versions. */
  #twinOf(item: Item, among: Map<string, Item>): Item | undefined {
    if (item.type !== 'Episode' || item.virtual || majorOf(this.settings.version) < 12) return undefined;
    return [...among.values()].find((other) => other.id !== item.id && isSameEpisode(other, item));
  }

  disown(id: string): void {
    this.#owned.delete(id);
    this.items.delete(id);
  }

  /** What a scan makes of the files of the mount. */
  itemsOf(files: MountedFile[]): Item[] {
    const found = new Map<string, Item>();
    for (const mounted of files) {
      for (const item of this.#admitted(mounted)) if (!found.has(item.id)) found.set(item.id, item);
    }
    return [...found.values()];
  }

  /** A scan's result: exactly what it found, plus what the user owns. It looked at the items `within`. */
  rebuild(found: Item[], withOwned: boolean, savedAt: number, within: (item: Item) => boolean = () => true): void {
    const items = new Map([...this.items].filter(([id, item]) => !within(item) && !this.#owned.has(id)));
    for (const [id, item] of withOwned ? this.#owned : []) {
      if (!this.items.has(id)) item.dateSaved = savedAt;
      items.set(id, item);
    }
    for (const item of found.filter(({ id }) => !items.has(id)).filter(within)) {
      const twin = this.#twinOf(item, items);
      const earlier = this.items.get(item.id);
      const kept = earlier !== undefined && hasFilesOf(earlier, item);
      if (twin !== undefined) addVersions(twin, item, savedAt);
      else items.set(item.id, kept ? earlier : { ...item, dateCreated: savedAt, dateSaved: savedAt });
    }
    this.items.clear();
    for (const [id, item] of items) this.items.set(id, item);
  }

  #admitted(mounted: MountedFile): Item[] {
    const title = this.world.titleByImdb(mounted.torrent.imdbId);
    const identification = this.identification.get(mounted.torrent.hash) ?? { kind: 'correct' };
    if (identification.kind === 'unseen' || title === null) return [];
    return title.type === 'movie'
      ? [this.#movie(title, mounted, identification)]
      : this.#episode(title, mounted, identification);
  }

  #movie(title: MovieTitle, mounted: MountedFile, identification: Identification): Item {
    return movieItem(title, mounted.path, [this.#source(mounted)], identification);
  }

  /** The episode with the series and season it hangs under. */
  #episode(title: ShowTitle, mounted: MountedFile, identification: Identification): Item[] {
    const series = seriesItem(title, identification);
    const span = spanOf(mounted, identification);
    const first = span?.episodes[0] ?? null;
    const known = title.seasons.find((season) => season.number === span?.season)?.episodes ?? [];
    const episode = episodeItem(series, {
      season: span?.season ?? null,
      first,
      last: span?.episodes.at(-1) ?? first,
      name: known.find((other: Episode) => other.number === first)?.name ?? mounted.file.path,
      path: mounted.path,
      sources: [this.#source(mounted)],
      runTimeMinutes: title.runtime,
    });
    const season = seasonItem(series, span?.season ?? null);
    episode.seasonId = season.id;
    return [series, season, episode];
  }

  #source(mounted: MountedFile): VideoSource {
    const width = widthOf(mounted.torrent, mounted.file);
    return {
      id: guid(mounted.path),
      path: mounted.path,
      bytes: mounted.file.bytes,
      width: this.settings.unprobed ? null : width,
      trueWidth: width,
    };
  }
}

/** Whether an item has these files still; one that was replaced is looked at anew. */
function hasFilesOf(item: Item, { sources }: Item): boolean {
  return sources.every(({ path, bytes, trueWidth }) =>
    item.sources.some((known) => known.path === path && known.bytes === bytes && known.trueWidth === trueWidth),
  );
}

/** A version that it has already comes with each scan. */
function addVersions(item: Item, { sources }: Item, savedAt: number): void {
  const fresh = sources.filter(({ path }) => !item.sources.some((known) => known.path === path));
  if (fresh.length === 0) return;
  item.sources = [...item.sources, ...fresh];
  item.dateSaved = savedAt;
}

function isSameEpisode(a: Item, b: Item): boolean {
  return (
    a.type === 'Episode' &&
    !a.virtual &&
    a.index !== null &&
    a.seriesId === b.seriesId &&
    a.parentIndex === b.parentIndex &&
    a.index === b.index &&
    a.indexEnd === b.indexEnd
  );
}

/** 10 of 10.11.11. */
export const majorOf = (version: string): number => Number(version.split('.')[0]);

function spanOf({ file }: MountedFile, identification: Identification): EpisodeSpan | null {
  if (identification.kind !== 'misnumbered') return file.span;
  const { season, episode } = identification;
  return season === null || episode === null ? null : { season, episodes: [episode] };
}

export function movieItem(
  title: MovieTitle,
  path: string,
  sources: VideoSource[],
  identification: Identification = { kind: 'correct' },
): Item {
  const item = blankItem('Movie', guid(`movie:${path}`), title.title, LIBRARIES.movies.id);
  const identity = identityOf(title, identification);
  return { ...item, ...identity, path, sources, runTimeMinutes: title.runtime };
}

/** One series item per show; a wrongly identified one is another series. */
export function seriesItem(title: ShowTitle, identification: Identification = { kind: 'correct' }): Item {
  const identity = identityOf(title, identification);
  const id = guid(`series:${title.tmdbId}:${JSON.stringify(identity)}`);
  const item = blankItem('Series', id, identity.name, LIBRARIES.shows.id);
  return { ...item, ...identity, path: `/media/shows/${identity.name}` };
}

/** Flat series folders give seasons without a path, which Jellyfin calls Virtual although they exist. */
export function seasonItem(series: Item, number: number | null): Item {
  const name = number === null ? 'Season Unknown' : number === 0 ? 'Specials' : `Season ${number}`;
  const item = blankItem('Season', guid(`season:${series.id}:${number}`), name, LIBRARIES.shows.id);
  return { ...item, virtual: true, seriesId: series.id, seriesName: series.name, index: number };
}

export interface EpisodeParts {
  season: number | null;
  first: number | null;
  last: number | null;
  name: string;
  /** null makes it a virtual (missing) episode. */
  path: string | null;
  sources: VideoSource[];
  runTimeMinutes: number;
}

export function episodeItem(series: Item, parts: EpisodeParts): Item {
  const id = guid(`episode:${series.id}:${parts.path ?? `virtual:${parts.season}:${parts.first}`}`);
  return {
    ...blankItem('Episode', id, parts.name, LIBRARIES.shows.id),
    path: parts.path,
    virtual: parts.path === null,
    // An episode's provider ids are its own, never the series'.
    providerIds: parts.first === null ? {} : { Tvdb: `9${parts.season ?? 0}${String(parts.first).padStart(3, '0')}` },
    sources: parts.sources,
    seriesId: series.id,
    seriesName: series.name,
    index: parts.first,
    indexEnd: parts.last !== null && parts.last !== parts.first ? parts.last : null,
    parentIndex: parts.season,
    runTimeMinutes: parts.runTimeMinutes,
  };
}

function identityOf(title: Title, identification: Identification): Pick<Item, 'name' | 'year' | 'providerIds'> {
  if (identification.kind === 'unidentified')
    return { name: `${title.title} (unmatched)`, year: null, providerIds: {} };
  if (identification.kind === 'wrong') {
    return { name: identification.name, year: null, providerIds: identification.providerIds };
  }
  const ids: Record<string, string> = { Tmdb: String(title.tmdbId) };
  if (title.imdbId) ids.Imdb = title.imdbId;
  if (title.type === 'tv' && title.tvdbId !== null) ids.Tvdb = String(title.tvdbId);
  return { name: title.title, year: yearOf(title), providerIds: ids };
}
