import { statSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { DAY, HOUR, MINUTE } from '../../src/clock.js';
import { createHousekeeping } from '../../src/daemon/housekeeping.js';
import { listBackups } from '../../src/store/backups.js';
import { databaseFile } from '../../src/store/database.js';
import { household, recorder } from '../support/household.js';
import { isInPart } from '../support/part.js';

/** A household for two years: the database grows with what it is about, not with the years. */

const WEEK = 7 * DAY;
const A_WEEK = 4;
const AT_ONCE = 20 * MINUTE;

(isInPart(0) ? test : test.skip)(
  'a year more makes the file no larger, and the backups are as many as they should be',
  async () => {
    const home = await household();
    const { sandbox, clock, config } = home;
    const keepHouse = createHousekeeping({ store: home.store, clock, log: recorder(home.log), config: () => config });
    const live = async (ms: number, step: number) => {
      for (let passed = 0; passed < ms; passed += step) {
        const [report] = await home.live(step, step);
        if (report !== undefined) keepHouse(report);
      }
    };
    let count = 0;
    const ask = (isOnOffer: boolean): number => {
      count += 1;
      const [imdbId, tmdbId] = [`tt9${String(count).padStart(6, '0')}`, 910_000 + count];
      sandbox.world.addMovie({ tmdbId, imdbId, title: `Synthetic Number ${count}`, year: 2020 });
      if (isOnOffer) {
        const name = `Synthetic Number ${count} 2020 1080p BluRay x265-GRP`;
        sandbox.world.addRelease({ of: imdbId, name, cached: true });
      }
      return sandbox.seerr.request({ tmdbId, type: 'movie' });
    };
    // One that is searched for all that time.
    ask(false);
    const sizes: number[] = [];
    for (let week = 0; week < 104; week += 1) {
      const asked = Array.from({ length: A_WEEK }, () => ask(true));
      await live(AT_ONCE, 2 * MINUTE);
      await live(WEEK - AT_ONCE, 8 * HOUR);
      expect(asked.map((id) => sandbox.seerr.state(id)?.status)).toEqual(asked.map(() => 5));
      sizes.push(statSync(databaseFile(config.data.dir)).size);
    }
    process.stderr.write(
      `database: ${[12, 25, 51, 77, 103].map((week) => `${Math.round((sizes[week] ?? 0) / 1024)} kB in week ${week + 1}`).join(', ')}\n`,
    );
    expect(Math.max(...sizes.slice(52))).toBeLessThanOrEqual(1.1 * Math.max(...sizes.slice(0, 52)));
    expect(listBackups(config.data.dir, clock.now())).toHaveLength(config.data.backups);
    await home.stop();
  },
  600_000,
);
