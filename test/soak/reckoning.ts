import type { AccountEntry } from '../../src/sandbox/index.js';
import type { Asked, House } from './house.js';
import { DAY, HOUR } from './time.js';

/** What must be true when nothing has gone wrong for some days. */

const COMPLETED = 5;
/** A want is searched once a day, and weekly after 30 days; then an outage of two days, and a day for the download. */
const PATIENCE = { young: 5 * DAY, old: 12 * DAY, isOldAfter: 20 * DAY };

export interface Reckoning {
  /** What is wrong, as sentences. */
  wrong: string[];
  fulfilled: number;
  open: number;
}

export const reckon = (house: House): Reckoning => {
  const standing = house.standing();
  const { seerr } = house.sandbox;
  const closed = standing.filter(({ id }) => seerr.state(id)?.status === COMPLETED);
  return {
    wrong: [...standing.flatMap((asked) => losses(house, asked)), ...leftovers(house)],
    fulfilled: closed.length,
    open: standing.length - closed.length,
  };
};

const losses = (house: House, asked: Asked): string[] => {
  const { id, title, is4k } = asked;
  const wants = house.wantsOf(asked);
  const missing = wants.filter((want) => !house.isThere(title, want, is4k));
  const state = house.sandbox.seerr.state(id);
  const lost = missing.filter((want) => isOverdue(house, asked, want));
  const told = house.sandbox.seerr.timesTold(id);
  const name = `request ${id} (${title.label}${is4k ? ', 4K' : ''})`;
  return [
    ...(lost.length > 0 ? [`${name} lacks ${lost.join(', ')} although it could be had for long`] : []),
    ...(missing.length === 0 && state?.status !== COMPLETED ? [`${name} is all there and not closed`] : []),
    ...(state?.status === COMPLETED && told !== 1 && !asked.closedBySeerr ? [`${name} was told ${told} times`] : []),
  ];
};

const isOverdue = (house: House, { title, is4k, at, rejectedAt }: Asked, want: string): boolean => {
  const offered = house.offeredSince(title, want, is4k);
  const due = title.due.get(want);
  if (offered === null || due === undefined) {
    return false;
  }
  const isOld = offered - Math.max(due, at) > PATIENCE.isOldAfter;
  const since = Math.max(offered, due, at, rejectedAt);
  return house.post.clock.now() - since > (isOld ? PATIENCE.old : PATIENCE.young);
};

/** Entries of ours that nobody needs, that cannot be played, or that bring what another has brought. */
const leftovers = (house: House): string[] => {
  const ours = house.sandbox.realDebrid.entries().filter(({ by }) => by === 'api');
  const shown = ({ id, name, status, selected, links }: AccountEntry) =>
    `${id} ${name} ${status} [${selected}] ${links} links`;
  const idle = ours.filter((entry) => isIdle(house, entry));
  const seen = new Map<string, AccountEntry>();
  const repeated: string[] = [];
  for (const entry of ours.filter(({ status }) => status === 'downloaded')) {
    for (const want of servedBy(house, entry)) {
      const other = seen.get(want);
      if (other !== undefined && other !== entry) {
        repeated.push(`two torrents of ours for ${want}: ${shown(other)}; ${shown(entry)}`);
      }
      seen.set(want, entry);
    }
  }
  return [...idle.map((entry) => `an orphan of ours: ${shown(entry)}`), ...new Set(repeated)];
};

const servedBy = (house: House, { hash, selected }: AccountEntry): string[] => {
  const torrent = house.sandbox.world.torrent(hash);
  const known = house.offers.get(hash);
  return torrent === null || known === undefined
    ? []
    : selected.flatMap((file) =>
        house.wantsIn(torrent, file).map((want) => `${known.title.label} ${want}${known.offer.wide ? ' 4K' : ''}`),
      );
};

const isIdle = (house: House, entry: AccountEntry): boolean => {
  if (entry.status === 'downloaded') {
    return entry.links === 0;
  }
  if (house.post.clock.now() - entry.addedAt < 3 * HOUR) {
    return false;
  }
  const torrent = house.sandbox.world.torrent(entry.hash);
  const known = house.offers.get(entry.hash);
  if (torrent === null || known === undefined || entry.selected.length === 0) {
    return true;
  }
  const wants = entry.selected.flatMap((file) => house.wantsIn(torrent, file));
  const asked = house.standing().filter(({ title }) => title === known.title);
  return !asked.some((one) =>
    house.wantsOf(one).some((want) => wants.includes(want) && !house.isThere(one.title, want, one.is4k)),
  );
};
