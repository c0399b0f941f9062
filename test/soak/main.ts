import { parseArgs } from 'node:util';
import { soak } from './soak.js';
import { summary } from './summary.js';

/** `npm run soak -- [--minutes N] [--days N] [--seed S] [--poll MINUTES]`. */

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    days: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    poll: { type: 'string', default: '2' },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
const amount = (text: string): number => {
  const number = Number(text);
  if (!(number > 0)) {
    say(`${text} is no amount`);
    process.exit(2);
  }
  return number;
};
const minutes = amount(values.minutes);
const poll = amount(values.poll);
const limit = values.days === undefined ? null : amount(values.days);
const goOn = (days: number): boolean => (limit === null ? seconds() < minutes * 60 : days < limit);

say(`seed ${values.seed}, the program looks every ${values.poll} minutes`);
try {
  const { lines, wrong } = await soak(
    { seed: values.seed, poll, goOn, onWeek: (line) => say(`${seconds()} s: ${line}`) },
    summary,
  );
  for (const line of [...lines, ...wrong]) {
    say(line);
  }
  process.exitCode = wrong.length > 0 ? 1 : 0;
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
