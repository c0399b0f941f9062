import type { z } from 'zod';
import type { NameFilter, QualityProfile } from '../domain/profile.js';
import { components } from '../log/components.js';
import { cronFault, isTimezone } from './cron.js';
import { choice, duration, durations, integer, secret, section, text, wordList, yesNo } from './keys.js';
import { links } from './linksSchema.js';
import { selection } from './selection.js';
import { jellyfin, realDebrid, seerr, torrentio } from './serviceSchemas.js';
import { urlFault } from './url.js';

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
  tickDeadline: duration({
    byDefault: '30m',
    max: '24h',
    why: 'A pass that takes longer is broken off; the next one goes on where it stood. 0s never breaks one off.',
  }),
  alarmAfter: integer({
    byDefault: 20,
    min: 3,
    max: 100_000,
    unit: 'passes',
    why: 'Something is due and nothing comes of it, pass after pass, with no reason known: health turns red.',
  }),
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
  scan: yesNo({ byDefault: true, why: 'Ask Jellyfin to scan when a download is ready, or to look at the new links.' }),
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
  links,
});

const data = section('Where the memory is.', {
  dir: text(
    { byDefault: './data', restart: true, why: 'The folder of fulfillarr.db; one instance per folder.' },
    'a folder; a relative one starts at the working directory',
    (value) => (value.trim() === '' ? 'name a folder' : pathFault(value)),
  ),
  backups: integer({
    byDefault: 7,
    min: 0,
    max: 365,
    unit: 'files, 0 = no backups',
    why: 'A copy of the database is made once a day into backups/ beside it, and so many are kept.',
  }),
  history: duration({
    byDefault: '90d',
    why: 'What is over is remembered this long: decisions and calls for `explain`, and ended requests.',
  }),
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
  fileSizeMb: integer({
    byDefault: 10,
    min: 1,
    max: 10_000,
    restart: true,
    unit: 'MB',
    why: 'The file is rotated at this size.',
  }),
  filesKept: integer({
    byDefault: 5,
    min: 1,
    max: 100,
    restart: true,
    unit: 'files',
    why: 'The one that is written to and the rotated ones before it.',
  }),
  levels: wordList(
    { byDefault: [], why: 'Other levels for single parts, such as realDebrid=debug, which shows each call to it.' },
    `a list of part=level; the parts are ${components.join(', ')}`,
    new RegExp(`^(?:${components.join('|')})=(?:error|warn|info|debug)$`),
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
  webhookDelay: duration({
    byDefault: '1s',
    max: '1h',
    why: 'A call of the webhook causes a pass this much later, and so do all further ones until then.',
  }),
});

/** A messenger's address holds what lets us in. */
const target = (why: string) =>
  secret(
    {
      why,
      fault: (value) =>
        urlFault(value, { schemes: ['http', 'https'], query: true }) && 'it is no whole address of that kind',
    },
    'an http:// or https:// address, or empty',
  );

const notify = section('Messages about what needs you, once each, and when it is over. Empty addresses are off.', {
  watchable: yesNo({ byDefault: false, why: 'Tell also when something that was requested can be watched.' }),
  webhook: section('Any program that takes JSON by POST.', {
    url: target('Where the JSON is posted to.'),
    authorization: secret({ spaces: true, why: 'Sent as the Authorization header; empty sends none.' }, 'any text'),
  }),
  discord: section('A Discord channel.', { url: target("The channel's webhook address.") }),
  ntfy: section('An ntfy topic.', {
    url: target('The server with the topic, such as https://ntfy.sh/my-topic.'),
    token: secret({ why: 'An access token of the ntfy server; empty sends none.' }, 'an access token'),
  }),
  gotify: section('A Gotify server.', {
    url: target("The server's address."),
    token: secret({ why: "The application's token, needed with the address." }, "an application's token"),
  }),
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
  notify,
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
