import { configTree, isSection, type Key, type Section } from './tree.js';

/** The key reference as Markdown: every key with its default, bounds, unit and reason, from the schema. */
export function referenceMarkdown(): string {
  const tree = configTree();
  const sections = tree.children.filter(isSection).flatMap(sectionText);
  return `${[...HEADER, ...sections].join('\n')}\n`;
}

const HEADER = [
  '# Every setting',
  '',
  'Made from the schema by `npm run docs`; edits belong there. [config.example.yaml](config.example.yaml) is the same as',
  'a file to begin with, [config.schema.json](config.schema.json) as JSON Schema for editors: with',
  '`# yaml-language-server: $schema=config.schema.json` as its first line (or a key `$schema`), an editor completes and',
  'checks `config.yaml` while you type.',
  '',
  'Durations are written `500ms`, `30s`, `60m`, `24h`, `7d`; `0s` is allowed. Lists in environment variables are',
  'comma-separated or JSON. Each variable also exists with `_FILE` added: it then holds the path of a file with the value.',
  'An edit is applied while the program runs, except where it says *restart*.',
];

function sectionText(section: Section): string[] {
  const keys = section.children.filter((child): child is Key => !isSection(child));
  const below = section.children.filter(isSection);
  const level = '#'.repeat(Math.min(section.segments.length + 1, 5));
  const rows = keys.map(row);
  const table =
    rows.length === 0 ? [] : ['', '| key | default | allowed | what it is for |', '|---|---|---|---|', ...rows];
  return ['', `${level} ${section.path}`, '', cell(section.why), ...table, ...below.flatMap(sectionText)];
}

function row({ path, env, meta }: Key): string {
  const unit = meta.unit === undefined ? '' : ` (${meta.unit})`;
  const marks = [
    meta.required === undefined ? '' : `**required**: ${meta.required}`,
    meta.secret ? 'secret' : '',
    meta.restart ? '*restart*' : '',
  ].filter((mark) => mark !== '');
  const name = `\`${path.split('.').at(-1)}\`<br>\`${env}\``;
  const why = [meta.why, ...(marks.length === 0 ? [] : [`(${marks.join('; ')})`])].join(' ');
  return `| ${[name, defaultText(meta), cell(`${meta.brief ?? meta.allowed}${unit}`), cell(why)].join(' | ')} |`;
}

function defaultText({ byDefault }: Key['meta']): string {
  if (byDefault === '' || (Array.isArray(byDefault) && byDefault.length === 0)) return 'empty';
  return `\`${cell(typeof byDefault === 'object' ? JSON.stringify(byDefault) : String(byDefault))}\``;
}

/** What a table of Markdown would take for its own. */
const cell = (text: string): string => text.replace(/\|/g, '\\|').replace(/</g, '&lt;').replace(/\s+/g, ' ');
