import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import type { Check } from '../../src/doctor/check.js';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.js';
import { command, type Said } from '../support/commands.js';
import { quickDisk } from '../support/disk.js';
import { isInPart } from '../support/part.js';
import { sandboxEnv } from '../support/sandboxEnv.js';
import { leaks } from '../support/secrets.js';
import { columns, type Service, secretOf } from './cells.js';

/**
 * What people ask by hand goes wrong in every way that comes with an answer: the command ends, says what failed, and
 * tells no secret.
 */

const ADDON_KEY = 'ADDONKEY0123456789ABCDEFGHIJ';

let dir: string;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ realDebrid: { limits: null } });
  const name = 'Night of the Living Dead 1968 1080p BluRay x265-GRP';
  const { hash } = sandbox.world.addRelease({ of: 'tt0063350', name });
  sandbox.realDebrid.addForeign(hash);
});
afterAll(() => sandbox.stop());
// What one leaves behind would have the next one wait.
beforeEach(() => {
  dir = mkdtempSync(join(quickDisk(), 'fulfillarr-commands-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const run = (args: string[]): Promise<Said> =>
  command(
    {
      dataDir: dir,
      clock: systemClock,
      env: {
        ...sandboxEnv(sandbox),
        FULFILLARR_TORRENTIO_OPTIONS: `sort=qualitysize|realdebrid=${ADDON_KEY}`,
      },
    },
    args,
  );

const expectNoSecrets = ({ out, err }: Said) => {
  const secrets = [sandbox.seerr.apiKey, sandbox.jellyfin.apiKey, sandbox.realDebrid.token, ADDON_KEY];
  expect(leaks(secrets, { out, err }, dir)).toEqual([]);
};

/** Those that take no time limit to come to an end. */
const answered = columns('seerr', '')
  .map(({ name }) => name)
  .filter((name) => !['refused', 'too late', 'never', 'a byte now and then'].includes(name));
/** Of one row. */
const inPart = (row: number): string[] => answered.filter((_, number) => isInPart(row + number));

const spoil = (service: Service, operation: string, name: string) => {
  const column = columns(service, secretOf(sandbox, service, ADDON_KEY)).find((one) => one.name === name);
  if (typeof column?.fault !== 'object') {
    throw new Error(`no column is called ${name}`);
  }
  return sandbox[service].faults.fail(operation, { ...column.fault, times: Number.POSITIVE_INFINITY });
};

/** What `doctor` asks, and which of its checks tells. */
const looks: [Service, string, string][] = [
  ['seerr', 'me', 'seerr-key'],
  ['seerr', 'publicSettings', 'seerr-jellyfin'],
  ['seerr', 'radarrSettings', 'arr'],
  ['seerr', 'status', 'seerr-version'],
  ['torrentio', 'manifest', 'torrentio'],
  ['realDebrid', 'user', 'rd-token'],
  ['realDebrid', 'activeCount', 'rd-slots'],
  ['realDebrid', 'list', 'rd-account'],
  ['jellyfin', 'systemInfo', 'jellyfin-key'],
  ['jellyfin', 'virtualFolders', 'jellyfin-libraries'],
  ['jellyfin', 'tasks', 'jellyfin-scan'],
];

describe.each(looks)('doctor: %s %s', (service, operation, code) => {
  test.each(inPart(looks.findIndex((look) => look[2] === code)))('%s', async (column) => {
    const lift = spoil(service, operation, column);
    try {
      const said = await run(['doctor', '--json']);
      const { checks } = JSON.parse(said.out) as { checks: Check[] };
      const found = checks.find((check) => check.code === code);
      // An empty list has no types that could be wrong; the version is nice to know.
      const mayPass = (operation === 'radarrSettings' && column === 'other types inside') || operation === 'status';
      if (!mayPass || found?.ok === false) {
        expect(said.code).toBe(5);
        expect(found).toMatchObject({ ok: false, remedy: expect.stringMatching(/^[A-Z].*[.?]$/) });
      }
      expect(found?.text).toMatch(operation === 'status' ? /^not known: |HTTP 4|Seerr/ : /\S/);
      expectNoSecrets(said);
    } finally {
      lift();
    }
  });
});

describe('check: seerr search', () => {
  test.each(inPart(looks.length))(
    '%s: it goes on without title and year, and says so, unless the key is refused',
    async (column) => {
      const lift = spoil('seerr', 'search', column);
      try {
        const said = await run(['check', 'tt0063350', '--no-probe']);
        if (column === '401' || column === '403') {
          expect(said.code).toBe(3);
          expect(said.err).toContain('Seerr');
        } else {
          expect(said.code).toBe(0);
          expect(said.out.replaceAll('\n', ' ')).toContain('Seerr does not tell title and year of this id');
        }
        expectNoSecrets(said);
      } finally {
        lift();
      }
    },
  );
});

describe('check: torrentio stream', () => {
  test.each(inPart(looks.length + 1))('%s', async (column) => {
    const lift = spoil('torrentio', 'stream', column);
    try {
      const said = await run(['check', 'tt0063350', '--no-probe']);
      expect(said.code).not.toBe(0);
      expect(said.err).toContain('Torrentio');
      expect(said.err).not.toMatch(/\n\s+at /);
      expectNoSecrets(said);
    } finally {
      lift();
    }
  });
});
