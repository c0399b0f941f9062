import type { World } from '../world/world.js';
import type { Jobs } from './jobs.js';
import type { Lifecycle } from './lifecycle.js';
import type { SeerrSettings } from './settings.js';
import type { SeerrState, UserRow } from './state.js';

/** What Seerr's routes work with. */
export interface SeerrContext {
  world: World;
  state: SeerrState;
  lifecycle: Lifecycle;
  jobs: Jobs;
  settings: SeerrSettings;
  /** As Seerr would link to it. */
  jellyfinUrl: () => string;
}

/** A call that got past key, validation and rights: who makes it, and its JSON body. */
export interface SeerrCall {
  user: UserRow;
  query: URLSearchParams;
  params: string[];
  body: Readonly<Record<string, unknown>>;
}
