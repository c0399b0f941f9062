import { expect } from '@jest/globals';
import { type Outpost, outpost } from '../support/outpost.js';
import { type Life, MINUTE, type Scene, Stage } from './lives.js';

/** Plays lives one after the other in one world, disturbs them, and looks at what has become of the world. */

/** From the end of a life on: long enough for whatever is not wanted any more to be gone. */
const AFTERWARDS = 4 * MINUTE;
const LONGEST_LIFE = 180 * MINUTE;
/** Half as many looks as by default, so half as many calls at which nothing happens. */
const EVERY_MINUTE = '0 * * * * *';

/** Called when the scene is set, before anything of it has happened. Returns what undoes it at the end of the life. */
export type Disturb<T> = (post: Outpost) => () => T | Promise<T>;

/** A world in which lives are played. What is to be in it is known from what was played; it is judged by the stand-ins. */
export interface Theatre {
  post: Outpost;
  /** Throws when the world is not as it should be afterwards; `untidy` = its entries only have to be by the next play. */
  play<T>(life: Life, disturb: Disturb<T>, options?: { untidy?: boolean }): Promise<T>;
}

export const theatre = async (
  { options = {} }: Pick<Life, 'options'>,
  { afterwards = AFTERWARDS }: { afterwards?: number } = {},
): Promise<Theatre> => {
  const post = await outpost({ ...options, env: { FULFILLARR_SCHEDULE_POLL: EVERY_MINUTE, ...options.env } });
  let plays = 0;
  let holds: Scene['holds'] = [];
  const bystander = addBystander(post);
  let foreign = [{ id: bystander, selected: selectedOf(post, bystander) }];
  post.start();
  await post.awake();
  return {
    post,
    play: async (life, disturb, { untidy = false } = {}) => {
      plays += 1;
      const begun = post.log.length;
      const scene = await life.begin(new Stage(post, plays));
      const { realDebrid, seerr } = post.sandbox;
      holds = [...holds, ...scene.holds];
      const createdBefore = realDebrid.created;
      const undo = disturb(post);
      await scene.act?.();
      foreign = [...foreign, ...(scene.foreign ?? []).map((id) => ({ id, selected: selectedOf(post, id) }))];
      await post.clock.until(() => scene.closed.every((id) => seerr.state(id)?.status === 5), LONGEST_LIFE);
      await post.clock.pass(MINUTE);
      const outcome = await undo();
      await post.clock.pass(afterwards);
      if (!untidy) {
        expectEntries(post, holds, foreign);
      }
      expectRequests(post, scene);
      expect(realDebrid.created - createdBefore).toBeLessThanOrEqual(scene.adds);
      expectManners(post, post.log.slice(begun));
      return outcome;
    },
  };
};

/** A film of the users' own, in the account since long ago. */
const addBystander = ({ sandbox: { world, realDebrid } }: Outpost): string => {
  const imdbId = 'tt9900001';
  world.addMovie({ tmdbId: 990_001, imdbId, title: 'Household Treasure', releaseDate: '2019-01-01', runtime: 90 });
  const { hash } = world.addRelease({
    of: imdbId,
    name: 'Household Treasure 2019 1080p BluRay x265-OWN',
    cached: true,
  });
  return realDebrid.addForeign(hash, { select: 'all' });
};

const selectedOf = ({ sandbox }: Outpost, id: string): number[] =>
  sandbox.realDebrid.entries().find((entry) => entry.id === id)?.selected ?? [];

/** Exactly one torrent of ours for each wanted hash, with the wanted files; those of others as they were. */
const expectEntries = (post: Outpost, holds: Scene['holds'], foreign: { id: string; selected: number[] }[]): void => {
  const entries = post.sandbox.realDebrid.entries();
  const ours = entries.filter(({ by }) => by === 'api');
  const shape = (hash: string, files: number[]) => `${hash} ${files}`;
  expect(ours.map(({ hash, selected }) => shape(hash, selected)).sort()).toEqual(
    holds.map(({ hash, files }) => shape(hash, files)).sort(),
  );
  expect(ours.filter(({ status }) => status !== 'downloaded')).toEqual([]);
  const others = entries.filter(({ by }) => by !== 'api').map(({ id, selected }) => ({ id, selected }));
  expect(others.reverse()).toEqual(foreign);
};

/** Closed, and the requester told once. */
const expectRequests = ({ sandbox: { seerr } }: Outpost, { closed }: Scene): void => {
  expect(closed.map((id) => [id, seerr.state(id)?.status, seerr.timesTold(id)])).toEqual(
    closed.map((id) => [id, 5, 1]),
  );
};

const expectManners = ({ sandbox: { realDebrid, seerr } }: Outpost, log: string): void => {
  expect(realDebrid.throttled).toBe(0);
  expect(realDebrid.addedByResolve).toBe(0);
  expect(realDebrid.counts().unrestrictLink ?? 0).toBe(0);
  expect(seerr.abortedJobs).toBe(0);
  expect(log.split('\n').filter((line) => /unexpected| ERROR /.test(line))).toEqual([]);
};
