import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const marker = join('migrations', 'meta', '_journal.json');

/** The folder that holds the migrations and package.json: beside the bundle's folder, and above the sources alike. */
export const projectRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, marker))) {
    const parent = dirname(folder);
    if (parent === folder) {
      throw new Error('the migrations folder is missing: it belongs beside the dist folder; reinstall');
    }
    folder = parent;
  }
  return folder;
};

export const version = (): string => {
  const manifest = JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
};
