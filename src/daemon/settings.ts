import { unwatchFile, watchFile } from 'node:fs';
import { type Config, changeOf, formatProblem, type Loaded } from '../config/index.js';
import type { Log } from '../log/index.js';

export interface Reading {
  loaded: Loaded;
  /** All files that it depends on, absolute; also those that are not there. */
  files: readonly string[];
}

export interface WatchOptions {
  config: Config;
  read: () => Reading;
  log: Log;
  /** With a valid edit. `paths` are the keys that changed and can be applied. */
  onChange: (config: Config, paths: string[]) => void;
}

/** How often the files are looked at (ms). Looking works where notifications do not: single bind-mounted files, network shares. */
const LOOK_EVERY = 2_000;
/** An editor may write a file in several steps. */
const SETTLE = 500;

/**
 * Follows edits of the configuration's files while the program runs. Says what changed and what needs a restart; an
 * invalid edit is said and what ran before goes on. Returns the way to stop.
 */
export const watchSettings = ({ read, log, onChange, ...options }: WatchOptions): (() => void) => {
  let { config } = options;
  let watched = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let refused = '';
  let waited = '';

  const look = (): void => {
    timer = null;
    const reading = read();
    follow(reading.files);
    if (!reading.loaded.ok) {
      refuse(reading.loaded);
      return;
    }
    refused = '';
    takeOver(reading.loaded);
  };

  const refuse = ({ problems }: Extract<Loaded, { ok: false }>): void => {
    const text = problems.map(formatProblem).join('; ');
    if (text !== refused) {
      refused = text;
      log.error(`the edited configuration is not valid, so what ran before goes on: ${text}`, {
        component: 'config',
        code: 'config-invalid',
      });
    }
  };

  const takeOver = ({ config: edited, warnings }: Extract<Loaded, { ok: true }>): void => {
    const change = changeOf(config, edited);
    const fields = { component: 'config', code: 'config-changed' } as const;
    const restart = change.waiting.map(({ text }) => text).join('; ');
    if (restart !== waited) {
      waited = restart;
      if (restart !== '') {
        log.warn(`edited, takes effect with the next start only: ${restart}`, fields);
      }
    }
    if (change.applied.length === 0) {
      return;
    }
    for (const warning of warnings) {
      log.warn(`configuration: ${warning}`, fields);
    }
    config = change.config;
    log.info(`the configuration was edited, applied: ${change.applied.map(({ text }) => text).join('; ')}`, fields);
    onChange(
      config,
      change.applied.map(({ path }) => path),
    );
  };

  const onStat = (): void => {
    if (timer !== null) {
      clearTimeout(timer);
    }
    timer = setTimeout(look, SETTLE);
  };

  const follow = (files: readonly string[]): void => {
    for (const file of files.filter((name) => !watched.has(name))) {
      watchFile(file, { interval: LOOK_EVERY, persistent: false }, onStat);
    }
    for (const file of [...watched].filter((name) => !files.includes(name))) {
      unwatchFile(file, onStat);
    }
    watched = new Set(files);
  };

  // Not with the start itself, which has just read them: the first calls go out before that.
  timer = setTimeout(look, SETTLE);
  return () => {
    if (timer !== null) {
      clearTimeout(timer);
    }
    follow([]);
  };
};
