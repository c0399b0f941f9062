import type { Done, Fetching, NeedsYou, Some, Waiting, WaitingPart } from '../../../overview/document.js';
import { byId, el, linked, list, prose, say, within } from './dom.js';
import { time } from './time.js';

/** Fills a section with its list, and says how many more there are. */
export const section = <T extends { id: string }>(
  id: string,
  { items, more }: Some<T>,
  make: (item: T) => HTMLElement,
  tellMore: (n: number) => string,
): void => {
  const root = byId(id);
  list(within(root, 'ul'), items, make);
  const rest = within(root, '.more');
  rest.hidden = more === 0;
  say(rest, more === 0 ? '' : tellMore(more));
};

const title = (name: string, part: string | null): HTMLElement =>
  el('span', { class: 'title' }, name, part === null ? null : el('span', { class: 'part' }, ` · ${part}`));

const head = (name: string, part: string | null, aside: HTMLElement | null): HTMLElement =>
  el('div', { class: 'head' }, title(name, part), aside);

const number = (requestId: number | null): string => (requestId === null ? '' : `request ${requestId}`);

export const needsYou = ({ subject, requestId, code, message, hint }: NeedsYou): HTMLElement => {
  const word = el('code', { class: 'code' }, code);
  const advice = hint === '' ? null : el('p', { class: 'hint' }, ...linked(sentence(hint)));
  return subject === null
    ? el('li', { class: 'card' }, head(sentence(message), null, word), advice)
    : el(
        'li',
        { class: 'card' },
        head(subject, null, el('span', { class: 'aside' }, number(requestId))),
        el('p', {}, ...prose(sentence(message)), ' ', word),
        advice,
      );
};

const sentence = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);

interface Stage {
  /** At the right of the title; null = how far it is. */
  word: string | null;
  text: string;
  /** How far it is can be told, cannot be told, or is no question any more. */
  bar: 'value' | 'unknown' | 'none';
}

const stages: Record<Fetching['stage'], Stage> = {
  adding: { word: 'adding', text: 'Being added to Real-Debrid, begun ', bar: 'unknown' },
  checking: { word: 'checking', text: 'Looking whether Real-Debrid has it at once; added ', bar: 'unknown' },
  queued: { word: 'queued', text: 'In Real-Debrid’s queue; added ', bar: 'unknown' },
  downloading: { word: null, text: 'Real-Debrid downloads it; added ', bar: 'value' },
  finishing: { word: 'nearly there', text: 'Real-Debrid has it and puts it in place; added ', bar: 'value' },
  ready: { word: 'ready', text: 'Jellyfin does not show it yet; ready ', bar: 'none' },
  closing: { word: 'in the library', text: 'Being closed in Seerr', bar: 'none' },
};

export const fetching = (item: Fetching): HTMLElement => {
  const { stage, progress, since, stalled, release } = item;
  const { word, text, bar } = stages[stage];
  return el(
    'li',
    { class: 'row' },
    head(item.title, item.part, el('span', { class: 'aside' }, word ?? `${progress} %`)),
    bar === 'none' ? null : progressBar(item, bar === 'value'),
    el('p', { class: 'fine' }, text, since === null ? null : time(since, 'ago')),
    stalled === null ? null : standstill(stalled),
    release === null ? null : el('p', { class: 'fine release' }, release),
  );
};

const standstill = ({ since, until }: NonNullable<Fetching['stalled']>): HTMLElement =>
  el(
    'p',
    { class: 'fine warn' },
    'Its last progress was ',
    time(since, 'ago'),
    '; without any, the next best is tried ',
    time(until, 'until'),
  );

const progressBar = ({ progress, title: name, part }: Fetching, isKnown: boolean): HTMLElement =>
  el('progress', {
    max: 100,
    value: isKnown ? progress : null,
    'aria-label': part === null ? name : `${name}, ${part}`,
  });

export const waiting = ({ title: name, requestId, parts }: Waiting): HTMLElement =>
  el(
    'li',
    { class: 'row' },
    head(name, null, el('span', { class: 'aside' }, number(requestId))),
    el(
      'ul',
      { class: 'waits' },
      ...parts.items.map(waitingPart),
      parts.more === 0 ? null : el('li', { class: 'wait' }, el('span', {}, `and ${parts.more} more parts of it`)),
    ),
  );

const waitingPart = ({ part, why, until, due }: WaitingPart): HTMLElement =>
  el(
    'li',
    { class: 'wait' },
    el('span', {}, part === null ? null : el('span', { class: 'which' }, `${part}: `), ...prose(why)),
    el(
      'span',
      { class: 'aside', 'data-mood': due ? 'now' : null },
      due ? 'now' : until === null ? '' : time(until, 'until'),
    ),
  );

export const done = ({ title: name, part, at, told, release, why, more }: Done): HTMLElement =>
  el(
    'li',
    { class: 'row' },
    head(name, part, el('span', { class: 'aside' }, time(at, 'ago'))),
    el('p', { class: 'fine' }, told),
    release === null ? null : el('p', { class: 'fine release' }, release),
    more.length === 0 ? (why === null ? null : el('p', { class: 'why' }, why)) : reasons(why, more),
  );

const reasons = (why: string | null, more: readonly string[]): HTMLElement =>
  el(
    'details',
    { class: 'why' },
    el('summary', {}, why ?? 'What was tried'),
    el('ul', { class: 'reasons' }, ...more.map((text) => el('li', { class: 'reason' }, text))),
  );
