import { stringify } from 'yaml';
import { isRecord } from './file.js';
import { isSection, type Key, type Section } from './tree.js';

const WIDTH = 100;

/** What is written for each key and section. */
export interface Writer {
  /** Undefined leaves the key out. */
  value(key: Key): unknown;
  /** Comment above a key or section, one sentence or line each. */
  above(node: Section | Key): readonly string[];
  /** Comment behind a key. */
  behind(key: Key): string | undefined;
}

/** The tree as YAML, with a blank line before each top-level section. Sections without any key are left out. */
export function writeSections(root: Section, writer: Writer): string {
  const blocks = root.children.map((child) => writeNode(child, writer, 0)).filter((lines) => lines.length > 0);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function writeNode(node: Section | Key, writer: Writer, depth: number): string[] {
  const indent = '  '.repeat(depth);
  const name = stringify(node.segments.at(-1) ?? '').trimEnd();
  const comments = writer.above(node).flatMap((text) => comment(text, indent));
  if (isSection(node)) {
    const body = node.children.flatMap((child) => writeNode(child, writer, depth + 1));
    return body.length === 0 ? [] : [...comments, `${indent}${name}:`, ...body];
  }
  const value = writer.value(node);
  if (value === undefined) return [];
  const [first, ...rest] = writeValue(`${indent}${name}:`, value, indent);
  const remark = writer.behind(node);
  return [...comments, remark === undefined ? `${first}` : `${first}  # ${remark}`, ...rest];
}

/** Scalars and short lists on the key's line, the rest one entry a line. */
function writeValue(start: string, value: unknown, indent: string): string[] {
  if (Array.isArray(value) && value.some(isRecord)) {
    return [start, ...value.map((item) => `${indent}  - ${flow(item)}`)];
  }
  if (isRecord(value) && Object.values(value).some(Array.isArray)) {
    return [start, ...Object.entries(value).map(([name, item]) => `${indent}  ${flow(name)}: ${flow(item)}`)];
  }
  return wrap(`${start} ${flow(value)}`, `${indent}  `, Array.isArray(value));
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trimEnd();
}

export function comment(text: string, indent: string): string[] {
  return wrap(`${indent}# ${text}`, `${indent}# `, true);
}

function wrap(line: string, indent: string, mayBreak: boolean): string[] {
  const at = line.lastIndexOf(' ', WIDTH);
  if (!mayBreak || line.length <= WIDTH || at <= indent.length) return [line];
  return [line.slice(0, at), ...wrap(indent + line.slice(at + 1), indent, mayBreak)];
}
