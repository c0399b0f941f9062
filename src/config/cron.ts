import { type ParsedFields, validateDetailed } from 'node-cron';

const FIELDS = [
  { name: 'seconds', first: 0, size: 60 },
  { name: 'minutes', first: 0, size: 60 },
  { name: 'hours', first: 0, size: 24 },
  // Months differ in length, so no step but 1 is even over their border.
  { name: 'day of month', first: 1, size: 1, last: 31 },
  { name: 'month', first: 1, size: 12 },
  { name: 'day of week', first: 0, size: 7 },
] as const;
type Field = (typeof FIELDS)[number];

/** Why this is no schedule we can keep, or undefined when it is one. */
export function cronFault(expression: string): string | undefined {
  const checked = validateDetailed(expression);
  if (!checked.valid) return checked.errors[0]?.message ?? 'not a cron expression';
  if (expression.trim().startsWith('@')) return undefined;
  const parts = expression.trim().split(/\s+/);
  const fields = parts.length === 5 ? ['0', ...parts] : parts;
  for (const [at, field] of FIELDS.entries()) {
    const fault = stepFault(fields[at] ?? '*', field);
    if (fault) return fault;
  }
  return undefined;
}

/** Cron counts steps from the start of each field: "every 90 seconds" silently becomes "at second 0 of each minute". */
function stepFault(text: string, field: Field): string | undefined {
  const last = 'last' in field ? field.last : field.first + field.size - 1;
  for (const part of text.split(',')) {
    const found = /^(\*|\d+-\d+)\/(\d+)$/.exec(part);
    const whole = found?.[1] === '*' || found?.[1] === `${field.first}-${last}`;
    const step = Number(found?.[2]);
    if (!whole || field.size % step === 0) continue;
    const even = divisors(field.size).join(', ');
    return `${part} in the ${field.name} field is not even: it starts again with each turn of the field; steps that divide it: ${even}`;
  }
  return undefined;
}

function divisors(size: number): number[] {
  return Array.from({ length: size }, (_, index) => index + 1).filter((step) => size % step === 0);
}

/** The shortest and the longest pause between two firings on a day that the expression allows, in ms. */
export function cronIntervals(expression: string): { shortest: number; longest: number } {
  const day = 86_400;
  const times = secondsOfDay(validateDetailed(expression).fields);
  const first = times[0];
  if (first === undefined) return { shortest: day * 1000, longest: day * 1000 };
  let shortest = Number.POSITIVE_INFINITY;
  let longest = 0;
  for (const [at, time] of times.entries()) {
    const gap = (times[at + 1] ?? first + day) - time;
    shortest = Math.min(shortest, gap);
    longest = Math.max(longest, gap);
  }
  return { shortest: shortest * 1000, longest: longest * 1000 };
}

function secondsOfDay(fields: ParsedFields | undefined): number[] {
  if (!fields) return [];
  const times = new Set<number>();
  for (const hour of numbers(fields.hour)) {
    for (const minute of numbers(fields.minute)) {
      for (const second of numbers(fields.second)) times.add(hour * 3600 + minute * 60 + second);
    }
  }
  return [...times].sort((a, b) => a - b);
}

const numbers = (values: readonly unknown[]): number[] => values.map(Number).filter(Number.isInteger);

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
