import type { House } from './house.js';
import { type RemoteProcess, startRemote } from './remote.js';
import type { StandIns } from './standIns.js';

/** Thousands of titles with hundreds of releases each fit into this. */
const STAND_INS_HEAP = '--max-old-space-size=6144';

export const startStandIns = (): RemoteProcess<StandIns> =>
  startRemote<StandIns>(new URL('./standIns.js', import.meta.url), [STAND_INS_HEAP]);

/** A process that composes the program; `flags` are Node's. */
export const startHouse = (flags: string[] = []): RemoteProcess<House> =>
  startRemote<House>(new URL('./house.js', import.meta.url), flags);
