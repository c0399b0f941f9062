import { seedersIn } from './arrange.js';
import type { AddonConfig } from './config.js';
import { fileNameOf, type Listed, type Stream, shownName } from './stream.js';

const SHORTEST_KEY = 15;
const FEW_SEEDED = 5;

/** Streams as given to somebody with a Real-Debrid key: a resolve URL instead of hash, index and sources. */
export function decorated(streams: Listed[], config: AddonConfig, key: string, base: string): Stream[] {
  const cached = streams.filter(isHinted);
  const others = config.noDownloadLinks ? [] : downloadable(streams.filter((stream) => !isHinted(stream)));
  return [
    ...cached.map((stream) => withUrl(stream, '[RD+]', key, base)),
    ...others.map((stream) => withUrl(stream, '[RD download]', key, base)),
  ];
}

export function isUsableKey(key: string): boolean {
  return key.length >= SHORTEST_KEY;
}

/** The only answer to an unusable key. */
export function keyErrorStream(base: string): Stream {
  return {
    name: 'Torrentio\nRD error',
    title: 'Invalid RealDebrid ApiKey/Token!',
    url: `${base}/videos/failed_access_v3.mp4`,
  };
}

/** The addon's own record of what its users played; by default it agrees with Real-Debrid. It is per file. */
function isHinted({ row: { torrent, index } }: Listed): boolean {
  const { hinted } = torrent;
  if (hinted === null) return torrent.fate.cached !== false;
  return typeof hinted === 'boolean' ? hinted : index !== null && hinted.includes(index);
}

/** Uncached ones without seeders are dropped, unless 4k or next to nothing is seeded. */
function downloadable(streams: Listed[]): Listed[] {
  const seeded = streams.filter((stream) => seedersIn(stream) > 0);
  if (seeded.length <= FEW_SEEDED) return streams;
  return streams.filter((stream) => stream.quality === '4k' || !stream.stream.title.includes('👤 0 '));
}

function withUrl({ row, stream }: Listed, marker: string, key: string, base: string): Stream {
  const name = fileNameOf(row) ?? shownName(row);
  const index = row.index ?? 'undefined';
  const path = `/resolve/realdebrid/${key}/${row.torrent.hash}/null/${index}/${encodeURIComponent(name)}`;
  return {
    name: `${marker} ${stream.name}`,
    title: stream.title,
    url: `${base}${path}`,
    ...(stream.behaviorHints === undefined ? {} : { behaviorHints: stream.behaviorHints }),
  };
}
