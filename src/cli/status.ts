import { serviceLabels } from '../domain/errors.js';
import { oneLine } from '../log/redact.js';
import { version } from '../root.js';
import { DAEMON, type RequestStatusDocument, type StatusDocument, statusDocument } from '../status.js';
import { isLocked } from '../store/lock.js';
import { openExisting } from './existing.js';
import { type CommonFlags, type ExitCode, exit, type Io } from './io.js';
import { table } from './table.js';

export interface StatusFlags extends CommonFlags {
  json?: boolean;
}

/** `status`: every open request, its wants and their states; works beside a running daemon. */
export const status = (io: Io, flags: StatusFlags): ExitCode =>
  openExisting(io, flags, (store, { data }) => {
    const daemon = isLocked(data.dir) ? store.state.get<{ startedAt: number }>(DAEMON) : undefined;
    const document = statusDocument(store, version(), io.clock.now(), daemon?.startedAt ?? null);
    io.out(flags.json === true ? JSON.stringify(document) : describe(document, io.clock.now()));
    return exit.ok;
  });

const describe = (document: StatusDocument, now: number): string => {
  const { lastTick, startedAt, requests, calls } = document;
  const running = startedAt === null ? 'not running' : `running since ${startedAt}`;
  const tick =
    lastTick === null
      ? 'no tick yet'
      : `last tick ${lastTick.at}${lastTick.error === null ? '' : ` (${lastTick.error})`}`;
  const rows = requests.flatMap((request) => requestRows(request, now));
  const body =
    rows.length === 0
      ? 'No open requests.'
      : table(
          [{ head: 'id', right: true }, { head: 'title', stretch: true }, { head: 'state' }, { head: 'next' }],
          rows,
        );
  const attention = document.attention.map(({ requestId, message, hint }) =>
    oneLine(`${requestId === null ? 'Needs you' : `#${requestId} needs you`}: ${message}. ${hint}`),
  );
  // What a person must end stands above.
  const waits = document.leftAlone
    .filter((pause) => !document.attention.some(({ message }) => message === pause.message))
    .map(({ service, message, hint, until }) =>
      oneLine(`${serviceLabels[service]} is left alone, tried again ${moment(until, now)}: ${message}. ${hint ?? ''}`),
    );
  return [
    `fulfillarr ${document.version}: ${running}; ${tick}`,
    '',
    body,
    ...(attention.length === 0 ? [] : ['', ...attention]),
    ...(waits.length === 0 ? [] : ['', ...waits]),
    '',
    `Calls in 24 h: Seerr ${calls.seerr}, Torrentio ${calls.torrentio}, Real-Debrid ${calls.realDebrid}, Jellyfin ${calls.jellyfin}`,
  ].join('\n');
};

const requestRows = (request: RequestStatusDocument, now: number): string[][] => {
  const title = `${request.title ?? `tmdb:${request.tmdbId}`}${request.year === null ? '' : ` (${request.year})`}${request.is4k ? ' [4K]' : ''}`;
  const head = [String(request.id), title, request.state, ''];
  if (request.type === 'movie' && request.wants.length === 1) {
    const [want] = request.wants;
    return want === undefined || request.state === 'fulfilled'
      ? [head]
      : [[...head.slice(0, 2), wantLabel(want), nextLabel(want, now)]];
  }
  const groups = new Map<string, number>();
  for (const want of request.wants) {
    const key = `${wantLabel(want)}|${nextLabel(want, now)}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const parts = [...groups].map(([key, count]) => {
    const [label = '', next = ''] = key.split('|');
    return ['', `  ${count} episodes`, label, next];
  });
  return request.state === 'fulfilled' ? [head] : [head, ...parts];
};

type Want = RequestStatusDocument['wants'][number];

const wantLabel = ({ state, grab }: Want): string =>
  state === 'in-flight' && grab !== null
    ? grab.state === 'downloading'
      ? `downloading ${grab.progress} %`
      : grab.state
    : state;

const nextLabel = ({ state, nextActionAt }: Want, now: number): string => {
  if (state === 'in-library' || nextActionAt === null) {
    return '';
  }
  return moment(nextActionAt, now);
};

const moment = (at: string, now: number): string => (Date.parse(at) <= now ? 'now' : at.slice(0, 16).replace('T', ' '));
