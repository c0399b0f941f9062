import type { Overview } from '../../../overview/document.js';
import { byId, el, list, prose, say } from './dom.js';
import { time } from './time.js';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
const all = ({ items, more }: { items: readonly unknown[]; more: number }): number => items.length + more;

type Mood = 'bad' | 'calm';

/** How it is, in one sentence. */
const headlineOf = (overview: Overview): { text: string; mood: Mood } => {
  const needs = all(overview.needsYou);
  const flying = all(overview.fetching);
  if (overview.stuck !== null) {
    return { text: `It is stuck: ${overview.stuck}`, mood: 'bad' };
  }
  if (needs > 0) {
    return { text: count(needs, 'thing needs you', 'things need you'), mood: 'calm' };
  }
  if (flying > 0) {
    return { text: `All is well; ${count(flying, 'release is', 'releases are')} on the way`, mood: 'calm' };
  }
  return { text: 'All is well', mood: 'calm' };
};

const sublineOf = ({ openRequests, fetching, waiting }: Overview): string =>
  openRequests === 0
    ? 'Every request is fulfilled.'
    : [
        count(openRequests, 'open request', 'open requests'),
        ...(all(fetching) === 0 ? [] : [`${count(all(fetching), 'release', 'releases')} on the way`]),
        ...(all(waiting) === 0 ? [] : [count(all(waiting), 'title waits', 'titles wait')]),
      ].join(' · ');

interface Notice {
  id: string;
  text: string;
  until: string | null;
}

/** What holds things up without needing anybody. */
const noticesOf = ({ paused, services, lastTick }: Overview): Notice[] => {
  const alone = services.filter(({ state }) => state === 'left-alone');
  const notices = [
    ...(paused
      ? [
          {
            id: 'paused',
            text: 'New grabs are paused; `fulfillarr resume` goes on',
            until: null,
          },
        ]
      : []),
    ...alone.map(({ service, label, message, until }) => ({
      id: service,
      text: `${label} is left alone: ${message}. Everything else goes on; it is asked again`,
      until: until ?? 'next',
    })),
  ];
  const failed = lastTick?.error ?? null;
  return failed === null || services.some(({ state }) => state !== 'well')
    ? notices
    : [...notices, { id: 'tick', text: `The last look did not get everywhere: ${failed}`, until: null }];
};

const notice = ({ text, until }: Notice): HTMLElement =>
  el(
    'li',
    { class: 'notice' },
    ...prose(text),
    ...(until === null ? [] : [' ', until === 'next' ? 'with the next call' : time(until, 'until')]),
    '.',
  );

export const showSummary = (overview: Overview): void => {
  const { text, mood } = headlineOf(overview);
  tell(text, mood, sublineOf(overview));
  const notices = noticesOf(overview);
  byId('notices').hidden = notices.length === 0;
  list(byId('notices'), notices, notice);
  const needs = all(overview.needsYou);
  document.title = needs === 0 ? 'fulfillarr' : `(${needs}) fulfillarr`;
};

/** It does not answer; `since` is the time of day of what is still on show. */
export const showLoss = (since: string | null): void =>
  tell(
    'fulfillarr does not answer',
    'bad',
    since === null
      ? 'It is asked again every few seconds.'
      : `What you see is from ${since}. It is asked again every few seconds.`,
  );

const tell = (text: string, mood: Mood, more: string): void => {
  const headline = byId('headline');
  say(headline, text);
  headline.dataset.mood = mood;
  say(byId('subline'), more);
};
