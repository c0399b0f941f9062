import type { Release } from '../release.js';
import { cleanText } from './guard.js';
import { readDetails, type StreamDetails } from './streamDetails.js';
import { fileIndexOf, hashOf, trackersOf } from './streamHash.js';

/** One stream of an addon's answer; nothing about its fields is trusted. */
export interface RawStream {
  name?: unknown;
  title?: unknown;
  description?: unknown;
  infoHash?: unknown;
  url?: unknown;
  fileIdx?: unknown;
  sources?: unknown;
  behaviorHints?: unknown;
}

/** A stream without a torrent is a message of the addon, never "no results". */
export type ParsedStream = { kind: 'release'; release: Release } | { kind: 'notice'; text: string };

const MAX = { raw: 8000, lines: 40, name: 300, path: 1000, quality: 100, notice: 300 } as const;

/** Reads one stream of Torrentio or of another addon of the same protocol. Never throws, never keeps a URL. */
export function parseStream(raw: RawStream): ParsedStream {
  const hints = asRecord(raw.behaviorHints);
  const infoHash = hashOf(raw, hints);
  const label = linesOf(raw.name);
  const described = linesOf(raw.description);
  const text = described.length > 0 ? described : linesOf(raw.title);
  if (infoHash === null) return { kind: 'notice', text: noticeText(text.length > 0 ? text : label) };
  const details = readDetails(text, hints);
  const filename = fileNameHint(hints);
  const release: Release = {
    infoHash,
    name: cleanText(details.name, MAX.name) || cleanText(filename ?? '', MAX.name) || infoHash,
    filePath: filePathOf(details, filename),
    fileIndex: fileIndexOf(raw, infoHash),
    sizeBytes: details.sizeBytes,
    seeders: details.seeders,
    provider: details.provider,
    quality: cleanText(label[1] ?? '', MAX.quality) || null,
    languages: details.languages,
    cached: readMarker(label),
    packMarker: isPackMarker(hints, infoHash),
    trackers: trackersOf(raw.sources),
  };
  return { kind: 'release', release };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Lines that are not blank, still with their signs. */
function linesOf(value: unknown): string[] {
  if (typeof value !== 'string') return [];
  const lines = value.slice(0, MAX.raw).split(/\r\n|[\n\r\u2028\u2029]/);
  return lines.filter((line) => line.trim() !== '').slice(0, MAX.lines);
}

/** Links in a message may carry the user's key. */
function noticeText(lines: readonly string[]): string {
  const text = cleanText(lines.join(' '), 2000).replace(/\b[a-z][a-z0-9+.-]{1,20}:\/\/\S+/gi, '(link)');
  return cleanText(text, MAX.notice) || 'a message without text';
}

/**
 * The cached marker in front of the addon's name: `[RD+]`, `[RD⚡]` or a flash anywhere = cached; `[RD download]`, `[RD⬇️]`,
 * an hourglass = not; nothing = unknown. The plus of `HDR10+` is none.
 */
function readMarker(label: readonly string[]): boolean | null {
  const line = label.join('\n').trimStart();
  if (/^\[[A-Za-z]+(?:\+\] |\+\]$|\+\]\n|⚡)/u.test(line) || /⚡/u.test(line)) return true;
  return /^\[[A-Za-z]+ download\]/.test(line) || /^\[[A-Za-z]+\s?⬇/u.test(line) || /⏳/u.test(line) ? false : null;
}

function fileNameHint(hints: Record<string, unknown>): string | null {
  return typeof hints.filename === 'string' && hints.filename.trim() !== '' ? hints.filename : null;
}

function filePathOf(details: StreamDetails, filename: string | null): string | null {
  return cleanText(details.path ?? filename ?? '', MAX.path) || null;
}

/** `torrentio|<hash>`: the matched file is one of several. */
function isPackMarker(hints: Record<string, unknown>, infoHash: string): boolean {
  const group = typeof hints.bingeGroup === 'string' ? hints.bingeGroup.toLowerCase().slice(0, 200) : '';
  return /^[a-z]+\|[0-9a-f]{40}$/.test(group) && group.endsWith(infoHash);
}
