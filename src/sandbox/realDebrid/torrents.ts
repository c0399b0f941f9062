import { type Answer, type Call, empty, header, json } from '../kit/http.js';
import { sha1 } from '../kit/ids.js';
import type { Account } from './account.js';
import { type Entry, servedAtOnce } from './entry.js';
import { refusedByName } from './nameFilter.js';
import { failure, infoRow, listRow } from './wire.js';

const MAX_LIMIT = 5000;
const DEFAULT_LIMIT = 100;
const ACTIVE = new Set(['magnet_conversion', 'queued', 'downloading', 'uploading']);

export function list(account: Account, call: Call): Answer {
  const window = listWindow(call.query);
  if (window === null) return failure('wrong_parameter');
  const moment = account.clock.now() - account.clock.scaled(account.settings.listLagMs);
  const looked = account.at(moment).map((entry) => ({ entry, look: account.look(entry, moment) }));
  const wanted = call.query.get('filter') === 'active' ? looked.filter(({ look }) => ACTIVE.has(look.status)) : looked;
  const rows = wanted
    .slice(window.from, window.from + window.limit)
    .map(({ entry, look }) => listRow(account, entry, look));
  const count = { 'x-total-count': String(wanted.length) };
  if (rows.length === 0 && account.settings.emptyList === 'no-content') return empty(204, count);
  const answer = json(200, rows, count);
  const etag = `"${sha1(answer.body ?? '')}"`;
  if (header(call, 'if-none-match') === etag) return empty(304, { ...count, etag });
  return { ...answer, headers: { ...answer.headers, etag } };
}

export function info(account: Account, id: string): Answer {
  const entry = account.get(id);
  return entry === null ? failure('unknown_ressource') : json(200, infoRow(account, entry, account.look(entry)));
}

export function addMagnet(account: Account, form: URLSearchParams, root: string): Answer {
  const magnet = form.get('magnet');
  if (magnet === null || magnet === '') return failure('parameter_missing', 'magnet');
  const hash = /^magnet:\?(?:[^#]*&)?xt=urn:btih:([0-9a-f]{40})(?:&|$)/i.exec(magnet)?.[1]?.toLowerCase();
  if (hash === undefined) return failure('torrent_file_invalid');
  if (isInfringing(account, hash)) return failure('infringing_file');
  const held = account.at(account.clock.now()).some((entry) => entry.hash === hash);
  if (held && account.settings.duplicates === 'refused') return failure('torrent_already_active');
  if (account.activeCount() >= account.settings.slots) return failure('too_many_active_downloads');
  const entry = account.add(hash, 'api');
  return json(201, { id: entry.id, uri: `${root}/torrents/info/${entry.id}` });
}

export function selectFiles(account: Account, id: string, form: URLSearchParams): Answer {
  const entry = account.get(id);
  if (entry === null) return failure('unknown_ressource');
  const files = form.get('files');
  if (files === null || files === '') return failure('parameter_missing', 'files is missing or empty', 404);
  if (entry.selectedAt !== null) return failure('action_already_done');
  if (account.look(entry).status !== 'waiting_files_selection') return failure('wrong_parameter');
  const ids = fileIds(entry, files);
  if (ids === null) return failure('wrong_parameter');
  const full = account.activeCount() >= account.settings.slots;
  if (full && !servedAtOnce(entry, ids)) return failure('too_many_active_downloads');
  account.select(entry, ids);
  return empty(204);
}

export function remove(account: Account, id: string): Answer {
  const entry = account.get(id);
  if (entry === null) return failure('unknown_ressource');
  account.delete(entry);
  return empty(204);
}

/** Historic shape: per lower-case hash the file-id sets that would be there at once; `[]` where there are none. */
export function instantAvailability(account: Account, hashes: string[]): Answer {
  if (account.settings.mode === 'probe') return failure('disabled_endpoint');
  if (account.settings.mode === 'bare') return json(200, []);
  const answer = Object.fromEntries(hashes.map((hash) => [hash.toLowerCase(), variantsOf(account, hash)]));
  return json(200, answer);
}

function variantsOf(account: Account, hash: string): unknown {
  const torrent = account.world.torrent(hash);
  const cached = torrent?.fate.cached ?? false;
  if (torrent === null || cached === false || torrent.fate.endsAs !== 'downloaded') return [];
  const everything = torrent.files.map((_, index) => index + 1);
  const playable = everything.filter((id) => /\.(mkv|mp4|avi|m4v|ts|m2ts)$/i.test(torrent.files[id - 1]?.path ?? ''));
  const sets = cached === true ? [playable, ...playable.map((id) => [id])] : cached;
  const distinct = sets.filter((set, at) => sets.findIndex((other) => other.join() === set.join()) === at);
  return {
    rd: distinct.map((set) =>
      Object.fromEntries(
        set.map((id) => {
          const file = torrent.files[id - 1];
          return [String(id), { filename: file?.path.split('/').at(-1) ?? '', filesize: file?.bytes ?? 0 }];
        }),
      ),
    ),
  };
}

function isInfringing(account: Account, hash: string): boolean {
  const torrent = account.world.torrent(hash);
  if (torrent === null) return false;
  return torrent.fate.infringing ?? (account.settings.nameFilter && refusedByName(torrent.metadataName));
}

function fileIds(entry: Entry, files: string): number[] | null {
  const count = entry.torrent?.files.length ?? 0;
  if (files === 'all') return Array.from({ length: count }, (_, index) => index + 1);
  const ids = files.split(',').map((id) => (/^\d+$/.test(id.trim()) ? Number(id) : 0));
  const valid = ids.every((id) => id >= 1 && id <= count) && new Set(ids).size === ids.length;
  return valid ? ids : null;
}

/** `page` (from 1) or `offset`, not both; `limit` 0 to 5000. */
function listWindow(query: URLSearchParams): { from: number; limit: number } | null {
  const limit = natural(query.get('limit'), DEFAULT_LIMIT);
  const page = natural(query.get('page'), 1);
  const offset = natural(query.get('offset'), 0);
  if (limit === null || limit > MAX_LIMIT || page === null || page < 1 || offset === null) return null;
  if (query.has('page') && query.has('offset')) return null;
  return { from: query.has('offset') ? offset : (page - 1) * limit, limit };
}

function natural(value: string | null, fallback: number): number | null {
  if (value === null) return fallback;
  return /^\d+$/.test(value) ? Number(value) : null;
}
