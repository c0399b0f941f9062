import type { ServiceView } from '../../../overview/document.js';
import { el, list, svg, within } from './dom.js';
import { now, time, timeOfDay } from './time.js';

const HOUR = 3_600_000;
/** Of the drawing, which is stretched to the width there is. */
const STEP = 10;
const HEIGHT = 44;

const written = (n: number): string => n.toLocaleString('en');

export const showServices = (root: HTMLElement, services: readonly ServiceView[]): void =>
  list(
    within(root, '.services'),
    services.map((service) => ({ ...service, id: service.service })),
    card,
  );

const card = (service: ServiceView): HTMLElement =>
  el(
    'li',
    { class: 'service' },
    el(
      'div',
      { class: 'head' },
      el('span', { class: 'title' }, service.label),
      el('span', { class: 'aside' }, el('span', { class: 'number' }, written(service.calls)), failures(service)),
    ),
    chart(service),
    el('div', { class: 'axis', 'aria-hidden': 'true' }, el('span', {}, '24 h ago'), el('span', {}, 'now')),
    limit(service),
    state(service),
  );

const failures = ({ calls, failed }: ServiceView): string =>
  `${calls === 1 ? ' call' : ' calls'}${failed === 0 ? '' : `, ${written(failed)} failed`}`;

/** Bars by the hour; the tallest fills the height. */
const chart = ({ label, hours, calls }: ServiceView): SVGElement => {
  const most = Math.max(1, ...hours);
  const bars = hours.map((n, place) => {
    const height = n === 0 ? 0 : Math.max(2, (n / most) * (HEIGHT - 2));
    return svg('rect', {
      x: place * STEP + 1,
      y: HEIGHT - 1 - height,
      width: STEP - 2,
      height,
      class: place === hours.length - 1 ? 'hour now' : 'hour',
    });
  });
  return svg(
    'svg',
    {
      class: 'chart',
      role: 'img',
      'aria-label': `${label}: ${written(calls)} calls in 24 hours. ${busiest(hours)}`,
      viewBox: `0 0 ${hours.length * STEP} ${HEIGHT}`,
      preserveAspectRatio: 'none',
    },
    svg('line', { class: 'base', x1: 0, x2: hours.length * STEP, y1: HEIGHT - 0.5, y2: HEIGHT - 0.5 }),
    ...bars,
  );
};

const busiest = (hours: readonly number[]): string => {
  const most = Math.max(0, ...hours);
  if (most === 0) {
    return 'None at all.';
  }
  const begin = (Math.floor(now() / HOUR) - hours.length + 1 + hours.indexOf(most)) * HOUR;
  return `Most between ${timeOfDay(begin)} and ${timeOfDay(begin + HOUR)}: ${written(most)}.`;
};

const limit = ({ limit: allowed, hours, label }: ServiceView): HTMLElement => {
  if (allowed === null) {
    return el('p', { class: 'fine' }, `No limit; busiest hour: ${written(Math.max(0, ...hours))}`);
  }
  const { used, of, per } = allowed;
  const text =
    per === 'day'
      ? `${written(used)} of the ${written(of)} allowed in 24 hours`
      : `Busiest minute: ${written(used)} of the ${written(of)} allowed`;
  return el(
    'div',
    {},
    el('progress', {
      max: Math.max(1, of),
      value: Math.min(used, of),
      'data-kind': 'limit',
      'aria-label': `${label}: ${text}`,
    }),
    el('p', { class: 'fine' }, text),
  );
};

const state = ({ message, until }: ServiceView): HTMLElement | null =>
  message === null
    ? null
    : el(
        'p',
        { class: 'state' },
        `${message}. Asked again `,
        until === null ? 'with the next call' : time(until, 'until'),
      );
