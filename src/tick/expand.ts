import { DAY, HOUR } from '../clock.js';
import { episodeDueAt, movieDueAt } from '../domain/due.js';
import { isServiceError, ServiceError } from '../domain/errors.js';
import type { RequestRow, StatedWant } from '../store/index.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';

/** Details of a title to which something may be added are at most this old. */
const REFRESH_OPEN = 12 * HOUR;
/** Of a movie that is out, and of a show that has ended and is out. */
const REFRESH_OUT = 7 * DAY;
const ENDED = /^(?:ended|cancell?ed)$/i;
const RECHECK_MISSING_ID = DAY;

/** Failures in a row after which it is said: the steps of `search.backoff` before it outlast an ordinary outage. */
const SAID_AFTER = 4;

/**
 * Works out each request's wants from Seerr's details, where that is due, new ones first. Half of the tick's time at
 * most: what is ready to go shall go. Returns those whose details were read, as they were before.
 */
export const expand = async (tick: Tick): Promise<RequestRow[]> => {
  const now = tick.clock.now();
  const until = now + (tick.workUntil - now) / 2;
  const read: RequestRow[] = [];
  for (const row of tick.store.requests.toExpand(now).filter(isActive)) {
    if (tick.clock.now() > until) {
      break;
    }
    tick.signal.throwIfAborted();
    await withWork({ requestId: row.id }, () =>
      guard(tick, `details of ${titleOf(row)}`, async () => {
        try {
          await (row.type === 'movie' ? expandMovie(tick, row) : expandShow(tick, row));
          read.push(row);
        } catch (error) {
          const { what, cause } = error instanceof Unread ? error : { what: titleOf(row), cause: error };
          putOff(tick, row, { what, cause });
          throw cause;
        }
      }),
    );
  }
  return read;
};

/** Wants of a request on hold (pending again, failed) are left alone. */
export const isActive = (row: Pick<RequestRow, 'status'>): boolean =>
  row.status === 'approved' || row.status === 'completed';

/** Part of what was to be read could not be. */
class Unread extends Error {
  constructor(
    /** For people. */
    readonly what: string,
    cause: unknown,
  ) {
    super(`${what} could not be read`, { cause });
    this.name = 'Unread';
  }
}

/** An unknown title and an outage of TMDB look alike: wait, never conclude that it is gone. */
const putOff = (tick: Tick, row: RequestRow, { what, cause }: { what: string; cause: unknown }): void => {
  if (!isServiceError(cause) || cause.code === 'paused') {
    return;
  }
  const tries = row.closeTries + 1;
  const steps = tick.config.search.backoff;
  const wait = steps[Math.min(tries - 1, steps.length - 1)] ?? HOUR;
  // Once closing has begun the column counts its tries.
  const counted = row.closeStep === null ? { closeTries: tries } : {};
  tick.store.requests.update(row.id, { expandAt: tick.clock.now() + wait, ...counted });
  if (tries === SAID_AFTER && row.closeStep === null) {
    attendToMissingDetails(tick, row, `Nothing is known of ${what}: ${cause.message}`);
  }
};

const attendToMissingDetails = (tick: Tick, row: RequestRow, message: string): void => {
  if (row.attentionCode !== null) {
    return;
  }
  const hint =
    'Open the title in Seerr. If it shows nothing either, TMDB has dropped it: delete the request, or that season of it.';
  tick.store.requests.setAttention(row.id, { code: 'no-details', message, hint }, tick.clock.now());
  say(tick, [row.id], `${message}. ${hint}`, { kind: 'attention', code: 'no-details', level: 'warn' });
};

const expandMovie = async (tick: Tick, row: RequestRow): Promise<void> => {
  const movie = await tick.seerr.movie(row.tmdbId);
  const imdbId = movie.imdbId ?? row.imdbId;
  const now = tick.clock.now();
  const dueAt = movieDueAt(movie, tick.config.search.theatricalDelay, now);
  const identity = { type: 'movie', tmdbId: row.tmdbId, tier: row.tier } as const;
  settle(tick, row, {
    details: { title: movie.title, year: movie.year, imdbId, tvdbId: row.tvdbId },
    wants: [{ identity, imdbId, dueAt }],
    complete: true,
    ended: true,
    read: true,
  });
};

const expandShow = async (tick: Tick, row: RequestRow): Promise<void> => {
  const show = await tick.seerr.show(row.tmdbId);
  // An id that TMDB has lost again is still the show's.
  const imdbId = show.imdbId ?? row.imdbId;
  const wants: StatedWant[] = [];
  let complete = row.seasons.length > 0;
  let failure: Unread | undefined;
  for (const number of row.seasons) {
    const known = knownWants(tick, row, { season: number, imdbId });
    try {
      const due = await episodesOf(tick, row, { season: number, known: known.length });
      for (const [episode, dueAt] of due) {
        const identity = { type: 'episode', tmdbId: row.tmdbId, season: number, episode, tier: row.tier } as const;
        wants.push({ identity, imdbId, dueAt });
      }
      complete &&= due.size > 0;
    } catch (error) {
      // A season that could not be read is unknown: what was known of it stays, and the request is not called complete.
      failure = new Unread(`season ${number} of ${titleOf({ ...row, title: show.title, year: show.year })}`, error);
      complete = false;
      wants.push(...known);
    }
  }
  settle(tick, row, {
    details: { title: show.title, year: show.year, imdbId, tvdbId: show.tvdbId ?? row.tvdbId },
    wants,
    complete,
    ended: ENDED.test(show.status),
    read: failure === undefined,
  });
  if (failure !== undefined) {
    throw failure;
  }
};

/** When each episode of a season is due. A season that had episodes and is empty now is an answer gone wrong. */
const episodesOf = async (
  tick: Tick,
  { tmdbId }: RequestRow,
  { season, known }: { season: number; known: number },
): Promise<Map<number, number | null>> => {
  const details = await tick.seerr.season(tmdbId, season);
  if (details.episodes.length === 0 && known > 0) {
    throw new ServiceError({
      service: 'seerr',
      operation: 'season',
      failure: 'source',
      code: 'details-unavailable',
      message: `Seerr names no episode of it, where it had named ${known}`,
    });
  }
  return episodeDueAt(details, tick.config.search.airDelay, tick.clock.now());
};

const knownWants = (
  tick: Tick,
  row: RequestRow,
  { season, imdbId }: { season: number; imdbId: string | null },
): StatedWant[] =>
  tick.store.wants
    .ofRequest(row.id)
    .filter(({ want }) => want.season === season)
    .map(({ want }) => ({
      identity: { type: 'episode', tmdbId: want.tmdbId, season, episode: want.episode, tier: want.tier },
      imdbId,
      dueAt: want.dueAt,
    }));

interface Expansion {
  details: { title: string; year: number | null; imdbId: string | null; tvdbId: number | null };
  wants: StatedWant[];
  complete: boolean;
  /** Nothing will be added to what is out. */
  ended: boolean;
  /** Everything that was asked for was answered. */
  read: boolean;
}

const settle = (tick: Tick, row: RequestRow, { details, wants, complete, ended, read }: Expansion): void => {
  const now = tick.clock.now();
  const isNew = row.title === null;
  const out = complete && ended && wants.every((want) => want.dueAt !== null && want.dueAt <= now);
  const refresh = details.imdbId === null ? RECHECK_MISSING_ID : out ? REFRESH_OUT : REFRESH_OPEN;
  tick.store.transaction(() => {
    tick.store.wants.state(row.id, wants, now);
    tick.store.requests.update(row.id, {
      ...details,
      expandedFully: complete,
      // What could not be read is put off by whoever knows why.
      ...(read ? { expandAt: now + refresh } : {}),
      closeTries: row.closeStep === null && read ? 0 : row.closeTries,
    });
  });
  if (read && row.attentionCode === 'no-details') {
    tick.store.requests.setAttention(row.id, null, now);
  }
  const named = { ...row, ...details };
  if (isNew) {
    say(tick, [row.id], `${titleOf(named)}: requested; ${outlook(row, wants, now)}`, {
      kind: 'transition',
      code: 'request-taken',
      level: 'info',
    });
  }
  attendToMissingId(tick, named);
  attendToNoSeasons(tick, named);
};

const outlook = (row: RequestRow, wants: StatedWant[], now: number): string => {
  const due = wants.filter((want) => want.dueAt !== null && want.dueAt <= now).length;
  const later = wants.flatMap((want) => (want.dueAt !== null && want.dueAt > now ? [want.dueAt] : []));
  const undated = wants.length - due - later.length;
  if (wants.length === 0) {
    return 'no episodes are known yet';
  }
  const what = row.type === 'movie' ? '' : `${wants.length} episodes: `;
  const parts = [
    due > 0 ? `${row.type === 'movie' ? 'due' : `${due} due`} now` : '',
    later.length > 0
      ? `${row.type === 'movie' ? '' : `${later.length} `}not before ${new Date(Math.min(...later)).toISOString().slice(0, 10)}`
      : '',
    undated > 0 ? `${row.type === 'movie' ? '' : `${undated} `}without a date yet` : '',
  ];
  return what + parts.filter((part) => part !== '').join(', ');
};

/** Seerr approves a show's request without a season, or declines each season of it, and says nothing. */
const attendToNoSeasons = (tick: Tick, row: RequestRow): void => {
  const code = tick.store.requests.get(row.id)?.attentionCode;
  if (row.type === 'movie' || row.seasons.length > 0) {
    if (code === 'no-seasons') {
      tick.store.requests.setAttention(row.id, null, tick.clock.now());
    }
    return;
  }
  if (code !== null) {
    return;
  }
  const message = `The request for ${titleOf(row)} asks for no season, or each of them was declined, so there is nothing to fetch`;
  const hint = 'Edit the request in Seerr and choose seasons, or delete it.';
  tick.store.requests.setAttention(row.id, { code: 'no-seasons', message, hint }, tick.clock.now());
  say(tick, [row.id], `${message}. ${hint}`, { kind: 'attention', code: 'no-seasons', level: 'warn' });
};

const attendToMissingId = (tick: Tick, row: RequestRow): void => {
  if (row.imdbId !== null) {
    if (row.attentionCode === 'no-imdb-id') {
      tick.store.requests.setAttention(row.id, null, tick.clock.now());
    }
    return;
  }
  if (row.attentionCode === 'no-imdb-id') {
    return;
  }
  const message = `${titleOf(row)} has no IMDb id in TMDB, and the stream addon can only be asked by IMDb id`;
  const hint = 'Add the IMDb id to the title on themoviedb.org; it is looked up again once a day.';
  tick.store.requests.setAttention(row.id, { code: 'no-imdb-id', message, hint }, tick.clock.now());
  say(tick, [row.id], `${message}. ${hint}`, { kind: 'attention', code: 'no-imdb-id', level: 'warn' });
};
