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
const limit = values.days === undefined ? null : Number(values.days);
const goOn = (days: number): boolean => (limit === null ? seconds() < Number(values.minutes) * 60 : days < limit);

say(`seed ${values.seed}, the program looks every ${values.poll} minutes`);
try {
  const { lines, wrong } = await soak(
    { seed: values.seed, poll: Number(values.poll), goOn, onWeek: (line) => say(`${seconds()} s: ${line}`) },
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
