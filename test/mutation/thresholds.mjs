import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseSync } from '@swc/core';
import { build } from 'esbuild';
import { REFUSALS } from './texts.mjs';

/**
 * What Stryker does not change: every number, by one unit of its last digit; every entry of a table of rules (left out,
 * or swapped with the next one); every alternative of a regular expression or of a text that one is made of (left out),
 * and the numbers in such a text. Prints what no test notices, and what made the tests go on for ever.
 * `node test/mutation/thresholds.mjs [file …]`; writes to `dist/mutants` only.
 */
const TABLES = ['RULES', 'CRITERIA'];
const { mutate } = JSON.parse(readFileSync('test/mutation/stryker.json', 'utf8'));
const NAMES = ['flags', 'guard', 'markers', 'numbers', 'releaseName', 'titles', 'trash', 'vocabulary'];
const all = [...mutate, ...NAMES.map((name) => `src/domain/selection/${name}.ts`)];
const files = process.argv.length > 2 ? process.argv.slice(2) : all;

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
    for (const { what, other } of node.span ? otherLiterals(node.type, textAt(node.span)) : []) {
      change(node.span, what, other);
    }
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

/** What to put in the place of a literal. */
function otherLiterals(type, text) {
  if (type === 'NumericLiteral') return neighbours(text);
  if (type === 'RegExpLiteral') return lessAlternatives(text);
  const isText = type === 'StringLiteral' || type === 'TemplateElement';
  return isText ? [...lessAlternatives(text), ...otherCounts(text)] : [];
}

/** `0.45`: `0.46`, `0.44`. */
function neighbours(text) {
  const plain = text.replaceAll('_', '');
  const digits = plain.split('.')[1]?.length ?? 0;
  const by = (step) => (Number(plain) + step * 10 ** -digits).toFixed(digits);
  return [1, -1].map((step) => ({ what: text, other: `(${by(step)})` }));
}

/** A pattern without one of the alternatives of one of its groups. */
function lessAlternatives(text) {
  const open = [{ start: /^[/'"]/.test(text) ? 1 : 0, bars: [] }];
  const less = [];
  const close = (end) => {
    const { start, bars } = open.pop();
    const starts = bars.length > 0 ? [start, ...bars.map((bar) => bar + 1)] : [];
    for (const [index, from] of starts.entries()) {
      const to = bars[index] ?? end;
      const [left, right] = index === 0 ? [from, to + 1] : [from - 1, to];
      if (isWhole(text.slice(from, to)))
        less.push({ what: `without ${text.slice(from, to)}`, other: text.slice(0, left) + text.slice(right) });
    }
  };
  for (const { 0: token, index } of text.matchAll(/\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:[:!=]|<[!=]))?|[|)]/gs)) {
    if (token.startsWith('(')) open.push({ start: index + token.length, bars: [] });
    if (token === '|') open.at(-1).bars.push(index);
    if (token === ')' && open.length > 1) close(index);
  }
  const end = /[/'"][a-z]*$/.exec(text)?.index ?? text.length;
  while (open.length > 0) close(end);
  return less;
}

/** A part of a template may hold half of a group only. */
function isWhole(pattern) {
  try {
    return RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}

/** A pattern with one end of a `{1,3}` one less or more. */
function otherCounts(text) {
  return [...text.matchAll(/\{(\d+),(\d+)\}/g)].flatMap(({ 0: whole, 1: min, 2: max, index }) => {
    const [low, high] = [Number(min), Number(max)];
    const pairs = [
      [low - 1, high],
      [low + 1, high],
      [low, high - 1],
      [low, high + 1],
    ];
    const valid = pairs.filter(([one, other]) => one >= 0 && one <= other);
    return valid.map((pair) => ({
      what: `${whole} at ${index}`,
      other: `${text.slice(0, index)}{${pair}}${text.slice(index + whole.length)}`,
    }));
  });
}

/** Minutes of a busy machine are no endless loop. */
const LONGEST_MS = 180_000;

/** `failed`, `endless` (noticed by not ending) or `passed`. */
async function outcomeOf(file, source, worker) {
  const outfile = `dist/mutants/${worker}.test.cjs`;
  const path = resolve(file);
  const mutant = {
    name: 'mutant',
    setup: ({ onLoad }) =>
      onLoad({ filter: /\.ts$/ }, (args) => (args.path === path ? { contents: source, loader: 'ts' } : undefined)),
  };
  await build({
    entryPoints: [`test/mutation/${mutate.includes(file) ? 'suite' : 'names'}.mjs`],
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
    execFile(process.execPath, [...jest, '--testMatch', `<rootDir>/${outfile}`], { timeout: LONGEST_MS }, (error) => {
      if (error === null) return done('passed');
      done(error.killed ? 'endless' : 'failed');
    }),
  );
}

const print = (line) => process.stdout.write(`${line}\n`);

rmSync('dist/mutants', { recursive: true, force: true });
mkdirSync('dist/mutants', { recursive: true });
for (const file of [files[0], files.at(-1)]) {
  const unchanged = await outcomeOf(file, readFileSync(file, 'utf8'), 0);
  if (unchanged !== 'passed') throw new Error('the tests fail without a change');
}

const queue = files.flatMap((file) => changesOf(readFileSync(file, 'utf8')).map((change) => ({ file, ...change })));
const total = queue.length;
const counts = { passed: 0, failed: 0, endless: 0 };
async function work(worker) {
  for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
    const outcome = await outcomeOf(mutant.file, mutant.source, worker);
    counts[outcome] += 1;
    if (outcome === 'failed') continue;
    print(`${outcome} ${mutant.file}:${mutant.line}  ${mutant.what}  ->  ${mutant.replacement.slice(0, 120)}`);
  }
}
await Promise.all([work(0), work(1)]);
print(`${total} changes: ${counts.failed} noticed, ${counts.endless} by not ending; ${counts.passed} not noticed`);
