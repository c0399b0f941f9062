/** Durations as people write them: `500ms`, `30s`, `60m`, `24h`, `7d`, and `0`. */
const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 } as const;
type Unit = keyof typeof UNITS;

/** Also goes into the JSON Schema, so it must stay a plain pattern. */
export const DURATION_PATTERN = /^(?:0|\d{1,15}(?:ms|s|m|h|d))$/;
export const DURATION_FORM = '500ms, 30s, 60m, 24h, 7d';

const SPELLINGS: Record<string, Unit> = {
  millis: 'ms',
  milliseconds: 'ms',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  min: 'm',
  mins: 'm',
  minute: 'm',
  minutes: 'm',
  hr: 'h',
  hrs: 'h',
  hour: 'h',
  hours: 'h',
  day: 'd',
  days: 'd',
};

/** Milliseconds, or undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!DURATION_PATTERN.test(text)) return undefined;
  const unit = text.replace(/^\d+/, '');
  const ms = Number.parseInt(text, 10) * (unit in UNITS ? UNITS[unit as Unit] : 1);
  return Number.isSafeInteger(ms) ? ms : undefined;
}

/** A short exact spelling; `parseDuration` reads it back to the same number. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  for (const [unit, size] of Object.entries(UNITS)) {
    // One day reads better as 24h.
    if (ms % size === 0 && (unit !== 'd' || ms > UNITS.d)) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

/** What the writer of this wrong value most likely meant. */
export function durationHint(raw: unknown): string | undefined {
  if (typeof raw === 'number' || (typeof raw === 'string' && /^\s*\d+\s*$/.test(raw))) {
    const count = String(raw).trim();
    return `add the unit: ${count}s for seconds, ${count}m for minutes`;
  }
  if (typeof raw !== 'string') return undefined;
  const found = /^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\s*$/i.exec(raw);
  const word = found?.[2]?.toLowerCase() ?? '';
  const unit = word in UNITS ? (word as Unit) : SPELLINGS[word];
  if (!found || !unit) return undefined;
  return `write ${formatDuration(Math.round(Number(found[1]) * UNITS[unit]))}`;
}
