import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { configKeys, formatProblems, loadConfig } from '../../src/config/index.js';
import { OPEN_TITLES } from '../../src/sandbox/index.js';
import { type Ground, ground, run } from '../support/program.js';

/** The manual is true: what it tells to type works, its examples are valid, its links lead somewhere, its log lines exist. */

const PAGES = [
  'README.md',
  'config/README.md',
  'src/README.md',
  'test/README.md',
  '.github/CONTRIBUTING.md',
  'CHANGELOG.md',
];
const text = Object.fromEntries(PAGES.map((page) => [page, readFileSync(page, 'utf8')]));

interface Block {
  page: string;
  language: string;
  body: string;
}
const blocks: Block[] = PAGES.flatMap((page) =>
  [...(text[page] ?? '').matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, language = '', body = '']) => ({
    page,
    language,
    body,
  })),
);
const commands = blocks
  .filter(({ language }) => language === 'sh')
  .flatMap(({ page, body }) => body.split('\n').map((line) => ({ page, line: line.replace(/\s+#.*$/, '').trim() })))
  .filter(({ line }) => line !== '');

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe('npm commands', () => {
  const named = PAGES.flatMap((page) =>
    [...(text[page] ?? '').matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name = '']) => `${page}: ${name}`),
  );
  test.each([...new Set(named)])('%s is a script', (where) => {
    expect(Object.keys(scripts)).toContain(where.split(': ')[1]);
  });
});

describe('commands of the program', () => {
  let here: Ground;
  beforeAll(async () => {
    here = await ground();
    here.sandbox.world.addRelease({
      of: OPEN_TITLES.sintel.imdbId,
      name: 'Sintel 2010 1080p BluRay x265-GRP',
      cached: true,
    });
    here.sandbox.seerr.request({ tmdbId: OPEN_TITLES.sintel.tmdbId, type: 'movie' });
    await run(['once'], { env: here.env });
  });
  afterAll(() => here.clear());

  /** Every row of the README's table of commands, with what a reader would put in. */
  const table = (text['README.md'] ?? '').split('## Commands')[1]?.split('\n## ')[0] ?? '';
  const rows = [...table.matchAll(/^\| (`[^|]+?) \|/gm)].flatMap(([, cells = '']) =>
    [...cells.matchAll(/`([^`]+)`/g)].map(([, command = '']) => command),
  );
  const filledIn = rows
    .filter((row) => !/^(?:GET|POST) /.test(row))
    .flatMap((row) => {
      const words = row.startsWith('config') || !['print', 'example', 'schema'].includes(row) ? row : `config ${row}`;
      const target = words.replace(/<ttID[^>]*>/, OPEN_TITLES.sintel.imdbId).replace('<target>', '1');
      const bare = target.replace(/ ?\[[^\]]*\]/g, '');
      const flags = [...target.matchAll(/\[(--[\w-]+)\]/g)].map(([, flag = '']) => `${bare} ${flag}`);
      return [bare, ...flags];
    });

  test('the table has them all', async () => {
    const { out } = await run(['--help'], { env: here.env });
    const offered = [...out.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help');
    expect(new Set(filledIn.map((command) => command.split(' ')[0]))).toEqual(new Set(offered));
  });

  // `run` and `demo` have tests of their own.
  test.each(filledIn.filter((command) => !['run', 'demo'].includes(command)))('%s', async (command) => {
    const { code, err } = await run(command.split(' '), { env: here.env });
    expect([command, code, err.replace(/^warning: .*\n/gm, '').includes('unexpected')]).toEqual([command, 0, false]);
  });

  const typed = commands.flatMap(({ page, line }) => {
    const args = /^npm start -- (.*)$/.exec(line)?.[1];
    return args === undefined ? [] : [{ page, args }];
  });
  test.each(typed)('$page: npm start -- $args', async ({ args }) => {
    expect((await run(args.split(' '), { env: here.env })).code).toBe(0);
  });

  test('a file that is copied is there', () => {
    const copied = commands.flatMap(({ line }) => /^cp (\S+) \S+$/.exec(line)?.[1] ?? []);
    expect(copied.length).toBeGreaterThan(0);
    expect(copied.filter((file) => !existsSync(file))).toEqual([]);
  });

  test('every other line of a shell example is one that is known', () => {
    const known =
      /^(?:(?:[A-Z]+=\w+ )?npm (?:run|ci|cit|test|start)\b|cp |export |git |docker |cd |node dist\/main\.js|npm i --no-save|npx |FULFILLARR_)/;
    expect(commands.filter(({ line }) => !known.test(line))).toEqual([]);
  });

  test('a configuration as the README has it works, word for word', async () => {
    const wanted = blocks.filter(
      ({ page, language, body }) => page === 'README.md' && language === 'yaml' && /^notify:/m.test(body),
    );
    expect(wanted).toHaveLength(1);
    const file = join(here.dir, 'of-the-readme.yaml');
    writeFileSync(file, wanted[0]?.body ?? '');
    const { code, out, err } = await run(['config', 'validate', '--config', file], { env: here.env });
    expect([code, out, err]).toEqual([0, expect.stringContaining('ok'), expect.any(String)]);
  });
});

describe('examples', () => {
  const KEYS = {
    FULFILLARR_SEERR_API_KEY: 'a-key',
    FULFILLARR_JELLYFIN_API_KEY: 'a-key',
    FULFILLARR_REAL_DEBRID_TOKEN: 'a-key',
  };
  const yamls = blocks.filter(({ language }) => language === 'yaml');
  test.each(yamls.map((block, i) => [`${block.page} ${i + 1}`, block] as const))('%s is valid', (_name, { body }) => {
    const value = parse(body) as Record<string, unknown>;
    if ('services' in value) {
      const known = new Set(configKeys().flatMap(({ env }) => [env, `${env}_FILE`]));
      expect((body.match(/FULFILLARR_\w+/g) ?? []).filter((name) => !known.has(name))).toEqual([]);
      return;
    }
    const loaded = loadConfig({ path: 'example.yaml', env: KEYS, cwd: '/', readFile: () => body });
    expect(loaded.ok ? '' : formatProblems(loaded.problems)).toBe('');
  });

  test('keys that the README names are keys', () => {
    const sections = new Set(configKeys().map(({ segments }) => segments[0] ?? ''));
    const paths = configKeys().map(({ path }) => path);
    const named = [...(text['README.md'] ?? '').matchAll(/`([a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9]+)+)/g)]
      .map(([, path = '']) => path)
      .filter((path) => sections.has(path.split('.')[0] ?? ''));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !paths.some((key) => key === path || key.startsWith(`${path}.`)))).toEqual([]);
  });
});

test('links lead somewhere', () => {
  const broken = PAGES.flatMap((page) =>
    [...(text[page] ?? '').matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^(?:https?:|#)/.test(target))
      .filter((target) => !existsSync(join(dirname(page), target.replace(/#.*$/, ''))))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('a place in the page that is linked to is there', () => {
  for (const page of PAGES) {
    const anchors = new Set(
      [...(text[page] ?? '').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\w\s-]/g, '')
          .replace(/\s/g, '-'),
      ),
    );
    const linked = [...(text[page] ?? '').matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(linked.filter((anchor) => !anchors.has(anchor))).toEqual([]);
  }
});

test('the log lines of "When something is wrong" are those of the program', () => {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
    .join('\n')
    .replace(/['`] \+\n\s*['`]/g, '')
    .replace(/\\'/g, "'");
  const section = (text['README.md'] ?? '').split('## When something is wrong')[1]?.split('\n## ')[0] ?? '';
  const quoted = [...section.matchAll(/\*\*([\s\S]*?)\*\*/g)].flatMap(([, headline = '']) =>
    [...headline.matchAll(/`([^`]+)`/g)].map(([, line = '']) => line.replace(/\s+/g, ' ')),
  );
  expect(quoted.length).toBeGreaterThan(15);
  /** What stands between the parts that differ from time to time. */
  const fixed = (line: string) =>
    line
      .split(
        /…|“[^”]*”|\([^)]*\)|\b\S*\d\S*(?: \w+)?|\.?\/[a-z]\S*|Torrentio|Seerr|Jellyfin|Real-Debrid|[;:,.]|process|uid|listen EADDRINUSE|address already in use/,
      )
      .map((part) => part.trim())
      .filter((part) => part.length >= 10);
  const unknown = quoted.flatMap((line) =>
    fixed(line)
      .filter((part) => !sources.includes(part))
      .map((part) => `${line}: ${part}`),
  );
  expect(unknown).toEqual([]);
});
