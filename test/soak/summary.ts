import type { Outpost } from '../support/outpost.js';
import { leaks } from '../support/secrets.js';
import { median, type Sample, thirds } from './measures.js';
import type { Figures } from './soak.js';

/** The figures of a run, and which of them are not what they should be. */

/** What a process may grow by, of its first third to its last (MB). */
const MOST_GROWTH = 40;
const MOST_DATABASE_MB = 20;
const MOST_LOG_KB_PER_DAY = 100;

/** On the busiest day, of which the services' own troubles are part: for each look, and beside that. */
const MOST_CALLS = {
  seerr: { perLook: 1.25, beside: 150 },
  torrentio: { perLook: 0, beside: 100 },
  realDebrid: { perLook: 1, beside: 250 },
  // While the addon or Real-Debrid is away and something is due, each look asks what has changed in the library.
  jellyfin: { perLook: 1, beside: 150 },
};

export interface Summary {
  lines: string[];
  wrong: string[];
}

export const summary = (figures: Figures, post: Outpost): Summary => {
  const { measures, life } = figures;
  const memory = growth(measures.samples.map(({ rssMb }) => rssMb));
  const alone = growth(longestLife(measures.samples).map(({ rssMb }) => rssMb));
  const database = growth(measures.databaseMb);
  const log = Math.max(...measures.logKbPerDay);
  const { seerr, jellyfin, realDebrid } = post.sandbox;
  const leaked = leaks([seerr.apiKey, jellyfin.apiKey, realDebrid.token], { 'the log': post.log }, post.dir);
  const calls = callsOf(figures);
  const checks: [boolean, string][] = [
    [memory.last - memory.first > MOST_GROWTH, `memory grew from ${memory.first} to ${memory.last} MB`],
    [alone.last - alone.first > MOST_GROWTH, `one process grew from ${alone.first} to ${alone.last} MB`],
    [Math.max(...measures.databaseMb) > MOST_DATABASE_MB, `the database has ${database.last} MB`],
    [log > MOST_LOG_KB_PER_DAY, `${log.toFixed(0)} KB of log in a day`],
    [leaked.length > 0, `secrets leaked: ${leaked.join(', ')}`],
    ...calls.map(({ service, most, allowed }): [boolean, string] => [
      most > allowed,
      `${most} calls to ${service} in a day, of ${allowed} allowed`,
    ]),
  ];
  return {
    lines: [
      `${figures.days} days, ${figures.asked} requests: ${figures.fulfilled} fulfilled, ${figures.open} open with nothing to be had yet, the rest taken back`,
      `${figures.mishaps} mishaps, ${life.kills} kills, ${life.restarts} restarts; ${figures.looks} looks found no duplicate, ${figures.reckonings} reckonings no loss`,
      `memory ${memory.first} MB in the first third, ${memory.last} MB in the last; of the longest life ${alone.first} and ${alone.last} MB`,
      `database ${database.first} and ${database.last} MB; log at most ${log.toFixed(0)} KB a day`,
      `calls a day: ${calls.map(({ service, usual, most }) => `${service} ${usual} (at most ${most})`).join(', ')}`,
    ],
    wrong: checks.filter(([isWrong]) => isWrong).map(([, text]) => text),
  };
};

const callsOf = ({ measures, looksPerDay }: Figures) =>
  (['seerr', 'torrentio', 'realDebrid', 'jellyfin'] as const).map((service) => {
    const counts = measures.callsPerDay.map((day) => day[service]);
    const { perLook, beside } = MOST_CALLS[service];
    return { service, usual: median(counts), most: Math.max(...counts), allowed: perLook * looksPerDay + beside };
  });

const growth = (numbers: readonly number[]): { first: number; last: number } => {
  const { first, last } = thirds(numbers);
  return { first: round(median(first)), last: round(median(last)) };
};

const round = (n: number): number => Math.round(n * 10) / 10;

/** Of the process that was left alive longest. */
const longestLife = (samples: readonly Sample[]): Sample[] => {
  const lives = [...new Set(samples.map(({ bornAt }) => bornAt))].map((born) =>
    samples.filter(({ bornAt }) => bornAt === born),
  );
  return lives.sort((a, b) => b.length - a.length)[0] ?? [];
};
