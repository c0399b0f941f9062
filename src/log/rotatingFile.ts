import { appendFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { makeFolder } from '../folder.js';

export interface RotatingFileOptions {
  file: string;
  /** Bytes at which the file is set aside. */
  size: number;
  /** How many files are kept, the one in use included: `name.log`, `name.log.1`, `name.log.2`, … */
  kept: number;
  /** When a line could not be written, and (null) when one could again. */
  onTrouble: (error: Error | null) => void;
}

/**
 * A log file that each line has reached before the next one is made. (winston's own file transport keeps silent about
 * a full disk, writes nothing more after it, and loses lines of a burst that is larger than a file.)
 */
export const rotatingFile = ({ file, size, kept, onTrouble }: RotatingFileOptions): Writable => {
  makeFolder(dirname(file));
  let written = sizeOf(file);
  let troubled = false;

  const rotate = (): void => {
    rmSync(`${file}.${kept - 1}`, { force: true });
    for (let number = kept - 2; number >= 1; number -= 1) {
      moveIfThere(`${file}.${number}`, `${file}.${number + 1}`);
    }
    if (kept > 1) {
      moveIfThere(file, `${file}.1`);
    } else {
      rmSync(file, { force: true });
    }
    written = 0;
  };

  const append = (line: Buffer): void => {
    if (written > 0 && written + line.length > size) {
      rotate();
    }
    appendFileSync(file, line);
    written += line.length;
  };

  return new Writable({
    decodeStrings: true,
    write: (line: Buffer, _encoding, done) => {
      try {
        append(line);
        if (troubled) {
          troubled = false;
          onTrouble(null);
        }
      } catch (error) {
        if (!troubled) {
          troubled = true;
          onTrouble(error instanceof Error ? error : new Error(String(error)));
        }
      }
      done();
    },
  });
};

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

const moveIfThere = (from: string, to: string): void => {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) {
    renameSync(from, to);
  }
};
