import { baseName } from '../world/episodes.js';
import { languagesOf, type NameInfo, qualityOf, readName } from './quality.js';
import type { Row } from './rows.js';

export interface Stream {
  name: string;
  title: string;
  infoHash?: string;
  fileIdx?: number;
  behaviorHints?: { bingeGroup?: string; filename?: string };
  sources?: string[];
  url?: string;
}

/** A stream with what filters and sorting need to know about it. */
export interface Listed {
  row: Row;
  stream: Stream;
  quality: string | null;
  hdr: string[];
  threeD: boolean;
  remux: boolean;
  languages: string[];
}

const NAME = 'Torrentio';
/** What the addon stores for a size it does not know; printed it reads 286.1 MB. */
const UNKNOWN_BYTES = 300_000_000;
const SAME_SIZE = 0.02;

export function listed(row: Row): Listed {
  const torrent = readName(row.torrent.name);
  const file = readName(row.file?.path ?? '');
  const quality = qualityOf(torrent, file);
  const hdr = torrent.hdr.length > 0 ? torrent.hdr : file.hdr;
  const threeD = file.threeD ?? torrent.threeD;
  const languages = languagesOf(torrent, file);
  const qualityLine = joined([quality, threeD, hdr.join(' | ')], ' ');
  return {
    row,
    quality,
    hdr,
    threeD: threeD !== null,
    remux: (torrent.source ?? file.source) === 'BluRay REMUX',
    languages,
    stream: {
      name: joined([NAME, qualityLine], '\n'),
      title: joined([shownName(row), shownPath(row), details(row), languages.join(' / ')], '\n'),
      infoHash: row.torrent.hash,
      ...(row.index === null ? {} : { fileIdx: row.index }),
      ...hints(row, quality, torrent, file),
      sources: [...row.torrent.trackers.map((tracker) => `tracker:${tracker}`), `dht:${row.torrent.hash}`],
    },
  };
}

export function shownName(row: Row): string {
  return row.torrent.name.replace(/[, ]+/g, ' ');
}

export function fileNameOf(row: Row): string | null {
  return row.file === null ? null : baseName(row.file.path);
}

/** The addon takes file and torrent for the same thing when their sizes are, or when the path holds the title. */
function isWhole(row: Row): boolean {
  if (row.file === null) return true;
  const whole = row.torrent.bytes ?? UNKNOWN_BYTES;
  return Math.abs(row.file.bytes / whole - 1) < SAME_SIZE || row.file.path.includes(row.torrent.name);
}

function shownPath(row: Row): string | null {
  return isWhole(row) ? null : (row.file?.path ?? null);
}

function details(row: Row): string {
  const { seeders, provider } = row.torrent;
  const bytes = row.torrent.bytes === null ? UNKNOWN_BYTES : (row.file?.bytes ?? row.torrent.bytes);
  return joined([seeders === null ? null : `👤 ${seeders}`, `💾 ${sizeText(bytes)}`, `⚙️ ${provider}`], ' ');
}

function hints(
  row: Row,
  quality: string | null,
  torrent: NameInfo,
  file: NameInfo,
): Pick<Stream, 'behaviorHints'> | Record<string, never> {
  const parts = bingeParts(row, quality, torrent, file).filter((part) => part !== null && part !== '');
  const filename = fileNameOf(row);
  if (parts.length === 0 && filename === null) return {};
  // Without a file list the addon gives neither hint.
  if (filename === null) return {};
  return { behaviorHints: { ...(parts.length === 0 ? {} : { bingeGroup: `torrentio|${parts.join('|')}` }), filename } };
}

function bingeParts(row: Row, quality: string | null, torrent: NameInfo, file: NameInfo): (string | null)[] {
  if (row.kind === 'movie') {
    const source = torrent.source ?? file.source;
    const hdr = torrent.hdr.length > 0 ? torrent.hdr : file.hdr;
    const codec = torrent.codec ?? file.codec;
    return [quality, source === quality ? null : source, codec, torrent.bitDepth ?? file.bitDepth, ...hdr];
  }
  return isWhole(row) ? [quality, ...file.hdr, file.group] : [row.torrent.hash];
}

export function sizeText(bytes: number): string {
  const power = bytes === 0 ? 0 : Math.min(4, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${Number((bytes / 1024 ** power).toFixed(2))} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}

function joined(parts: (string | null)[], by: string): string {
  return parts.filter((part) => part !== null && part !== '').join(by);
}
