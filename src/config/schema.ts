import type { z } from 'zod';
import type { NameFilter, QualityProfile } from '../domain/profile.js';
import { cronFault, isTimezone } from './cron.js';
import { choice, duration, durations, integer, secret, section, text, yesNo } from './keys.js';
import { selection } from './selection.js';
import { jellyfin, realDebrid, seerr, torrentio } from './serviceSchemas.js';

/** A folder or file name; `~` is the shell's business and would become a folder of that name. */
const pathFault = (path: string) => (path.startsWith('~') ? 'write the path out; ~ is not expanded' : undefined);

const schedule = section('When to look.', {
  poll: text(
    { byDefault: '*/30 * * * * *', why: "Each time, Seerr's requests are read and what is open is advanced." },
    'a cron expression of five fields, or six with seconds first',
    cronFault,
  ),
  timezone: text(
    { byDefault: '', why: 'The zone that the hours of `poll` are in; empty is that of the system.' },
    'a time zone such as Europe/Berlin, or empty',
    (value) => (value === '' || isTimezone(value) ? undefined : 'no such time zone is known here'),
  ),
});

const search = section('When to search for what is missing.', {
  backoff: durations({
    byDefault: ['5m', '15m', '1h', '6h', '24h'],
    why: 'The pauses after nothing acceptable was found; the last one repeats, weekly after 30 days.',
  }),
  theatricalDelay: duration({
    byDefault: '60d',
    why: 'A movie of which only theatrical dates are known is due this long after the first of them.',
  }),
  airDelay: duration({
    byDefault: '24h',
    max: '365d',
    why: 'An episode is due this long after 00:00 UTC of its air date.',
  }),
});

const limits = section('Brakes.', {
  newGrabsPerHour: integer({
    byDefault: 0,
    min: 0,
    max: 1_000_000,
    unit: 'releases per hour, 0 = no limit',
    why: 'How many releases may be newly added to the account; keeps a large backlog from flooding it.',
  }),
});

const services = section('What holds for each of the four services.', {
  backoff: durations({
    byDefault: ['0s', '1m', '5m', '15m', '30m', '1h'],
    why: 'A failing service is left alone this long, step by step; the others go on.',
  }),
});

const cache = section('How long an answer may be used again.', {
  streamsTtl: duration({ byDefault: '60m', max: '30d', why: "The addon's lists of releases; 0s always asks." }),
  availabilityTtl: duration({
    byDefault: '60m',
    max: '30d',
    why: "Real-Debrid's word on what is cached, and the file lists; 0s always asks.",
  }),
});

const inFlight = section('What has been added and is not in the library yet.', {
  ttl: duration({
    byDefault: '60m',
    max: '365d',
    why: 'For this long it is not searched again; then the download is looked at afresh.',
  }),
  stalledAfter: duration({
    byDefault: '60m',
    max: '365d',
    why: 'A download without any progress for this long is given up, and the next release tried.',
  }),
  maxAge: duration({ byDefault: '24h', max: '365d', why: 'The end of a download that is still not ready.' }),
});

const library = section('Bringing it into Jellyfin.', {
  scan: yesNo({ byDefault: true, why: 'Ask Jellyfin to scan when a download is ready.' }),
  rescanAfter: durations({
    byDefault: ['5m', '15m'],
    why: 'Ask again this long after the first scan, in case the mount was late.',
  }),
  notSeenAfter: duration({
    byDefault: '20m',
    max: '365d',
    why: 'Ready and scanned for this long and still not in Jellyfin: the request asks for your attention.',
  }),
  unseenRecheck: duration({
    byDefault: '6h',
    max: '365d',
    why: 'How often Jellyfin is asked again about what it did not show in that time.',
  }),
});

const data = section('Where the memory is.', {
  dir: text(
    { byDefault: './data', restart: true, why: 'The folder of fulfillarr.db; one instance per folder.' },
    'a folder; a relative one starts at the working directory',
    (value) => (value.trim() === '' ? 'name a folder' : pathFault(value)),
  ),
});

const log = section('What is told.', {
  level: choice(['error', 'warn', 'info', 'debug'], {
    byDefault: 'info',
    why: 'The least important kind of line that is still written.',
  }),
  format: choice(['text', 'json'], { byDefault: 'text', restart: true, why: 'For people, or for a log collector.' }),
  file: text(
    { byDefault: '', restart: true, why: 'A file to write to as well, rotated; empty writes to stderr only.' },
    'a file name, or empty',
    pathFault,
  ),
});

const http = section('Health, metrics, webhook and the status page.', {
  enabled: yesNo({
    byDefault: true,
    restart: true,
    why: 'Without it the container cannot tell whether it is healthy.',
  }),
  host: text(
    {
      byDefault: '127.0.0.1',
      restart: true,
      why: 'The address to listen on: 127.0.0.1 for this machine only, 0.0.0.0 for all (the Docker image sets that).',
    },
    'an IP address or a host name',
    (value) => (/^[\w.:-]+$/.test(value) ? undefined : 'only the address: no scheme, port or path'),
  ),
  port: integer({ byDefault: 8484, min: 0, max: 65_535, restart: true, why: 'The port to listen on; 0 takes any.' }),
  webhookSecret: secret(
    { spaces: true, why: "Seerr's webhook must send it as its Authorization header; empty switches the webhook off." },
    'any text',
  ),
});

export const configSchema = section('The configuration of fulfillarr.', {
  seerr,
  jellyfin,
  torrentio,
  realDebrid,
  schedule,
  search,
  limits,
  services,
  cache,
  inFlight,
  selection,
  library,
  data,
  log,
  http,
});

/** Read-only all the way down; what the domain knows under its own name keeps that type. */
type Fixed<T> = T extends QualityProfile | NameFilter
  ? Readonly<T>
  : T extends readonly (infer E)[]
    ? readonly Fixed<E>[]
    : T extends object
      ? { readonly [K in keyof T]: Fixed<T[K]> }
      : T;

/** The configuration in effect: the paths of the file, with durations in milliseconds. */
export type Config = Fixed<z.output<typeof configSchema>>;
