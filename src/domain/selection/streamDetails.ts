import { cleanText } from './guard.js';

/** What the text of a stream says besides hash and cached marker. */
export interface StreamDetails {
  name: string;
  /** Path of the matched file, where the text has one. */
  path: string | null;
  sizeBytes: number | null;
  seeders: number | null;
  provider: string | null;
  languages: string[];
}

/** Torrentio's line of details, each part of it optional; the gear may carry a variation selector. */
const DETAILS = /^(?:👤 (\d+))? ?(?:💾 ([\d.]+ (?:B|kB|MB|GB|TB)))? ?(?:\u2699\uFE0F? (\S+))?$/u;
const SIGN = /👤|💾|\u2699/u;

/** What Torrentio writes for a size it does not know (300,000,000 bytes). */
const UNKNOWN_SIZE = '286.1 MB';
const UNITS: Readonly<Record<string, number>> = { B: 0, KB: 1, MB: 2, GB: 3, TB: 4 };

const MAX_LANGUAGES = 30;
const MAX_WORD_CHARS = 60;

/** Reads the lines of a stream's text. A release name may hold the same signs, so Torrentio's form is read from the end. */
export function readDetails(lines: readonly string[], hints: Record<string, unknown>): StreamDetails {
  const index = lines.findLastIndex((line, position) => position > 0 && isDetails(line));
  return index > 0 ? readStrict(lines, index) : readTolerant(lines, hints);
}

const isDetails = (line: string): boolean => SIGN.test(line) && DETAILS.test(line.trim());

function readStrict(lines: readonly string[], index: number): StreamDetails {
  const [, seeders, size, provider] = DETAILS.exec((lines[index] ?? '').trim()) ?? [];
  const path = lines.slice(1, index).join(' ');
  return {
    name: lines[0] ?? '',
    path: path === '' ? null : path,
    sizeBytes: size === undefined || size === UNKNOWN_SIZE ? null : bytesOf(size),
    seeders: asCount(seeders),
    provider: provider === undefined ? null : cleanText(provider, MAX_WORD_CHARS) || null,
    languages: languagesOf((lines[index + 1] ?? '').split(' / ')),
  };
}

const languagesOf = (words: readonly string[]): string[] =>
  words
    .map((word) => cleanText(word, MAX_WORD_CHARS))
    .filter((word) => word !== '')
    .slice(0, MAX_LANGUAGES);

const TOLERANT = {
  size: /💾\uFE0F? ?([\d.,]+ ?[KMGT]?i?B)/giu,
  seeders: /[👤👥]\uFE0F? ?(\d+)/u,
  provider: /(?:\u2699|🔎|🔗|🌐)\uFE0F? ?([^\s|👤👥💾]+)/u,
  flags: /[\u{1F1E6}-\u{1F1FF}]{2}/gu,
  leadingSigns: /^[^\p{L}\p{N}[(]+/u,
} as const;

/** Other addons, whose text is a template of the user: signs anywhere, the first line is the name. */
function readTolerant(lines: readonly string[], hints: Record<string, unknown>): StreamDetails {
  const rest = lines.slice(1).join('\n');
  const size = [...rest.matchAll(TOLERANT.size)].at(-1)?.[1];
  return {
    name: nameLine(lines[0] ?? ''),
    path: null,
    sizeBytes: hintedSize(hints) ?? (size === undefined || size === UNKNOWN_SIZE ? null : bytesOf(size)),
    seeders: asCount(TOLERANT.seeders.exec(rest)?.[1]),
    provider: cleanText(TOLERANT.provider.exec(rest)?.[1] ?? '', MAX_WORD_CHARS) || null,
    languages: languagesOf(rest.match(TOLERANT.flags) ?? []),
  };
}

/** A line that holds nothing but details is no name. */
function nameLine(line: string): string {
  if (isDetails(line)) return '';
  return line.replace(TOLERANT.leadingSigns, '');
}

function hintedSize(hints: Record<string, unknown>): number | null {
  const { videoSize, bingeGroup } = hints;
  // Comet puts the whole torrent's size there.
  if (typeof bingeGroup === 'string' && bingeGroup.startsWith('comet|')) return null;
  return typeof videoSize === 'number' && Number.isSafeInteger(videoSize) && videoSize > 0 ? videoSize : null;
}

function asCount(digits: string | undefined): number | null {
  const count = Number(digits);
  return digits !== undefined && Number.isSafeInteger(count) ? count : null;
}

/** `1.46 GB`, `1,2 GiB`: 1024-based, rounded. null when it is no number or nothing. */
function bytesOf(text: string): number | null {
  const match = /^([\d.,]+) ?([KMGT]?)i?B$/i.exec(text);
  const power = UNITS[`${(match?.[2] ?? '').toUpperCase()}B`];
  const bytes = Math.round(Number((match?.[1] ?? '').replace(',', '.')) * 1024 ** (power ?? 0));
  return match !== null && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null;
}
