import { type ChildProcess, spawn } from 'node:child_process';

/** What is to be read of a folder that may hang. */
export interface ReadOrder {
  /** `torrents`: what the folders that hold the torrents hold. `files`: those at any depth below `folder`. */
  kind: 'torrents' | 'files';
  mount: string;
  /** Names below the mount; `files` only. */
  folder: string[];
}

export interface MountEntry {
  /** Names below the mount. */
  path: string[];
  isFolder: boolean;
}

export type ReadAnswer =
  | { ok: true; entries: MountEntry[] }
  /** The code of the failed system call, `EMPTY` when there is nothing at all, `TIMEOUT`, or another word. */
  | { ok: false; code: string };

/**
 * Runs in a process of its own and may therefore use nothing from outside itself. A call into a hung FUSE mount does
 * not return: in this process it would hold a thread for good, and at last the end of the program.
 */
const read = async (order: ReadOrder): Promise<ReadAnswer> => {
  const fs = await import('node:fs');
  const { join } = await import('node:path');
  let left = 200_000;
  const list = (folder: string[]): MountEntry[] => {
    const open = fs.opendirSync(join(order.mount, ...folder), { bufferSize: 512 });
    const entries: MountEntry[] = [];
    for (let entry = open.readSync(); entry !== null; entry = open.readSync()) {
      left -= 1;
      if (left < 0) throw { code: 'TOO_MANY' };
      // Symbolic links are not followed.
      if (entry.isDirectory() || entry.isFile()) {
        entries.push({ path: [...folder, entry.name], isFolder: entry.isDirectory() });
      }
    }
    open.closeSync();
    return entries;
  };
  const listIfAllowed = (folder: string[]): MountEntry[] => {
    try {
      return list(folder);
    } catch (error) {
      if ((error as { code?: string }).code === 'EACCES') return [];
      throw error;
    }
  };
  // zurg and decypharr show every torrent in `__all__`, Real-Debrid's own WebDAV in `torrents`.
  const holder = (entries: MountEntry[]): MountEntry | undefined => {
    const named = (name: string) => entries.find((entry) => entry.isFolder && entry.path.at(-1) === name);
    return named('__all__') ?? named('torrents');
  };
  const torrents = (): MountEntry[] => {
    const top = list([]);
    const all = holder(top);
    if (all !== undefined) return list(all.path);
    // Many entries are torrents. A few may be services of decypharr, or kinds of content, with the torrents below.
    const below = top.length > 32 ? [] : top.filter(({ isFolder }) => isFolder).map(({ path }) => listIfAllowed(path));
    const holders = below.flatMap((entries) => holder(entries) ?? []);
    return holders.length > 0 ? holders.flatMap(({ path }) => list(path)) : [...top, ...below.flat()];
  };
  const files = (): MountEntry[] => {
    const found: MountEntry[] = [];
    let folders = [order.folder];
    for (let depth = 0; depth < 4 && folders.length > 0; depth += 1) {
      const entries = folders.flatMap(list);
      found.push(...entries.filter(({ isFolder }) => !isFolder));
      folders = entries.filter(({ isFolder }) => isFolder).map(({ path }) => path);
    }
    return found;
  };
  try {
    if (order.kind === 'files') return { ok: true, entries: files() };
    const entries = torrents();
    return entries.length === 0 ? { ok: false, code: 'EMPTY' } : { ok: true, entries };
  } catch (error) {
    return { ok: false, code: (error as { code?: string }).code ?? 'unknown' };
  }
};

const PROGRAM = `(${String(read)})(JSON.parse(process.argv[1])).then((answer) => process.stdout.write(JSON.stringify(answer)));`;
const LONGEST_ANSWER = 64 * 1024 * 1024;

/** Carries out an order. Never throws: a mount that does not answer in time is an answer, too. */
export const readMount = (order: ReadOrder, timeLimit: number, program = PROGRAM): Promise<ReadAnswer> =>
  new Promise((resolve) => {
    // Its environment is empty: no key of ours goes with it.
    const child = spawn(process.execPath, ['-e', program, JSON.stringify(order)], {
      env: {},
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let text = '';
    const end = (answer: ReadAnswer) => {
      clearTimeout(timer);
      letGo(child);
      resolve(answer);
    };
    const timer = setTimeout(() => end({ ok: false, code: 'TIMEOUT' }), timeLimit);
    child.on('error', ({ message }) => end({ ok: false, code: message }));
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > LONGEST_ANSWER) {
        end({ ok: false, code: 'TOO_MANY' });
      }
    });
    child.stdout.on('end', () => end(parsed(text)));
  });

const parsed = (text: string): ReadAnswer => {
  try {
    return JSON.parse(text) as ReadAnswer;
  } catch {
    return { ok: false, code: 'unknown' };
  }
};

/** Whatever it still does, it holds up nothing of ours. */
const letGo = (child: ChildProcess): void => {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.unref();
};
