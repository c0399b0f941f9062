import type { SandboxClock } from '../kit/clock.js';
import { guid } from '../kit/ids.js';
import type { World } from '../world/world.js';
import { blankItem, type Item, LIBRARIES, type VideoSource } from './items.js';
import { episodeItem, type Library, movieItem, seasonItem, seriesItem } from './library.js';
import type { Identification } from './settings.js';

export interface OwnedMovie {
  tmdbId: number;
  /** One width per version; default one of 1920. null: not probed. */
  widths?: (number | null)[];
  /** Name of the collection (box set) it belongs to. */
  collection?: string;
  identification?: Identification;
  /** Default true: what one owns one has seen, so it is not "latest". */
  played?: boolean;
}

export interface OwnedEpisodes {
  tmdbId: number;
  season: number;
  episodes: number[];
  width?: number | null;
  /** Missing episodes, as a metadata plugin shows them. */
  virtual?: boolean;
  /** One file holding all of them. */
  combined?: boolean;
  identification?: Identification;
  played?: boolean;
  /** Tells a second copy of the same episodes apart. */
  copy?: string;
}

/** Puts things into the library that were there before anybody asked. Returns the id of the movie. */
export function ownMovie(library: Library, world: World, clock: SandboxClock, spec: OwnedMovie): string {
  const title = world.movie(spec.tmdbId);
  if (title === null) throw new Error(`no movie ${spec.tmdbId} in the world`);
  const folder = `/media/movies/${title.title} (${title.releaseDate.slice(0, 4)})`;
  const sources = (spec.widths ?? [1920]).map((width, index) => sourceOf(`${folder}/version ${index + 1}.mkv`, width));
  const item = movieItem(title, sources[0]?.path ?? folder, sources, spec.identification);
  item.played = spec.played ?? true;
  if (spec.collection !== undefined) item.boxSetId = boxSet(library, clock, spec.collection).id;
  keep(library, clock, item);
  return item.id;
}

/** Returns the id of the series. */
export function ownEpisodes(library: Library, world: World, clock: SandboxClock, spec: OwnedEpisodes): string {
  const title = world.show(spec.tmdbId);
  if (title === null) throw new Error(`no show ${spec.tmdbId} in the world`);
  const series = library.items.get(seriesItem(title, spec.identification).id) ?? seriesItem(title, spec.identification);
  const season = seasonItem(series, spec.season);
  keep(library, clock, series);
  keep(library, clock, season);
  const spans = spec.combined ? [spec.episodes] : spec.episodes.map((episode) => [episode]);
  for (const span of spans) {
    const first = span[0] ?? 0;
    const path = `/media/shows/${series.name}/S${spec.season}E${span.join('-')}${spec.copy ?? ''}.mkv`;
    const item = episodeItem(series, {
      season: spec.season,
      first,
      last: span.at(-1) ?? first,
      name: `Episode ${first}`,
      path: spec.virtual ? null : path,
      sources: spec.virtual ? [] : [sourceOf(path, spec.width === undefined ? 1920 : spec.width)],
      runTimeMinutes: title.runtime,
    });
    item.seasonId = season.id;
    item.played = spec.played ?? true;
    keep(library, clock, item);
  }
  return series.id;
}

function boxSet(library: Library, clock: SandboxClock, name: string): Item {
  const item = blankItem('BoxSet', guid(`boxset:${name}`), name, LIBRARIES.movies.id);
  keep(library, clock, item);
  return item;
}

function sourceOf(path: string, width: number | null): VideoSource {
  return { id: guid(path), path, bytes: 4 * 1024 ** 3, width, trueWidth: width ?? 1920 };
}

function keep(library: Library, clock: SandboxClock, item: Item): void {
  if (library.items.has(item.id)) return;
  item.dateCreated = clock.now();
  item.dateSaved = clock.now();
  library.own(item);
}
