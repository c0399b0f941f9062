/** The sandbox's time: whose clock, and how much faster than the real services its waits run. */
export interface SandboxClock {
  /** Epoch ms. */
  now(): number;
  /** A real service's duration in sandbox ms. */
  scaled(ms: number): number;
}

export function sandboxClock(now: () => number, compress: number): SandboxClock {
  if (!(compress > 0)) throw new RangeError(`compress must be above 0, got ${compress}`);
  return { now, scaled: (ms) => ms / compress };
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
