import { el } from './dom.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How far the clock of this browser is behind that of the program (ms). */
let behind = 0;

/** Takes the program's time over from an answer's Date header. */
export const setClock = (date: string | null): void => {
  const at = Date.parse(date ?? '');
  if (!Number.isNaN(at)) {
    behind = at - Date.now();
  }
};

export const now = (): number => Date.now() + behind;

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayAndYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const moment = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

export const timeOfDay = (at: number): string => clockTime.format(at);

const span = (ms: number): string => {
  if (ms < 90 * MINUTE) {
    return `${Math.max(1, Math.round(ms / MINUTE))} min`;
  }
  return ms < 36 * HOUR ? `${Math.round(ms / HOUR)} h` : `${Math.round(ms / DAY)} days`;
};

const FAR = 13 * DAY;

/** `in 3 h`, `on 2 Dec` */
export const until = (at: number, from: number): string => {
  const left = at - from;
  if (left <= 0) {
    return 'any moment';
  }
  if (left > FAR) {
    return `on ${(left > 300 * DAY ? dayAndYear : day).format(at)}`;
  }
  return `in ${span(left)}`;
};

/** `just now`, `5 min ago` */
export const ago = (at: number, from: number): string => (from - at < MINUTE ? 'just now' : `${span(from - at)} ago`);

const kinds = { until, ago };
type Kind = keyof typeof kinds;

/** A time that is told relative to now, and is told anew by `refreshTimes`. */
export const time = (iso: string, kind: Kind, prefix = ''): HTMLElement => {
  const at = Date.parse(iso);
  return el(
    'time',
    { datetime: iso, title: moment.format(at), 'data-kind': kind, 'data-prefix': prefix },
    prefix + kinds[kind](at, now()),
  );
};

export const refreshTimes = (): void => {
  for (const element of document.querySelectorAll<HTMLTimeElement>('time[data-kind]')) {
    const tell = element.dataset.kind === 'until' ? until : ago;
    const text = (element.dataset.prefix ?? '') + tell(Date.parse(element.dateTime), now());
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }
};
