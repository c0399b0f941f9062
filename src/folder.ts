import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, one by one: Node's recursive `mkdir` never returns where the system says of an
 * existing folder that it does not exist (below `/proc`).
 */
export const makeFolder = (path: string): void => {
  if (existsSync(path)) {
    return;
  }
  const parent = dirname(path);
  if (parent !== path) {
    makeFolder(parent);
  }
  mkdirSync(path);
};
