import * as z from 'zod';
import { amount, choice, duration, integer, key, section, text, wordList, yesNo } from './keys.js';

const RESOLUTIONS = ['2160p', '1440p', '1080p', '720p', '576p', '480p'] as const;
const SOURCES = ['remux', 'bluray', 'web', 'tv', 'dvd', 'hddvd', 'vhs'] as const;
const HDRS = ['sdr', 'hdr', 'hdr10+', 'hlg', 'dv'] as const;
const BANNED = [
  'cam',
  'telesync',
  'telecine',
  'screener',
  'workprint',
  'r5',
  'cleanAudio',
  '3d',
  'upscaled',
  'disc',
  'hardcodedSubs',
] as const;

const tier = z.strictObject({ resolution: z.enum(RESOLUTIONS), sources: z.array(z.enum(SOURCES)).min(1) });
export type Tier = z.input<typeof tier>;

/** What the built-in profiles differ in. */
interface Character {
  readonly qualities: Tier[];
  readonly maxSizeGb: { readonly movie: number; readonly episode: number };
}

const STANDARD: Character = {
  qualities: [
    { resolution: '1080p', sources: ['bluray', 'web'] },
    { resolution: '1080p', sources: ['tv'] },
    { resolution: '720p', sources: ['bluray', 'web', 'tv'] },
  ],
  maxSizeGb: { movie: 40, episode: 12 },
};

const FOUR_K: Character = {
  qualities: [
    { resolution: '2160p', sources: ['bluray', 'web'] },
    { resolution: '2160p', sources: ['tv'] },
  ],
  maxSizeGb: { movie: 100, episode: 30 },
};

/** What a profile of this name starts from. */
export const characterOf = (profile: string): Character => (profile === '4k' ? FOUR_K : STANDARD);

const gigabytes = (byDefault: number, why: string) => amount({ byDefault, min: 0.01, max: 10_000, unit: 'GB', why });
const score = (byDefault: number, why: string) => integer({ byDefault, min: -1000, max: 1000, unit: 'points', why });
const scoreMap = z.record(z.string().min(1), z.int().min(-1000).max(1000));
const codes = (why: string) =>
  wordList(
    { byDefault: [], why },
    'a list of two-letter language codes such as en, de, pt-br',
    /^[a-z]{2}(-[a-z0-9]{2,4})?$/,
  );
const packRule = <const T extends 'avoid' | 'allow' | 'prefer'>(byDefault: T, why: string) =>
  choice(['avoid', 'allow', 'prefer'], { byDefault, why });

/** MB per minute of runtime: least and most. */
const range = z
  .tuple([z.number().min(0).max(100_000), z.number().min(0).max(100_000)])
  .refine(([least, most]) => least <= most, 'the first number is the lower bound');

const rejecting = (character: Character) => ({
  sizeMbPerMin: key(
    z.partialRecord(z.enum(RESOLUTIONS), range),
    {
      byDefault: { '720p': [4, 80], '1080p': [6, 200], '2160p': [20, 700] },
      why: 'Fakes are too small, bloated encodes too large; an unknown size or runtime passes, and so does a resolution not listed.',
    },
    {
      kind: 'json',
      allowed: `[least, most] in MB per minute of runtime for each of ${RESOLUTIONS.join(', ')}`,
    },
  ),
  maxSizeGb: section('The largest file worth its place.', {
    movie: gigabytes(character.maxSizeGb.movie, 'The file of a movie.'),
    episode: gigabytes(character.maxSizeGb.episode, 'The file of one episode.'),
  }),
  banned: key(
    z.array(z.enum(BANNED)),
    { byDefault: [...BANNED], why: 'Kinds of releases that are never taken.' },
    { kind: 'list', allowed: `a list of ${BANNED.join(', ')}` },
  ),
  bannedTerms: wordList(
    { byDefault: [], why: 'A release with one of these words in its name is never taken.' },
    'a list of literal words, no patterns',
  ),
  languages: section("Audio languages, as far as a release's name tells them.", {
    requireAny: codes('At least one of these must be there; empty asks for none.'),
    reject: codes('None of these may be there.'),
    allowUnknown: yesNo({ byDefault: true, why: 'Take a release whose name tells no language; most tell none.' }),
    acceptMulti: yesNo({ byDefault: true, why: 'Count a release marked as multi-language as having the wanted one.' }),
  }),
  hdr: section('High dynamic range.', {
    allow: key(
      z.array(z.enum(HDRS)).min(1),
      { byDefault: [...HDRS], why: 'The kinds your screens can show.' },
      { kind: 'list', allowed: `a list of ${HDRS.join(', ')}, at least one` },
    ),
    dvWithoutHdrFallback: choice(['allow', 'reject'], {
      byDefault: 'reject',
      why: 'Dolby Vision without an HDR layer shows false colours on other screens.',
    }),
  }),
});

const preferring = {
  scores: section('What else makes one release of a tier better than another.', {
    remux: score(0, 'The untouched disc stream: best picture, largest files.'),
    hevc: score(10, 'H.265: smaller at the same quality.'),
    proper: score(5, 'A corrected release.'),
    repack: score(5, 'A release packed anew by the same group.'),
  }),
  groups: section('Release groups.', {
    prefer: key(
      scoreMap,
      { byDefault: {}, unit: 'points', why: 'Points for releases of a group, e.g. {VODO: 20}.' },
      { kind: 'json', allowed: 'a whole number from -1000 to 1000 for each group name' },
    ),
    reject: wordList({ byDefault: [], why: 'Releases of these groups are never taken.' }, 'a list of group names'),
  }),
  packs: section('Releases that hold more than one episode.', {
    singleEpisode: packRule('avoid', 'When a single episode is missing.'),
    season: packRule('prefer', 'When a whole season is missing.'),
    multiSeason: packRule('allow', 'Packs of several seasons.'),
  }),
  maxCandidates: integer({
    byDefault: 3,
    min: 1,
    max: 10,
    unit: 'releases per title and round',
    why: 'How many are added to Real-Debrid and looked into before the next round.',
  }),
};

const profile = (character: Character) =>
  section('A quality profile.', {
    qualities: key(
      z.array(tier).min(1),
      {
        byDefault: character.qualities,
        why: 'The tiers, best first; what is in none of them is refused. `bluray` includes remuxes.',
      },
      {
        kind: 'json',
        allowed: `a list of {resolution, sources}; resolutions: ${RESOLUTIONS.join(', ')}; sources: ${SOURCES.join(', ')}`,
      },
    ),
    unknownSource: choice(['reject', 'lowest'], {
      byDefault: 'lowest',
      why: 'A name that tells the resolution and no source: refuse it, or rank it behind all tiers of its resolution.',
    }),
    acceptLowerAfter: duration({
      byDefault: '0s',
      max: '365d',
      why: 'How long to hold out for the first tier; 0s takes the best on offer now.',
    }),
    preferCached: choice(['always', 'sameTier', 'never'], {
      byDefault: 'always',
      why: 'Whether what Real-Debrid has cached goes before better quality, only within a tier, or makes no difference.',
    }),
    uncached: section('Releases that Real-Debrid would have to download first.', {
      allow: yesNo({ byDefault: true, why: 'Take one when nothing acceptable is cached.' }),
      minSeeders: integer({
        byDefault: 5,
        min: 0,
        max: 100_000,
        unit: 'seeders',
        why: 'With fewer the download would likely never end.',
      }),
    }),
    ...rejecting(character),
    ...preferring,
  });

export const PROFILE_NAME = /^[a-z0-9][a-z0-9-]*$/;

const chosen = (byDefault: string, why: string) =>
  text({ byDefault, why }, `the name of a profile below${byDefault === '' ? ', or empty' : ''}`, (name) =>
    PROFILE_NAME.test(name) || (name === '' && byDefault === '')
      ? undefined
      : 'names are lower case letters, digits and dashes',
  );

const RULE_TYPES = ['movie', 'series', 'anime'] as const;
const RULE_TIERS = ['standard', '4k'] as const;

const rule = z.strictObject({
  requestedBy: z.array(z.int().min(1)).min(1).optional(),
  keywords: z
    .array(z.union([z.string().regex(/\S/), z.int().min(1)]))
    .min(1)
    .optional(),
  type: z.enum(RULE_TYPES).optional(),
  tier: z.enum(RULE_TIERS).optional(),
  profile: z.string().regex(PROFILE_NAME),
});

const rules = key(
  z.array(rule),
  {
    byDefault: [],
    why:
      'Exceptions, e.g. [{requestedBy: [3], keywords: [christmas], type: movie, tier: standard, profile: small}]: ' +
      'the first rule decides whose conditions all hold; what a rule does not name does not matter to it, and series means anime, too.',
  },
  {
    kind: 'json',
    allowed:
      'a list of {requestedBy: [Seerr user ids], keywords: [TMDB keyword names or ids], ' +
      `type: ${RULE_TYPES.join(' | ')}, tier: ${RULE_TIERS.join(' | ')}, profile: a name below}, all but profile optional`,
  },
);

export const selection = section('Which release is taken.', {
  profile: chosen('default', 'The profile of ordinary requests.'),
  profileSeries: chosen('', 'The profile of ordinary requests for series; empty is as for movies.'),
  profileAnime: chosen(
    '',
    'The profile of ordinary requests for series that TMDB calls anime (keyword 210024); empty is as for other series.',
  ),
  profile4k: chosen('4k', 'The profile of requests for 4K; all its tiers must be 2160p.'),
  rules,
  profiles: z
    .object({ default: profile(STANDARD), '4k': profile(FOUR_K) })
    .catchall(profile(STANDARD))
    .prefault({})
    .meta({
      description: 'Quality profiles by name. What a profile leaves out has its default; more profiles can be added.',
      propertyNames: { pattern: PROFILE_NAME.source },
    }),
});
