import { afterEach, describe, expect } from '@jest/globals';
import type { Fault } from '../../src/sandbox/index.js';
import { MINUTE, SECOND, Stage } from '../lives/lives.js';
import { type Outpost, type OutpostOptions, outpost } from '../support/outpost.js';
import { numberedTest } from '../support/part.js';

/** Who pays for a failure, seen from outside: what is called and when, what is said, and what is there in the end. */

const HOUR = 60 * MINUTE;
/** Real time (ms). */
const LIMIT = 900_000;

let post: Outpost;
afterEach(() => post.clear());

const test = numberedTest();

const begin = async (options?: OutpostOptions): Promise<Outpost> => {
  post = await outpost(options);
  post.start();
  await post.awake();
  return post;
};

type Service = 'seerr' | 'torrentio' | 'realDebrid' | 'jellyfin';

let titles = 0;
/** A cached movie and a request for it. */
const askForMovie = (spec: { cached?: boolean; downloadMs?: number } = {}) => {
  titles += 1;
  const stage = new Stage(post, titles);
  stage.addMovie();
  const hash = stage.release('1080p BluRay x265-GRP', spec);
  return { stage, hash, id: stage.requestMovie() };
};
const isClosed = (id: number) => post.sandbox.seerr.state(id)?.status === 5;
const entriesOf = (hash: string) => post.sandbox.realDebrid.entriesOf(hash);
const callsTo = (service: Service, from: number, until = Number.POSITIVE_INFINITY) =>
  post.sandbox[service].requests.filter(({ at }) => at >= from && at < until);
const always = (service: Service, operation: string, fault: Fault) =>
  post.sandbox[service].faults.fail(operation, { times: Number.POSITIVE_INFINITY, ...fault });
/** Lines of trouble, and of its end. */
const alarms = (from: number) =>
  post.log
    .slice(from)
    .split('\n')
    .filter((line) => / (WARN|ERROR) |is well again/.test(line));

const down: [Service, Fault][] = [
  ['seerr', { status: 503 }],
  ['torrentio', { status: 502, html: true }],
  ['realDebrid', { status: 503, html: true }],
  ['jellyfin', { status: 503 }],
];

describe('a service that is away for six hours', () => {
  for (const [service, fault] of down) {
    test(
      `${service}: a handful of calls, one line when it goes and one when it is back`,
      async () => {
        await begin();
        const { clock } = post;
        const lift = always(service, '*', fault);
        const from = clock.now();
        const said = post.log.length;
        const { id } = askForMovie();
        await clock.pass(3 * HOUR);
        await post.die();
        const restarted = clock.now();
        post.start();
        await clock.pass(3 * HOUR);
        // Three attempts at most each time: at once, again, a minute later, then 5, 15, 30 minutes and hours apart.
        expect(callsTo(service, from).length).toBeGreaterThan(8);
        expect(callsTo(service, from).length).toBeLessThan(45);
        // The restart is no reason to begin anew.
        expect(callsTo(service, restarted, restarted + HOUR).length).toBeLessThanOrEqual(3);
        expect(isClosed(id)).toBe(false);
        lift();
        expect(await clock.until(() => isClosed(id), 90 * MINUTE)).toBe(true);
        expect(alarms(said).map((line) => /well again|WARN|ERROR/.exec(line)?.[0])).toEqual(['WARN', 'well again']);
      },
      LIMIT,
    );
  }

  test(
    'not running at all',
    async () => {
      await begin();
      const { clock, sandbox } = post;
      const back = sandbox.seerr.refuse();
      const said = post.log.length;
      await clock.pass(6 * HOUR);
      await back();
      const { id } = askForMovie();
      expect(await clock.until(() => isClosed(id), 90 * MINUTE)).toBe(true);
      expect(alarms(said).map((line) => /well again|WARN|ERROR/.exec(line)?.[0])).toEqual(['WARN', 'well again']);
    },
    LIMIT,
  );
});

describe('told to slow down', () => {
  const waits: [string, number][] = [
    ['300', 5 * MINUTE],
    ['86400', HOUR],
  ];
  for (const [after, wait] of waits) {
    test(
      `Retry-After ${after}: that long, and an hour at most`,
      async () => {
        await begin();
        const { clock } = post;
        always('realDebrid', 'addMagnet', { times: 1, status: 429, headers: { 'retry-after': after } });
        const { id, hash } = askForMovie();
        await clock.until(() => callsTo('realDebrid', 0).some(({ status }) => status === 429), HOUR, SECOND);
        const refusedAt = callsTo('realDebrid', 0).find(({ status }) => status === 429)?.at ?? 0;
        expect(await clock.until(() => isClosed(id), 3 * HOUR)).toBe(true);
        const next = callsTo('realDebrid', refusedAt + 1)[0]?.at ?? 0;
        expect(next - refusedAt).toBeGreaterThanOrEqual(wait);
        expect(next - refusedAt).toBeLessThan(wait + 2 * MINUTE);
        expect(entriesOf(hash)).toHaveLength(1);
      },
      LIMIT,
    );
  }

  test(
    '429 wherever it comes is no release’s fault: the best one is taken all the same',
    async () => {
      await begin();
      const { clock, sandbox } = post;
      for (const operation of ['addMagnet', 'info', 'selectFiles', 'list', 'delete']) {
        always('realDebrid', operation, { times: 1, status: 429, body: { error: 'slow_down', error_code: 5 } });
      }
      const { stage, id, hash } = askForMovie();
      stage.release('720p BluRay x265-NEXT');
      expect(await clock.until(() => isClosed(id), 6 * HOUR)).toBe(true);
      expect(sandbox.realDebrid.entries().map((entry) => entry.hash)).toEqual([hash]);
    },
    LIMIT,
  );

  test(
    '35 right behind a throttle is the throttle’s: the release is tried again',
    async () => {
      await begin();
      const { clock, sandbox } = post;
      const first = askForMovie();
      const second = askForMovie();
      // The first title's files are asked for while the second one's add is under way.
      sandbox.realDebrid.faults.fail('info', { status: 429, body: { error: 'too_many_requests', error_code: 34 } });
      let adds = 0;
      sandbox.realDebrid.tap(async (phase, { operation }) => {
        adds += phase === 'before' && operation === 'addMagnet' ? 1 : 0;
        if (phase === 'before' && operation === 'addMagnet' && adds === 2) {
          await clock.until(() => callsTo('realDebrid', 0).some(({ status }) => status === 429), 10 * SECOND, 100);
        }
      });
      sandbox.realDebrid.faults.fail('addMagnet', {
        after: 1,
        status: 451,
        body: { error: 'infringing_file', error_code: 35 },
      });
      expect(await clock.until(() => isClosed(first.id) && isClosed(second.id), 6 * HOUR)).toBe(true);
      expect([first, second].map(({ hash }) => entriesOf(hash).length)).toEqual([1, 1]);
    },
    LIMIT,
  );
});

describe('trouble with the account', () => {
  const codes: [number, string, number, string][] = [
    [8, 'bad_token', 401, '*'],
    [9, 'permission_denied', 403, 'addMagnet'],
    [14, 'account_locked', 403, '*'],
    [20, 'hoster_not_free', 403, 'addMagnet'],
    [22, 'ip_not_allowed', 403, 'addMagnet'],
    [23, 'traffic_exhausted', 403, 'addMagnet'],
    [36, 'fair_usage_limit', 403, 'addMagnet'],
  ];

  for (const [code, error, status, where] of codes) {
    test(
      `${code} ${error}: writes pause, the rest goes on, and it resumes alone`,
      async () => {
        await begin();
        const { clock, sandbox } = post;
        const under = askForMovie();
        await clock.until(() => post.log.includes('ready: Synthetic'), 10 * MINUTE, SECOND);
        const lift = always('realDebrid', where, { status, body: { error, error_code: code } });
        const from = clock.now();
        const said = post.log.length;
        const { id, hash } = askForMovie();
        await clock.pass(3 * HOUR);
        // What was under way has come to its end meanwhile.
        expect(isClosed(under.id)).toBe(true);
        expect(isClosed(id)).toBe(false);
        const tries = callsTo('realDebrid', from).filter((call) => call.status === status).length;
        expect(tries).toBeGreaterThan(10);
        expect(tries).toBeLessThanOrEqual(20);
        // Once an hour, when its answer is no longer remembered.
        expect(sandbox.torrentio.counts().stream).toBeLessThanOrEqual(5);
        lift();
        expect(await clock.until(() => isClosed(id), HOUR)).toBe(true);
        expect(entriesOf(hash)).toHaveLength(1);
        const lines = alarms(said);
        expect(lines).toHaveLength(2);
        // With what can be done about it.
        expect(lines[0]).toMatch(/ERROR .*tried again in 10 min, everything else goes on\. .+\./);
        expect(lines[1]).toContain('Real-Debrid is well again');
      },
      LIMIT,
    );
  }

  test(
    'all slots taken: nothing is added, what is there goes on',
    async () => {
      await begin();
      const { clock, sandbox } = post;
      const leaving = askForMovie({ cached: false, downloadMs: 10 * HOUR });
      await clock.until(() => entriesOf(leaving.hash)[0]?.status === 'downloading', 10 * MINUTE, SECOND);
      const lift = always('realDebrid', 'addMagnet', {
        status: 509,
        body: { error: 'too_many_active_downloads', error_code: 21 },
      });
      const { id, hash } = askForMovie();
      await clock.pass(10 * MINUTE);
      sandbox.seerr.deleteRequest(leaving.id);
      // Deletes are no adds.
      expect(await clock.until(() => entriesOf(leaving.hash).length === 0, 5 * MINUTE)).toBe(true);
      lift();
      expect(await clock.until(() => isClosed(id), HOUR)).toBe(true);
      expect(entriesOf(hash)).toHaveLength(1);
    },
    LIMIT,
  );
});

describe('Cloudflare in between', () => {
  test(
    'refuses us at the addon’s door: nothing is held against the title, and it is said what helps',
    async () => {
      await begin();
      const { clock, sandbox } = post;
      sandbox.torrentio.settings.blocked = true;
      const said = post.log.length;
      const { id } = askForMovie();
      await clock.pass(3 * HOUR);
      sandbox.torrentio.settings.blocked = false;
      expect(await clock.until(() => isClosed(id), 90 * MINUTE)).toBe(true);
      expect(alarms(said)[0]).toMatch(/Torrentio refuses this address.*torrentio\.proxy/);
      expect(alarms(said)).toHaveLength(2);
    },
    LIMIT,
  );

  test(
    'a page with 403 in front of Real-Debrid is no word about the account',
    async () => {
      await begin();
      const { clock } = post;
      const lift = always('realDebrid', '*', { status: 403, html: '<html>Attention Required! | Cloudflare</html>' });
      const said = post.log.length;
      const { id } = askForMovie();
      await clock.pass(HOUR);
      lift();
      expect(await clock.until(() => isClosed(id), 90 * MINUTE)).toBe(true);
      const lines = alarms(said);
      expect(lines[0]).toMatch(/WARN .*a gateway in front of Real-Debrid answers with a web page/);
      expect(lines).toHaveLength(2);
    },
    LIMIT,
  );
});
