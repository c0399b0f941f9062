import { type AddonConfig, bytesOf } from './config.js';
import { CAM_SOURCES } from './quality.js';
import type { Listed } from './stream.js';

const HEALTHY = 5;
const ENOUGH_HEALTHY = 50;
const ENOUGH_SEEDED = 5;
const MOST_SEEDED = 50;
const FEW = 5;

/** Filters, seeders cut, sort and limit, in the addon's order. */
export function arranged(streams: Listed[], config: AddonConfig): Listed[] {
  const kept = streams.filter((stream) => wantedProvider(stream, config) && wantedQuality(stream, config));
  const fitting = kept.filter((stream) => wantedSize(stream, config));
  const cut = config.realDebridKey === null ? seedersCut(fitting) : fitting;
  return byLanguage(sorted(cut, config), config);
}

/** Read back out of the text, as the addon does: a release name with such signs in it fools it. */
export function seedersIn(stream: Listed): number {
  return Number(/👤 (\d+)/.exec(stream.stream.title)?.[1] ?? 0);
}

function sizeIn(stream: Listed): number {
  return bytesOf(/💾 ([\d.]+ \w+)/.exec(stream.stream.title)?.[1] ?? '') ?? 0;
}

/** Keyless lists lose their dead-swarm releases. */
function seedersCut(streams: Listed[]): Listed[] {
  const healthy = streams.filter((stream) => seedersIn(stream) >= HEALTHY);
  if (healthy.length >= ENOUGH_HEALTHY) return healthy;
  const seeded = streams.filter((stream) => seedersIn(stream) >= 1);
  if (seeded.length >= ENOUGH_SEEDED) return seeded.slice(0, MOST_SEEDED);
  return streams.slice(0, FEW);
}

function sorted(streams: Listed[], config: AddonConfig): Listed[] {
  if (config.sort === 'seeders') return streams.slice(0, config.limit ?? undefined);
  if (config.sort === 'size') return bySize(streams).slice(0, config.limit ?? undefined);
  const buckets = new Map<string, Listed[]>();
  for (const stream of streams) {
    const bucket = bucketOf(stream);
    buckets.set(bucket, [...(buckets.get(bucket) ?? []), stream]);
  }
  const order = [...buckets].sort(([a], [b]) => rankOf(a) - rankOf(b));
  return order.flatMap(([, members]) => {
    const inside = config.sort === 'qualitysize' ? bySize(members) : members;
    return inside.slice(0, config.limit ?? undefined);
  });
}

function bySize(streams: Listed[]): Listed[] {
  return [...streams].sort((a, b) => sizeIn(b) - sizeIn(a));
}

const BUCKETS = ['4k hdr', '4k', '1080p', '720p', '576p', '480p', 'cam', 'other', 'scr', 'unknown'];

/** Quality buckets: the limit is per bucket. */
function bucketOf({ quality, hdr }: Listed): string {
  if (quality === null) return 'unknown';
  if (quality === '4k') return hdr.length > 0 ? '4k hdr' : '4k';
  if (quality === 'SCR') return 'scr';
  if (CAM_SOURCES.includes(quality)) return 'cam';
  return BUCKETS.includes(quality) ? quality : 'other';
}

function rankOf(bucket: string): number {
  return BUCKETS.indexOf(bucket);
}

const LANGUAGE_FLAGS: Readonly<Record<string, string>> = {
  english: '🇬🇧',
  russian: '🇷🇺',
  italian: '🇮🇹',
  portuguese: '🇵🇹',
  spanish: '🇪🇸',
  french: '🇫🇷',
  hindi: '🇮🇳',
  german: '🇩🇪',
};

/** Preferred languages come first; nothing is dropped. */
function byLanguage(streams: Listed[], config: AddonConfig): Listed[] {
  const flags = config.languages.flatMap((name) => LANGUAGE_FLAGS[name] ?? []);
  if (flags.length === 0) return streams;
  const preferred = streams.filter((stream) => stream.languages.some((language) => flags.includes(language)));
  return [...preferred, ...streams.filter((stream) => !preferred.includes(stream))];
}

function wantedProvider(stream: Listed, config: AddonConfig): boolean {
  return config.providers === null || config.providers.includes(stream.row.torrent.provider.toLowerCase());
}

function wantedSize(stream: Listed, config: AddonConfig): boolean {
  const most = stream.row.kind === 'movie' ? config.sizeFilter.movie : config.sizeFilter.episode;
  return most === null || sizeIn(stream) <= most;
}

function wantedQuality(stream: Listed, config: AddonConfig): boolean {
  return !config.qualityFilter.some((name) => QUALITY_FILTERS[name]?.(stream) ?? false);
}

const exactly = (quality: string) => (stream: Listed) =>
  stream.quality === quality && stream.hdr.length === 0 && !stream.threeD;

const QUALITY_FILTERS: Readonly<Record<string, (stream: Listed) => boolean>> = {
  brremux: (stream) => stream.remux,
  hdrall: (stream) => stream.hdr.length > 0,
  dolbyvision: (stream) => stream.hdr.includes('DV') && stream.hdr.length === 1,
  dolbyvisionwithhdr: (stream) => stream.hdr.includes('DV') && stream.hdr.length > 1,
  threed: (stream) => stream.threeD,
  nonthreed: (stream) => !stream.threeD,
  '4k': (stream) => stream.quality === '4k',
  '1080p': exactly('1080p'),
  '720p': exactly('720p'),
  '480p': exactly('480p'),
  other: (stream) => bucketOf(stream) === 'other',
  scr: (stream) => stream.quality === 'SCR',
  cam: (stream) => bucketOf(stream) === 'cam',
  unknown: (stream) => stream.quality === null,
};
