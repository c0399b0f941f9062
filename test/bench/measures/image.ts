import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layOutImage } from '../../support/imageLayout.js';
import type { Measure } from '../bench.js';
import { mebibytes } from '../figures.js';
import { atMost, shown } from '../rows.js';

/** What the image has beside Node, laid out by the Dockerfile's own lines. */

const MEASURE = 'image';

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => statSync(join(folder, path)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);

export const image: Measure = {
  name: MEASURE,
  guarded: false,
  run: () => {
    const root = mkdtempSync(join(tmpdir(), 'fulfillarr-bench-image-'));
    try {
      layOutImage(root);
      const figure = (what: string, bytes: number) => ({
        measure: MEASURE,
        what,
        value: mebibytes(bytes),
        unit: 'MiB',
      });
      return Promise.resolve([
        atMost(figure('all beside Node', sizeOf(root)), 8),
        shown(figure('the bundle with its map', sizeOf(join(root, 'app', 'dist')))),
      ]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};
