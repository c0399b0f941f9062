import type { Fault, Sandbox } from '../../src/sandbox/index.js';
import { type Life, lives, MINUTE, SECOND } from '../lives/lives.js';
import { shapesOf } from '../support/secrets.js';

/** Every operation of a life on compressed time, whatever can go wrong with it, and who is to pay for that. */

export type Service = 'seerr' | 'torrentio' | 'realDebrid' | 'jellyfin';
/** `none`: it is no failure, or cannot be told from success. */
export type Class = 'source' | 'throttle' | 'account' | 'release' | 'ours' | 'none';

export interface Operation {
  service: Service;
  /** As the stand-in calls it. */
  name: string;
  life: Life;
  /** Its answer is not read: only its status and whether it is a web page count. */
  bodiless?: boolean;
  /** What is played where the release pays for it. */
  whenRefused?: Life;
}

export interface Column {
  name: string;
  fault: Fault | 'refused' | 'late';
  class: Class;
}

const named = (name: string): Life => {
  const life = lives.find((one) => one.name === name);
  if (life === undefined) {
    throw new Error(`no life is called ${name}`);
  }
  return life;
};

const movie = named('cached movie');
/** The program starts with it, so that nothing that it remembers for an hour is there yet. */
const cold = named('cached movie, from the start of the program on');
const season = named('season by one pack');
const files = named('first candidate refused by its files');
const instant = named('cached movie, where Real-Debrid can be asked what it has');
const marked = named('closing of a 4K movie: Seerr’s scan, then a mark');
const unprobed: Life = { ...marked, options: { sandbox: { jellyfin: { unprobed: true } } } };

/** So many active torrents that the account’s limit is asked for; they end before those of later plays would fill it. */
const busy: Life = {
  name: 'cached movie, in a busy account',
  begin: async (stage) => {
    const scene = await cold.begin(stage);
    const { realDebrid } = stage.post.sandbox;
    const foreign = [1, 2, 3, 4, 5].map((n) =>
      realDebrid.addForeign(
        stage.release(`480p x265-OTHER${n}`, { listed: false, cached: false, downloadMs: 60 * MINUTE }),
        {
          select: 'all',
        },
      ),
    );
    return { ...scene, foreign };
  },
};

/** Two of the same, of which one is refused. */
const spare: Life = {
  name: 'cached movie, of which there is another release',
  begin: (stage) => {
    stage.addMovie();
    stage.release('1080p BluRay x265-GRP', { seeders: 5000 });
    const hash = stage.release('720p BluRay x265-NEXT');
    return { holds: [{ hash, files: [1] }], adds: 2, closed: [stage.requestMovie()] };
  },
};

const of = (service: Service, rows: [string, Life, 'bodiless'?][]): Operation[] =>
  rows.map(([name, life, bodiless]) => ({ service, name, life, ...(bodiless ? { bodiless: true } : {}) }));

export const operations: Operation[] = [
  ...of('seerr', [
    ['approvedList', movie],
    ['request', movie],
    ['movie', movie],
    ['show', season],
    ['season', season],
    ['radarrSettings', cold],
    ['sonarrSettings', cold],
    ['publicSettings', cold],
    ['jobs', movie],
    ['runJob', movie, 'bodiless'],
    ['markMedia', marked, 'bodiless'],
  ]),
  ...of('torrentio', [['stream', movie]]),
  ...of('realDebrid', [
    ['user', cold],
    ['list', movie],
    ['info', movie],
    ['addMagnet', files],
    ['delete', files, 'bodiless'],
    ['instantAvailability', instant],
    ['activeCount', busy],
  ]),
  { service: 'realDebrid', name: 'selectFiles', life: files, bodiless: true, whenRefused: spare },
  ...of('jellyfin', [
    ['items', cold],
    ['itemsChanged', movie],
    ['itemsByIds', movie],
    ['episodes', season],
    ['playbackInfo', unprobed],
    ['tasks', movie],
    ['startTask', movie, 'bodiless'],
  ]),
];

const FLOOD = 52_428_800;

/** As each service words it; Real-Debrid's codes are what counts there. */
const refusals: Record<Service, Record<number, unknown>> = {
  seerr: {
    400: { message: 'request/query must have no more', errors: [{ path: '/x', message: 'wrong' }] },
    401: { message: "cookie 'connect.sid' required", errors: [{}] },
    403: { status: 403, error: 'You do not have permission to access this endpoint' },
    404: { message: 'not found', errors: [{}] },
  },
  torrentio: { 500: '{"err":"handler error"}' },
  realDebrid: {
    400: { error: 'wrong_parameter', error_code: 2 },
    401: { error: 'bad_token', error_code: 8 },
    403: { error: 'permission_denied', error_code: 9 },
    404: { error: 'unknown_ressource', error_code: 7 },
    429: { error: 'too_many_requests', error_code: 34 },
    500: { error: 'internal_error', error_code: -1 },
    503: { error: 'service_unavailable', error_code: 25 },
  },
  jellyfin: {
    400: { type: 'x', title: 'One or more validation errors occurred.', status: 400, errors: { limit: ['wrong'] } },
    500: 'Error processing request.',
  },
};

/** Numbers for texts and texts for numbers, all the way down. */
const swapped = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(swapped);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, swapped(one)]));
  }
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value.length : 'nonsense';
};

const statuses = (service: Service, words: string): Column[] => {
  const is = (status: number): Class => {
    if (status === 429) {
      return 'throttle';
    }
    if (status === 401 || status === 403) {
      return service === 'torrentio' ? 'source' : 'account';
    }
    return status < 500 ? 'ours' : 'source';
  };
  const leaky = (status: number): unknown => {
    const body = refusals[service][status] ?? { message: 'no' };
    const more = (value: unknown) => (typeof value === 'string' ? `${value} ${words}` : value);
    return typeof body === 'string'
      ? more(body)
      : Object.fromEntries(
          Object.entries({ ...(body as object), detail: '' }).map(([key, value]) => [key, more(value)]),
        );
  };
  const all = [400, 401, 403, 404, 429, 500, 503].map(
    (status): Column => ({ name: String(status), fault: { status, body: leaky(status) }, class: is(status) }),
  );
  const patient = { status: 429, body: leaky(429), headers: { 'retry-after': '120' } };
  return [...all, { name: '429 with Retry-After', fault: patient, class: 'throttle' }];
};

/** Everything that a service says about itself holds this secret, in each shape: it must not get out that way. */
export const columns = (service: Service, secret: string): Column[] =>
  columnsSaying(service, shapesOf([secret]).join(' '));

const columnsSaying = (service: Service, words: string): Column[] => [
  { name: 'refused', fault: 'refused', class: 'source' },
  { name: 'too late', fault: 'late', class: 'source' },
  { name: 'never', fault: { hang: true }, class: 'source' },
  { name: 'reset before', fault: { resetBefore: true }, class: 'source' },
  { name: 'reset after', fault: { resetAfter: true }, class: 'source' },
  ...statuses(service, words),
  { name: 'web page with 200', fault: { status: 200, html: `<html>Sign in ${words}</html>` }, class: 'source' },
  { name: 'half of the answer', fault: { truncated: true }, class: 'source' },
  { name: 'half of its JSON', fault: { body: (real: string) => real.slice(0, real.length / 2) }, class: 'source' },
  { name: 'another type', fault: { body: JSON.stringify(words) }, class: 'ours' },
  {
    name: 'other types inside',
    fault: { body: (real: string) => (real === '' ? real : swapped(JSON.parse(real))) },
    class: 'ours',
  },
  { name: '50 MB', fault: { flood: FLOOD }, class: 'source' },
  { name: 'gzip bomb', fault: { bomb: FLOOD + 10_000_000 }, class: 'source' },
  { name: 'a byte now and then', fault: { drip: 200 }, class: 'source' },
];

/** What does not follow from the column alone. */
const exceptions: Record<string, Class> = {
  // Real-Debrid says of one torrent that it will not take it, has no such one, or no such file in it.
  'addMagnet 400': 'release',
  'selectFiles 400': 'release',
  'selectFiles 404': 'release',
  'info 404': 'none',
  'delete 404': 'none',
  // A file that it cannot read, or that is gone, is nothing wrong with Jellyfin.
  'playbackInfo 404': 'none',
  'playbackInfo 500': 'none',
  // Streams without a torrent are the addon's way to say that it cannot.
  'stream other types inside': 'source',
};

/** An answer may be so short that it comes in time, or hold nothing whose type could be wrong. */
export const MAY_PASS: ReadonlySet<string> = new Set(['other types inside', 'a byte now and then']);

/** Real-Debrid says that it is gone, and it is not: that shows with the next list. */
export const isLie = ({ name }: Operation, column: Column): boolean => name === 'delete' && column.name === '404';

/** Columns whose harm is in a body. */
const IN_THE_BODY = new Set([
  'another type',
  'other types inside',
  'half of the answer',
  'half of its JSON',
  'a byte now and then',
]);

/** null = any of them will do. */
export const expectedClass = (operation: Operation, column: Column): Class | null => {
  if (operation.bodiless && IN_THE_BODY.has(column.name)) {
    return null;
  }
  return exceptions[`${operation.name} ${column.name}`] ?? column.class;
};

/**
 * What is said of one torrent is held against that one: said again and again it would leave none. And a mark that Seerr
 * refuses three times is left to a human.
 */
export const strikesOnce = ({ name }: Operation, column: Column): boolean =>
  ['addMagnet', 'selectFiles', 'markMedia'].includes(name) && (column.name === '400' || column.name === '404');

/** Longer than the time limit of any of its calls. */
export const lateness: Record<Service, number> = {
  seerr: 55 * SECOND,
  torrentio: 30 * SECOND,
  realDebrid: 70 * SECOND,
  jellyfin: 40 * SECOND,
};

export const secretOf = (sandbox: Sandbox, service: Service, addonKey: string): string =>
  service === 'torrentio' ? addonKey : service === 'realDebrid' ? sandbox.realDebrid.token : sandbox[service].apiKey;
