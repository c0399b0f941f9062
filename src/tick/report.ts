import { count } from '../domain/span.js';
import { oneLine } from '../log/redact.js';
import type { Tick, TickReport } from './context.js';

/** Finishes the report, and says in one line what a tick did that did something. */
export const conclude = (tick: Tick): TickReport => {
  const { report, store, clock } = tick;
  report.durationMs = clock.now() - report.startedAt;
  report.requests = store.requests.openCount();
  report.calls = tick.callsThisTick();
  report.dueIds = stillDue(tick);
  const line = summary(report);
  if (line !== null) {
    // That nothing will do has been said of the title, with what comes next.
    const level = report.grabbed.length + report.closed.length > 0 ? 'info' : 'debug';
    tick.log[level](line, { code: 'tick', durationMs: report.durationMs, calls: report.calls });
  }
  return report;
};

const stillDue = ({ report, store, clock }: Tick): number[] => {
  if (report.dueIds.length === 0) {
    return [];
  }
  const due = new Set(store.wants.due(clock.now()).map(({ want }) => want.id));
  return report.dueIds.filter((id) => due.has(id));
};

const summary = (report: TickReport): string | null => {
  const parts = [
    part(report.grabbed.length, 'want', 'grabbed'),
    part(report.nothing.length, 'want', 'without an acceptable release'),
    part(report.closed.length, 'request', 'fulfilled'),
  ].filter((text) => text !== null);
  if (parts.length === 0) {
    return null;
  }
  const { seerr, torrentio, realDebrid, jellyfin } = report.calls;
  const calls = `calls: Seerr ${seerr}, Torrentio ${torrentio}, Real-Debrid ${realDebrid}, Jellyfin ${jellyfin}`;
  return oneLine(
    `tick: ${count(report.requests, 'open request')}; ${parts.join(', ')}; ${calls}; ${report.durationMs} ms`,
  );
};

const part = (n: number, what: string, became: string): string | null =>
  n === 0 ? null : `${count(n, what)} ${became}`;
