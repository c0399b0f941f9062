import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A FUSE mount whose file system never answers: every look into it hangs. Needs root and Linux. */
export interface HungMount {
  dir: string;
  /** The file system dies: looks fail from now on. */
  die(): Promise<void>;
  remove(): Promise<void>;
}

const PROGRAM = `exec 3<>/dev/fuse
mount -i -t fuse -o fd=3,rootmode=40000,user_id=0,group_id=0 hung "$0" || exit 1
echo mounted
exec sleep 600`;

/** null = there is no right to mount one here, which is said loudly. */
export const hungMount = async (): Promise<HungMount | null> => {
  const dir = mkdtempSync(join(tmpdir(), 'fulfillarr-hung-'));
  const server = spawn('sh', ['-c', PROGRAM, dir], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<void>((done) => server.once('close', () => done()));
  const mounted = await Promise.race([
    new Promise<boolean>((done) => server.stdout.once('data', () => done(true))),
    ended.then(() => false),
  ]);
  if (!mounted) {
    rmSync(dir, { recursive: true });
    process.stderr.write('\n*** no right to mount a FUSE file system here: the test of a hung mount is SKIPPED ***\n');
    return null;
  }
  const die = async () => {
    server.kill('SIGKILL');
    await ended;
  };
  return {
    dir,
    die,
    remove: async () => {
      await die();
      execFileSync('umount', ['-l', dir]);
      rmSync(dir, { recursive: true });
    },
  };
};
