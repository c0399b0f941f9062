import type { TrashReason } from './parsedRelease.js';

const S = '[\\s._-]?';
const token = (body: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${body})(?![\\p{L}\\p{N}])`, 'iu');

/** Whole tokens only, most telling first. */
const PATTERNS: readonly [TrashReason, RegExp][] = [
  [
    'cam',
    token(`(?:(?:hd|hq|new|p|v\\d)${S}){0,2}cam(?:${S}rip)?|(?:(?:h[dq]${S})?s|theat(?:er|re|rical))[\\s._-]print`),
  ],
  ['telesync', token(`(?:(?:hd|hq|new|p|v\\d)${S})?tele${S}synch?|h[dq]${S}ts(?:${S}rip)?|ts${S}rip`)],
  ['telecine', token(`(?:hd${S})?tele${S}cine|hd${S}tc(?:${S}rip)?`)],
  ['screener', token(`(?:(?:dvd|bd|br|web|hd|ts)${S})?scr(?:eener)?|pre${S}dvd(?:${S}rip)?`)],
  ['workprint', token(`work${S}print`)],
  ['r5', token('r5')],
  ['cleanAudio', token('clean[\\s._-]aud(?:io)?')],
];

/** The part of a name where tags are: from the first year, resolution or season on. A title word is no tag. */
const TAGS_START =
  /(?<![\p{L}\p{N}])(?:(?:19|20)\d{2}(?![\p{L}\p{N}])|\d{3,4}[pi](?![\p{L}\p{N}])|4k(?![\p{L}\p{N}])|S\d{1,4}(?![\p{L}\p{N}])|S\d{1,4}E\d|\d{1,2}x\d{2})/iu;

/** From the first year, resolution or season of a name to its end; empty when it has none of these. */
export function tagsOf(name: string): string {
  const match = TAGS_START.exec(name);
  return match === null ? '' : name.slice(match.index);
}

/** `[CAM]` in front of a name. */
const BRACKETED = /[([]([^()[\]]{1,20})[)\]]/g;

/** The kind of trash that the tags of a name state, or null. */
export function trashOf(name: string): TrashReason | null {
  const brackets = [...name.matchAll(BRACKETED)].map(([, content]) => content).join(' | ');
  const text = /cam[\s._-]?rip/i.test(name) ? name : `${tagsOf(name)} | ${brackets}`;
  return PATTERNS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}
