import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { packFiles } from '../../src/sandbox/index.js';
import { household } from '../support/household.js';

/** Whatever a show, a library, an indexer and its users look like: what can be had is there in the end, and nothing else. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const SHOW = { tmdbId: 900_801, imdbId: 'tt9000801', tvdbId: 990_801, title: 'Synthetic Chance' };
const AIRED = '2020-01-01';
const TO_COME = '2030-01-01';

interface Case {
  /** Episodes of each season, and how many of them are still to come. */
  seasons: { episodes: number; unaired: number }[];
  owned: [number, number][];
  singles: [number, number][];
  packs: { from: number; to: number; lacks: [number, number][]; cached: boolean }[];
  requests: number[][];
}

const seasonNumber = fc.integer({ min: 1, max: 3 });
const place = fc.tuple(seasonNumber, fc.integer({ min: 1, max: 6 }));

const cases: fc.Arbitrary<Case> = fc.record({
  seasons: fc.array(fc.record({ episodes: fc.integer({ min: 1, max: 6 }), unaired: fc.constantFrom(0, 0, 0, 1, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
  owned: fc.array(place, { maxLength: 5 }),
  singles: fc.uniqueArray(place, { maxLength: 10, selector: String }),
  packs: fc.uniqueArray(
    fc.record({ from: seasonNumber, to: seasonNumber, lacks: fc.array(place, { maxLength: 3 }), cached: fc.boolean() }),
    { maxLength: 3, selector: ({ from, to }) => `${from}-${to}` },
  ),
  requests: fc.array(fc.uniqueArray(seasonNumber, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
});

const two = (n: number) => String(n).padStart(2, '0');
const key = (season: number, episode: number) => `${season}x${episode}`;

const build = async (given: Case) => {
  const home = await household();
  const { sandbox } = home;
  const isAired = (season: number, episode: number) => {
    const one = given.seasons[season - 1];
    return one !== undefined && episode <= one.episodes - Math.min(one.unaired, one.episodes);
  };
  const exists = (season: number, episode: number) => episode <= (given.seasons[season - 1]?.episodes ?? 0);
  sandbox.world.addShow({
    ...SHOW,
    seasons: given.seasons.map(({ episodes }, i) => ({
      number: i + 1,
      airDates: Array.from({ length: episodes }, (_, n) => (isAired(i + 1, n + 1) ? AIRED : TO_COME)),
    })),
  });
  const offered = new Set<string>();
  for (const [season, episode] of given.singles.filter(([s, e]) => isAired(s, e))) {
    const name = `Synthetic Chance S${two(season)}E${two(episode)} 1080p WEB x265-ONE`;
    sandbox.world.addRelease({ of: SHOW.imdbId, name, cached: (season + episode) % 2 === 0, downloadMs: MINUTE });
    offered.add(key(season, episode));
  }
  for (const { from, to, lacks, cached } of given.packs.filter((pack) => pack.from <= pack.to)) {
    const span = from === to ? `S${two(from)}` : `S${two(from)}-S${two(to)}`;
    const name = `Synthetic Chance ${span} 1080p BluRay x265-PACK`;
    const held = given.seasons.flatMap(({ episodes }, i) =>
      Array.from({ length: episodes }, (_, n): [number, number] => [i + 1, n + 1]).filter(
        ([s, e]) => s >= from && s <= to && isAired(s, e) && !lacks.some(([a, b]) => a === s && b === e),
      ),
    );
    if (held.length > 0) {
      const files = held.flatMap(([s, e]) => packFiles(`Synthetic Chance S${two(s)}`, s, [e], 1024 * MB));
      sandbox.world.addRelease({ of: SHOW.imdbId, name, files, cached, downloadMs: MINUTE });
      held.forEach(([s, e]) => void offered.add(key(s, e)));
    }
  }
  const owned = given.owned.filter(([s, e]) => exists(s, e));
  for (const [season, episode] of owned) {
    sandbox.jellyfin.ownEpisodes({ tmdbId: SHOW.tmdbId, season, episodes: [episode] });
  }
  const asked = given.requests
    .map((seasons) => seasons.filter((season) => season <= given.seasons.length))
    .filter((seasons) => seasons.length > 0);
  for (const seasons of asked) {
    sandbox.seerr.request({ tmdbId: SHOW.tmdbId, type: 'tv', seasons });
  }
  return { home, offered, owned: new Set(owned.map(([s, e]) => key(s, e))), asked: new Set(asked.flat()), isAired };
};

type World = Awaited<ReturnType<typeof build>>;

/** Holds at every moment. */
const checkInvariants = ({ home, asked }: World): void => {
  const ours = home.sandbox.realDebrid.entries();
  const serving = new Map<number, number>();
  for (const grab of home.store.grabs.unended()) {
    if (grab.role === 'chosen' && grab.state !== 'discarding') {
      for (const wantId of home.store.grabs.wantIds(grab.id)) {
        serving.set(wantId, (serving.get(wantId) ?? 0) + 1);
      }
    }
  }
  expect([...serving.values()].filter((count) => count > 1)).toEqual([]);
  for (const { hash, selected } of ours) {
    const torrent = home.sandbox.world.torrent(hash);
    for (const id of selected) {
      expect(asked).toContain(torrent?.files[id - 1]?.span?.season);
    }
  }
};

const checkEnd = (world: World, given: Case): void => {
  const { home, offered, owned, asked, isAired } = world;
  const hashes = home.sandbox.realDebrid.entries().map(({ hash }) => hash);
  expect(new Set(hashes).size).toBe(hashes.length);
  const fetched = home.sandbox.realDebrid.entries().flatMap(({ hash, selected }) => {
    const torrent = home.sandbox.world.torrent(hash);
    return selected.flatMap((id) => {
      const span = torrent?.files[id - 1]?.span;
      return span === null || span === undefined ? [] : span.episodes.map((episode) => key(span.season, episode));
    });
  });
  expect(fetched.filter((one) => owned.has(one))).toEqual([]);
  given.seasons.forEach(({ episodes }, i) => {
    const season = i + 1;
    const there = new Set(home.sandbox.jellyfin.episodesOf(SHOW.tmdbId, season));
    for (let episode = 1; episode <= episodes; episode += 1) {
      const one = key(season, episode);
      const due = asked.has(season) && isAired(season, episode) && offered.has(one);
      expect({ one, there: there.has(episode) }).toEqual({ one, there: due || owned.has(one) });
    }
  });
  expect(home.log.filter(({ message }) => message.includes('unexpected'))).toEqual([]);
};

/** As many as there is time for. */
const TIME_LIMIT = 12_000;

test('any show, any library, any releases, any requests', async () => {
  const until = Date.now() + TIME_LIMIT;
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      if (Date.now() > until) {
        return;
      }
      const world = await build(given);
      try {
        for (const [step, count] of [
          [30_000, 12],
          [10 * MINUTE, 8],
          [6 * HOUR, 9],
          [30_000, 8],
        ] as const) {
          for (let i = 0; i < count; i += 1) {
            await world.home.tick();
            checkInvariants(world);
            world.home.clock.pass(step);
          }
        }
        checkEnd(world, given);
      } finally {
        await world.home.stop();
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 30_000);
