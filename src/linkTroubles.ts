import type { Clock } from './clock.js';
import type { LinkTrouble } from './links/index.js';
import type { Log } from './log/index.js';
import type { Store } from './store/index.js';

/** A folder of the library of links that cannot be used. */
export interface FolderTrouble {
  code: string;
  message: string;
  hint: string;
  /** Epoch ms. */
  since: number;
}

type State = Store['state'];

const TROUBLES = 'links.troubles';

/** By folder. */
export const linkTroubles = (state: State): Record<string, FolderTrouble> =>
  state.get<Record<string, FolderTrouble>>(TROUBLES) ?? {};

/** Forgets troubles of folders that are not used any more. */
export const keepTroublesOf = (state: State, folders: readonly string[]): void => {
  const all = Object.entries(linkTroubles(state));
  const kept = all.filter(([folder]) => folders.includes(folder));
  if (kept.length < all.length) {
    state.set(TROUBLES, Object.fromEntries(kept));
  }
};

/** Says, and writes down, that a folder cannot be used, and that it can again (null). */
export const announceLinks =
  ({ log, state, clock }: { log: Log; state: State; clock: Clock }) =>
  (folder: string, trouble: LinkTrouble | null): void => {
    const others = linkTroubles(state);
    const before = others[folder];
    delete others[folder];
    if (trouble !== null) {
      const { code, message, hint } = trouble;
      const since = before?.code === code ? before.since : clock.now();
      state.set(TROUBLES, { ...others, [folder]: { code, message, hint, since } });
      const text = `${message}: no link there is made, changed or removed until that is over, everything else goes on. ${hint}`;
      log.warn(text, { component: 'links', code });
    } else if (before !== undefined) {
      state.set(TROUBLES, others);
      log.info(`${folder} can be used again`, { component: 'links', code: 'links-well' });
    }
  };
