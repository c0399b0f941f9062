import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { build } from 'esbuild';
import { REFUSALS } from './texts.mjs';

/**
 * What Stryker does not change: every number, by one unit of its last digit; every entry of a table of rules (left out,
 * or swapped with the next one); every alternative of a regular expression (left out). Prints what no test notices.
 * `node test/mutation/thresholds.mjs [file …]`; writes to `dist/mutants` only.
 */
const TABLES = ['RULES', 'CRITERIA'];
const { mutate } = JSON.parse(readFileSync('test/mutation/stryker.json', 'utf8'));
const files = process.argv.length > 2 ? process.argv.slice(2) : mutate;

/** [start, end, replacement] for every change to a source. */
function changesOf(source) {
  const prefix = '0;';
  const bytes = Buffer.from(prefix + source);
  const { body } = parseSync(prefix + source, { syntax: 'typescript', target: 'es2022' });
  const base = body[0].span.start;
  const changes = [];
  const textAt = ({ start, end }) => bytes.subarray(start - base, end - base).toString();
  const change = ({ start, end }, what, replacement) =>
    changes.push({ start: start - base, end: end - base, what, replacement });

  const changesAt = (node) => {
    const text = node.span && textAt(node.span);
    if (node.type === 'NumericLiteral') for (const number of neighbours(text)) change(node.span, text, number);
    if (node.type === 'RegExpLiteral')
      for (const less of lessAlternatives(text)) change(node.span, less.left, less.text);
    if (node.type === 'VariableDeclarator' && TABLES.includes(node.id.value)) table(node.init.elements);
  };
  const visit = (node) => {
    if (node === null || typeof node !== 'object') return;
    const isRefusal = node.type === 'CallExpression' && REFUSALS.includes(node.callee.value);
    changesAt(node);
    Object.values(isRefusal ? node.arguments[0] : node).forEach(visit);
  };
  const table = (elements) =>
    elements.forEach(({ expression: { span } }, index) => {
      const next = elements[index + 1]?.expression.span;
      const [own, other] = [textAt(span), next && textAt(next)];
      const comma = next ? next.start : span.end;
      change({ start: span.start, end: comma }, `entry ${index + 1} left out`, next ? '' : '...[]');
      if (next === undefined) return;
      change({ start: span.start, end: next.end }, `entries ${index + 1} and ${index + 2} swapped`, `${other}, ${own}`);
    });

  visit(body.slice(1));
  return changes.map(({ start, end, what, replacement }) => ({
    line: bytes.subarray(0, start).toString().split('\n').length,
    what,
    replacement,
    source: Buffer.concat([
      bytes.subarray(prefix.length, start),
      Buffer.from(replacement),
      bytes.subarray(end),
    ]).toString(),
  }));
}

/** `0.45`: `0.46`, `0.44`. */
function neighbours(text) {
  const plain = text.replaceAll('_', '');
  const digits = plain.split('.')[1]?.length ?? 0;
  return [1, -1].map((sign) => `(${(Number(plain) + sign * 10 ** -digits).toFixed(digits)})`);
}

/** The expression without one of the alternatives of one of its innermost groups. */
function lessAlternatives(text) {
  return [...text.matchAll(/\((?:\?[:!]|\?<[!=])?([^()]*\|[^()]*)\)/g)].flatMap((group) => {
    const at = group.index + group[0].lastIndexOf(group[1]);
    const words = group[1].split('|');
    return words.map((left) => ({
      left,
      text: text.slice(0, at) + words.filter((word) => word !== left).join('|') + text.slice(at + group[1].length),
    }));
  });
}

async function isNoticed(file, source, worker) {
  const outfile = `dist/mutants/${worker}.test.cjs`;
  const path = resolve(file);
  const mutant = {
    name: 'mutant',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, (args) => (args.path === path ? { contents: source, loader: 'ts' } : undefined)),
  };
  await build({
    entryPoints: ['test/mutation/suite.mjs'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['@jest/globals'],
    outfile,
    logLevel: 'silent',
    plugins: [mutant],
  });
  const jest = ['node_modules/jest/bin/jest.js', '-i', '--config', 'test/mutation/jest.json'];
  return new Promise((done) =>
    execFile(process.execPath, [...jest, '--testMatch', `<rootDir>/${outfile}`], { timeout: 30_000 }, (error) =>
      done(error !== null),
    ),
  );
}

const print = (line) => process.stdout.write(`${line}\n`);

rmSync('dist/mutants', { recursive: true, force: true });
mkdirSync('dist/mutants', { recursive: true });
if (await isNoticed(files[0], readFileSync(files[0], 'utf8'), 0)) throw new Error('the tests fail without a change');

const queue = files.flatMap((file) => changesOf(readFileSync(file, 'utf8')).map((change) => ({ file, ...change })));
const total = queue.length;
const unnoticed = [];
async function work(worker) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    if (await isNoticed(mutant.file, mutant.source, worker)) continue;
    unnoticed.push(mutant);
    print(`${mutant.file}:${mutant.line}  ${mutant.what}  ->  ${mutant.replacement.slice(0, 120)}`);
  }
}
await Promise.all([work(0), work(1)]);
print(`${total} changes, ${total - unnoticed.length} noticed, ${unnoticed.length} not`);
