import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk of a few megabytes, to be filled up or made read-only. Needs root and Linux. */
export interface SmallDisk {
  dir: string;
  fill(): void;
  free(): void;
  readOnly(on: boolean): void;
  remove(): void;
}

export const smallDisk = (kilobytes: number): SmallDisk => {
  const dir = mkdtempSync(join(tmpdir(), 'fulfillarr-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', dir]);
  const ballast = join(dir, 'ballast');
  return {
    dir,
    fill: () => {
      for (let size = kilobytes * 1024; size >= 1024; size = Math.floor(size / 2)) {
        try {
          writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
        } catch {
          // Until not a kilobyte more goes in.
        }
      }
    },
    free: () => rmSync(ballast, { force: true }),
    readOnly: (on) => void execFileSync('mount', ['-o', `remount,${on ? 'ro' : 'rw'}`, dir]),
    remove: () => {
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
};

/** Said loudly where such a disk cannot be made: those tests do not run there. */
export const canMount = (): boolean => {
  try {
    smallDisk(64).remove();
    return true;
  } catch {
    process.stderr.write(
      '\n*** no right to mount a small disk here: the tests of full and read-only disks are SKIPPED ***\n',
    );
    return false;
  }
};
