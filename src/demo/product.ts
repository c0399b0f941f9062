import { type ChildProcess, spawn } from 'node:child_process';
import type { Sandbox } from '../sandbox/index.js';
import type { StatusDocument } from '../status.js';

/** The real program as a child process, started as a user would start it. */
export interface Product {
  status(): Promise<StatusDocument | null>;
  /** It has ended without being asked to. */
  hasEnded(): boolean;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** The same waits as in life, shortened as much as the stand-ins' time is. */
const settings = (sandbox: Sandbox, port: number): Record<string, string> => ({
  FULFILLARR_SEERR_URL: sandbox.seerr.url,
  FULFILLARR_SEERR_API_KEY: sandbox.seerr.apiKey,
  FULFILLARR_SEERR_SCAN_TIMEOUT: '10s',
  FULFILLARR_JELLYFIN_URL: sandbox.jellyfin.url,
  FULFILLARR_JELLYFIN_API_KEY: sandbox.jellyfin.apiKey,
  FULFILLARR_TORRENTIO_URL: sandbox.torrentio.url,
  FULFILLARR_TORRENTIO_MIN_INTERVAL: '100ms',
  FULFILLARR_REAL_DEBRID_URL: sandbox.realDebrid.url,
  FULFILLARR_REAL_DEBRID_TOKEN: sandbox.realDebrid.token,
  FULFILLARR_REAL_DEBRID_REQUESTS_PER_MINUTE: '2400',
  FULFILLARR_REAL_DEBRID_ADD_MAGNET_INTERVAL: '125ms',
  FULFILLARR_REAL_DEBRID_PROBE_WAIT: '500ms',
  FULFILLARR_REAL_DEBRID_MOUNT_DELAY: '2s',
  FULFILLARR_SCHEDULE_POLL: '* * * * * *',
  FULFILLARR_HTTP_PORT: String(port),
});

export const startProduct = (sandbox: Sandbox, dataDir: string, port: number): Product => {
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [program, 'run', '--data', dataDir], {
    env: { PATH: process.env.PATH, ...settings(sandbox, port) },
    cwd: dataDir,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const ended = exitOf(child);
  return {
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    status: () => read(`http://127.0.0.1:${port}/api/status`),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
};

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });

/** null while it does not answer yet. */
const read = async (url: string): Promise<StatusDocument | null> => {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return answer.ok ? ((await answer.json()) as StatusDocument) : null;
  } catch {
    return null;
  }
};
