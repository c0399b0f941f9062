import { DAY } from '../clock.js';
import { isPlacedAt } from '../domain/placed.js';
import { parseRelease } from '../domain/selection/index.js';
import type { LibraryEpisode, LibraryMovie } from '../services/ports.js';
import type { GrabRow, RequestRow, WantRow } from '../store/index.js';
import type { Tick } from './context.js';
import { guard } from './guard.js';
import { say, titleOf } from './narrate.js';
import { relieveNumbering } from './numbering.js';
import type { TitleIds } from './titleIndex.js';

type Shown = Pick<LibraryMovie | LibraryEpisode, 'id' | 'path' | 'videoWidths'>;

/** A video stream wider than this is 4K, by Seerr's own rule. */
const WIDEST_STANDARD = 2000;

export const idsOf = (request: Pick<RequestRow, 'tmdbId' | 'imdbId' | 'tvdbId'>): TitleIds => ({
  tmdbId: request.tmdbId,
  imdbId: request.imdbId,
  tvdbId: request.tvdbId,
});

/**
 * Whether this want stands in Jellyfin now, by a live answer. Throws when Jellyfin cannot be asked: unknown is not no.
 * null = there is a copy, but whether it is of the wanted tier cannot be told.
 */
export const isInLibrary = async (tick: Tick, want: WantRow, ids: TitleIds): Promise<boolean | null> => {
  const shown: readonly Shown[] =
    want.type === 'movie' ? await tick.catalogue.movies(ids) : await episodeFiles(tick, want, ids);
  // Most wants end here; of a long season there may be a thousand.
  if (shown.length === 0) {
    return false;
  }
  const files = want.rejectedAt === null || mayBeAnother(tick, want) ? shown : await strangers(tick, want, shown);
  if (files.length === 0) {
    return false;
  }
  if (want.tier === 'standard' && !(await splitsTiers(tick, want))) {
    return true;
  }
  // Also after it has done its work: what was seen by its tier once must not be denied at closing.
  const latest = tick.store.grabs.latestFor(want.id);
  const own = readyFor(tick, want) ?? (latest?.state === 'in-library' ? latest : null);
  return someOfTier(tick, files, want.tier, own);
};

const readyFor = (tick: Tick, want: WantRow): GrabRow | undefined =>
  tick.store.grabs.openFor([want.id]).find((open) => open.state === 'ready');

/**
 * The copy there was called bad. A scan that followed a newer grab of ours can have brought a better one; where we start
 * none, such a grab has to do.
 */
const mayBeAnother = (tick: Tick, want: WantRow): boolean => {
  const grab = readyFor(tick, want);
  return grab !== undefined && (grab.scans > 0 || !tick.config.library.scan);
};

/**
 * Without such a grab, when a person has asked for another try: what somebody else has brought. It is not called as the
 * bad copy was, and that one is gone: Jellyfin has looked everywhere since its torrent was removed.
 */
const strangers = async (tick: Tick, want: WantRow, shown: readonly Shown[]): Promise<readonly Shown[]> => {
  const { grabs, links } = tick.store;
  if ((want.retriedAt ?? 0) <= (want.rejectedAt ?? 0) || grabs.openFor([want.id]).length > 0) {
    return [];
  }
  const rejected = grabs.rejectedFor(want.id);
  const isBad = (path: string) =>
    rejected.some(({ id, placed }) => placed === null || links.ofGrab(id).length > 0 || isPlacedAt(placed, path));
  const others = shown.filter(({ path }) => path !== null && !isBad(path));
  const goneAt = Math.max(want.rejectedAt ?? 0, ...rejected.map((grab) => grabs.removedAt(grab)));
  if (others.length === 0 || !Number.isFinite(goneAt)) {
    return [];
  }
  const { lastStatus, lastStartedAt } = await tick.jellyfin.scanTask();
  const scannedAt = lastStatus === 'Completed' ? tick.catalogue.byOurClock(lastStartedAt ?? 0) : 0;
  return scannedAt >= goneAt + tick.config.realDebrid.mountDelay ? others : [];
};

const someOfTier = async (
  tick: Tick,
  files: readonly Shown[],
  tier: WantRow['tier'],
  own: GrabRow | null,
): Promise<boolean | null> => {
  let answer: boolean | null = false;
  for (const { id, videoWidths } of files) {
    const widths = videoWidths.length > 0 ? videoWidths : await tick.catalogue.probed(id, own?.id ?? null);
    const fits = isTier(widths, tier, own);
    if (fits === true) {
      return true;
    }
    if (fits === null) {
      answer = null;
    }
  }
  return answer;
};

/** What Jellyfin has of one episode. Widths are asked for only where they decide. */
const episodeFiles = async (tick: Tick, want: WantRow, ids: TitleIds): Promise<LibraryEpisode[]> => {
  const { season, episode } = want;
  const found = await tick.catalogue.episode(ids, { season, episode, withWidths: false });
  if (found.length === 0 || (want.tier === 'standard' && !(await splitsTiers(tick, want)))) {
    return found;
  }
  return tick.catalogue.episode(ids, { season, episode, withWidths: true });
};

/** Only where Seerr has 4K switched on does a wide file not count for the standard tier. */
const splitsTiers = async (tick: Tick, want: WantRow): Promise<boolean> => {
  const { movie4k, series4k } = await tick.seerr.settings();
  return want.type === 'movie' ? movie4k : series4k;
};

/**
 * A file of which no stream is known counts for the tier of our own grab, also after that has done its work (null =
 * there is none); and a wide one for the standard tier where its profile made us fetch 2160p for it.
 */
const isTier = (widths: readonly number[], tier: WantRow['tier'], own: GrabRow | null): boolean | null => {
  if (widths.length === 0) {
    return own === null ? null : true;
  }
  const wideWillDo = tier === '4k' || (own !== null && parseRelease(own.release).resolution === '2160p');
  return widths.some((width) => (width > WIDEST_STANDARD ? wideWillDo : tier === 'standard'));
};

/** Latches "seen" for those wants that Jellyfin shows. Returns the ids of the others, as far as that can be told. */
export const recognise = async (
  tick: Tick,
  wants: readonly { want: WantRow; request: RequestRow }[],
): Promise<Set<number>> => {
  const missing = new Set<number>();
  for (const { want, request } of wants) {
    tick.signal.throwIfAborted();
    if (tick.catalogue.shrunk() !== null) {
      break;
    }
    const seen = await guard(tick, `looking for ${request.title ?? request.tmdbId} in Jellyfin`, () =>
      isInLibrary(tick, want, idsOf(request)),
    );
    if (seen === true) {
      seeNow(tick, want);
    } else if (seen === false) {
      missing.add(want.id);
    } else if (seen === null) {
      waitForTier(tick, want, request);
    }
  }
  return missing;
};

/** Of what is there it cannot be told whether it is 4K, not even by Jellyfin's own look into the file. Neither seen nor fetched anew. */
const waitForTier = (tick: Tick, want: WantRow, request: RequestRow): void => {
  const isDue = want.nextActionAt !== null && want.nextActionAt <= tick.clock.now();
  if (!isDue || tick.store.grabs.openFor([want.id]).length > 0) {
    return;
  }
  tick.store.wants.postpone([want.id], { nextActionAt: tick.clock.now() + DAY, waitCode: 'tier-unknown' });
  say(
    tick,
    [request.id],
    `${titleOf(request)}: Jellyfin has a copy of ${tick.store.keyOf(want)}, but knows no video stream of it, so whether it is 4K cannot be told; looked at again in a day`,
    { kind: 'decision', code: 'tier-unknown', level: 'info', want: tick.store.keyOf(want) },
  );
};

/** Whoever was told that it cannot be seen need not look any more. */
const seeNow = (tick: Tick, want: WantRow): void => {
  const now = tick.clock.now();
  const asking = tick.store.wants.askedBy(want.id);
  tick.store.wants.markSeen(want.id, now);
  for (const requestId of asking) {
    const code = tick.store.requests.get(requestId)?.attentionCode;
    if (code === 'not-seen' || code === 'misidentified' || code === 'link-taken') {
      tick.store.requests.setAttention(requestId, null, now);
    }
    relieveNumbering(tick, requestId);
  }
};

/** The wants of ready grabs, with a request to look them up by. */
export const awaitedWants = (tick: Tick, grabs: readonly GrabRow[]): { want: WantRow; request: RequestRow }[] =>
  grabs.flatMap((grab) =>
    tick.store.grabs.wantIds(grab.id).flatMap((wantId) => {
      const want = tick.store.wants.get(wantId);
      const [requestId] = tick.store.wants.askedBy(wantId);
      const request = requestId === undefined ? undefined : tick.store.requests.get(requestId);
      return want === undefined || request === undefined ? [] : [{ want, request }];
    }),
  );
