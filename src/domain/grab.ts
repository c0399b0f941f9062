/**
 * The life of a grab: our acquisition of one release. The one table of its states; the database holds the same words
 * in a CHECK.
 */
export const grabStates = [
  'adding',
  'selecting',
  'downloading',
  'ready',
  'in-library',
  'failed',
  'withdrawn',
  'discarding',
] as const;
export type GrabState = (typeof grabStates)[number];

/** A `chosen` grab will serve its wants; a `probe` was added to learn whether the release is cached. */
export const grabRoles = ['chosen', 'probe'] as const;
export type GrabRole = (typeof grabRoles)[number];

/** States in which a grab covers its wants: such a want is in flight and is not searched again. */
export const openStates = ['adding', 'selecting', 'downloading', 'ready'] as const satisfies GrabState[];
/** States in which it is still looked after: it serves somebody, or is being removed. */
export const unendedStates = [...openStates, 'discarding'] as const satisfies GrabState[];
/** States that will not change any more. */
export const endedStates = ['in-library', 'failed', 'withdrawn'] as const satisfies GrabState[];

const transitions: Record<GrabState, readonly GrabState[]> = {
  adding: ['selecting', 'downloading', 'ready', 'failed', 'withdrawn', 'discarding'],
  selecting: ['downloading', 'ready', 'failed', 'withdrawn', 'discarding'],
  downloading: ['ready', 'failed', 'withdrawn', 'discarding'],
  ready: ['in-library', 'failed', 'withdrawn', 'discarding'],
  discarding: ['failed', 'withdrawn'],
  'in-library': [],
  failed: [],
  withdrawn: [],
};

export const mayMove = (from: GrabState, to: GrabState): boolean => transitions[from].includes(to);

export const isOpen = (state: GrabState): boolean => (openStates as readonly GrabState[]).includes(state);
export const isEnded = (state: GrabState): boolean => (endedStates as readonly GrabState[]).includes(state);

/** Why a grab ended, or is being removed. */
export type GrabReason =
  | 'refused-by-name'
  | 'refused-files'
  | 'not-cached'
  | 'lost-to-better'
  | 'not-added'
  | 'not-accepted'
  | 'no-metadata'
  | 'magnet-error'
  | 'dead'
  | 'virus'
  | 'download-error'
  | 'archived'
  | 'no-links'
  | 'stalled'
  | 'too-old'
  | 'gone'
  | 'seen'
  | 'not-wanted'
  | 'rejected';

/**
 * Reasons whose own row already says that the entry is to go: no fresh look is needed before the delete. Every other
 * removal looks first and keeps what turns out to be downloaded.
 */
export const removalIsCertain = (reason: GrabReason): boolean => certain.has(reason);

const certain: ReadonlySet<GrabReason> = new Set([
  'refused-files',
  'not-cached',
  'lost-to-better',
  'rejected',
  // Downloaded, but into something that cannot be played.
  'archived',
]);

/** What is wrong with a downloaded torrent of so many selected files; null = it can be played. */
export const linkFault = (selected: number, links: number): GrabReason | null => {
  if (links === 0) {
    return 'no-links';
  }
  return links === 1 && selected > 1 ? 'archived' : null;
};

/** The same of a torrent whose files are known. */
export const linkFaultIn = ({ files, linkCount }: { files: readonly { selected: boolean }[]; linkCount: number }) =>
  linkFault(files.filter(({ selected }) => selected).length, linkCount);
