import { afterEach, describe, expect, test } from '@jest/globals';
import { attentionList } from '../../src/attention.js';
import { createHealth } from '../../src/daemon/health.js';
import { createWatchdog } from '../../src/daemon/watchdog.js';
import { type Fault, OPEN_TITLES } from '../../src/sandbox/index.js';
import { recordTick, statusDocument } from '../../src/status.js';
import { type Household, household, type LoggedLine } from '../support/household.js';

const { sintel } = OPEN_TITLES;

let home: Household;
let moved = false;
afterEach(async () => {
  if (moved) await home.stop();
  moved = false;
});

/** A watchdog with a limit of five passes beside a real household. */
const guarded = async () => {
  home = await household();
  moved = true;
  const said: LoggedLine[] = [];
  const note = (level: string) => (message: string) => void said.push({ level, message });
  const log = {
    error: note('error'),
    warn: note('warn'),
    info: note('info'),
    debug: note('debug'),
    close: async () => undefined,
  };
  const health = createHealth(30_000);
  const watchdog = createWatchdog({ store: home.store, log, health, limit: () => 5, pollInterval: () => 30_000 });
  const pass = async (every = 30_000) => {
    const report = await home.tick();
    recordTick(home.store, report, home.app.services.health());
    watchdog.look(report, home.app.held());
    home.clock.pass(every);
  };
  return { said, health, watchdog, pass };
};
/** Something is due and each tick trips over the same fault of ours. */
const broken = () => {
  home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
  home.sandbox.world.addRelease({ of: sintel.imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
  return home.sandbox.realDebrid.faults.fail('list', { status: 200, body: { torrents: 'none' }, times: Infinity });
};

test('due, and nothing comes of it without a known reason: health turns red, said once; the first progress ends it', async () => {
  const { said, health, pass } = await guarded();
  const mend = broken();
  for (let i = 0; i < 12; i += 1) await pass();
  expect(health.health()).toMatchObject({ status: 503, body: { status: 'stuck' } });
  const alarms = said.filter(({ level }) => level === 'error');
  expect(alarms).toHaveLength(1);
  expect(alarms[0]?.message).toMatch(/^1 want due, and nothing has come of it for 5 passes \(3 min\).*`explain`/);
  expect(attentionList(home.store, home.clock.now())).toMatchObject([{ code: 'stuck' }]);
  // The same fault, tick after tick, is one line an hour.
  expect(home.log.filter(({ level }) => level === 'error')).toMatchObject([
    {
      message: expect.stringMatching(
        /^movie:tt1727587: Real-Debrid answers off contract at the whole answer: .*; skipped/,
      ),
    },
  ]);
  mend();
  for (let i = 0; i < 3; i += 1) await pass();
  expect(health.health().status).toBe(200);
  expect(said.at(-1)).toEqual({ level: 'info', message: 'there is progress again' });
  expect(attentionList(home.store, home.clock.now())).toEqual([]);
});

const unreadable: Fault = { status: 200, body: { results: 'none' }, times: Infinity };

test('the requests cannot be read, through a fault of ours: health turns red, whether anything is known to be due or not', async () => {
  const { said, health, pass } = await guarded();
  home.sandbox.seerr.faults.fail('approvedList', unreadable);
  for (let i = 0; i < 12; i += 1) await pass();
  expect(health.health()).toMatchObject({ status: 503, body: { status: 'stuck' } });
  expect(said).toHaveLength(1);
  expect(said[0]?.message).toMatch(/^the requests in Seerr cannot be read, and nothing has come of it for 5 passes/);
});

test('a request is never closed, through a fault of ours: health turns red', async () => {
  const { said, health, pass } = await guarded();
  broken();
  home.sandbox.realDebrid.faults.clear();
  home.sandbox.seerr.faults.fail('jobs', { status: 200, body: { jobs: 'none' }, times: Infinity });
  for (let i = 0; i < 20; i += 1) await pass();
  expect(health.health().status).toBe(503);
  expect(said[0]?.message).toMatch(/^1 request to be closed, and nothing has come of it/);
});

test('no tick gets to its end: health turns red, said once; one that does ends it', async () => {
  const { said, health, watchdog, pass } = await guarded();
  for (let i = 0; i < 12; i += 1) watchdog.failed('it hung', home.clock.now());
  expect(health.health()).toMatchObject({ status: 503, body: { status: 'stuck' } });
  expect(said).toEqual([
    {
      level: 'error',
      message: expect.stringMatching(/^no pass has got to its end for 5 passes \(3 min\): it hung\. /),
    },
  ]);
  await pass();
  expect(health.health().status).toBe(200);
});

describe.each([
  [
    'Seerr’s requests',
    () => home.sandbox.seerr.faults,
    'approvedList',
    { body: { pageInfo: { pages: 1, pageSize: 500, results: 5, page: 1 }, results: [] } },
    /^Seerr’s request list is not complete: .*; tried again in .*Nothing is taken on meanwhile.*restart Seerr/,
  ],
  [
    'Real-Debrid’s torrents',
    () => home.sandbox.realDebrid.faults,
    'list',
    { body: [], headers: { 'x-total-count': '3' } },
    /^Real-Debrid’s torrent list is not complete: .*; tried again in .*Nothing is added meanwhile.*X-Total-Count/,
  ],
] as const)('a list that does not add up: %s', (_, faultsOf, operation, answer, line) => {
  const loud = () => home.log.filter(({ level }) => level === 'warn' || level === 'error');
  const leftAlone = () => statusDocument(home.store, 'test', home.clock.now(), null).leftAlone;

  test('for a minute or two: not a word', async () => {
    const { said, pass } = await guarded();
    broken();
    home.sandbox.realDebrid.faults.clear();
    const mend = faultsOf().fail(operation, { status: 200, ...answer, times: Infinity });
    for (let i = 0; i < 4; i += 1) await pass();
    mend();
    for (let i = 0; i < 4; i += 1) await pass();
    expect(home.sandbox.realDebrid.entries()).toHaveLength(1);
    expect([...said, ...loud(), ...home.log.filter(({ message }) => message.includes('well again'))]).toEqual([]);
  });

  test('looked at every few seconds for a minute: no fault of ours', async () => {
    const { said, health, pass } = await guarded();
    broken();
    home.sandbox.realDebrid.faults.clear();
    faultsOf().fail(operation, { status: 200, ...answer, times: Infinity });
    for (let i = 0; i < 15; i += 1) await pass(4_000);
    expect([said, health.health().status]).toEqual([[], 200]);
  });

  test('for hours: one line, status tells it, and it is asked ever less often; over by itself', async () => {
    const { said, health, pass } = await guarded();
    broken();
    home.sandbox.realDebrid.faults.clear();
    const mend = faultsOf().fail(operation, { status: 200, ...answer, times: Infinity });
    for (let i = 0; i < 240; i += 1) await pass();
    expect(loud()).toEqual([{ level: 'warn', message: expect.stringMatching(line) }]);
    expect(leftAlone()).toMatchObject([{ code: 'off-contract', message: expect.stringContaining('is not complete') }]);
    expect([said, health.health().status]).toEqual([[], 200]);
    mend();
    for (let i = 0; i < 130; i += 1) await pass();
    expect(home.sandbox.realDebrid.entries()).toHaveLength(1);
    expect([loud().length, leftAlone()]).toEqual([1, []]);
  });
});

describe('no alarm', () => {
  test('while a service is away: that is told by itself', async () => {
    const { said, health, pass } = await guarded();
    broken();
    home.sandbox.realDebrid.faults.clear();
    home.sandbox.torrentio.faults.fail('stream', { status: 503, times: Infinity });
    for (let i = 0; i < 30; i += 1) await pass();
    expect([said, health.health().status]).toEqual([[], 200]);
  });

  test('while a person has paused it', async () => {
    const { said, pass } = await guarded();
    broken();
    home.store.state.set('paused', true);
    for (let i = 0; i < 12; i += 1) await pass();
    expect(said).toEqual([]);
  });

  test('while a download goes on, and while nothing is due', async () => {
    const { said, pass } = await guarded();
    for (let i = 0; i < 8; i += 1) await pass();
    home.sandbox.world.addRelease({
      of: sintel.imdbId,
      name: 'Sintel 2010 1080p BluRay x265-GRP',
      downloadMs: 3_600_000,
    });
    home.sandbox.seerr.request({ tmdbId: sintel.tmdbId, type: 'movie' });
    for (let i = 0; i < 30; i += 1) await pass();
    expect(said).toEqual([]);
  });
});

test('silence is red, whatever else; a longer interval between polls allows more of it', () => {
  const real = performance.now;
  let now = 0;
  performance.now = () => now;
  try {
    const health = createHealth(1_000);
    now = 119_000;
    expect(health.health().status).toBe(200);
    now = 121_000;
    expect(health.health()).toMatchObject({ status: 503, body: { status: 'stalled', reason: expect.any(String) } });
    health.expectEvery(60_000);
    expect(health.health().status).toBe(200);
    health.suffer('storage', 'the disk is full');
    expect(health.health()).toEqual({ status: 503, body: { status: 'storage', reason: 'the disk is full' } });
    health.beat();
    health.suffer('storage', null);
    expect(health.health()).toEqual({ status: 200, body: { status: 'ok' } });
  } finally {
    performance.now = real;
  }
});
