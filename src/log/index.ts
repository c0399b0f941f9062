import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import pc from 'picocolors';
import winston from 'winston';
import { currentWork } from '../work.js';
import { oneLine, type Redact } from './redact.js';

export type Level = 'error' | 'warn' | 'info' | 'debug';
export type Fields = Record<string, unknown>;

/** A sentence for people; the fields are added in JSON format only. */
export interface Log {
  error(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  debug(message: string, fields?: Fields): void;
  /** Waits until every line is written. */
  close(): Promise<void>;
}

export interface LogOptions {
  level: Level;
  format: 'text' | 'json';
  /** Empty = stderr only. */
  file: string;
  redact: Redact;
  stream?: NodeJS.WritableStream;
  colour?: boolean;
}

const FILE_SIZE = 10 * 1024 * 1024;
const FILES_KEPT = 5;
const CLOSE_LIMIT_MS = 2_000;

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

const lineOf = (info: winston.Logform.TransformableInfo): Line => {
  const { level, message, at, requestId, fields } = info as unknown as Line;
  return { level, message: oneLine(String(message)), at, requestId, fields: fields ?? {} };
};

const formatter = (options: LogOptions, colour: boolean) =>
  winston.format.printf((info) => {
    const line = lineOf(info);
    const text = options.format === 'json' ? safely(() => asJson(line), line) : asText(line, colour);
    return options.redact(text);
  });

const safely = (write: () => string, line: Line): string => {
  try {
    return write();
  } catch {
    return asJson({ ...line, fields: { unprintable: inspect(line.fields, { depth: 2 }).slice(0, 500) } });
  }
};

/** Logs to stderr (or the given stream), and to a size-rotated file when one is named. */
export const createLog = (options: LogOptions): Log => {
  const stream = options.stream ?? process.stderr;
  const colour =
    options.colour ?? (options.format === 'text' && 'isTTY' in stream && Boolean(stream.isTTY) && pc.isColorSupported);
  const transports: winston.transport[] = [
    new winston.transports.Stream({ stream, format: formatter(options, colour) }),
  ];
  if (options.file !== '') {
    mkdirSync(dirname(options.file), { recursive: true });
    transports.push(
      new winston.transports.File({
        filename: options.file,
        maxsize: FILE_SIZE,
        maxFiles: FILES_KEPT,
        tailable: true,
        format: formatter(options, false),
      }),
    );
  }
  const logger = winston.createLogger({ level: options.level, transports });
  const write =
    (level: Level) =>
    (message: string, fields: Fields = {}) => {
      if (logger.isLevelEnabled(level)) {
        logger.log({ level, message, at: new Date().toISOString(), requestId: currentWork().requestId, fields });
      }
    };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
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
};
