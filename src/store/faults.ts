/** What is wrong with the database file or with the place it lies in. Not a bug of ours, and no service's doing. */
export interface StorageFault {
  kind: 'full' | 'read-only' | 'damaged' | 'locked' | 'unusable';
  message: string;
  /** What the user can do. */
  hint: string;
}

const faults: readonly [RegExp, StorageFault][] = [
  [
    /^(?:SQLITE_FULL|ENOSPC|EDQUOT)/,
    {
      kind: 'full',
      message: 'the disk that holds the database is full',
      hint: 'Free some space; it goes on by itself.',
    },
  ],
  [
    /^(?:SQLITE_READONLY|EROFS)/,
    {
      kind: 'read-only',
      message: 'the database cannot be written to',
      hint: 'Check that data.dir belongs to the user this runs as and is not mounted read-only.',
    },
  ],
  [
    /^(?:SQLITE_CORRUPT|SQLITE_NOTADB)/,
    { kind: 'damaged', message: 'the database is damaged', hint: 'Restore a backup.' },
  ],
  [
    /^(?:SQLITE_BUSY|SQLITE_LOCKED)/,
    {
      kind: 'locked',
      message: 'another program holds the database locked',
      hint: 'Close whatever has fulfillarr.db open, such as a database browser.',
    },
  ],
  [
    /^(?:SQLITE_IOERR|SQLITE_CANTOPEN|SQLITE_PERM|EACCES|EPERM|ENOTDIR|EEXIST|ENOENT|EIO)/,
    {
      kind: 'unusable',
      message: 'the database cannot be reached',
      hint: 'Check that data.dir exists, is writable for the user this runs as, and lies on a local disk.',
    },
  ],
];

/** null = the error is none of the database's place. */
export const storageFaultOf = (error: unknown): StorageFault | null => {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') {
    return null;
  }
  return faults.find(([pattern]) => pattern.test(code))?.[1] ?? null;
};

/** The same for errors that may also come from elsewhere, such as a socket: only SQLite's own words count. */
export const databaseFaultOf = (error: unknown): StorageFault | null =>
  String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_') ? storageFaultOf(error) : null;
