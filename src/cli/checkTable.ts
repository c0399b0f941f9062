import type { Checked, CheckedCandidate } from '../check.js';
import { oneLine } from '../log/redact.js';
import { table } from './table.js';
import { shorten, WIDTH, wrap } from './text.js';

/** What `check` says to people: two lines for each release, so that its name can be read and the rest compared. */
export const describeChecked = (
  text: string,
  checked: Checked,
  budget: { torrentio: number; realDebrid: number },
): string => {
  const { candidates, calls, mode, profile } = checked;
  const lines = [
    `${text}: ${checked.title ?? 'title unknown'}; ${mode} mode`,
    `Profile ${profile.name}: ${profile.why}`,
    ...checked.remarks,
    '',
    ...(candidates.length === 0 ? ['No release is on offer.'] : candidateLines(candidates)),
    '',
    ...chosenLines(checked),
    ...shareRefused(candidates),
    `Calls: Torrentio ${calls.torrentio} of ${budget.torrentio}, Real-Debrid ${calls.realDebrid} of ${budget.realDebrid}`,
  ];
  return lines.flatMap((line) => wrap(oneLine(line))).join('\n');
};

const INDENT = '    ';

const candidateLines = (candidates: readonly CheckedCandidate[]): string[] => {
  const rows = candidates.map(({ verdict, cached }, place) => [
    verdict.accepted ? String(place + 1) : '-',
    [verdict.parsed.resolution ?? '?', verdict.parsed.trash ?? verdict.parsed.source ?? '?'].join(' '),
    sizeOf(verdict.release.sizeBytes),
    verdict.release.seeders === null ? '?' : String(verdict.release.seeders),
    cachedWord(cached, verdict.release.cached),
    verdictWord(verdict),
  ]);
  const [head = '', ...lines] = table(
    [
      { head: '#', right: true },
      { head: 'quality' },
      { head: 'size', right: true },
      { head: 'seeders', right: true },
      { head: 'cached?' },
      { head: 'verdict', stretch: true },
    ],
    rows,
  ).split('\n');
  return [
    head,
    ...candidates.flatMap(({ verdict }, place) => [
      lines[place] ?? '',
      `${INDENT}${shorten(verdict.release.name, WIDTH - INDENT.length)}`,
    ]),
    '',
    'cached?: yes and no are Real-Debrid’s word, hint is the addon’s, ? is unknown.',
  ];
};

/** Real-Debrid's own word first; the addon's marker is a hint. */
const cachedWord = (known: boolean | null, marker: boolean | null): string => {
  if (known !== null) {
    return known ? 'yes' : 'no';
  }
  return marker === true ? 'hint' : '?';
};

/** `score 15 = hevc 10 + proper 5`, or why it is refused. */
const verdictWord = ({ accepted, score, rejections, nameRefusal }: CheckedCandidate['verdict']): string => {
  if (!accepted) {
    return rejections.map(({ code }) => code).join(', ');
  }
  const parts = (score?.parts ?? []).map(({ name, points }) => `${name} ${points}`).join(' + ');
  const risk = nameRefusal ? '; name at risk' : '';
  return `score ${score?.total ?? 0}${parts === '' ? '' : ` = ${parts}`}${risk}`;
};

const chosenLines = ({ candidates, chosen }: Checked): string[] => {
  const candidate = candidates.find(({ verdict }) => verdict.release.infoHash === chosen);
  if (candidate === undefined) {
    return ['Nothing would be taken.'];
  }
  const { verdict, files } = candidate;
  const name = shorten(verdict.release.name, WIDTH - 'Chosen: '.length);
  if (files === null) {
    return [`Chosen: ${name}`, `${INDENT}its files were not looked into`];
  }
  const rows = files.map(({ id, path, bytes }) => [String(id), path, sizeOf(bytes)]);
  const listed = table(
    [
      { head: 'file', right: true },
      { head: 'path', stretch: true },
      { head: 'size', right: true },
    ],
    rows,
    WIDTH - INDENT.length,
  ).split('\n');
  return [`Chosen: ${name}`, ...listed.map((line) => `${INDENT}${line}`)];
};

/** How much of what is on offer Real-Debrid would probably not take. */
const shareRefused = (candidates: readonly CheckedCandidate[]): string[] => {
  const refused = candidates.filter(({ verdict }) => verdict.nameRefusal).length;
  if (refused === 0) {
    return [];
  }
  const share = Math.round((refused / candidates.length) * 100);
  return [
    `Name at risk: Real-Debrid will probably refuse ${refused} of ${candidates.length} releases (${share} %) by their name.`,
  ];
};

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

const sizeOf = (bytes: number | null): string => {
  if (bytes === null) {
    return '?';
  }
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log(bytes) / Math.log(1024)));
  return `${(bytes / 1024 ** power).toFixed(power < 3 ? 0 : 1)} ${UNITS[power]}`;
};
