import type { SandboxClock } from '../kit/clock.js';
import { isFeature, type Torrent } from '../world/torrents.js';
import type { RealDebridSettings } from './settings.js';

export type EntryStatus =
  | 'magnet_error'
  | 'magnet_conversion'
  | 'waiting_files_selection'
  | 'queued'
  | 'downloading'
  | 'downloaded'
  | 'error'
  | 'virus'
  | 'uploading'
  | 'dead';

/** One torrent in the account. Its status is never stored: it follows from these dates and the torrent's fate. */
export interface Entry {
  id: string;
  hash: string;
  /** null: a hash the world does not know. */
  torrent: Torrent | null;
  by: 'api' | 'outside' | 'resolve';
  addedAt: number;
  /** File ids (index + 1), empty until selected. */
  selected: number[];
  selectedAt: number | null;
  deletedAt: number | null;
  /** Re-added so soon after a delete that cached content is not recognised at first. */
  cold: boolean;
  /** The content had been downloaded for an earlier entry with at least these files. */
  known: (fileIds: number[]) => boolean;
}

export interface Look {
  status: EntryStatus;
  /** 0 to 100. */
  progress: number;
  links: number;
  /** null while not `downloaded`. */
  downloadedAt: number | null;
  moving: boolean;
}

/** What an entry looks like at a moment, which may lie in the past. */
export function lookAt(entry: Entry, at: number, settings: RealDebridSettings, clock: SandboxClock): Look {
  if (entry.torrent === null) return lost(entry, at, clock.scaled(settings.lostMagnetMs));
  if (at < entry.addedAt + clock.scaled(entry.torrent.fate.metadataMs)) return still('magnet_conversion');
  if (entry.torrent.fate.endsAs === 'magnet_error') return still('magnet_error');
  if (entry.selectedAt === null || at < entry.selectedAt) return still('waiting_files_selection');
  if (servedAtOnce(entry, entry.selected)) return cachedLook(entry, entry.torrent, at, settings, clock);
  return downloadLook(entry, entry.torrent, at, settings, clock);
}

/** Whether these files would be there without a download. */
export function servedAtOnce(entry: Entry, fileIds: number[]): boolean {
  const cached = entry.torrent?.fate.cached ?? false;
  if (entry.torrent?.fate.endsAs !== 'downloaded') return false;
  if (cached === true || entry.known(fileIds)) return true;
  return Array.isArray(cached) && cached.some((variant) => sameSet(variant, fileIds));
}

function sameSet(a: number[], b: number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function lost(entry: Entry, at: number, patience: number): Look {
  return still(at < entry.addedAt + patience ? 'magnet_conversion' : 'magnet_error');
}

function still(status: EntryStatus, progress = 0): Look {
  return { status, progress, links: 0, downloadedAt: null, moving: false };
}

function cachedLook(
  entry: Entry,
  torrent: Torrent,
  at: number,
  settings: RealDebridSettings,
  clock: SandboxClock,
): Look {
  const wait = entry.cold ? Math.max(settings.coldMs, settings.cachedMs) : settings.cachedMs;
  const readyAt = (entry.selectedAt ?? 0) + clock.scaled(wait);
  return at < readyAt ? still('queued') : ready(entry, torrent, readyAt, at, settings, clock);
}

function downloadLook(
  entry: Entry,
  torrent: Torrent,
  at: number,
  settings: RealDebridSettings,
  clock: SandboxClock,
): Look {
  const { fate } = torrent;
  const startsAt = (entry.selectedAt ?? 0) + clock.scaled(settings.queuedMs);
  if (at < startsAt) return still('queued');
  const length = clock.scaled(fate.downloadMs);
  const percent = length === 0 ? 100 : Math.min(100, ((at - startsAt) / length) * 100);
  if (fate.endsAs !== 'downloaded' && percent >= fate.failsAt) return still(fate.endsAs, Math.floor(fate.failsAt));
  if (fate.stallsAt !== null && percent >= fate.stallsAt) return still('downloading', fate.stallsAt);
  if (percent < 100) return { ...still('downloading', Math.floor(percent)), moving: true };
  const readyAt = startsAt + length + clock.scaled(settings.uploadingMs);
  return at < readyAt
    ? { ...still('uploading', 100), moving: true }
    : ready(entry, torrent, readyAt, at, settings, clock);
}

function ready(
  entry: Entry,
  torrent: Torrent,
  readyAt: number,
  at: number,
  settings: RealDebridSettings,
  clock: SandboxClock,
): Look {
  const links = at < readyAt + clock.scaled(settings.linksLagMs) ? 0 : linkCount(entry, torrent);
  return { status: 'downloaded', progress: 100, links, downloadedAt: readyAt, moving: false };
}

/** A link per selected file; one .rar for all as soon as something other than a video is among them. */
function linkCount(entry: Entry, torrent: Torrent): number {
  if (torrent.fate.linksDropped) return 0;
  return isArchive(entry, torrent) ? 1 : entry.selected.length;
}

export function isArchive(entry: Entry, torrent: Torrent): boolean {
  if (entry.selected.length < 2) return false;
  return torrent.fate.archive || entry.selected.some((id) => !isPlayable(torrent, id));
}

function isPlayable(torrent: Torrent, fileId: number): boolean {
  const file = torrent.files[fileId - 1];
  return file !== undefined && (isFeature(file) || /sample|trailer/i.test(file.path));
}
