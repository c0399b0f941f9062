import type { Account } from '../realDebrid/account.js';
import { type Entry, isArchive } from '../realDebrid/entry.js';
import { baseName } from '../world/episodes.js';
import { isFeature, type Torrent, type TorrentFile } from '../world/torrents.js';
import type { JellyfinSettings } from './settings.js';

export interface MountedFile {
  torrent: Torrent;
  file: TorrentFile;
  path: string;
}

/**
 * The debrid mount: the selected videos of every torrent that is downloaded with links, some time after it became so.
 * Archives are invisible; one hash added twice shows up once.
 */
export class Mount {
  down = false;
  /** What it calls the folders of some torrents, by hash. */
  readonly names = new Map<string, string>();

  constructor(
    readonly account: Account,
    readonly settings: JellyfinSettings,
  ) {}

  /** Where the torrents are, as Jellyfin sees it. */
  get root(): string {
    const { folders, mountRoot } = this.settings;
    return folders === null ? mountRoot : `${folders.mount.seenAs}/__all__`;
  }

  /** What it holds at a moment. */
  filesAt(moment: number): MountedFile[] {
    if (this.down) return [];
    const files = new Map<string, MountedFile>();
    for (const entry of this.account.at(moment)) {
      for (const mounted of this.#filesOf(entry, moment)) {
        if (!files.has(mounted.path)) files.set(mounted.path, mounted);
      }
    }
    return [...files.values()];
  }

  #filesOf(entry: Entry, moment: number): MountedFile[] {
    const { torrent } = entry;
    const look = this.account.look(entry, moment);
    if (torrent === null || look.downloadedAt === null || look.links === 0 || isArchive(entry, torrent)) return [];
    const delay = this.account.clock.scaled(this.settings.mountDelayMs);
    if (moment < look.downloadedAt + delay) return [];
    const folder =
      this.names.get(torrent.hash) ?? torrent.metadataName.replace(/\.(mkv|mp4)$/i, '').replaceAll('/', ' ');
    return entry.selected.flatMap((id) => {
      const file = torrent.files[id - 1];
      if (file === undefined || !isFeature(file)) return [];
      return [{ torrent, file, path: `${this.root}/${folder}/${baseName(file.path)}` }];
    });
  }
}
