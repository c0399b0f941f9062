import { createApp } from '../app.js';
import type { Config } from '../config/index.js';
import { count } from '../domain/span.js';
import type { Log } from '../log/index.js';
import { followClock } from '../setBack.js';
import { recordTick } from '../status.js';
import { openCopy, openStore } from '../store/index.js';
import { takeLock } from '../store/lock.js';
import type { TickReport } from '../tick/context.js';
import { type CommonFlags, type ExitCode, exit, type Io, openLog, settle } from './io.js';

export interface OnceFlags extends CommonFlags {
  dryRun?: boolean;
  json?: boolean;
}

/** The public document of `once --json`. */
const document = (report: TickReport, dryRun: boolean) => ({
  dryRun,
  durationMs: report.durationMs,
  requests: report.requests,
  due: report.due,
  grabbed: report.grabbed,
  closed: report.closed,
  nothing: report.nothing.map(({ want, code, nextActionAt }) => ({
    want,
    code,
    nextActionAt: new Date(nextActionAt).toISOString(),
  })),
  calls: report.calls,
  errors: report.errors.map(({ service, class: failure, text }) => ({ service, class: failure, text })),
});

/** `once`: exactly one tick, to its end, and its report. */
export const once = async (io: Io, flags: OnceFlags): Promise<ExitCode> => {
  const config = settle(io, flags);
  const log = openLog(config);
  try {
    const report = await tickOnce(io, config, log, flags.dryRun === true);
    io.out(
      flags.json === true
        ? JSON.stringify(document(report, flags.dryRun === true))
        : describe(report, flags.dryRun === true),
    );
    return verdictOf(report);
  } finally {
    await log.close();
  }
};

const tickOnce = async (io: Io, config: Config, log: Log, dryRun: boolean): Promise<TickReport> => {
  const lock = takeLock(config.data.dir, io.clock.now());
  try {
    const store = dryRun ? openCopy(config.data.dir, io.clock) : openStore(config.data.dir, io.clock);
    try {
      followClock(store, io.clock, log);
      const app = createApp({ config, store, log, clock: io.clock, dryRun });
      const report = await app.tick({ stop: io.stop, abort: io.stop, timeBox: Number.POSITIVE_INFINITY });
      recordTick(store, report, app.services.health());
      return report;
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
};

const verdictOf = (report: TickReport): ExitCode => {
  if (report.errors.some((error) => error.class === 'account')) {
    return exit.refused;
  }
  return report.errors.length > 0 ? exit.failed : exit.ok;
};

const describe = (report: TickReport, dryRun: boolean): string => {
  const { seerr, torrentio, realDebrid, jellyfin } = report.calls;
  const lines = [
    `${dryRun ? 'Dry run: nothing was changed. ' : ''}${count(report.requests, 'open request')}, ${count(report.due, 'want')} due, ${report.durationMs} ms`,
    ...report.grabbed.map(({ want, release }) => `  ${dryRun ? 'would grab' : 'grabbed'}  ${want}  ${release}`),
    ...report.closed.map((id) => `  fulfilled  request ${id}`),
    ...report.nothing.map(
      ({ want, code, nextActionAt }) =>
        `  nothing  ${want}  ${code}, next search ${new Date(nextActionAt).toISOString()}`,
    ),
    ...report.errors.map(({ service, text }) => `  error  ${service ?? 'fulfillarr'}  ${text}`),
    `Calls: Seerr ${seerr}, Torrentio ${torrentio}, Real-Debrid ${realDebrid}, Jellyfin ${jellyfin}`,
  ];
  return lines.join('\n');
};
