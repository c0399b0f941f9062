import type { Clock } from '../../clock.js';
import type { RawAnswer } from '../http/answer.js';
import type { Http } from '../http/call.js';
import type { Limiter } from '../http/limiter.js';
import type { Guard } from '../http/pause.js';
import { wholeList } from '../http/wholeList.js';
import type { TorrentEntry, TorrentList } from '../ports.js';
import { listAnswer, toEntry } from './wire.js';

/** The API allows up to 5000. */
const PAGE = 2_500;
const MAX_PAGES = 40;

export interface ListOptions {
  http: Http;
  guard: Guard;
  clock: Clock;
  /** `GET /torrents` has its own, lower limit. */
  lane: Limiter;
  timeoutMs: number;
}

interface Page {
  rows: TorrentEntry[];
  /** X-Total-Count; undefined = missing or no number. */
  total: number | undefined;
}

/**
 * The whole account. Pages are addressed by number over a list that may move meanwhile, so it counts only when every
 * page names the same total and that many different torrents were seen.
 */
export const listTorrents = (options: ListOptions): Promise<TorrentList> =>
  wholeList(
    {
      operation: 'list',
      guard: options.guard,
      message: 'Real-Debrid’s torrent list is not complete: it does not add up to its X-Total-Count',
      hint: 'Nothing is added meanwhile; if this lasts, see whether a proxy in between drops the header X-Total-Count.',
    },
    () => sweep(options),
  );

async function sweep(options: ListOptions): Promise<TorrentList | null> {
  const startedAt = options.clock.now();
  const entries = new Map<string, TorrentEntry>();
  let total: number | undefined;
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const page = await readPage(options, number);
    const sum = page.total ?? total;
    if (sum === undefined || (total !== undefined && sum !== total)) return null;
    total = sum;
    for (const row of page.rows) entries.set(row.id, row);
    if (entries.size >= total || page.rows.length === 0) break;
  }
  return total !== undefined && entries.size >= total ? { entries: [...entries.values()], startedAt } : null;
}

async function readPage({ http, lane, timeoutMs }: ListOptions, page: number): Promise<Page> {
  const { data, status, header } = await http.call({
    operation: 'list',
    method: 'GET',
    path: '/torrents',
    query: { limit: PAGE, page },
    schema: listAnswer,
    effect: 'read',
    safe: true,
    timeoutMs,
    lanes: [lane],
    special: (raw) => (isNothing(raw, page) ? { value: [] } : undefined),
  });
  const count = header('x-total-count') ?? '';
  if (/^\d+$/.test(count)) return { rows: data.map(toEntry), total: Number(count) };
  return { rows: data.map(toEntry), total: page === 1 && status === 204 ? 0 : undefined };
}

/** An empty account is a 204; behind the last page reports differ between 204 and 404. */
const isNothing = ({ status, html }: RawAnswer, page: number): boolean =>
  status === 204 || (status === 404 && page > 1 && !html);
