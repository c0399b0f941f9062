import { type ExplainDocument, explainDocument } from '../explain.js';
import { oneLine } from '../log/redact.js';
import { openExisting } from './existing.js';
import { type CommonFlags, type ExitCode, exit, type Io } from './io.js';
import { aimAt } from './target.js';

export interface ExplainFlags extends CommonFlags {
  json?: boolean;
}

/** `explain`: why a request is where it is. Several requests of one title: the newest open one. */
export const explain = (io: Io, text: string, flags: ExplainFlags): ExitCode =>
  openExisting(io, flags, (store) => {
    const { requests } = aimAt(store, text);
    const [request] = requests;
    if (request !== undefined) {
      const document = explainDocument(store, request, io.clock.now());
      io.out(flags.json === true ? JSON.stringify(document) : describe(document));
    }
    return exit.ok;
  });

const describe = ({ request, events, next }: ExplainDocument): string => {
  const title = `${request.title ?? `tmdb:${request.tmdbId}`}${request.year === null ? '' : ` (${request.year})`}${request.is4k ? ' [4K]' : ''}`;
  const attention =
    request.attention === null ? [] : [`Needs you: ${request.attention.message}. ${request.attention.hint}`];
  const lines = events.map(
    ({ at, kind, text }) => `${at.slice(0, 19).replace('T', ' ')}  ${kind.padEnd(10)}  ${oneLine(text, 400)}`,
  );
  return [
    `#${request.id} ${oneLine(title, 200)}: ${request.state}`,
    ...attention.map((line) => oneLine(line)),
    '',
    ...lines,
    '',
    `Calls charged to it: Torrentio ${request.calls.torrentio}, Real-Debrid ${request.calls.realDebrid}`,
    `Next: ${next.what}${next.at === null ? '' : ` (${next.at.slice(0, 19).replace('T', ' ')} UTC)`}`,
  ].join('\n');
};
