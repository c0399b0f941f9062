const MOST_TRACKERS = 10;
const LONGEST_TRACKER = 200;
const PROTOCOLS = new Set(['udp:', 'http:', 'https:', 'ws:', 'wss:']);

export const isInfoHash = (text: string): boolean => /^[0-9a-f]{40}$/i.test(text);

/** A magnet of a version 1 torrent: lower-case hash, at most ten sane trackers. */
export function magnetLink(infoHash: string, trackers: readonly string[]): string {
  const usable = [...new Set(trackers)].filter(isTracker).slice(0, MOST_TRACKERS);
  const tail = usable.map((tracker) => `&tr=${encodeURIComponent(tracker)}`).join('');
  return `magnet:?xt=urn:btih:${infoHash.toLowerCase()}${tail}`;
}

function isTracker(text: string): boolean {
  return text.length <= LONGEST_TRACKER && URL.canParse(text) && PROTOCOLS.has(new URL(text).protocol);
}
