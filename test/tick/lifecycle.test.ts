import { afterEach, describe, expect, test } from '@jest/globals';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Household, household, type HouseholdOptions } from '../support/household.js';

const MINUTE = 60_000;
let home: Household;
const move = async (options?: HouseholdOptions) => {
  home = await household(options);
  return home;
};
afterEach(() => home.stop());

describe('a cached movie', () => {
  test('is grabbed, shown by Jellyfin and closed in Seerr', async () => {
    const { sandbox, live } = await move();
    const { imdbId, tmdbId } = OPEN_TITLES.sintel;
    const { hash } = sandbox.world.addRelease({ of: imdbId, name: 'Sintel 2010 1080p BluRay x265-GRP', cached: true });
    const id = sandbox.seerr.request({ tmdbId, type: 'movie' });
    await live(5 * MINUTE);
    console.error(home.log.map((l) => `${l.level} ${l.message}`).join('\n'));
    expect(sandbox.realDebrid.entriesOf(hash)).toHaveLength(1);
    expect(sandbox.seerr.state(id)?.status).toBe(5);
  });
});
