import { afterEach, describe, expect, test } from '@jest/globals';
import { createApp } from '../../src/app.js';
import { type Fault, OPEN_TITLES, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import { statusDocument } from '../../src/status.js';
import { keepTroubles } from '../../src/troubles.js';
import { configFor, type Household, type HouseholdOptions, household, living, recorder } from '../support/household.js';
import { scenesOf } from '../support/scenes.js';

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const { bigBuckBunny, pioneerOne, sintel, tearsOfSteel } = OPEN_TITLES;

let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

const {
  release,
  second,
  pack,
  requestSintel,
  requestSeason,
  adds,
  said,
  unexpected,
  expectOnly,
  secondSeason,
  multi,
  requestMulti,
  entriesOf,
} = scenesOf(() => home);

const isOver = () => home.store.requests.open().length === 0 && home.store.grabs.unended().length === 0;
const closed = (id: number) => () => expect(home.sandbox.seerr.state(id)?.status).toBe(5);

describe('what is added is never left behind', () => {
  test.each(['resetAfter', 'truncated'] as const)(
    'an add without answer (%s) whose request is withdrawn',
    async (fault) => {
      const { live, sandbox } = await move();
      release({ cached: false, downloadMs: HOUR });
      sandbox.realDebrid.faults.fail('addMagnet', { [fault]: true });
      const id = requestSintel();
      await live(30_000);
      sandbox.seerr.deleteRequest(id);
      await live(10 * MINUTE);
      expect(adds()).toBe(1);
      expectOnly();
      expect(home.store.grabs.unended()).toEqual([]);
    },
  );

  test.each([6, 25, 27])(
    'an add that was carried out and answered with HTTP 503 and code %d is the one',
    async (code) => {
      const { live, sandbox } = await move();
      const { hash } = release();
      const id = requestSintel();
      sandbox.realDebrid.faults.fail('addMagnet', { statusAfter: 503, body: { error: 'away', error_code: code } });
      await live(10 * MINUTE);
      expect(adds()).toBe(1);
      expectOnly(hash);
      closed(id)();
    },
  );

  test('a probe whose walk does not go on has deadlines all the same', async () => {
    const { live } = await move();
    const { hash } = release({ cached: false, seeders: 5000, stallsAt: 10 });
    second({ cached: false });
    requestSintel();
    const never = new AbortController().signal;
    await home.app.tick({ stop: never, abort: never, timeBox: 3_000 });
    expect(home.store.grabs.unended()).toMatchObject([{ role: 'probe', state: 'downloading' }]);
    home.store.state.set('paused', true);
    await live(4 * HOUR, MINUTE);
    expect(entriesOf(hash)).toHaveLength(0);
  });

  test('an info that says 404 once, of a torrent that is there', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    sandbox.realDebrid.faults.fail('info', { status: 404, body: { error: 'unknown_ressource', error_code: 7 } });
    const id = requestSintel();
    await live(10 * MINUTE);
    expectOnly(hash);
    closed(id)();
  });

  test.each([true, false])('one that says so at a deadline, another release on offer %s', async (another) => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: 3 * HOUR, seeders: 500 });
    if (another) {
      second({ cached: false, downloadMs: 3 * HOUR, seeders: 300 });
    }
    const id = requestSintel();
    await live(5 * MINUTE);
    sandbox.realDebrid.faults.fail('info', { status: 404, body: { error: 'unknown_ressource', error_code: 7 } });
    await live(4 * HOUR, MINUTE);
    expectOnly(hash);
    expect(entriesOf(hash)).toMatchObject([{ status: 'downloaded' }]);
    expect(adds()).toBe(another ? 2 : 1);
    closed(id)();
  });

  test('a delete that fails again and again while the movie is requested anew', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: 20 * MINUTE });
    const first = requestSintel();
    await live(2 * MINUTE);
    const lift = sandbox.realDebrid.faults.fail('delete', {
      status: 400,
      body: { error: 'odd', error_code: 2 },
      times: Infinity,
    });
    sandbox.seerr.deleteRequest(first);
    await live(MINUTE);
    const again = requestSintel();
    await live(2 * MINUTE);
    lift();
    await live(30 * MINUTE);
    expectOnly(hash);
    closed(again)();
    expect(said('removed from the account from outside')).toEqual([]);
  });
});

describe('the next one is tried, and the first turns out to be there', () => {
  test('while it is not known whether the next was added: nothing of it stays', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: 20_000 });
    const next = second({ cached: false, downloadMs: HOUR });
    sandbox.realDebrid.faults.fail('addMagnet', { resetAfter: true, after: 1 });
    const id = requestSintel();
    await live(30_000);
    expect(entriesOf(next.hash)).toHaveLength(1);
    await live(20 * MINUTE);
    closed(id)();
    expectOnly(hash);
    expect(home.store.grabs.unended()).toEqual([]);
  });
});

test('one that the list names and that has no files, whatever it is asked, is given up in the end', async () => {
  const { live, sandbox } = await move();
  const { hash } = release();
  const next = second();
  const id = requestSintel();
  const gone = { status: 404, body: { error: 'unknown_ressource', error_code: 7 }, times: Infinity };
  const isFirst = ({ path }: { path: string }) => entriesOf(hash).some((entry) => path.endsWith(entry.id));
  sandbox.realDebrid.faults.fail('info', { ...gone, when: isFirst });
  await live(30 * MINUTE);
  expect(entriesOf(hash)).toMatchObject([{ status: 'waiting_files_selection' }]);
  await live(2 * HOUR);
  closed(id)();
  expectOnly(next.hash);
});

describe('foreign entries', () => {
  test('one that appears while our add is unsure is not taken for ours', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: 2 * HOUR });
    sandbox.realDebrid.faults.fail('addMagnet', { resetBefore: true });
    const id = requestSintel();
    await live(30_000);
    sandbox.realDebrid.addForeign(hash, { select: 'all' });
    await live(3 * MINUTE);
    sandbox.seerr.deleteRequest(id);
    await live(3 * MINUTE);
    expect(entriesOf(hash)).toMatchObject([{ by: 'outside' }]);
  });

  test('several that appear while our add is unsure: none is selected on', async () => {
    const { live, sandbox } = await move();
    const { hash } = release();
    const next = second();
    sandbox.realDebrid.faults.fail('addMagnet', { resetBefore: true });
    const id = requestSintel();
    await live(30_000);
    sandbox.realDebrid.addForeign(hash);
    sandbox.realDebrid.addForeign(hash);
    await live(15 * MINUTE);
    expect(entriesOf(hash)).toMatchObject([{ selected: [] }, { selected: [] }]);
    expectOnly(next.hash);
    closed(id)();
  });

  test('one that takes the place of ours before its files were selected is not selected on', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, metadataMs: 3 * MINUTE, downloadMs: HOUR });
    requestSintel();
    await live(MINUTE);
    const [entry] = entriesOf(hash);
    sandbox.realDebrid.removeOutside(entry?.id ?? '');
    sandbox.realDebrid.addForeign(hash);
    await live(10 * MINUTE);
    expect(entriesOf(hash).filter(({ by }) => by === 'outside')).toMatchObject([{ selected: [] }]);
  });

  test('a repair tool gives our torrent a new id: it is followed, and not deleted', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, downloadMs: 20 * MINUTE });
    const id = requestSintel();
    await live(5 * MINUTE);
    const [entry] = entriesOf(hash);
    sandbox.realDebrid.addForeign(hash, { select: 'all' });
    sandbox.realDebrid.removeOutside(entry?.id ?? '');
    await live(40 * MINUTE, MINUTE);
    expect(entriesOf(hash)).toMatchObject([{ by: 'outside' }]);
    expect(adds()).toBe(1);
    closed(id)();
  });

  test('ours was removed, and somebody puts the torrent back when it is given up: it is used, and not deleted', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ cached: false, seeders: 5000, downloadMs: HOUR });
    const id = requestSintel();
    await live(10 * MINUTE);
    sandbox.realDebrid.removeOutside(entriesOf(hash)[0]?.id ?? '');
    await live(5 * MINUTE);
    expect(said('removed from the account from outside')).toHaveLength(1);
    sandbox.realDebrid.addForeign(hash, { select: 'all' });
    await live(8 * HOUR, 5 * MINUTE);
    closed(id)();
    expect(entriesOf(hash)).toMatchObject([{ by: 'outside' }]);
    expect(adds()).toBe(1);
  });

  test('ours was removed, and somebody puts a part of it back: that is used, and nothing added to it', async () => {
    const { live, sandbox } = await move();
    const { hash } = pack({ cached: false, seeders: 5000, downloadMs: HOUR });
    requestSeason();
    await live(10 * MINUTE);
    sandbox.realDebrid.removeOutside(entriesOf(hash)[0]?.id ?? '');
    await live(5 * MINUTE);
    sandbox.realDebrid.addForeign(hash, { select: [1, 2] });
    await live(2 * DAY, 10 * MINUTE);
    expect(sandbox.jellyfin.episodesOf(pioneerOne.tmdbId, 1)).toEqual([1, 2]);
    expect(entriesOf(hash)).toMatchObject([{ by: 'outside', selected: [1, 2] }]);
    expect(adds()).toBe(1);
  });

  test('another one of our hash while the list lags behind does not take our place', async () => {
    const { live, sandbox } = await move({ sandbox: { realDebrid: { listLagMs: 45_000 } } });
    const { hash } = release({ cached: false, downloadMs: 20 * MINUTE });
    const id = requestSintel();
    await live(30_000);
    sandbox.seerr.deleteRequest(id);
    await live(30_000);
    const again = requestSintel();
    await live(3 * MINUTE);
    sandbox.seerr.deleteRequest(again);
    await live(10 * MINUTE);
    expectOnly();
    void hash;
  });
});

describe('the same torrent for two plans', () => {
  test('a pack of two seasons whose add is unsure is not added by the other season', async () => {
    const { live, sandbox } = await move();
    secondSeason();
    const { hash } = multi();
    sandbox.realDebrid.faults.fail('addMagnet', { resetAfter: true });
    requestMulti(1, 2);
    await live(MINUTE);
    expect(entriesOf(hash)).toHaveLength(1);
  });

  test('a lagging list does not make the other season add it once more', async () => {
    const { live } = await move({
      sandbox: { realDebrid: { listLagMs: 40_000 } },
      // Else both seasons would be looked for in one torrent to begin with.
      config: { 'selection.profiles.default.packs.multiSeason': 'avoid' },
    });
    secondSeason();
    const { hash } = multi();
    const id = requestMulti(1, 2);
    await live(30 * MINUTE, MINUTE);
    // One for the first season, and one with both that takes its place.
    expect(adds()).toBe(2);
    expect(entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3, 4, 5, 6] }]);
    closed(id)();
  });

  test.each([true, false])(
    'the only release is a pack of both seasons (cached %s): both are brought',
    async (cached) => {
      const { live } = await move();
      secondSeason();
      const { hash } = multi({ cached, downloadMs: 2 * MINUTE });
      const id = requestMulti(1, 2);
      await live(90 * MINUTE, MINUTE);
      closed(id)();
      expectOnly(hash);
      expect(entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3, 4, 5, 6] }]);
      expect(unexpected()).toEqual([]);
    },
  );
});

test('a collection of three films that are asked for at once is there once in the end', async () => {
  const { live, sandbox } = await move();
  const films = ['Sintel 2010', 'Tears of Steel 2012', 'Big Buck Bunny 2008'];
  const collection = release({
    name: `${films.join(' / ')} 1080p BluRay x265-ALL`,
    files: films.map((film) => ({ path: `All/${film} 1080p BluRay x265.mkv`, bytes: 1024 * MB })),
  });
  sandbox.world.torrentsOf = () => [collection];
  // The next add is faster than the selection.
  sandbox.realDebrid.faults.fail('selectFiles', { delayMs: 300, times: Infinity });
  for (const { tmdbId } of [sintel, tearsOfSteel, bigBuckBunny]) {
    sandbox.seerr.request({ tmdbId, type: 'movie' });
  }
  await live(HOUR, MINUTE);
  expect(entriesOf(collection.hash)).toMatchObject([{ selected: [1, 2, 3] }]);
});

describe('links', () => {
  test('that lag behind are waited for: the release is cached, and not given up', async () => {
    const { live } = await move({
      sandbox: { realDebrid: { linksLagMs: 20_000 } },
      config: { 'selection.profiles.default.uncached.allow': 'false' },
    });
    const { hash } = release();
    second();
    const id = requestSintel();
    await live(10 * MINUTE);
    expectOnly(hash);
    expect(adds()).toBe(1);
    closed(id)();
  });

  test('one for a whole pack is an archive: it never counts as ready', async () => {
    const { live } = await move();
    const { hash } = pack({ archive: true });
    requestSeason();
    await live(10 * MINUTE);
    expect(said('ready: ')).toEqual([]);
    expect(entriesOf(hash)).toHaveLength(0);
  });

  test('none at all: the next release is taken', async () => {
    const { live } = await move();
    release({ linksDropped: true, seeders: 5000 });
    const { hash } = second();
    const id = requestSintel();
    await live(15 * MINUTE);
    expect(entriesOf(hash)).toHaveLength(1);
    closed(id)();
  });

  test('a foreign pack that is one archive is not adopted', async () => {
    const { live, sandbox } = await move();
    const { hash } = pack({ archive: true });
    sandbox.realDebrid.addForeign(hash, { select: 'all' });
    requestSeason();
    await live(10 * MINUTE);
    expect(said('ready: ')).toEqual([]);
    expect(entriesOf(hash)).toMatchObject([{ by: 'outside' }]);
  });
});

describe('slots that downloads of the user’s own hold', () => {
  test('are waited for: one line says so, and status; over by itself when they have ended', async () => {
    const { live, sandbox, store, clock, app } = await move({ sandbox: { realDebrid: { slots: 8 } } });
    const foreign = [1, 2, 3, 4, 5, 6].map((n) => {
      const { hash } = second({
        name: `Sintel 2010 480p x265-OTHER${n}`,
        listed: false,
        cached: false,
        downloadMs: 9 * DAY,
      });
      return sandbox.realDebrid.addForeign(hash, { select: 'all' });
    });
    const wanted = release({ cached: true });
    const id = requestSintel();
    await live(6 * HOUR, 2 * MINUTE);
    const loud = () => home.log.filter(({ level }) => level === 'warn' || level === 'error');
    expect(loud()).toEqual([
      {
        level: 'warn',
        message: expect.stringMatching(
          /^6 torrents of .* 8 slots are active; nothing is added .*; tried again in 1 min, .*real-debrid.com/,
        ),
      },
    ]);
    keepTroubles(store, app.services.health());
    const { leftAlone, requests } = statusDocument(store, 'test', clock.now(), null);
    expect(leftAlone).toMatchObject([{ service: 'realDebrid', code: 'slots-held' }]);
    expect(app.services.health().realDebrid.pauses).toMatchObject([{ kind: 'slots', scope: 'adds' }]);
    expect(requests[0]?.wants[0]?.state).toBe('waiting');
    for (const rdId of foreign) sandbox.realDebrid.removeOutside(rdId);
    await live(30 * MINUTE);
    expect(entriesOf(wanted.hash)).toHaveLength(1);
    closed(id)();
    expect(loud()).toHaveLength(1);
  });
});

describe('time', () => {
  test('days without anything in flight do not lengthen the next deadline', async () => {
    const { live } = await move();
    release({ of: bigBuckBunny.imdbId, name: 'Big Buck Bunny 2008 1080p BluRay x265-GRP', bytes: 900 * MB });
    const first = home.sandbox.seerr.request({ tmdbId: bigBuckBunny.tmdbId, type: 'movie' });
    await live(10 * MINUTE);
    closed(first)();
    await live(3 * DAY, HOUR);
    const { hash } = release({ cached: false, downloadMs: 40 * HOUR });
    requestSintel();
    await live(26 * HOUR, 4 * MINUTE);
    expect(entriesOf(hash)).toHaveLength(0);
  });

  test('a clock that jumps back an hour stops nothing', async () => {
    const { live, clock } = await move();
    const { hash } = release({ cached: false, downloadMs: 4 * MINUTE });
    const id = requestSintel();
    await live(2 * MINUTE);
    const lists = home.sandbox.realDebrid.counts().list ?? 0;
    clock.pass(-HOUR);
    await live(MINUTE);
    expect(home.sandbox.realDebrid.counts().list ?? 0).toBeGreaterThan(lists);
    clock.pass(HOUR);
    await live(15 * MINUTE);
    expectOnly(hash);
    closed(id)();
  });
});

describe('selecting', () => {
  test('files that Real-Debrid will not take: the next release, in the end', async () => {
    const { live, sandbox } = await move();
    const { hash } = release({ seeders: 5000 });
    const next = second();
    sandbox.realDebrid.faults.fail('selectFiles', {
      status: 400,
      body: { error: 'wrong_parameter', error_code: 2 },
      times: Infinity,
      when: ({ path }) => path.endsWith(entriesOf(hash)[0]?.id ?? 'none'),
    });
    const id = requestSintel();
    await live(3 * HOUR, MINUTE);
    expectOnly(next.hash);
    closed(id)();
  });

  test('a select that fails says nothing about being cached', async () => {
    const { live, sandbox } = await move({ config: { 'selection.profiles.default.uncached.allow': 'false' } });
    const { hash } = release();
    sandbox.realDebrid.faults.fail('selectFiles', { status: 503, body: '', times: 12 });
    const id = requestSintel();
    await live(3 * HOUR, MINUTE);
    expectOnly(hash);
    closed(id)();
    expect(adds()).toBe(1);
  });

  test.each([1, 0])(
    'slots full (%i free) while others download: no orphan, fulfilled when there is room',
    async (free) => {
      const { live, sandbox } = await move({ sandbox: { realDebrid: { slots: 2 + free } } });
      const foreign = [1, 2].map((n) =>
        release({ of: bigBuckBunny.imdbId, name: `Synthetic foreign ${n}`, cached: false, downloadMs: 30 * MINUTE }),
      );
      for (const { hash } of foreign) {
        sandbox.realDebrid.addForeign(hash, { select: 'all' });
      }
      const { hash } = release({ cached: false, downloadMs: 5 * MINUTE });
      const id = requestSintel();
      await live(2 * HOUR, MINUTE);
      expectOnly(hash);
      closed(id)();
      expect(adds()).toBeLessThan(12);
    },
  );
});

describe('another tool selects the second season just before we select both', () => {
  const bothSeasons = async () => {
    const { live, sandbox } = await move();
    const { realDebrid } = sandbox;
    secondSeason();
    const { hash } = multi({ cached: [[1, 2, 3]], downloadMs: 10 * MINUTE });
    requestMulti(1);
    await live(5 * MINUTE);
    realDebrid.tap((phase, { operation, path }) => {
      const entry = realDebrid.account.get(path.split('/').at(-1) ?? '');
      if (phase === 'before' && operation === 'selectFiles' && entry !== null) {
        realDebrid.account.select(entry, [4, 5, 6]);
      }
    });
    const id = requestMulti(2);
    await live(5 * MINUTE);
    return { hash, id };
  };
  const expectBoth = (hash: string) =>
    expect(entriesOf(hash)).toMatchObject([{ selected: [4, 5, 6], status: 'downloaded' }, { selected: [1, 2, 3] }]);

  test('the first stays', async () => {
    const { hash, id } = await bothSeasons();
    await home.live(20 * MINUTE);
    closed(id)();
    expectBoth(hash);
  });

  test('the first stays, also when the second is cancelled meanwhile', async () => {
    const { hash, id } = await bothSeasons();
    home.clock.pass(HOUR);
    home.sandbox.seerr.deleteRequest(id);
    await home.live(5 * MINUTE);
    expectBoth(hash);
  });
});

describe('facts', () => {
  test('a collection that will not do for one movie is still there for another', async () => {
    const { live } = await move();
    const { hash } = release({ metadataMs: 4 * MINUTE, cached: false, downloadMs: 5 * MINUTE });
    const id = requestSintel();
    await live(30 * MINUTE);
    expectOnly(hash);
    closed(id)();
  });

  test('magnet metadata that comes late and is refused by its files: next release, nothing left', async () => {
    const { live } = await move();
    release({
      metadataMs: 4 * MINUTE,
      cached: false,
      seeders: 5000,
      files: [
        { path: 'Sintel/Sintel.2010.1080p.mkv', bytes: 2048 * MB },
        { path: 'Sintel/codec.exe', bytes: 5_000_000 },
      ],
    });
    const next = second({ cached: false, seeders: 50, downloadMs: 3 * MINUTE });
    const id = requestSintel();
    await live(40 * MINUTE);
    expectOnly(next.hash);
    closed(id)();
    expect(unexpected()).toEqual([]);
  });

  test.each(['dead', 'virus', 'error', 'magnet_error'] as const)(
    '%s while probing: gone, and the next taken',
    async (endsAs) => {
      const { live } = await move();
      release({ cached: false, seeders: 5000, endsAs, failsAt: 0, downloadMs: MINUTE });
      const next = second();
      const id = requestSintel();
      await live(15 * MINUTE);
      expectOnly(next.hash);
      closed(id)();
    },
  );
});

describe('account paused mid-walk', () => {
  test.each(['locked', 'free'] as const)(
    '%s for two hours: goes on where it stood, no step of back-off',
    async (how) => {
      const { live, sandbox } = await move();
      release({ cached: false, seeders: 5000, downloadMs: 3 * HOUR });
      const { hash } = second();
      const id = requestSintel();
      let seen = 0;
      const lift = sandbox.realDebrid.tap((phase, { operation }) => {
        if (phase === 'after' && operation === 'selectFiles') {
          seen += 1;
          if (seen === 1) {
            sandbox.realDebrid.locked = how === 'locked';
            sandbox.realDebrid.premiumSeconds = how === 'free' ? 0 : sandbox.realDebrid.premiumSeconds;
          }
        }
      });
      await live(2 * HOUR, MINUTE);
      lift();
      const row = home.store.wants.ofRequest(id)[0]?.want;
      expect(row?.backoffStep).toBe(0);
      sandbox.realDebrid.locked = false;
      sandbox.realDebrid.premiumSeconds = 90 * 86_400;
      await live(40 * MINUTE, MINUTE);
      expectOnly(hash);
      closed(id)();
    },
  );
});

describe('the walk', () => {
  const three = (...cached: boolean[]) =>
    cached.map((yes, i) =>
      release({
        name: `Sintel 2010 1080p BluRay x265-W${i}`,
        cached: yes,
        seeders: 5 * 10 ** (4 - i),
        downloadMs: 20 * MINUTE,
      }),
    );
  const profile = (key: string, value: string) => ({ [`selection.profiles.default.${key}`]: value });

  test('maxCandidates 1, not cached: the first is kept', async () => {
    const { live } = await move({ config: profile('maxCandidates', '1') });
    const [first] = three(false, true, true);
    const id = requestSintel();
    await live(40 * MINUTE, MINUTE);
    expectOnly(first?.hash);
    closed(id)();
  });

  test('maxCandidates 1, cached only: one more with each round of the back-off', async () => {
    const { live } = await move({
      config: { ...profile('maxCandidates', '1'), ...profile('uncached.allow', 'false') },
    });
    const [, , last] = three(false, false, true);
    const id = requestSintel();
    await live(40 * MINUTE, MINUTE);
    expectOnly(last?.hash);
    expect(adds()).toBe(3);
    closed(id)();
  });

  test('preferCached never: the first is downloaded', async () => {
    const { live } = await move({ config: profile('preferCached', 'never') });
    const [first] = three(false, true, true);
    const id = requestSintel();
    await live(40 * MINUTE, MINUTE);
    expectOnly(first?.hash);
    expect(adds()).toBe(1);
    closed(id)();
  });

  test('preferCached sameTier: a cached one of a lower tier does not win', async () => {
    const { live } = await move({ config: profile('preferCached', 'sameTier') });
    const [first] = three(false);
    second();
    const id = requestSintel();
    await live(40 * MINUTE, MINUTE);
    expectOnly(first?.hash);
    closed(id)();
  });

  test.each([1, 2, 3])('candidates that vanish from the addon after %i probes leave nothing behind', async (after) => {
    const { live, clock, sandbox } = await move({ config: { 'cache.streamsTtl': '0s' } });
    const all = three(false, false, false);
    const id = requestSintel();
    const never = new AbortController().signal;
    for (let i = 0; i < after; i += 1) {
      await home.app.tick({ stop: never, abort: never, timeBox: 3_000 });
      clock.pass(30_000);
    }
    for (const torrent of all) {
      torrent.listed = false;
    }
    sandbox.world.revision += 1;
    home.restart();
    await live(HOUR, MINUTE);
    expect(home.sandbox.realDebrid.entries()).toHaveLength(1);
    closed(id)();
  });

  test('a probe removed from outside between two looks', async () => {
    const { live, clock, sandbox } = await move();
    const [first, , third] = three(false, false, true);
    const id = requestSintel();
    const never = new AbortController().signal;
    await home.app.tick({ stop: never, abort: never, timeBox: 3_000 });
    sandbox.realDebrid.removeOutside(entriesOf(first?.hash ?? '')[0]?.id ?? '');
    clock.pass(30_000);
    await live(20 * MINUTE);
    expectOnly(third?.hash);
    closed(id)();
  });

  test('451 for many: at most ten a round, and the one that passes is reached', async () => {
    const { live } = await move();
    for (let i = 0; i < 14; i += 1) {
      release({ name: `Sintel 2010 1080p BluRay x265-R${i}`, infringing: true, seeders: 5000 });
    }
    const { hash } = second();
    const id = requestSintel();
    await live(2 * MINUTE);
    expect(adds()).toBe(10);
    await live(20 * MINUTE, MINUTE);
    expect(adds()).toBeLessThanOrEqual(15);
    expectOnly(hash);
    closed(id)();
  });

  test('a throttle in the middle: waited out, nothing lost', async () => {
    const { live, sandbox } = await move();
    const [, , third] = three(false, false, true);
    for (const operation of ['addMagnet', 'info', 'selectFiles', 'delete', 'list']) {
      sandbox.realDebrid.faults.fail(operation, {
        after: 1,
        status: 429,
        body: { error: 'too_many_requests', error_code: 34 },
      });
    }
    const id = requestSintel();
    await live(HOUR, MINUTE);
    expectOnly(third?.hash);
    closed(id)();
  });

  test.each(
    ['addMagnet', 'info', 'selectFiles', 'delete'].flatMap((op) => [0, 1, 2].map((after) => [op, after] as const)),
  )('%s cut after it was carried out, call %i + 1', async (operation, after) => {
    const { live, sandbox } = await move();
    const [, , third] = three(false, false, true);
    sandbox.realDebrid.faults.fail(operation, { after, times: 4, resetAfter: true });
    const id = requestSintel();
    await live(HOUR, MINUTE);
    expect(home.sandbox.realDebrid.entries().map(({ hash }) => hash)).toContain(third?.hash);
    expect(home.sandbox.realDebrid.entries()).toHaveLength(1);
    closed(id)();
    expect(home.store.grabs.unended()).toEqual([]);
  });

  test('a hundred requests at once: each has its torrent, one each', async () => {
    const { live, sandbox } = await move();
    const ids = Array.from({ length: 100 }, (_, i) => {
      const tmdbId = 910_000 + i;
      const imdbId = `tt91${String(i).padStart(5, '0')}`;
      sandbox.world.addMovie({
        tmdbId,
        imdbId,
        title: `Synthetic Feature ${i}`,
        releaseDate: '2015-01-01',
        runtime: 90,
      });
      release({
        of: imdbId,
        name: `Synthetic Feature ${i} 2015 1080p BluRay x265-A`,
        cached: i % 3 === 0,
        seeders: 5000,
      });
      release({
        of: imdbId,
        name: `Synthetic Feature ${i} 2015 1080p BluRay x265-B`,
        cached: i % 3 === 1,
        seeders: 50,
      });
      return sandbox.seerr.request({ tmdbId, type: 'movie' });
    });
    await live(60 * MINUTE);
    expect(sandbox.realDebrid.entries()).toHaveLength(100);
    for (const id of ids) {
      closed(id)();
    }
    expect(unexpected()).toEqual([]);
  }, 120_000);

  test('a foreign pack with one episode selected: a second entry has the others as well, the foreign one stays', async () => {
    const { live, sandbox } = await move();
    const { hash } = pack();
    const foreign = sandbox.realDebrid.addForeign(hash, { select: [1] });
    const id = requestSeason();
    await live(20 * MINUTE, MINUTE);
    expect(entriesOf(hash).map((entry) => entry.id)).toContain(foreign);
    expectOnly(hash);
    closed(id)();
  });
});

describe('instant mode', () => {
  const instant: HouseholdOptions = {
    sandbox: { rdMode: 'instant' },
    config: { 'realDebrid.availability': 'instant' },
  };

  test('an episode that is not among the cached files is not held against the pack', async () => {
    const { live } = await move(instant);
    const { hash } = pack({ cached: [[1, 2]], downloadMs: 5 * MINUTE });
    const id = requestSeason();
    await live(3 * HOUR, MINUTE);
    closed(id)();
    expectOnly(hash);
  });

  const files = [
    { path: 'Sintel/Sintel.2010.1080p.mkv', bytes: 2000 * MB },
    { path: 'Sintel/Sample/sample.mkv', bytes: 30 * MB },
  ];

  test('a sample that is cached alone is not held against the film: it is downloaded', async () => {
    const { live } = await move(instant);
    const { hash } = release({ files, cached: [[2]], downloadMs: 5 * MINUTE });
    const id = requestSintel();
    await live(30 * MINUTE);
    closed(id)();
    expectOnly(hash);
  });

  test('one of which a sample is cached does not come before one that is cached', async () => {
    const { live } = await move(instant);
    release({ files, cached: [[2]], downloadMs: 5 * HOUR });
    const { hash } = second();
    requestSintel();
    await live(5 * MINUTE);
    expectOnly(hash);
  });

  test('a second season from the torrent that brought the first: one torrent with both', async () => {
    const { live, sandbox } = await move(instant);
    secondSeason();
    const { hash } = multi({
      cached: [
        [1, 2, 3],
        [4, 5, 6],
        [1, 2, 3, 4, 5, 6],
      ],
    });
    const first = requestMulti(1);
    await live(10 * MINUTE);
    closed(first)();
    const other = requestMulti(2);
    await live(20 * MINUTE);
    closed(other)();
    expect(sandbox.realDebrid.entriesOf(hash)).toMatchObject([{ selected: [1, 2, 3, 4, 5, 6] }]);
  });
});

describe('from probing to asking while it is not known whether the first is cached', () => {
  const edited = () => {
    const { sandbox, dataDir, store, clock, log } = home;
    sandbox.realDebrid.settings.mode = 'instant';
    const config = configFor(sandbox, dataDir, { 'realDebrid.availability': 'instant' });
    const tempo = { retryDelay: 1, houseCallsPerMinute: Infinity };
    const app = createApp({ config, store, clock, log: recorder(log), tempo });
    const tick = () => app.tick({ stop: never, abort: never, timeBox: 30_000 });
    return (ms: number) => living({ clock, sandbox, tick }, ms);
  };
  const never = new AbortController().signal;

  test.each([
    ['enough seeders: it is downloaded', 5000, 0],
    ['too few seeders: the next is downloaded', 1, 1],
  ])('%s, and nothing beside it', async (_, seeders, place) => {
    const { app, sandbox } = await move();
    const releases = [
      release({ cached: false, seeders, downloadMs: 20 * MINUTE }),
      second({ cached: false, seeders: 500, downloadMs: 40 * MINUTE }),
    ];
    const id = requestSintel();
    await app.tick({ stop: never, abort: never, timeBox: 3000 });
    expect(sandbox.realDebrid.entries()).toHaveLength(1);
    await edited()(2 * HOUR);
    closed(id)();
    expectOnly(releases[place]?.hash);
    expect(unexpected()).toEqual([]);
  });
});

describe('whatever goes wrong', () => {
  /** Numbers in [0, 1) that are the same in every run. */
  const dice = (seed: number) => {
    let state = seed * 2_654_435_769;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    };
  };

  const oneOf = <T>(roll: () => number, list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;

  const faultOf = (roll: () => number): Fault =>
    oneOf<Fault>(roll, [
      { resetBefore: true },
      { resetAfter: true },
      { truncated: true },
      { status: 429, body: { error: 'too_many_requests', error_code: 34 } },
      { status: 503, body: { error: 'service_unavailable', error_code: 25 } },
      { html: true },
    ]);

  const fateOf = (roll: () => number): Partial<ReleaseSpec> => ({
    cached: roll() < 0.4,
    downloadMs: Math.floor(roll() * 20) * MINUTE,
    metadataMs: oneOf(roll, [0, 0, 0, 4 * MINUTE]),
    infringing: roll() < 0.15,
    seeders: oneOf(roll, [50, 500, 5000]),
    endsAs: oneOf(roll, ['downloaded', 'downloaded', 'downloaded', 'dead', 'virus', 'magnet_error'] as const),
    failsAt: Math.floor(roll() * 90),
  });

  const good = { cached: false, downloadMs: 2 * MINUTE, seeders: 50 };

  const world = (roll: () => number): number[] => {
    for (const end of ['A', 'B', 'C']) {
      release({ name: `Sintel 2010 1080p BluRay x265-${end}`, ...fateOf(roll) });
    }
    second(good);
    secondSeason();
    multi({ ...fateOf(roll) });
    for (const season of [1, 2]) {
      const name = `Synthetic Seasons S0${season} 1080p BluRay x265-LONE`;
      release({ of: 'tt9000201', name, files: packFiles(name, season, [1, 2, 3]), ...good });
    }
    return [requestSintel(), requestMulti(1, 2)];
  };

  const mishap = (roll: () => number) => {
    const { realDebrid, torrentio, jellyfin } = home.sandbox;
    const operation = oneOf(roll, ['addMagnet', 'addMagnet', 'info', 'selectFiles', 'delete', 'list', '*']);
    realDebrid.faults.fail(operation, { ...faultOf(roll), times: 1 + Math.floor(roll() * 3) });
    oneOf(roll, [torrentio, jellyfin]).faults.fail('*', faultOf(roll));
    if (roll() < 0.3) {
      home.restart();
    }
  };

  test.each(Array.from({ length: 6 }, (_, seed) => seed + 1))('world %i ends well', async (seed) => {
    const roll = dice(seed);
    const { live, sandbox } = await move({
      sandbox: {
        realDebrid: {
          listLagMs: oneOf(roll, [0, 0, 10_000, 40_000]),
          linksLagMs: oneOf(roll, [0, 0, 15_000]),
          cachedMs: oneOf(roll, [0, 1_000, 5_000]),
          duplicates: oneOf(roll, ['new-id', 'new-id', 'refused'] as const),
        },
      },
    });
    const ids = world(roll);
    for (let i = 0; i < 40; i += 1) {
      if (roll() < 0.4) {
        mishap(roll);
      }
      await live(MINUTE);
    }
    sandbox.realDebrid.faults.clear();
    sandbox.torrentio.faults.clear();
    sandbox.jellyfin.faults.clear();
    for (let hour = 0; hour < 40 && !isOver(); hour += 1) {
      await live(HOUR, 4 * MINUTE);
    }
    for (const id of ids) {
      closed(id)();
    }
    const entries = sandbox.realDebrid.entries();
    expect(entries.filter(({ status }) => status !== 'downloaded')).toEqual([]);
    expect(new Set(entries.map(({ hash }) => hash)).size).toBe(entries.length);
    expect(home.store.grabs.unended()).toEqual([]);
    expect(unexpected()).toEqual([]);
  });
});
