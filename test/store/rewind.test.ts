import { afterEach, expect, test } from '@jest/globals';
import { getTableColumns, getTableName, is } from 'drizzle-orm';
import { SQLiteTable } from 'drizzle-orm/sqlite-core';
import { followClock } from '../../src/setBack.js';
import { ownTimes } from '../../src/store/rewind.js';
import * as schema from '../../src/store/schema.js';
import { type Household, household } from '../support/household.js';
import { scenesOf } from '../support/scenes.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

let home: Household | undefined;
afterEach(async () => {
  await home?.stop();
  home = undefined;
});
const here = (): Household => {
  if (home === undefined) {
    throw new Error('nobody has moved in');
  }
  return home;
};
const { release, requestSintel, said } = scenesOf(here);

test('every time on record is moved back, or there is a reason why not', () => {
  const elsewhere = [
    'want.due_at', // a date of the world
    'want.next_action_at', // moved back unless it is that date
    'want.first_due_at', // likewise
    'cache_entry.expires_at', // what was cached is forgotten
  ];
  const times = Object.values(schema)
    .filter((table) => is(table, SQLiteTable))
    .flatMap((table) =>
      Object.values(getTableColumns(table))
        .filter(({ name }) => /(?:_at|_since)$|^(?:at|until)$/.test(name))
        .map(({ name }) => `${getTableName(table)}.${name}`),
    );
  const moved = ownTimes.flatMap(([table, columns]) => columns.map(({ name }) => `${getTableName(table)}.${name}`));
  expect(times.length).toBeGreaterThan(30);
  expect([...moved, ...elsewhere].sort()).toEqual(times.sort());
});

test('a clock that was wrong by ten years for an hour: nothing waits for years, and it is said', async () => {
  home = await household();
  const { clock, sandbox, store, log } = home;
  const recorder = { ...console, warn: (message: string) => void log.push({ level: 'warn', message }) };
  const follow = () => followClock(store, clock, recorder as never);
  const id = requestSintel();
  expect(follow()).toBe(false);
  await home.live(10 * MINUTE);
  clock.pass(10 * YEAR);
  expect(follow()).toBe(false);
  // Searched once more in that time, and put off by a week: to all appearances it was due for years.
  await home.live(HOUR, MINUTE);
  expect(home.store.wants.ofRequest(id)[0]?.want.nextActionAt).toBeGreaterThan(clock.now() + 6 * DAY);
  expect(follow()).toBe(false);
  clock.pass(-10 * YEAR);
  expect(follow()).toBe(true);
  home.restart();
  expect(home.store.wants.ofRequest(id)[0]?.want.nextActionAt).toBeLessThan(clock.now() + 7 * DAY);
  release();
  await home.live(7 * DAY, 6 * HOUR);
  await home.live(10 * MINUTE);
  expect(sandbox.seerr.state(id)?.status).toBe(5);
  expect(said('the clock of this machine was set back by')).toHaveLength(1);
});
