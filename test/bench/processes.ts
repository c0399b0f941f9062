import { instructionsOf } from '../support/imageLayout.js';
import type { House } from './house.js';
import { type RemoteProcess, startRemote } from './remote.js';
import type { StandIns } from './standIns.js';

/** Thousands of titles with hundreds of releases each fit into this. */
const STAND_INS_HEAP = '--max-old-space-size=6144';

export const startStandIns = (): RemoteProcess<StandIns> =>
  startRemote<StandIns>(new URL('./standIns.js', import.meta.url), { execArgv: [STAND_INS_HEAP] });

/** What the image tells Node, so that what is measured is what runs. */
export const nodeFlags: readonly string[] = (JSON.parse(instructionsOf('ENTRYPOINT')[0] ?? '[]') as string[]).filter(
  (word) => word.startsWith('--'),
);

/** And what it puts into the environment, but for our own settings. */
export const environment: Readonly<Record<string, string>> = Object.fromEntries(
  instructionsOf('ENV')
    .flatMap((line) => line.split(/\s+/))
    .map((word) => word.split('='))
    .filter(([name = '']) => !name.startsWith('FULFILLARR_'))
    .map(([name = '', value = '']) => [name, value]),
);

/** A process that composes the program. */
export const startHouse = (): RemoteProcess<House> =>
  startRemote<House>(new URL('./house.js', import.meta.url), { execArgv: [...nodeFlags], env: { ...environment } });
