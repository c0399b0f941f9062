import { type Answer, json } from '../kit/http.js';
import { realDebridId } from '../kit/ids.js';
import { baseName } from '../world/episodes.js';
import type { Account } from './account.js';
import type { Entry, Look } from './entry.js';

/** Error slugs and codes as Real-Debrid words them. */
const ERRORS = {
  parameter_missing: [400, 1],
  wrong_parameter: [400, 2],
  unknown_method: [404, 3],
  method_not_allowed: [405, 4],
  unknown_ressource: [404, 7],
  bad_token: [401, 8],
  permission_denied: [403, 9],
  account_locked: [403, 14],
  hoster_not_free: [403, 20],
  too_many_active_downloads: [509, 21],
  torrent_file_invalid: [400, 30],
  action_already_done: [202, 31],
  torrent_already_active: [400, 33],
  too_many_requests: [429, 34],
  infringing_file: [451, 35],
  disabled_endpoint: [403, 37],
} as const;

export type ErrorSlug = keyof typeof ERRORS;

export function failure(slug: ErrorSlug, details?: string, status?: number): Answer {
  const [usual, code] = ERRORS[slug];
  const error = details === undefined ? {} : { error_details: details };
  return json(status ?? usual, { error: slug, ...error, error_code: code });
}

/** A row of GET /torrents: no files, no original_filename. */
export function listRow(account: Account, entry: Entry, look: Look): Record<string, unknown> {
  return {
    id: entry.id,
    filename: fileName(entry, look),
    hash: entry.hash,
    bytes: selectedBytes(entry),
    host: 'real-debrid.com',
    split: 2000,
    progress: look.progress,
    status: look.status,
    added: localTime(account, entry.addedAt),
    links: linksOf(entry, look),
    ...(look.downloadedAt === null ? {} : { ended: localTime(account, look.downloadedAt) }),
    ...swarmOf(entry, look),
  };
}

/** GET /torrents/info/{id}. */
export function infoRow(account: Account, entry: Entry, look: Look): Record<string, unknown> {
  const { id, filename, hash, bytes, ...rest } = listRow(account, entry, look);
  const torrent = hasMetadata(look) ? entry.torrent : null;
  return {
    id,
    filename,
    original_filename: torrent?.metadataName ?? filename,
    hash,
    bytes,
    original_bytes: torrent === null ? 0 : torrent.files.reduce((sum, file) => sum + file.bytes, 0),
    ...rest,
    files: (torrent?.files ?? []).map((file, index) => ({
      id: index + 1,
      path: `/${file.path}`,
      bytes: file.bytes,
      selected: entry.selected.includes(index + 1) ? 1 : 0,
    })),
  };
}

/** With one file of a pack selected Real-Debrid renames the torrent to that file. */
export function fileName(entry: Entry, look: Look): string {
  if (look.status === 'magnet_error') return 'Invalid Magnet';
  if (entry.torrent === null || !hasMetadata(look)) return entry.hash;
  const only = entry.selected.length === 1 ? entry.torrent.files[(entry.selected[0] ?? 0) - 1] : undefined;
  return only === undefined ? entry.torrent.metadataName : baseName(only.path);
}

function hasMetadata(look: Look): boolean {
  return look.status !== 'magnet_conversion' && look.status !== 'magnet_error';
}

function selectedBytes(entry: Entry): number {
  return entry.selected.reduce((sum, id) => sum + (entry.torrent?.files[id - 1]?.bytes ?? 0), 0);
}

function linksOf(entry: Entry, look: Look): string[] {
  return Array.from(
    { length: look.links },
    (_, index) => `https://real-debrid.com/d/${realDebridId(index, `link:${entry.id}`)}`,
  );
}

function swarmOf(entry: Entry, look: Look): Record<string, number> {
  if (look.status === 'magnet_conversion') return { seeders: entry.torrent?.fate.swarm ?? 0 };
  if (look.status !== 'downloading') return look.status === 'uploading' ? { speed: 5_000_000 } : {};
  return { speed: look.moving ? 5_000_000 : 0, seeders: look.moving ? (entry.torrent?.fate.swarm ?? 0) : 0 };
}

function localTime(account: Account, at: number): string {
  return new Date(at + account.settings.timeOffsetMs).toISOString();
}
