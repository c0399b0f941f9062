import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decode, encode, type SourceMapSegment } from '@jridgewell/sourcemap-codec';
import { build, type Plugin } from 'esbuild';

/** `npm run build` makes the program of it: dist/main.js, all in one file, so that a start reads one file. */

/** Something of a library that is not taken into the bundle. */
interface LeftOut {
  /** As it is imported. */
  what: string;
  /** By files whose path holds this. */
  by: string;
  /** What they get for it. */
  instead: string;
}

/**
 * What we never use and what costs time and memory at every start: axios's ways for browsers, uploads and HTTP/2, which
 * bring a table of all file types and make Node load a `fetch` of its own, and what winston debugs itself with.
 */
const leftOut: readonly LeftOut[] = [
  { what: './fetch.js', by: 'axios/lib/adapters/', instead: 'export const getFetch = () => false;' },
  { what: './xhr.js', by: 'axios/lib/adapters/', instead: 'export default null;' },
  { what: 'form-data', by: 'axios/lib/', instead: 'export default null;' },
  { what: 'http2', by: 'axios/lib/', instead: 'export default null;' },
  { what: '@dabh/diagnostics', by: 'winston/lib/', instead: 'module.exports = () => () => undefined;' },
];

const withoutUnused: Plugin = {
  name: 'without-unused',
  setup({ onResolve, onLoad, onEnd }) {
    const met = new Set<LeftOut>();
    onResolve({ filter: /^(?:\.\/(?:fetch|xhr)\.js|form-data|http2|@dabh\/diagnostics)$/ }, ({ path, importer }) => {
      const part = leftOut.find(({ what, by }) => what === path && importer.includes(`/node_modules/${by}`));
      if (part === undefined) return undefined;
      met.add(part);
      return { path, namespace: 'left-out', pluginData: part.instead };
    });
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ pluginData }) => ({ contents: pluginData, loader: 'js' }));
    // Another version of a library may have it elsewhere, and then all of it is back.
    onEnd(() => ({
      errors: leftOut
        .filter((part) => !met.has(part))
        .map(({ what, by }) => ({ text: `${by} does not import ${what} any more: look at src/bundle.ts` })),
    }));
  },
};

/** So axios asks whether there are forms; Node loads its own `fetch` to answer. */
const FORM_DATA = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";

/** One character beyond Latin makes V8 keep all of the bundle with two bytes each. esbuild leaves those of patterns. */
const escaped = (code: string): string =>
  code.replace(/(?<!\\)[\u0100-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A stack trace leads into our own sources; of a library it names the file alone. */
const withoutLines = (code: string, path: string): string => {
  const map = JSON.stringify({ version: 3, sources: [basename(path)], mappings: 'AAAA' });
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString('base64')}`;
  return `${code}\n${comment}`;
};

/**
 * Leaves one place in the map for each line of a source. Node reads the map at every start, and as soon as it shows a
 * stack it keeps all places as objects: with those of every word that took eleven megabytes.
 */
const byLine = (map: string): string => {
  const { names, mappings, ...rest } = JSON.parse(map) as { names: string[]; mappings: string };
  let last = '';
  const lines = decode(mappings).map((places) =>
    places.flatMap(([column, source, line]): SourceMapSegment[] => {
      const place = `${source}:${line}`;
      if (source === undefined || line === undefined || place === last) return [];
      last = place;
      return [[column, source, line, 0]];
    }),
  );
  return JSON.stringify({ ...rest, names: [], mappings: encode(lines) });
};

const slimmer: Plugin = {
  name: 'slimmer',
  setup({ onLoad }) {
    onLoad({ filter: /\/node_modules\/.+\.[cm]?js$/ }, async ({ path }) => {
      const code = (await readFile(path, 'utf8')).replace(FORM_DATA, 'undefined');
      return { contents: withoutLines(escaped(code), path), loader: 'js' };
    });
    onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: escaped(await readFile(path, 'utf8')),
      loader: 'ts',
    }));
  },
};

const OUT = 'dist/main.js';

await build({
  entryPoints: ['src/main.ts'],
  outfile: OUT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // It has a native part, which it looks for beside itself.
  external: ['better-sqlite3'],
  loader: { '.html': 'text', '.css': 'text' },
  // Names stay: they are what a stack trace says.
  minifyWhitespace: true,
  minifySyntax: true,
  sourcemap: true,
  sourcesContent: false,
  plugins: [slimmer, withoutUnused],
  // Libraries of the older kind ask for Node's own modules by `require`.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});

await writeFile(`${OUT}.map`, byLine(await readFile(`${OUT}.map`, 'utf8')));
