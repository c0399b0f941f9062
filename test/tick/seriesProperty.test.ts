import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Asked, build, type Case, cases, key, SHOW, type World } from '../support/chance.js';

/**
 * Whatever a show, a library, an indexer, an account and its users look like: what can be had is there in the end, in
 * the tier that was asked for, and nothing else; each request is closed exactly when it can be watched; and it costs no
 * more than it may.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const COMPLETED = 5;
const WIDEST_STANDARD = 2000;

const standing = ({ asked }: World): Asked[] => asked.filter(({ cancelled }) => !cancelled);
const wanting = (asked: readonly Asked[], season: number, wide: boolean): boolean =>
  asked.some((one) => one.wide === wide && one.seasons.includes(season));
const isWide = (world: World, hash: string): boolean =>
  world.home.sandbox.world.torrent(hash)?.name.includes('2160p') ?? false;
const spanOf = ({ home }: World, hash: string, id: number) => home.sandbox.world.torrent(hash)?.files[id - 1]?.span;

/** Holds at every moment. */
const checkInvariants = (world: World): void => {
  const { home, held, asked } = world;
  const serving = new Map<number, number>();
  for (const grab of home.store.grabs.unended()) {
    if (grab.role === 'chosen' && grab.state !== 'discarding') {
      for (const wantId of home.store.grabs.wantIds(grab.id)) {
        serving.set(wantId, (serving.get(wantId) ?? 0) + 1);
      }
    }
  }
  expect([...serving.values()].filter((count) => count > 1)).toEqual([]);
  for (const { hash, selected, by } of home.sandbox.realDebrid.entries()) {
    // A second entry beside somebody else's has the other's files as well.
    const unasked = selected.filter((id) => {
      const season = spanOf(world, hash, id)?.season ?? -1;
      return by === 'api' && !held.get(hash)?.has(id) && !wanting(asked, season, isWide(world, hash));
    });
    expect({ hash, unasked }).toEqual({ hash, unasked: [] });
  }
};

/** Whether Jellyfin has an episode for whoever wants it in that tier. */
const isThere = ({ home, given }: World, [season, episode]: [number, number], wide: boolean): boolean =>
  home.sandbox.jellyfin.items().some((item) => {
    const { type, virtual, parentIndex, index, indexEnd, sources } = item;
    if (type !== 'Episode' || virtual || parentIndex !== season || index === null) {
      return false;
    }
    const isWideFile = ({ width }: { width: number | null }) => (width ?? 0) > WIDEST_STANDARD;
    const fits = sources.some((source) => (wide ? isWideFile(source) : !given.split || !isWideFile(source)));
    return fits && index <= episode && episode <= (indexEnd ?? index);
  });

const canBeHad = ({ owned, offered, given }: World, one: string, wide: boolean): boolean =>
  wide
    ? owned['4k'].has(one) || offered['4k'].has(one)
    : owned.standard.has(one) || offered.standard.has(one) || (!given.split && owned['4k'].has(one));

const checkLibrary = (world: World): void => {
  for (const { id, seasons, wide } of standing(world)) {
    let whole = true;
    // What somebody has before it airs is looked for when it airs, or when Seerr closes the request.
    let early = false;
    for (const season of seasons) {
      for (let episode = 1; episode <= (world.given.seasons[season - 1]?.episodes ?? 0); episode += 1) {
        const one = key(season, episode);
        const can = world.isAired(season, episode) && canBeHad(world, one, wide);
        const there = isThere(world, [season, episode], wide);
        if (can) {
          expect({ id, one, there }).toEqual({ id, one, there: true });
        }
        whole &&= there;
        early ||= there && !world.isAired(season, episode);
      }
    }
    const closed = world.home.sandbox.seerr.state(id)?.status === COMPLETED;
    expect({ id, closed }).toEqual({ id, closed: whole && !(early && !closed) });
  }
};

/** Every file that we have fetched brings something that was asked for and was not there. */
const checkAccount = (world: World): void => {
  const ours = world.home.sandbox.realDebrid.entries().filter(({ by }) => by === 'api');
  expect(new Set(ours.map(({ hash }) => hash)).size).toBe(ours.length);
  expect(ours.filter(({ status }) => status !== 'downloaded')).toEqual([]);
  for (const { hash, selected } of ours) {
    const wide = isWide(world, hash);
    const idle = selected.filter((id) => {
      const span = spanOf(world, hash, id);
      const news = span?.episodes.some((episode) => !isOwned(world, key(span.season, episode), wide));
      return !world.held.get(hash)?.has(id) && news !== true;
    });
    expect({ hash, idle }).toEqual({ hash, idle: [] });
  }
};

const isOwned = ({ owned, given }: World, one: string, wide: boolean): boolean =>
  wide ? owned['4k'].has(one) : owned.standard.has(one) || (!given.split && owned['4k'].has(one));

/** Searches that one episode may cost in the days of this test, for each tier: those of the back-off. */
const MOST_SEARCHES = 8;
/** Adding, looking, selecting, looking again, removing. */
const CALLS_PER_ADD = 5;

const checkBudget = (world: World): void => {
  const { torrentio, realDebrid } = world.home.sandbox;
  const searches = new Map<string, number[]>();
  for (const { path, at } of torrentio.requests) {
    searches.set(path, [...(searches.get(path) ?? []), at]);
  }
  for (const [path, times] of searches) {
    const [, season, episode] = /:(\d+):(\d+)\.json$/.exec(path) ?? [];
    const tiers = [true, false].filter((wide) => wanting(world.asked, Number(season), wide)).length;
    const isWanted = tiers > 0 && world.isAired(Number(season), Number(episode));
    const isTooOften = times.length > MOST_SEARCHES * tiers;
    expect({ path, isWanted, isTooOften }).toEqual({ path, isWanted: true, isTooOften: false });
  }
  const { addMagnet = 0, info = 0, selectFiles = 0, delete: deletes = 0 } = realDebrid.counts();
  // Each torrent once, once more for each season that it is needed for later on, and once where it had lost to a better one.
  expect(addMagnet).toBeLessThanOrEqual(world.hashes.size * (world.given.seasons.length + 1));
  // A look at each entry of others, per search.
  const looks = world.held.size * MOST_SEARCHES;
  expect(addMagnet + info + selectFiles + deletes).toBeLessThanOrEqual(addMagnet * CALLS_PER_ADD + looks);
};

const cancelSome = ({ home, asked }: World): void => {
  for (const { id } of asked.filter(({ cancelled }) => cancelled)) {
    home.sandbox.seerr.deleteRequest(id);
  }
};

const lifeOf = async (given: Case): Promise<void> => {
  const world = await build(given);
  try {
    const phases = [
      [30_000, 12],
      [10 * MINUTE, 8],
      [6 * HOUR, 9],
      [30_000, 16],
    ] as const;
    for (const [phase, [step, count]] of phases.entries()) {
      for (let i = 0; i < count; i += 1) {
        if (phase === 0 && i === 5) {
          cancelSome(world);
        }
        await world.home.tick();
        checkInvariants(world);
        world.home.clock.pass(step);
      }
    }
    checkLibrary(world);
    checkAccount(world);
    checkBudget(world);
    expect(world.home.log.filter(({ message }) => message.includes('unexpected'))).toEqual([]);
    expect(world.home.store.grabs.unended()).toEqual([]);
    expect(world.home.sandbox.seerr.abortedJobs).toBe(0);
  } finally {
    await world.home.stop();
  }
};

/** A pack that is needed with more and more files, and whose last copy is downloaded just as nobody wants it any more. */
const widenedInVain: Case = {
  seasons: [
    { episodes: 2, unaired: 0 },
    { episodes: 6, unaired: 0 },
    { episodes: 1, unaired: 2 },
  ],
  split: false,
  owned: [{ place: [2, 4], wide: false }],
  singles: [{ place: [2, 6], wide: false, double: false, cached: true }],
  packs: [
    { from: 2, to: 1, lacks: [], wide: true, double: false, cached: true, held: 'all' },
    { from: 1, to: 3, lacks: [[1, 3]], wide: false, double: false, cached: false, held: 'first' },
  ],
  requests: [
    { seasons: [2, 1, 3], wide: false, cancelled: true },
    { seasons: [1, 3], wide: false, cancelled: false },
  ],
};

test('a pack needed with more files, and then not any more: one torrent of it in the end', () => lifeOf(widenedInVain));

/** A pack of whole seasons, the first of which is a single episode. */
const briefSeasons: Case = {
  seasons: [
    { episodes: 1, unaired: 0 },
    { episodes: 1, unaired: 0 },
  ],
  split: false,
  owned: [],
  singles: [],
  packs: [{ from: 1, to: 2, lacks: [], wide: false, double: false, cached: false, held: 'nothing' }],
  requests: [
    { seasons: [2], wide: false, cancelled: false },
    { seasons: [1], wide: false, cancelled: false },
  ],
};

test('two seasons of one episode each come in one pack', () => lifeOf(briefSeasons));

/** Of a season that airs, one episode is in somebody else's entry, and another is in one of the two packs only. */
const twoPacks: Case = {
  seasons: [{ episodes: 5, unaired: 1 }],
  split: false,
  owned: [],
  singles: [],
  packs: [
    { from: 1, to: 1, lacks: [], wide: false, double: false, cached: true, held: 'nothing' },
    { from: 1, to: 2, lacks: [[1, 3]], wide: false, double: false, cached: false, held: 'first' },
  ],
  requests: [{ seasons: [1], wide: false, cancelled: false }],
};

test('the second candidate of a walk is taken for as many episodes as the first', () => lifeOf(twoPacks));

/** Somebody has one episode, in the wrong tier; of the others nobody has any. */
const barren: Case = {
  seasons: [{ episodes: 6, unaired: 0 }],
  split: false,
  owned: [],
  singles: [{ place: [1, 2], wide: false, double: false, cached: false }],
  packs: [],
  requests: [{ seasons: [1], wide: true, cancelled: false }],
};

test('a season that nobody has is searched as one, and less and less often', () => lifeOf(barren));

/** As many as there is time for, the same ones every time; `PROPERTY_RUNS=300` lives through so many others. */
const TIME_LIMIT = 20_000;
const RUNS = Number(process.env.PROPERTY_RUNS ?? 0);
const SEED = 20_261_122;

test(`any ${SHOW.title}, any library, any releases, any requests`, async () => {
  const until = Date.now() + (RUNS > 0 ? Number.POSITIVE_INFINITY : TIME_LIMIT);
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      if (Date.now() <= until) {
        await lifeOf(given);
      }
    }),
    RUNS > 0 ? { numRuns: RUNS } : { numRuns: 40, seed: SEED, endOnFailure: true },
  );
}, 3_600_000);
