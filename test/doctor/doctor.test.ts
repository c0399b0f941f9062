import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock } from '../../src/clock.js';
import type { Check } from '../../src/doctor/check.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.js';
import { listBackups } from '../../src/store/backups.js';
import { databaseFile } from '../../src/store/database.js';
import { openStore } from '../../src/store/index.js';
import { command, type Said } from '../support/commands.js';
import { quickDisk } from '../support/disk.js';
import { type LibraryTree, libraryTree } from '../support/libraryTree.js';
import { sandboxEnv } from '../support/sandboxEnv.js';
import { canMount, smallDisk } from '../support/smallDisk.js';

/** `doctor`: each check can fail, and then says in one sentence what to do. */

let dir: string;
let sandbox: Sandbox;
beforeEach(() => {
  dir = mkdtempSync(join(quickDisk(), 'fulfillarr-doctor-'));
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(dir, { recursive: true, force: true });
});

const move = async (options: SandboxOptions = {}) => {
  sandbox = await startSandbox(options);
};
const doctor = (env: Record<string, string> = {}, args: string[] = ['--json']): Promise<Said> =>
  command({ dataDir: dir, clock: systemClock, env: { ...sandboxEnv(sandbox), ...env } }, ['doctor', ...args]);
const checksOf = ({ out }: Said): Check[] => (JSON.parse(out) as { checks: Check[] }).checks;
const withStore = (work: (store: ReturnType<typeof openStore>) => void) => {
  const store = openStore(dir, systemClock);
  try {
    work(store);
  } finally {
    store.close();
  }
};

test('all is well: every check says what it saw; nothing is changed anywhere', async () => {
  await move();
  withStore(() => undefined);
  const said = await doctor();
  expect(said.code).toBe(0);
  const checks = checksOf(said);
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ code }) => code)).toEqual([
    'config',
    'data-directory',
    'database',
    'backups',
    'clock',
    'seerr-key',
    'seerr-csrf',
    'seerr-jellyfin',
    'arr',
    'seerr-version',
    'torrentio',
    'rd-token',
    'rd-premium',
    'rd-slots',
    'rd-account',
    'jellyfin-key',
    'jellyfin-version',
    'jellyfin-libraries',
    'jellyfin-scan',
  ]);
  const writes = [sandbox.seerr, sandbox.realDebrid, sandbox.jellyfin].flatMap(({ requests }) =>
    requests.filter(({ method }) => method !== 'GET'),
  );
  expect(writes).toEqual([]);
  const text = (await doctor({}, [])).out;
  expect(text).toMatch(/^ok {4}config/);
  expect(text).toMatch(/All is well\.$/);
});

const ONE_SENTENCE = /^[A-Z](?:(?![.?] [A-Z])[^\n])*[.?]$/;

/** A finding: the check fails, alone or with what follows from it, and names one thing to do. */
const expectFinding = (said: Said, code: string, text: RegExp, remedy: RegExp) => {
  expect(said.code).toBe(5);
  const found = checksOf(said).find((check) => check.code === code);
  expect(found).toMatchObject({ ok: false, text: expect.stringMatching(text), remedy: expect.stringMatching(remedy) });
  expect(found?.remedy).toMatch(ONE_SENTENCE);
};

const asItIs = () => undefined;
const withField =
  (name: string, value: unknown) =>
  (real: string): string =>
    JSON.stringify({ ...(JSON.parse(real) as object), [name]: value });

describe('what it finds', () => {
  test.each<[string, RegExp, RegExp, SandboxOptions, (here: Sandbox) => void]>([
    [
      'seerr-key',
      /refuses our key/,
      /seerr\.apiKey/,
      {},
      (here) => here.seerr.faults.fail('me', { status: 403, times: Infinity }),
    ],
    [
      'seerr-key',
      /accepted, but may not manage requests/,
      /Settings > General/,
      {},
      (here) => here.seerr.faults.fail('me', { body: withField('permissions', 32), times: Infinity }),
    ],
    ['seerr-csrf', /refuses every write/, /Switch it off/, { seerr: { csrfProtection: true } }, asItIs],
    ['seerr-version', /2\.5\.2 cannot complete/, /Update/, { seerr: { version: '2.5.2' } }, asItIs],
    [
      'seerr-jellyfin',
      /is not set up with Jellyfin/,
      /Settings > Jellyfin/,
      {},
      (here) =>
        here.seerr.faults.fail('publicSettings', { status: 200, body: { mediaServerType: 4 }, times: Infinity }),
    ],
    [
      'arr',
      /configured in Seerr for: movie4k/,
      /Remove them/,
      { seerr: { radarr: [{ id: 1, name: 'R', is4k: true, isDefault: true, does: 'takes' }] } },
      asItIs,
    ],
    [
      'torrentio',
      /refuses this address \(HTTP 403\)/,
      /torrentio\.proxy/,
      {},
      (here) => here.torrentio.faults.fail('manifest', { status: 403, html: true, times: Infinity }),
    ],
    [
      'torrentio',
      /Torrentio.* offers no streams/,
      /Set torrentio\.url to an addon that does/,
      {},
      (here) => here.torrentio.faults.fail('manifest', { body: withField('resources', ['catalog']), times: Infinity }),
    ],
    [
      'rd-token',
      /refuses the token/,
      /real-debrid\.com\/apitoken/,
      {},
      (here) =>
        here.realDebrid.faults.fail('user', {
          status: 401,
          body: { error: 'bad_token', error_code: 8 },
          times: Infinity,
        }),
    ],
    ['rd-slots', /0 of 0 download slots/, /Remove downloads/, { realDebrid: { slots: 0 } }, asItIs],
    [
      'rd-account',
      /Real-Debrid .*HTTP 503/,
      /real-debrid\.com|later/,
      {},
      (here) => here.realDebrid.faults.fail('list', { status: 503, times: Infinity }),
    ],
    [
      'jellyfin-key',
      /refuses our key/,
      /jellyfin\.apiKey/,
      {},
      (here) => here.jellyfin.faults.fail('systemInfo', { status: 401, body: '', times: Infinity }),
    ],
    ['jellyfin-version', /10\.8\.13 is older/, /Update/, { jellyfin: { version: '10.8.13' } }, asItIs],
    [
      'jellyfin-libraries',
      /no library of type tvshows/,
      /Add one/,
      {},
      (here) =>
        here.jellyfin.faults.fail('virtualFolders', {
          status: 200,
          body: [{ Name: 'Films', CollectionType: 'movies', Locations: ['/media'] }],
          times: Infinity,
        }),
    ],
    [
      'jellyfin-libraries',
      /^Films has no folder$/,
      /Give the library the folder of the mount/,
      {},
      (here) =>
        here.jellyfin.faults.fail('virtualFolders', {
          status: 200,
          body: [
            { Name: 'Films', CollectionType: 'movies', Locations: [] },
            { Name: 'Shows', CollectionType: 'tvshows', Locations: ['/media'] },
          ],
          times: Infinity,
        }),
    ],
    [
      'jellyfin-scan',
      /no library scan/,
      /Update/,
      {},
      (here) => here.jellyfin.faults.fail('tasks', { status: 200, body: [], times: Infinity }),
    ],
  ])('%s', async (code, text, remedy, options, spoil) => {
    await move(options);
    spoil(sandbox);
    expectFinding(await doctor(), code, text, remedy);
  });

  test.each([
    ['rd-premium', 0, /not premium/],
    ['rd-premium', 3 * 86_400, /premium ends in 3 days/],
  ])('%s, %i s left', async (code, premium, text) => {
    await move();
    const user = { id: 1, username: 'u', email: 'e', points: 0, locale: 'en', avatar: '', type: 'premium', premium };
    sandbox.realDebrid.faults.fail('user', { status: 200, body: { ...user, expiration: '2027-01-01T00:00:00.000Z' } });
    expectFinding(await doctor(), code, text, /real-debrid\.com\/premium/);
  });

  test('a service that is away, each by itself; the others are looked at all the same', async () => {
    await move();
    const away = 'http://127.0.0.1:9';
    const said = await doctor({ FULFILLARR_SEERR_URL: away, FULFILLARR_JELLYFIN_URL: away });
    expectFinding(said, 'seerr-key', /cannot be reached/, /seerr\.url right/);
    expectFinding(said, 'jellyfin-key', /cannot be reached/, /jellyfin\.url right/);
    expect(checksOf(said).find(({ code }) => code === 'rd-token')).toMatchObject({ ok: true });
  });

  test('a clock that is wrong', async () => {
    await move();
    const clock = { ...systemClock, now: () => Date.now() + 3 * 3_600_000 };
    const said = await command({ dataDir: dir, clock, env: sandboxEnv(sandbox) }, ['doctor', '--json']);
    expectFinding(said, 'clock', /differ by 3 h/, /NTP/);
  });

  test('a configuration that is not valid', async () => {
    await move();
    const said = await doctor({ FULFILLARR_SCHEDULE_POLL: 'never' });
    expect(said.code).toBe(2);
    expect(checksOf(said)).toMatchObject([
      {
        code: 'config',
        ok: false,
        text: expect.stringContaining('schedule.poll'),
        remedy: expect.stringMatching(ONE_SENTENCE),
      },
    ]);
  });

  test('a database that is damaged as a whole', async () => {
    await move();
    withStore(() => undefined);
    writeFileSync(databaseFile(dir), 'nothing of a database '.repeat(300));
    expectFinding(await doctor(), 'database', /is damaged/, /as there is no backup/);
  });

  test('a database that is damaged inside, where no start would notice', async () => {
    await move();
    withStore((store) => {
      for (let row = 0; row < 200; row += 1) store.state.set(`row ${row}`, 'x'.repeat(500));
    });
    const bytes = readFileSync(databaseFile(dir));
    bytes.fill('x', bytes.length - 20_000, bytes.length - 4_000);
    writeFileSync(databaseFile(dir), bytes);
    expectFinding(await doctor(), 'database', /damaged/, /backup/i);
  });

  test('backups that fail', async () => {
    await move();
    withStore((store) => {
      store.backUp(dir, 3);
      store.state.set('tick.last', { at: Date.now(), durationMs: 1, error: null });
    });
    const old = Date.now() / 1000 - 5 * 86_400;
    utimesSync(listBackups(dir, Date.now())[0]?.file ?? '', old, old);
    expectFinding(await doctor(), 'backups', /5 d older than the last pass/, /log/);
  });

  test('a data directory that is not there', async () => {
    await move();
    rmSync(dir, { recursive: true });
    expectFinding(await doctor(), 'data-directory', /cannot be written to \(ENOENT\)/, /Make the folder/);
    mkdtempSync(dir);
  });

  (canMount() ? test : test.skip)('a disk that is nearly full', async () => {
    await move();
    const disk = smallDisk(20_000);
    try {
      const said = await doctor({ FULFILLARR_DATA_DIR: disk.dir });
      expectFinding(said, 'data-directory', /has only \d+ MB left/, /Free some space/);
    } finally {
      disk.remove();
    }
  });
});

test('a Seerr that cannot tell its version, which asks GitHub first, is well all the same', async () => {
  await move();
  sandbox.seerr.faults.fail('status', { status: 500, times: Infinity });
  const said = await doctor();
  expect(said.code).toBe(0);
  const found = checksOf(said).find(({ code }) => code === 'seerr-version');
  expect(found).toMatchObject({ ok: true, text: expect.stringMatching(/^not known: .*HTTP 500/) });
});

test('what a daemon remembers of a service does not count: it is asked afresh, and nothing is left behind', async () => {
  await move();
  sandbox.seerr.faults.fail('me', { status: 503, times: Infinity });
  withStore(() => undefined);
  await doctor();
  sandbox.seerr.faults.clear();
  expect((await doctor()).code).toBe(0);
  withStore((store) => expect(store.state.get('pause:seerr')).toBeUndefined());
  chmodSync(dir, 0o700);
});

test('torrents of which a database that was restored knows nothing are named', async () => {
  await move();
  const { hash } = sandbox.world.addRelease({ of: 'tt1727587', name: 'Sintel 2010 1080p BluRay x265-GRP' });
  sandbox.realDebrid.addForeign(hash);
  withStore((store) => {
    const times = { addSentAt: 1, progressAt: 1, lookAt: 1, expiresAt: 1, createdAt: 1 };
    const base = { infoHash: hash, release: 'r', plan: 'p', rank: 0, ours: true, knownIds: [], wantIds: [] };
    store.grabs.begin({ ...base, ...times, role: 'chosen' });
  });
  const found = checksOf(await doctor()).find(({ code }) => code === 'rd-account');
  expect(found?.text).toMatch(/1 torrent in the account; not made by us, so never deleted: Sintel 2010/);
});

describe('a library of links', () => {
  let tree: LibraryTree;
  beforeEach(() => {
    tree = libraryTree();
  });
  afterEach(() => tree.clear());
  test('well: what the mount shows, and in which libraries the folders are', async () => {
    await move({ jellyfin: { folders: tree.folders } });
    mkdirSync(join(tree.root, 'mount/__all__/Sintel'), { recursive: true });
    const checks = checksOf(await doctor(tree.env()));
    expect(checks.filter(({ code }) => code.startsWith('links-'))).toEqual([
      { code: 'links-mount', ok: true, text: `${join(tree.root, 'mount')} shows 1 torrent`, remedy: '' },
      { code: 'links-movies', ok: true, text: '/media/movies is in the Jellyfin library Movies', remedy: '' },
      { code: 'links-series', ok: true, text: '/media/series is in the Jellyfin library Shows', remedy: '' },
    ]);
    expect(tree.links()).toEqual({});
  });

  test('each folder that will not do is found', async () => {
    await move({ jellyfin: { folders: tree.folders } });
    rmSync(join(tree.root, 'mount'), { recursive: true });
    expectFinding(await doctor(tree.env()), 'links-mount', /is not there/, /library\.links\.mount/);
    const gone = await doctor(tree.env({ 'library.links.movies': join(tree.root, 'gone') }));
    expectFinding(gone, 'links-movies', /is not there/, /library\.links\.movies/);
    const elsewhere = await doctor(tree.env({ 'library.links.jellyfinMovies': '/media/other' }));
    expectFinding(elsewhere, 'links-movies', /no Jellyfin library holds/, /library\.links\.jellyfinMovies/);
    const mixedUp = await doctor(tree.env({ 'library.links.jellyfinSeries': '/media/movies' }));
    expectFinding(mixedUp, 'links-series', /not one of series/, /content type is Shows/);
  });
});
