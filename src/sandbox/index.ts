import type { JellyfinSettings } from './jellyfin/settings.js';
import { JellyfinStandIn } from './jellyfin/standIn.js';
import { sandboxClock } from './kit/clock.js';
import type { StandIn } from './kit/standIn.js';
import type { RealDebridSettings } from './realDebrid/settings.js';
import { RealDebridStandIn } from './realDebrid/standIn.js';
import type { SeerrSettings } from './seerr/settings.js';
import { SeerrStandIn } from './seerr/standIn.js';
import { type TorrentioSettings, TorrentioStandIn } from './torrentio/standIn.js';
import { World } from './world/world.js';

export type { RealFolder, RealFolders } from './jellyfin/folders.js';
export type { Identification, JellyfinSettings } from './jellyfin/settings.js';
export { JellyfinStandIn } from './jellyfin/standIn.js';
export type { Fault } from './kit/faults.js';
export type { RequestLogEntry, ServiceName, Tap } from './kit/standIn.js';
export type { AccountEntry } from './realDebrid/account.js';
export type { RateLimits, RealDebridSettings } from './realDebrid/settings.js';
export { RealDebridStandIn } from './realDebrid/standIn.js';
export type { ArrServer, SeerrSettings } from './seerr/settings.js';
export { type RequestState, SeerrStandIn, type WantedRequest } from './seerr/standIn.js';
export { type TorrentioSettings, TorrentioStandIn } from './torrentio/standIn.js';
export { addOpenTitles, OPEN_TITLES } from './world/openTitles.js';
export type { MovieSpec, ShowSpec } from './world/titles.js';
export { type Fate, type FileSpec, packFiles, type ReleaseSpec, type Torrent } from './world/torrents.js';
export { World } from './world/world.js';

export interface SandboxOptions {
  /** The stand-ins' clock, epoch ms. Default: the wall clock. */
  now?: () => number;
  /** How many times faster than the real services every wait runs (rate windows too). Default 1. */
  compress?: number;
  /** Whether Real-Debrid answers instantAvailability. Default `probe`: it does not, as today. */
  rdMode?: RealDebridSettings['mode'];
  /** Default: any free port. */
  ports?: { seerr?: number; torrentio?: number; realDebrid?: number; jellyfin?: number };
  seerr?: Partial<SeerrSettings>;
  torrentio?: Partial<TorrentioSettings>;
  realDebrid?: Partial<RealDebridSettings>;
  jellyfin?: Partial<JellyfinSettings>;
  /** Default: an empty one. */
  world?: World;
}

export interface Sandbox {
  seerr: SeerrStandIn;
  torrentio: TorrentioStandIn;
  realDebrid: RealDebridStandIn;
  jellyfin: JellyfinStandIn;
  /** One source of what exists. */
  world: World;
  /** Forgets all requests seen so far. */
  clearLogs(): void;
  stop(): Promise<void>;
}

/** The four services as stateful stand-ins on loopback, sharing one world and one clock. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const clock = sandboxClock(options.now ?? Date.now, options.compress ?? 1);
  const world = options.world ?? new World();
  const mode = options.rdMode === undefined ? {} : { mode: options.rdMode };
  const realDebrid = new RealDebridStandIn(world, clock, { ...mode, ...options.realDebrid });
  const jellyfin = new JellyfinStandIn(world, clock, realDebrid.account, options.jellyfin);
  const seerr = new SeerrStandIn(world, clock, jellyfin, options.seerr);
  const torrentio = new TorrentioStandIn(world, clock, options.torrentio);
  torrentio.onResolve = (hash, fileId) => {
    realDebrid.addByResolve(hash, fileId);
  };
  const all: StandIn[] = [seerr, torrentio, realDebrid, jellyfin];
  await Promise.all(all.map((standIn) => standIn.listen(options.ports?.[standIn.service] ?? 0)));
  return {
    seerr,
    torrentio,
    realDebrid,
    jellyfin,
    world,
    clearLogs: () => {
      for (const standIn of all) standIn.clearLog();
    },
    stop: async () => {
      await Promise.all(all.map((standIn) => standIn.close()));
    },
  };
}
