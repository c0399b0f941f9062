import { type FileSpec, packFiles, type ReleaseSpec } from '../../src/sandbox/index.js';
import type { Dice } from './dice.js';
import { HOUR, MINUTE, SECOND } from './time.js';

/** What indexers have of a title, and what becomes of it. Pure. */

export interface Offer {
  /** When it appears (epoch ms). */
  from: number;
  release: ReleaseSpec;
  /** What it brings to whoever takes it, as `wantKey` says it; nothing if it is no good. */
  brings: string[];
  wide: boolean;
  /** Nothing of it may ever be selected. */
  poison: boolean;
}

/** The film, or an episode, within a title. */
export const FILM = 'film';
export const wantKey = (season: number, episode: number): string => `${season}x${episode}`;

/** What a release is of: a film, or episodes by season. */
export type Content = Record<number, number[]> | typeof FILM;

interface Flaw {
  tag?: string;
  spec?: Partial<ReleaseSpec>;
  /** Beside the video. */
  files?: FileSpec[];
  bytes?: number;
  /** Under another title's name. */
  stranger?: boolean;
  poison?: boolean;
  packsOnly?: boolean;
}

const GB = 1024 ** 3;
const MB = 1024 ** 2;

const FLAWS: readonly [Flaw, ...Flaw[]] = [
  { spec: { infringing: true, cached: true } },
  { tag: '1080p WEB-DL x264', spec: { cached: true } },
  { tag: '1080p HDCAM x264', spec: { cached: true }, poison: true },
  { files: [{ path: 'codec.exe', bytes: 5 * MB }], spec: { cached: true }, poison: true },
  { bytes: 8 * MB, spec: { cached: true }, poison: true },
  { spec: { downloadMs: 2 * HOUR, stallsAt: 40 } },
  { spec: { downloadMs: HOUR, stallsAt: 0 } },
  { spec: { downloadMs: HOUR, failsAt: 30, endsAs: 'dead' } },
  { spec: { downloadMs: HOUR, failsAt: 90, endsAs: 'virus' } },
  { spec: { downloadMs: HOUR, failsAt: 10, endsAs: 'error' } },
  { spec: { endsAs: 'magnet_error', metadataMs: 20 * SECOND } },
  { spec: { metadataMs: 30 * HOUR } },
  { spec: { cached: true, linksDropped: true } },
  { spec: { cached: true, archive: true }, packsOnly: true },
  { stranger: true, spec: { cached: true }, poison: true },
];

const GOOD_TAGS = ['1080p BluRay x265', '1080p WEB x265', '1080p HDTV x265', '720p BluRay x265'] as const;
const WIDE_TAGS = ['2160p BluRay x265', '2160p WEB x265'] as const;

const two = (n: number): string => String(n).padStart(2, '0');

/** Letters alone, so that no part of it means anything to whoever reads names. */
const letters = (dice: Dice): string => {
  const alphabet = 'BDFGJKLMNPQVWZ';
  return Array.from({ length: 6 }, () => alphabet[dice.int(0, alphabet.length - 1)]).join('');
};

/** `S01`, `S01-S03`, `S01E05`, or nothing for a film. */
const span = (content: Content): string => {
  if (content === FILM) {
    return '';
  }
  const seasons = Object.keys(content).map(Number);
  const [first = 0] = seasons;
  const episodes = content[first] ?? [];
  if (seasons.length > 1) {
    return ` S${two(first)}-S${two(seasons.at(-1) ?? first)}`;
  }
  return episodes.length === 1 ? ` S${two(first)}E${two(episodes[0] ?? 0)}` : ` S${two(first)}`;
};

const filesOf = (name: string, content: Content, bytes: number): FileSpec[] => {
  if (content === FILM) {
    return [{ path: `${name}/${name.replaceAll(' ', '.')}.mkv`, bytes }];
  }
  return Object.entries(content).flatMap(([season, episodes]) =>
    packFiles(`${name.replace(/ S\d\d.*/, '')} S${two(Number(season))}`, Number(season), episodes, bytes).map(
      ({ path, ...rest }) => ({ path: `${name}/${path.split('/').at(-1)}`, ...rest }),
    ),
  );
};

export const bringsOf = (content: Content): string[] =>
  content === FILM
    ? [FILM]
    : Object.entries(content).flatMap(([season, episodes]) => episodes.map((one) => wantKey(Number(season), one)));

/** The name that releases go by: the title, with the year for a film. */
export interface Named {
  imdbId: string;
  label: string;
}

const sizeOf = (content: Content, wide: boolean): number => (content === FILM ? 3 : 1.2) * (wide ? 4 : 1) * GB;

const fates = (dice: Dice): Partial<ReleaseSpec> =>
  dice.chance(0.55)
    ? { cached: true }
    : {
        downloadMs: dice.stretch(5 * MINUTE, 8 * HOUR),
        metadataMs: dice.chance(0.3) ? dice.int(SECOND, 90 * SECOND) : 0,
      };

/** One that will do. */
export const good = (dice: Dice, { imdbId, label }: Named, content: Content, from: number, wide = false): Offer => {
  const name = `${label}${span(content)} ${dice.pick(wide ? WIDE_TAGS : GOOD_TAGS)}-${letters(dice)}`;
  const files = filesOf(name, content, sizeOf(content, wide));
  const seeders = dice.stretch(20, 800);
  const release = { of: imdbId, name, files, seeders, ...fates(dice) };
  return { from, release, brings: bringsOf(content), wide, poison: false };
};

/** One that looks as if it would do, to most: refused, fake, malware, dying, never arriving. */
export const bad = (dice: Dice, { imdbId, label }: Named, content: Content, from: number): Offer => {
  const isPack = content !== FILM && bringsOf(content).length > 1;
  const flaw = [dice.pick(FLAWS)].find(({ packsOnly }) => !packsOnly || isPack) ?? FLAWS[0];
  const shown = flaw.stranger ? `Another ${label}` : label;
  const name = `${shown}${span(content)} ${flaw.tag ?? dice.pick(GOOD_TAGS)}-${letters(dice)}`;
  const files = [
    ...filesOf(name, content, flaw.bytes ?? sizeOf(content, false)),
    ...(flaw.files ?? []).map(({ path, bytes }) => ({ path: `${name}/${path}`, bytes })),
  ];
  const seeders = dice.stretch(20, 5000);
  const release = { of: imdbId, name, files, seeders, ...flaw.spec };
  return { from, release, brings: [], wide: false, poison: flaw.poison ?? false };
};
