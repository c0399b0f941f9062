import type { AttentionItem } from '../attention.js';
import { oneLine } from '../log/redact.js';

/** One message to a person. */
export interface Notice {
  event: 'needs-you' | 'settled' | 'watchable';
  code: string;
  requestId: number | null;
  /** One line. */
  title: string;
  /** What happened and what to do; empty where the title says it all. */
  text: string;
  /** ISO 8601. */
  at: string;
}

/** What is kept of an item that was told, to be able to say that it is over. */
export type Told = Record<string, { code: string; title: string; requestId: number | null }>;

const TITLE = 150;
const TEXT = 1_000;

const headOf = ({ title, message }: Pick<AttentionItem, 'title' | 'message'>): string =>
  oneLine(title === null || message.includes(title) ? message : `${title}: ${message}`, TITLE);

/** What is to be said now that these things need somebody: each once when it begins, and once when it is over. Pure. */
export const noticesFor = (
  items: readonly AttentionItem[],
  told: Told,
  now: number,
): { notices: Notice[]; told: Told } => {
  const at = new Date(now).toISOString();
  const current: Told = {};
  const notices: Notice[] = [];
  for (const item of items) {
    const { id, code, requestId, message, hint } = item;
    const title = headOf(item);
    current[id] = told[id] ?? { code, title, requestId };
    if (told[id] === undefined) {
      notices.push({ event: 'needs-you', code, requestId, title, text: oneLine(`${message}. ${hint}`, TEXT), at });
    }
  }
  for (const [id, { code, title, requestId }] of Object.entries(told)) {
    if (current[id] === undefined) {
      notices.push({ event: 'settled', code, requestId, title: oneLine(`Settled: ${title}`, TITLE), text: '', at });
    }
  }
  return { notices, told: current };
};

/** That something which was asked for can be watched now. */
export const watchable = (request: { id: number; title: string }, now: number): Notice => ({
  event: 'watchable',
  code: 'watchable',
  requestId: request.id,
  title: oneLine(`${request.title} can be watched now`, TITLE),
  text: '',
  at: new Date(now).toISOString(),
});
