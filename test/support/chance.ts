import fc from 'fast-check';
import { type FileSpec, packFiles } from '../../src/sandbox/index.js';
import { type Household, household } from './household.js';

/** Random worlds for one show: what it is, what is owned and offered, what the account holds, who asks for what. */

const MB = 1024 ** 2;
const MINUTE = 60_000;
const AIRED = '2020-01-01';
const TO_COME = '2030-01-01';

export const SHOW = { tmdbId: 900_801, imdbId: 'tt9000801', tvdbId: 990_801, title: 'Synthetic Chance' };

/** Season and episode. */
type Place = [number, number];

export interface Case {
  /** Episodes of each season, and how many of them are still to come. */
  seasons: { episodes: number; unaired: number }[];
  /** Seerr tells 4K apart. */
  split: boolean;
  owned: { place: Place; wide: boolean }[];
  singles: { place: Place; wide: boolean; double: boolean; cached: boolean }[];
  packs: {
    from: number;
    to: number;
    lacks: Place[];
    wide: boolean;
    /** Its first two episodes are one file. */
    double: boolean;
    cached: boolean;
    /** What somebody else has selected of it in the account. */
    held: 'nothing' | 'all' | 'first';
  }[];
  requests: { seasons: number[]; wide: boolean; cancelled: boolean }[];
}

const seasonNumber = fc.integer({ min: 1, max: 3 });
const place: fc.Arbitrary<Place> = fc.tuple(seasonNumber, fc.integer({ min: 1, max: 6 }));
const seldom = fc.constantFrom(false, false, false, true);

export const cases: fc.Arbitrary<Case> = fc.record({
  seasons: fc.array(fc.record({ episodes: fc.integer({ min: 1, max: 6 }), unaired: fc.constantFrom(0, 0, 0, 1, 2) }), {
    minLength: 1,
    maxLength: 3,
  }),
  split: fc.boolean(),
  owned: fc.array(fc.record({ place, wide: seldom }), { maxLength: 5 }),
  singles: fc.uniqueArray(fc.record({ place, wide: seldom, double: seldom, cached: fc.boolean() }), {
    maxLength: 10,
    selector: ({ place: [s, e], wide, double }) => `${s}x${e} ${wide} ${double}`,
  }),
  packs: fc.uniqueArray(
    fc.record({
      from: seasonNumber,
      to: seasonNumber,
      lacks: fc.array(place, { maxLength: 3 }),
      wide: seldom,
      double: seldom,
      cached: fc.boolean(),
      held: fc.constantFrom('nothing' as const, 'nothing' as const, 'all' as const, 'first' as const),
    }),
    { maxLength: 4, selector: ({ from, to, wide }) => `${from}-${to} ${wide}` },
  ),
  requests: fc.array(
    fc.record({
      seasons: fc.uniqueArray(seasonNumber, { minLength: 1, maxLength: 3 }),
      wide: seldom,
      cancelled: seldom,
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

const two = (n: number) => String(n).padStart(2, '0');
export const key = (season: number, episode: number): string => `${season}x${episode}`;

export interface Asked {
  id: number;
  seasons: number[];
  wide: boolean;
  cancelled: boolean;
}

export interface World {
  home: Household;
  given: Case;
  asked: Asked[];
  /** Episodes on offer, by tier. */
  offered: Record<'standard' | '4k', Set<string>>;
  owned: Record<'standard' | '4k', Set<string>>;
  /** Files that others have selected, by hash. */
  held: Map<string, Set<number>>;
  /** Hashes on offer. */
  hashes: Set<string>;
  isAired(season: number, episode: number): boolean;
}

const tierOf = (wide: boolean) => (wide ? '4k' : 'standard');
const quality = (wide: boolean) => (wide ? '2160p WEB' : '1080p BluRay');

const emptyWorld = (home: Household, given: Case): World => ({
  home,
  given,
  asked: [],
  offered: { standard: new Set(), '4k': new Set() },
  owned: { standard: new Set(), '4k': new Set() },
  held: new Map(),
  hashes: new Set(),
  isAired: (season, episode) => {
    const one = given.seasons[season - 1];
    return one !== undefined && episode <= one.episodes - Math.min(one.unaired, one.episodes);
  },
});

const addSingles = ({ home, given, offered, hashes, isAired }: World): void => {
  for (const {
    place: [season, episode],
    wide,
    double,
    cached,
  } of given.singles) {
    const episodes = double ? [episode, episode + 1] : [episode];
    if (episodes.every((one) => isAired(season, one))) {
      const number = episodes.map((one) => `E${two(one)}`).join('');
      const name = `Synthetic Chance S${two(season)}${number} ${quality(wide)} x265-ONE`;
      const bytes = 2048 * MB;
      const { hash } = home.sandbox.world.addRelease({ of: SHOW.imdbId, name, bytes, cached, downloadMs: MINUTE });
      hashes.add(hash);
      for (const one of episodes) {
        offered[tierOf(wide)].add(key(season, one));
      }
    }
  }
};

const filesOf = (folder: string, held: Place[], double: boolean): FileSpec[] => {
  const [[season, first] = [0, 0], second] = held;
  const isDouble = double && second?.[0] === season && second[1] === first + 1;
  const joined = { path: `${folder}/Synthetic.Chance.S${two(season)}E${two(first)}E${two(first + 1)}.mkv` };
  const single = held.slice(isDouble ? 2 : 0).flatMap(([s, e]) => packFiles(`${folder} S${two(s)}`, s, [e], 1024 * MB));
  return isDouble ? [{ ...joined, bytes: 2048 * MB }, ...single] : single;
};

/** What a pack holds of the episodes that have aired. */
const placesIn = ({ given, isAired }: World, { from, to, lacks }: Case['packs'][number]): Place[] =>
  given.seasons.flatMap(({ episodes }, i) =>
    Array.from({ length: episodes }, (_, n): Place => [i + 1, n + 1]).filter(
      ([s, e]) => s >= from && s <= to && isAired(s, e) && !lacks.some(([a, b]) => a === s && b === e),
    ),
  );

const addPack = (world: World, pack: Case['packs'][number], places: Place[]): void => {
  const { from, to, wide, cached, double } = pack;
  const { sandbox } = world.home;
  const span = from === to ? `S${two(from)}` : `S${two(from)}-S${two(to)}`;
  const name = `Synthetic Chance ${span} ${quality(wide)} x265-PACK`;
  const files = filesOf(name, places, double);
  const { hash } = sandbox.world.addRelease({ of: SHOW.imdbId, name, files, cached, downloadMs: MINUTE });
  world.hashes.add(hash);
  for (const [s, e] of places) {
    world.offered[tierOf(wide)].add(key(s, e));
  }
  if (pack.held !== 'nothing') {
    const select = pack.held === 'all' ? files.map((_, i) => i + 1) : [1];
    sandbox.realDebrid.addForeign(hash, { select });
    world.held.set(hash, new Set(select));
  }
};

export const build = async (given: Case): Promise<World> => {
  const sonarr = [{ id: 1, name: 'Sonarr 4K', is4k: true, isDefault: false, does: 'takes' as const }];
  const home = await household({
    sandbox: { seerr: { sonarr: given.split ? sonarr : [] } },
    config: { 'seerr.arrGrace': '0s' },
  });
  const world = emptyWorld(home, given);
  const { sandbox } = home;
  sandbox.world.addShow({
    ...SHOW,
    seasons: given.seasons.map(({ episodes }, i) => ({
      number: i + 1,
      airDates: Array.from({ length: episodes }, (_, n) => (world.isAired(i + 1, n + 1) ? AIRED : TO_COME)),
    })),
  });
  addSingles(world);
  for (const pack of given.packs) {
    const places = placesIn(world, pack);
    if (places.length > 0) {
      addPack(world, pack, places);
    }
  }
  for (const {
    place: [season, episode],
    wide,
  } of given.owned) {
    if (episode <= (given.seasons[season - 1]?.episodes ?? 0)) {
      const width = wide ? 3840 : 1920;
      sandbox.jellyfin.ownEpisodes({ tmdbId: SHOW.tmdbId, season, episodes: [episode], width, copy: ` ${width}` });
      world.owned[tierOf(wide)].add(key(season, episode));
    }
  }
  for (const { seasons, wide, cancelled } of given.requests) {
    const real = seasons.filter((season) => season <= given.seasons.length);
    if (real.length > 0) {
      const id = sandbox.seerr.request({ tmdbId: SHOW.tmdbId, type: 'tv', seasons: real, is4k: wide });
      world.asked.push({ id, seasons: real, wide, cancelled });
    }
  }
  return world;
};
