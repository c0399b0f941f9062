import type { MovieSpec, ShowSpec } from '../../src/sandbox/index.js';
import type { Dice } from './dice.js';
import { bad, type Content, FILM, good, type Named, type Offer } from './offers.js';
import { DAY, HOUR, MINUTE } from './time.js';

/** A fortnight in a household: what is asked for, and what there is of it. Pure. */

export interface Ask {
  at: number;
  title: Title;
  seasons: number[];
  is4k: boolean;
  /** Somebody else asks for a film that has been asked for already. */
  again?: boolean;
  /** Taken back so long after it was made. */
  cancelAfter?: number;
  /** Once it is fulfilled, what it brought is deleted and asked for again (epoch ms). */
  wipeAt?: number;
}

export interface Title extends Named {
  tmdbId: number;
  spec: { type: 'movie'; movie: MovieSpec } | { type: 'tv'; show: ShowSpec };
  offers: Offer[];
  /** When its film or an episode may be looked for: by want. */
  due: Map<string, number>;
  /** The account holds a good release of it before anybody asks. */
  held: boolean;
  /** A season that is announced later on. */
  later: { at: number; number: number; airDates: string[] } | null;
}

export interface Chapter {
  titles: Title[];
  asks: Ask[];
}

export const CHAPTER = 14 * DAY;
const TITLES = 18;
const AIR_DELAY = DAY;
const LONG_AGO = '2020-01-01';

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
const up = (to: number): number[] => Array.from({ length: to }, (_, place) => place + 1);

/** Of one length, so that none is the beginning of another. */
const nameOf = (n: number): string => {
  const syllables = ['ba', 'ce', 'di', 'fo', 'gu', 'ka', 'le', 'mi', 'no', 'pu'];
  const word = [...String(n).padStart(5, '0')].map((digit) => syllables[Number(digit)]).join('');
  return `Synthetic ${word.charAt(0).toUpperCase()}${word.slice(1)}`;
};

const several = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Flawed releases, more often than not beside or before the good one. */
const weeds = (dice: Dice, named: Named, content: Content, from: number): Offer[] =>
  several(dice.pick([0, 0, 1, 1, 2, 4]), () => bad(dice, named, content, from - dice.int(0, 20) * HOUR));

const movieOffers = (dice: Dice, named: Named, from: number, wide: boolean): Offer[] => {
  const late = dice.chance(0.25) ? dice.stretch(HOUR, 45 * DAY) : -30 * DAY;
  const never = dice.chance(0.06);
  const one = () => good(dice, named, FILM, from + late, wide);
  return [...weeds(dice, named, FILM, from), ...(never ? [] : several(dice.int(1, 2), one))];
};

const makeMovie = (dice: Dice, n: number, at: number): Title => {
  const unreleased = dice.chance(0.15);
  const out = unreleased ? at + dice.int(3, 40) * DAY : Date.parse(LONG_AGO);
  const releaseDate = dateOf(out);
  const name = nameOf(n);
  const ids = { tmdbId: 1_000_000 + n, imdbId: `tt${10_000_000 + n}` };
  const named = { imdbId: ids.imdbId, label: `${name} ${releaseDate.slice(0, 4)}` };
  const from = Math.max(at, Date.parse(releaseDate));
  const movie = { ...ids, title: name, releaseDate, runtime: 90 };
  const offers = [...movieOffers(dice, named, from, false), ...movieOffers(dice, named, from, true)];
  const due = new Map([[FILM, Date.parse(releaseDate)]]);
  return { ...named, ...ids, spec: { type: 'movie', movie }, offers, due, held: dice.chance(0.05), later: null };
};

interface Season {
  number: number;
  airDates: string[];
}

const weekly = (start: number, episodes: number): string[] =>
  Array.from({ length: episodes }, (_, week) => dateOf(start + week * 7 * DAY));

/** All at once, in ones, in ones and twos, with holes. */
const pastSeasonOffers = (dice: Dice, named: Named, { number, airDates }: Season, from: number): Offer[] => {
  const all = up(airDates.length);
  const wanting = dice.chance(0.2) ? from + dice.stretch(HOUR, 30 * DAY) : from - 30 * DAY;
  const single = (one: number) => good(dice, named, { [number]: [one] }, wanting);
  const whole = [...weeds(dice, named, { [number]: all }, from), good(dice, named, { [number]: all }, wanting, true)];
  const style = dice.pick(['pack', 'pack', 'singles', 'gappy'] as const);
  if (style === 'pack') {
    return [...whole, good(dice, named, { [number]: all }, wanting)];
  }
  if (style === 'singles') {
    return [...whole, ...all.map(single)];
  }
  const missing = dice.pick([all[0] ?? 1, all.at(-1) ?? 1]);
  const rest = all.filter((one) => one !== missing);
  return [...whole, good(dice, named, { [number]: rest }, wanting), single(missing)];
};

const airingOffers = (dice: Dice, named: Named, { number, airDates }: Season): Offer[] => [
  ...airDates.flatMap((date, place) => {
    const content = { [number]: [place + 1] };
    const aired = Date.parse(date);
    const from = aired + (dice.chance(0.1) ? dice.int(3, 10) * DAY : dice.int(1, 40) * HOUR);
    const flawed = dice.chance(0.25) ? [bad(dice, named, content, aired + HOUR)] : [];
    return [...flawed, good(dice, named, content, from)];
  }),
  ...(dice.chance(0.4)
    ? [good(dice, named, { [number]: up(airDates.length) }, Date.parse(airDates.at(-1) ?? '') + 3 * DAY)]
    : []),
];

const dueOf = ({ number, airDates }: Season): [string, number][] =>
  airDates.map((date, place) => [`${number}x${place + 1}`, Date.parse(date) + AIR_DELAY]);

const makeShow = (dice: Dice, n: number, at: number): Title => {
  const past = up(dice.int(1, 3)).map((number) => ({ number, airDates: weekly(Date.parse(LONG_AGO), dice.int(2, 7)) }));
  const next = past.length + 1;
  const airing = dice.chance(0.4)
    ? [{ number: next, airDates: weekly(at + dice.int(-20, 10) * DAY, dice.int(3, 7)) }]
    : [];
  const laterAt = at + dice.int(20, 60) * DAY;
  const later =
    airing.length === 0 && dice.chance(0.4)
      ? { at: laterAt, number: next, airDates: weekly(laterAt + dice.int(0, 6) * DAY, dice.int(3, 5)) }
      : null;
  const name = nameOf(n);
  const ids = { tmdbId: 2_000_000 + n, imdbId: `tt${20_000_000 + n}`, tvdbId: 3_000_000 + n };
  const named = { imdbId: ids.imdbId, label: name };
  const seasons = [...past, ...airing];
  const show = { ...ids, title: name, seasons, status: 'Returning Series' };
  const saga = Object.fromEntries(past.map(({ number, airDates }) => [number, up(airDates.length)]));
  const offers = [
    ...past.flatMap((season) => pastSeasonOffers(dice, named, season, at)),
    ...(past.length > 1 && dice.chance(0.3) ? [good(dice, named, saga, at - DAY)] : []),
    ...[...airing, ...(later === null ? [] : [later])].flatMap((season) => airingOffers(dice, named, season)),
  ];
  const due = new Map([...seasons, ...(later === null ? [] : [later])].flatMap(dueOf));
  return { ...named, ...ids, spec: { type: 'tv', show }, offers, due, held: dice.chance(0.05), later };
};

const movieAsks = (dice: Dice, title: Title, at: number): Ask[] => {
  const is4k = dice.chance(0.15);
  const first: Ask = { at, title, seasons: [], is4k };
  if (dice.chance(0.12)) {
    return [{ ...first, cancelAfter: dice.stretch(MINUTE, 5 * DAY) }];
  }
  const overlap: Ask = { ...first, at: at + dice.stretch(MINUTE, 2 * DAY), is4k: false, again: true };
  const other: Ask = { ...first, at: at + dice.stretch(MINUTE, 5 * DAY), is4k: !is4k };
  return [
    dice.chance(0.12) ? { ...first, wipeAt: at + dice.int(5, 15) * DAY } : first,
    ...(!is4k && dice.chance(0.15) ? [overlap] : []),
    ...(dice.chance(0.12) ? [other] : []),
  ];
};

const showAsks = (dice: Dice, title: Title, at: number): Ask[] => {
  const seasons = title.spec.type === 'tv' ? title.spec.show.seasons.map(({ number }) => number) : [];
  const some = dice.chance(0.5) ? seasons : [dice.pick([seasons[0] ?? 1, seasons.at(-1) ?? 1])];
  const first: Ask = { at, title, seasons: some, is4k: false };
  const all: Ask = { ...first, at: at + dice.stretch(MINUTE, 8 * DAY), seasons };
  const wide: Ask = { ...first, at: at + dice.stretch(MINUTE, 5 * DAY), seasons: [1], is4k: true };
  const next: Ask[] =
    title.later === null
      ? []
      : [{ ...first, at: title.later.at + dice.int(1, 9) * DAY, seasons: [title.later.number] }];
  return [
    dice.chance(0.1) ? { ...first, cancelAfter: dice.stretch(MINUTE, 6 * DAY) } : first,
    ...(dice.chance(0.4) ? [all] : []),
    ...(dice.chance(0.12) ? [wide] : []),
    ...next,
  ];
};

/** The chapter that begins then. */
export const chapter = (dice: Dice, number: number, start: number): Chapter => {
  const titles: Title[] = [];
  const asks: Ask[] = [];
  for (let place = 0; place < TITLES; place += 1) {
    const at = start + dice.int(0, CHAPTER - 1);
    const n = number * 100 + place;
    const title = dice.chance(0.6) ? makeMovie(dice, n, at) : makeShow(dice, n, at);
    titles.push(title);
    asks.push(...(title.spec.type === 'movie' ? movieAsks(dice, title, at) : showAsks(dice, title, at)));
  }
  return { titles, asks };
};
