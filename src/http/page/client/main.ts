import type { Overview } from '../../../overview/document.js';
import { byId, say, within } from './dom.js';
import { poll } from './poll.js';
import { done, fetching, needsYou, section, waiting } from './sections.js';
import { showServices } from './services.js';
import { showLoss, showSummary } from './summary.js';
import { now, refreshTimes, time, timeOfDay } from './time.js';

/** Relative times are told anew this often (ms). */
const RETELL = 15_000;

let shown: Overview | null = null;
let lastAnswer: number | null = null;

const show = (overview: Overview): void => {
  shown = overview;
  showSummary(overview);
  byId('needs-you').hidden = overview.needsYou.items.length === 0;
  section('needs-you', overview.needsYou, needsYou, (n) => `and ${n} more; fulfillarr status lists them all`);
  section('fetching', overview.fetching, fetching, (n) => `and ${n} more on their way`);
  section('waiting', overview.waiting, waiting, (n) => `and ${n} more titles; fulfillarr status lists them all`);
  section('done', overview.done, done, (n) => `and ${n} more in the last seven days`);
  showServices(byId('calls'), overview.services);
  byId('about').replaceChildren(`fulfillarr ${overview.version}, running since `, time(overview.startedAt, 'ago'));
};

const link = byId('link');

const tellLink = (state: string, text: string, ...more: Node[]): void => {
  link.dataset.state = state;
  say(within(link, '[role=status]'), text);
  // Beside the live region: that time passes is nothing to announce.
  within(link, '.looked').replaceChildren(...more);
};

const alive = (): void => {
  lastAnswer = now();
  if (shown === null) {
    return;
  }
  if (link.dataset.state === 'lost') {
    showSummary(shown);
  }
  const { lastTick } = shown;
  tellLink(
    'live',
    'Live',
    document.createTextNode('; last looked '),
    lastTick === null ? document.createTextNode('not yet') : time(lastTick.at, 'ago'),
  );
};

const lost = (): void => {
  tellLink('lost', 'No connection');
  showLoss(lastAnswer === null ? null : timeOfDay(lastAnswer));
};

poll({ changed: show, alive, lost });
setInterval(refreshTimes, RETELL);
