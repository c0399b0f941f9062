import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli/program.js';
import type { Clock } from '../../src/clock.js';

export interface Said {
  code: number;
  out: string;
  err: string;
}

/** Runs a command in this process, against a data directory. `files` are written there first, by name. */
export const command = async (
  { dataDir, clock, env = {} }: { dataDir: string; clock: Clock; env?: Record<string, string> },
  args: string[],
  files: Record<string, string> = {},
): Promise<Said> => {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dataDir, name), text);
  }
  const said = { out: [] as string[], err: [] as string[] };
  const code = await runCli(args, {
    out: (text) => void said.out.push(text),
    err: (text) => void said.err.push(text),
    env: {
      FULFILLARR_SEERR_API_KEY: 'seerr-k',
      FULFILLARR_JELLYFIN_API_KEY: 'jelly-k',
      FULFILLARR_REAL_DEBRID_TOKEN: 'rd-t',
      FULFILLARR_DATA_DIR: dataDir,
      ...env,
    },
    cwd: dataDir,
    clock,
    stop: new AbortController().signal,
    colour: false,
    hide: () => undefined,
  });
  return { code, out: said.out.join('\n'), err: said.err.join('\n') };
};
