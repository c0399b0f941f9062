import { parseTarget, type Target } from '../domain/want.js';
import type { Aim } from '../orders.js';
import type { RequestRow, Store, WantRow } from '../store/index.js';
import { UsageError } from './io.js';

/** Reads a target as the command line has it. Throws `UsageError`. */
export const readTarget = (text: string): Target => {
  const target = parseTarget(text);
  if (target === null) {
    throw new UsageError(
      `"${text}" is no target: give a Seerr request id, or ttID[:season[:episode]], with :4k for that tier`,
    );
  }
  return target;
};

/** The requests and wants a target names; those still open come first. Throws `UsageError` when there are none. */
export const aimAt = (store: Store, text: string): Aim => {
  const target = readTarget(text);
  const rows = target.kind === 'request' ? [store.requests.get(target.id)] : store.requests.ofTitle(target.imdbId);
  const requests = rows
    .filter((row): row is RequestRow => row !== undefined && row.withdrawnAt === null)
    .filter((row) => target.kind === 'request' || row.tier === target.tier)
    .sort((a, b) => Number(a.fulfilledAt !== null) - Number(b.fulfilledAt !== null));
  const wants = requests
    .flatMap((row) => store.wants.ofRequest(row.id).map(({ want }) => want))
    .filter((want) => isMeant(target, want));
  const unique = wants.filter((want, place) => wants.findIndex(({ id }) => id === want.id) === place);
  if (requests.length === 0 || (unique.length === 0 && target.kind === 'title' && target.season !== null)) {
    throw new UsageError(`nothing that was requested is called "${text}"; \`status\` lists what is`);
  }
  return { requests, wants: unique };
};

const isMeant = (target: Target, want: WantRow): boolean =>
  target.kind === 'request' ||
  ((target.season === null || target.season === want.season) &&
    (target.episode === null || target.episode === want.episode));
