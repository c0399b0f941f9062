/** Where the addons of the protocol put a torrent's hash and file index. Nothing else is taken from a URL: it may hold a key. */

interface Carrier {
  infoHash?: unknown;
  url?: unknown;
  fileIdx?: unknown;
  sources?: unknown;
}

const HASH = /^[0-9a-f]{40}$/;
const MAGNET = /urn:btih:([0-9a-f]{40})(?![0-9a-z])/i;
const MAX_URL_CHARS = 8000;
const MAX_SOURCES = 500;

/** 40 lower-case hex digits, or null: then the stream is no torrent. */
export function hashOf(raw: Carrier, hints: Record<string, unknown>): string | null {
  const own = asText(raw.infoHash).trim().toLowerCase();
  if (HASH.test(own)) return own;
  return hashInPath(segmentsOf(raw.url)) ?? hashInGroup(hints.bingeGroup) ?? hashInMagnet(raw);
}

const asText = (value: unknown): string => (typeof value === 'string' ? value.slice(0, MAX_URL_CHARS) : '');

function segmentsOf(url: unknown): string[] {
  const text = asText(url);
  if (text.startsWith('magnet:')) return [];
  return text.replace(/[?#].*$/s, '').split('/');
}

/** In `/resolve/<service>/<key>/<hash>/…` the key comes first, and nothing says that a key is no 40 hex digits. */
function hashInPath(segments: readonly string[]): string | null {
  const index = hashIndex(segments);
  return index < 0 ? null : (segments[index]?.slice(0, 40).toLowerCase() ?? null);
}

function hashIndex(segments: readonly string[]): number {
  const resolve = segments.indexOf('resolve');
  const from = resolve < 0 ? 0 : resolve + 3;
  return segments.findIndex((segment, index) => index >= from && /^[0-9a-f]{40}(?:-|$)/i.test(segment));
}

/** `torrentio|<hash>`, `comet|<service>|<hash>`, `torz:<hash>`. */
const hashInGroup = (group: unknown): string | null =>
  /(?<![0-9a-z])([0-9a-f]{40})(?![0-9a-z])/i.exec(asText(group))?.[1]?.toLowerCase() ?? null;

function hashInMagnet(raw: Carrier): string | null {
  const places = [raw.url, ...(Array.isArray(raw.sources) ? raw.sources.slice(0, MAX_SOURCES) : [])].map(asText);
  const found = places.map((place) => MAGNET.exec(place)?.[1] ?? /^dht:([0-9a-f]{40})$/i.exec(place)?.[1]);
  return found.find((hash) => hash !== undefined)?.toLowerCase() ?? null;
}

/** More files than this no torrent has. */
const MAX_FILE_INDEX = 1_000_000;

/** 0-based file index: the field, else the place in the URL where this kind of addon puts it; null = unknown. */
export function fileIndexOf(raw: Carrier, infoHash: string): number | null {
  if (raw.fileIdx !== undefined && raw.fileIdx !== null) return asIndex(raw.fileIdx);
  const segments = segmentsOf(raw.url);
  const index = hashIndex(segments);
  if (index < 0 || segments[index]?.slice(0, 40).toLowerCase() !== infoHash) return null;
  // Behind MediaFusion's hash come season and episode.
  if (segments.includes('streaming_provider')) return null;
  const offset = segments.includes('strem') ? 1 : 2;
  const segment = segments[index + offset] ?? '';
  return /^\d{1,7}$/.test(segment) ? asIndex(Number(segment)) : null;
}

const asIndex = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < MAX_FILE_INDEX ? value : null;

const MAX_TRACKERS = 50;
const MAX_TRACKER_CHARS = 300;

/** `tracker:<url>` entries, without duplicates, at most 50. */
export function trackersOf(sources: unknown): string[] {
  if (!Array.isArray(sources)) return [];
  const urls = sources.slice(0, MAX_SOURCES).flatMap((source) => {
    const url = /^tracker:((?:udp|https?|wss?):\/\/[^\s\p{C}]+)$/iu.exec(asText(source))?.[1];
    return url === undefined || url.length > MAX_TRACKER_CHARS ? [] : [url];
  });
  return [...new Set(urls)].slice(0, MAX_TRACKERS);
}
