import { inspect } from 'node:util';
import pc from 'picocolors';
import winston from 'winston';
import { currentWork } from '../work.js';
import type { Component } from './components.js';
import { oneLine, type Redact } from './redact.js';
import { rotatingFile } from './rotatingFile.js';

export { type Component, components } from './components.js';

export type Level = 'error' | 'warn' | 'info' | 'debug';

export type Fields = Record<string, unknown> & { component?: Component };

/** A sentence for people; the fields are added in JSON format only. */
export interface Log {
  error(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
  /** Waits until every line is written. */
  close(): Promise<void>;
}

/** What can change while it runs. */
export interface Verbosity {
  /** The least important kind of line that is written. */
  level: Level;
  /** The same for single components. */
  levels: Readonly<Partial<Record<Component, Level>>>;
  redact: Redact;
}

export interface LogOptions extends Verbosity {
  format: 'text' | 'json';
  /** Empty = stderr only. */
  file: string;
  /** Bytes at which the file is rotated. */
  fileSize: number;
  /** How many files are kept, the one in use included. */
  filesKept: number;
  stream?: NodeJS.WritableStream;
  colour?: boolean;
}

export interface AdjustableLog extends Log {
  adjust(verbosity: Verbosity): void;
}

const CLOSE_LIMIT_MS = 2_000;
const WEIGHT: Record<Level, number> = { error: 0, warn: 1, info: 2, debug: 3 };

const paint: Record<Level, (text: string) => string> = {
  error: pc.red,
  warn: pc.yellow,
  info: pc.green,
  debug: pc.dim,
};

interface Line {
  at: string;
  level: Level;
  requestId: number | undefined;
  message: string;
  fields: Fields;
}

const asText = ({ at, level, requestId, message }: Line, colour: boolean): string => {
  const word = level.toUpperCase().padEnd(5);
  const head = requestId === undefined ? '' : `#${requestId} `;
  const time = at.replace('T', ' ').slice(0, 19);
  return colour
    ? `${pc.dim(time)} ${paint[level](word)} ${pc.bold(head)}${message}`
    : `${time} ${word} ${head}${message}`;
};

const asJson = ({ at, level, requestId, message, fields }: Line): string =>
  JSON.stringify({ ...fields, at, level, ...(requestId === undefined ? {} : { requestId }), message }, (_key, value) =>
    value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
  );

/** What is cut is masked before: half a secret would not be recognised. */
const lineOf = (info: winston.Logform.TransformableInfo, redact: Redact): Line => {
  const { level, message, at, requestId, fields } = info as unknown as Line;
  return { level, message: oneLine(redact(String(message))), at, requestId, fields: fields ?? {} };
};

const formatter = (options: LogOptions, verbosity: () => Verbosity, colour: boolean) =>
  winston.format.printf((info) => {
    const { redact } = verbosity();
    const line = lineOf(info, redact);
    return redact(options.format === 'json' ? safely(() => asJson(line), line, redact) : asText(line, colour));
  });

const safely = (write: () => string, line: Line, redact: Redact): string => {
  try {
    return write();
  } catch {
    return asJson({ ...line, fields: { unprintable: redact(inspect(line.fields, { depth: 2 })).slice(0, 500) } });
  }
};

/** Logs to stderr (or the given stream), and to a size-rotated file when one is named. */
export const createLog = (options: LogOptions): AdjustableLog => {
  let verbosity: Verbosity = options;
  const stream = options.stream ?? process.stderr;
  const colour =
    options.colour ?? (options.format === 'text' && 'isTTY' in stream && Boolean(stream.isTTY) && pc.isColorSupported);
  const to = (target: NodeJS.WritableStream, coloured: boolean) =>
    new winston.transports.Stream({ stream: target, format: formatter(options, () => verbosity, coloured) });
  const transports = [to(stream, colour)];
  if (options.file !== '') {
    const { file, fileSize: size, filesKept: kept } = options;
    const onTrouble = (error: Error | null) => tellTrouble(log, file, error);
    transports.push(to(rotatingFile({ file, size, kept, onTrouble }), false));
  }
  // What is written at all is decided below, by component.
  const logger = winston.createLogger({ level: 'debug', transports });
  const write =
    (level: Level) =>
    (message: string, fields: Fields = {}) => {
      const limit = verbosity.levels[fields.component ?? 'tick'] ?? verbosity.level;
      if (WEIGHT[level] <= WEIGHT[limit]) {
        logger.log({ level, message, at: new Date().toISOString(), requestId: currentWork().requestId, fields });
      }
    };
  const log: AdjustableLog = {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    adjust: (change) => {
      verbosity = change;
    },
    close: () =>
      new Promise((resolve) => {
        const limit = setTimeout(resolve, CLOSE_LIMIT_MS);
        logger.once('finish', () => {
          clearTimeout(limit);
          resolve();
        });
        logger.end();
      }),
  };
  return log;
};

/** A log file that cannot be written must not end the program; the line itself is still on stderr. */
const tellTrouble = (log: Log, file: string, error: Error | null): void => {
  if (error === null) {
    log.info(`the log file ${file} can be written again; lines are missing in it`);
  } else {
    log.error(
      `the log file ${file} cannot be written: ${error.message}; lines go to stderr only. Check log.file and its disk`,
    );
  }
};
