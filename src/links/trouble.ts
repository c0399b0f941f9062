/** Why nothing can be said of the mount, or done in a library folder. Nobody's fault but the set-up's: never a bug. */
export class LinkTrouble extends Error {
  /** Short stable slug, e.g. `mount-empty`. */
  readonly code: string;
  /** What the user can do about it. */
  readonly hint: string;
  constructor(code: string, message: string, hint: string) {
    super(message);
    this.name = 'LinkTrouble';
    this.code = code;
    this.hint = hint;
  }
}

export const isLinkTrouble = (error: unknown): error is LinkTrouble => error instanceof LinkTrouble;

/** The code of a failed system call, e.g. `ENOENT`; empty when it is none. */
export const systemCode = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

const user = (): string => (process.getuid === undefined ? 'this user' : `uid ${process.getuid()}`);

export const MOUNT_EMPTY = 'mount-empty';

/** What it means that the mount cannot be read. */
export const mountTrouble = (mount: string, code: string): LinkTrouble => {
  const checkMount = 'Is it mounted into this container, and is library.links.mount its path in here?';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new LinkTrouble('mount-missing', `the mount ${mount} is not there`, checkMount);
    case 'EMPTY':
      return new LinkTrouble(
        MOUNT_EMPTY,
        `the mount ${mount} shows nothing`,
        'Unless the account holds nothing either, it has dropped, or library.links.mount is not its path in here.',
      );
    case 'ENOTCONN':
      return new LinkTrouble(
        'mount-gone',
        `the mount ${mount} has lost its file system`,
        'See whether rclone runs, and mount its parent folder with rslave into containers, so that it comes back to them.',
      );
    case 'EACCES':
    case 'EPERM':
      return new LinkTrouble(
        'mount-refused',
        `the mount ${mount} may not be read by ${user()}`,
        'rclone mounts for its own user only, unless it is started with --allow-other.',
      );
    case 'TIMEOUT':
      return new LinkTrouble('mount-hung', `the mount ${mount} does not answer`, 'Restart what provides it.');
    default:
      return new LinkTrouble(
        'mount-unreadable',
        `the mount ${mount} cannot be read (${code || 'unknown'})`,
        checkMount,
      );
  }
};

/** What it means that a link cannot be made or removed below `root`, the value of `key`. */
export const rootTrouble = (root: string, key: string, code: string): LinkTrouble => {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new LinkTrouble(
        'links-root-missing',
        `the folder ${root} is not there`,
        `Make it, mount it into this container, or correct ${key}; it is not made by us, as it may be a disk that is away.`,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LinkTrouble(
        'links-root-refused',
        `nothing can be linked in ${root} (${code})`,
        `It must be writable for ${user()}, mounted without :ro, on a file system that knows symbolic links.`,
      );
    default:
      return new LinkTrouble(
        'links-root-unusable',
        `nothing can be linked in ${root} (${code || 'unknown'})`,
        `Check the file system behind ${key}: free space, and whether it knows symbolic links.`,
      );
  }
};
