import { createApp } from '../app.js';
import { type Checked, type CheckTarget, checkStreams } from '../check.js';
import { MINUTE } from '../clock.js';
import type { Config } from '../config/index.js';
import { isServiceError } from '../domain/errors.js';
import { parseTarget, planKey, type Target } from '../domain/want.js';
import { openStore, type Store } from '../store/index.js';
import type { Tick } from '../tick/context.js';
import { withWork } from '../work.js';
import { describeChecked } from './checkTable.js';
import { type CommonFlags, type ExitCode, exit, type Io, openLog, settle, UsageError } from './io.js';

export interface CheckFlags extends CommonFlags {
  json?: boolean;
  /** `--no-probe` makes it false. */
  probe?: boolean;
}

/** `check`: candidates, verdicts and availability of one title; the account is left as it was found. */
export const check = async (io: Io, text: string, flags: CheckFlags): Promise<ExitCode> => {
  const target = parseTarget(text);
  if (target === null || target.kind !== 'title') {
    throw new UsageError(`"${text}" is not what check takes: ttID[:season[:episode]], with :4k for that tier`);
  }
  const config = settle(io, flags);
  const log = openLog(config, { level: flags.logLevel === undefined ? 'warn' : config.log.level });
  const store = openStore(config.data.dir, io.clock);
  try {
    const checked = await examine({ io, config, store, log }, target, flags.probe !== false);
    io.out(
      flags.json === true
        ? JSON.stringify(documentOf(text, checked))
        : describeChecked(text, checked, budgetOf(checked)),
    );
    return exit.ok;
  } catch (error) {
    if (isServiceError(error)) {
      io.err(`${error.message}${error.hint === undefined ? '' : `\n${error.hint}`}`);
      return error.failure === 'account' ? exit.refused : exit.failed;
    }
    throw error;
  } finally {
    store.close();
    await log.close();
  }
};

interface Surroundings {
  io: Io;
  config: Config;
  store: Store;
  log: Tick['log'];
}

const examine = async (
  { io, config, store, log }: Surroundings,
  target: Extract<Target, { kind: 'title' }>,
  probe: boolean,
): Promise<Checked> => {
  const app = createApp({ config, store, log, clock: io.clock });
  const tick = app.context({ stop: io.stop, abort: io.stop, timeBox: MINUTE });
  const { imdbId, season, episode, tier } = target;
  const type = season === null ? 'movie' : 'episode';
  const plan = `check:${planKey({ type, imdbId, tmdbId: 0, season: season ?? -1, tier })}:${io.clock.now()}`;
  const wanted: CheckTarget = { imdbId, season, episode, tier };
  return withWork({ signal: io.stop, plan }, () => checkStreams(tick, wanted, { probe, plan }));
};

/** The most that a check may cost: what the budget table allows for the dearer case of each mode. */
const budgetOf = ({ mode, target }: Checked) => ({
  torrentio: target.season !== null && target.episode === null ? 2 : 1,
  realDebrid: mode === 'instant' ? 4 : 3,
});

/** The public document of `check --json`. */
const documentOf = (text: string, checked: Checked) => ({
  target: text,
  mode: checked.mode,
  candidates: checked.candidates.map(({ verdict, cached, files }) => ({
    infoHash: verdict.release.infoHash,
    release: verdict.release.name,
    accepted: verdict.accepted,
    rejections: verdict.rejections.map(({ code, got, wanted }) => ({ code, got, wanted })),
    score: verdict.score?.total ?? null,
    cached,
    files,
  })),
  chosen: checked.chosen,
  calls: checked.calls,
  budget: budgetOf(checked),
});
