import { guid } from '../kit/ids.js';
import { episodesIn } from '../world/episodes.js';
import { widthOf } from '../world/torrents.js';
import type { FoundVideo } from './folders.js';
import { blankItem, type Item, LIBRARIES, type VideoSource } from './items.js';
import { episodeItem, seasonItem } from './library.js';
import type { Identification, JellyfinSettings } from './settings.js';

/** From this version on, files of one episode are versions of one item. */
const EPISODE_VERSIONS_SINCE = 12;

/** What a library of named folders becomes: ids come from the tags in the names, before anybody is asked. */
export class TaggedLibrary {
  constructor(
    readonly settings: JellyfinSettings,
    /** How a torrent's files are identified where names do not decide, as with a description file beside them. */
    readonly identification: ReadonlyMap<string, Identification>,
  ) {}

  /** `Title (Year) [tmdbid-N]/Title (Year) [tmdbid-N] - version.mkv`: one item per folder, if its files are called like it. */
  movies(videos: readonly FoundVideo[]): Item[] {
    return byFolder(videos).flatMap(([folder, files]) => {
      const areVersions = files.every((file) => isVersion(stemOf(file.path), folder));
      const groups = areVersions ? [files] : files.map((file) => [file]);
      return groups.map((group) => this.#movie(folder, primaryFirst(group, folder)));
    });
  }

  #movie(folder: string, files: FoundVideo[]): Item {
    const path = files[0]?.seenAs ?? folder;
    // An IMDb id is found anywhere in the path of a movie.
    const identity = this.#misread(files) ?? tagsOf(folder, path);
    const item = { ...blankItem('Movie', guid(`movie:${path}`), '', LIBRARIES.movies.id), ...identity };
    return { ...item, path, sources: files.map((file) => this.#source(file)), runTimeMinutes: 90 };
  }

  #misread(files: readonly FoundVideo[]): Pick<Item, 'name' | 'year' | 'providerIds'> | null {
    const told = files.map(({ mounted }) => this.identification.get(mounted?.torrent.hash ?? ''));
    const wrong = told.find((one) => one?.kind === 'wrong');
    return wrong?.kind === 'wrong' ? { name: wrong.name, year: null, providerIds: wrong.providerIds } : null;
  }

  /** `Title (Year) [tmdbid-N]/Season 01/Title S01E01.mkv`. */
  series(videos: readonly FoundVideo[], root: string): Item[] {
    return byFolder(videos).flatMap(([folder, files]) => {
      const path = `${root}/${folder}`;
      const series = {
        ...blankItem('Series', guid(`series:${path}`), '', LIBRARIES.shows.id),
        ...tagsOf(folder, folder),
      };
      const items = new Map<string, Item>([[series.id, { ...series, path }]]);
      for (const file of files) this.#episode({ ...series, path }, file, items);
      return [...items.values()];
    });
  }

  #episode(series: Item, file: FoundVideo, items: Map<string, Item>): void {
    const span = episodesIn(file.path);
    const number = /(?:^|\/)Season (\d+)\//.exec(file.path)?.[1];
    const seasonNumber = number === undefined ? (span?.season ?? null) : Number(number);
    const season = { ...seasonItem(series, seasonNumber), virtual: number === undefined };
    items.set(season.id, season);
    const first = span?.episodes[0] ?? null;
    const episode = episodeItem(series, {
      season: seasonNumber,
      first,
      last: span?.episodes.at(-1) ?? first,
      name: stemOf(file.path),
      path: file.seenAs,
      sources: [this.#source(file)],
      runTimeMinutes: 30,
    });
    const other = this.#otherVersion(items, episode);
    if (other === undefined) items.set(episode.id, { ...episode, seasonId: season.id });
    else other.sources.push(...episode.sources);
  }

  #otherVersion(items: ReadonlyMap<string, Item>, { index, indexEnd, parentIndex }: Item): Item | undefined {
    if (Number.parseInt(this.settings.version, 10) < EPISODE_VERSIONS_SINCE || index === null) return undefined;
    return [...items.values()].find(
      (item) =>
        item.type === 'Episode' &&
        item.index === index &&
        item.indexEnd === indexEnd &&
        item.parentIndex === parentIndex,
    );
  }

  #source({ seenAs, mounted }: FoundVideo): VideoSource {
    const width = mounted === null ? 1920 : widthOf(mounted.torrent, mounted.file);
    return {
      id: guid(seenAs),
      path: seenAs,
      bytes: mounted?.file.bytes ?? 0,
      width: this.settings.unprobed ? null : width,
      trueWidth: width,
    };
  }
}

function byFolder(videos: readonly FoundVideo[]): [string, FoundVideo[]][] {
  const folders = new Map<string, FoundVideo[]>();
  for (const video of videos) {
    const [folder = '', ...rest] = video.path.split('/');
    if (rest.length > 0) folders.set(folder, [...(folders.get(folder) ?? []), video]);
  }
  return [...folders];
}

const stemOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');

function isVersion(stem: string, folder: string): boolean {
  if (!stem.toLowerCase().startsWith(folder.toLowerCase())) return false;
  const rest = stem.slice(folder.length).trim();
  return rest === '' || rest.startsWith('-') || /^\[.*\]$/.test(rest);
}

const primaryFirst = (files: FoundVideo[], folder: string): FoundVideo[] =>
  [...files].sort((a, b) => Number(stemOf(b.path) === folder) - Number(stemOf(a.path) === folder));

function tagsOf(folder: string, imdbFrom: string): Pick<Item, 'name' | 'year' | 'providerIds'> {
  const [, name = folder, year] = /^(.*?)(?: \((\d{4})\))?(?: \[.*)?$/.exec(folder) ?? [];
  const ids = {
    Tmdb: /\[tmdbid[-=](\d+)\]/i.exec(folder)?.[1],
    Tvdb: /\[tvdbid[-=](\d+)\]/i.exec(folder)?.[1],
    Imdb: /tt\d{7,8}/.exec(imdbFrom)?.[0],
  };
  const providerIds: Record<string, string> = {};
  for (const [provider, id] of Object.entries(ids)) if (id !== undefined) providerIds[provider] = id;
  return { name, year: year === undefined ? null : Number(year), providerIds };
}
