import { episodesIn } from '../world/episodes.js';
import { isFeature, type Torrent, type TorrentFile } from '../world/torrents.js';
import type { World } from '../world/world.js';

/** One row of the addon's database: a file of a torrent, or the torrent itself where it has no file list. */
export interface Row {
  torrent: Torrent;
  file: TorrentFile | null;
  /** 0-based in the torrent's file list. */
  index: number | null;
  kind: 'movie' | 'series';
}

const MOST_ROWS = 500;

/** Rows of an id on the movie route. On a series' id it gives every file of every torrent. */
export function movieRows(world: World, imdbId: string): Row[] {
  const kind = world.titleByImdb(imdbId)?.type === 'tv' ? 'series' : 'movie';
  return presorted(world.torrentsOf(imdbId).flatMap((torrent) => rowsOf(torrent, kind)));
}

/** Rows of one episode: singles, packs and double episodes, each with the file that matches. */
export function episodeRows(world: World, imdbId: string, season: number, episode: number): Row[] {
  const rows = world.torrentsOf(imdbId).flatMap((torrent) => rowsOf(torrent, 'series'));
  return presorted(rows.filter((row) => covers(row, season, episode)));
}

function rowsOf(torrent: Torrent, kind: Row['kind']): Row[] {
  if (!torrent.listed) return [];
  if (!torrent.indexed) return [{ torrent, file: null, index: null, kind }];
  const files = torrent.files.map((file, index) => ({ torrent, file, index, kind }));
  const features = files.filter(({ file }) => isFeature(file));
  if (kind === 'series') return features.filter(({ file }) => file.span !== null);
  // A movie torrent's row is its feature; parts of like size (CD1, CD2) are rows of their own.
  const biggest = Math.max(0, ...features.map(({ file }) => file.bytes));
  return features.filter(({ file }) => file.bytes >= biggest * 0.6);
}

function covers(row: Row, season: number, episode: number): boolean {
  const span = row.file === null ? spanOfName(row.torrent) : row.file.span;
  return span !== null && span.season === season && span.episodes.includes(episode);
}

/** Without a file list the name is all there is; a bare season counts as its first episode. */
function spanOfName(torrent: Torrent): { season: number; episodes: number[] } | null {
  const span = episodesIn(torrent.name);
  if (span !== null) return span;
  const season = /\b(?:S|Season )(\d{1,2})\b/i.exec(torrent.name)?.[1];
  return season === undefined ? null : { season: Number(season), episodes: [1] };
}

function presorted(rows: Row[]): Row[] {
  return rows.sort((a, b) => (b.torrent.seeders ?? 0) - (a.torrent.seeders ?? 0)).slice(0, MOST_ROWS);
}
