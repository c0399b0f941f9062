const LIMIT = 200;
const MASK = '***';
/** Shorter values would mask ordinary words. */
const SHORTEST_SECRET = 6;

/** Both spellings of each secret, longest first, so that a secret holding another one is masked as a whole. */
export function secretValues(values: readonly string[]): string[] {
  const all = values.filter((value) => value.length >= SHORTEST_SECRET);
  const spellings = new Set(all.flatMap((value) => [value, encodeURIComponent(value)]));
  return [...spellings].sort((a, b) => b.length - a.length);
}

/**
 * A foreign text made fit for a message: without secrets, links, magnets and control characters, on one line, at most
 * 200 characters.
 */
export function excerpt(text: string, secrets: readonly string[]): string {
  // Bounded before the work, too: a body can hold megabytes. Masked before it is cut, or half a secret would stay.
  let clean = text.slice(0, 100_000);
  for (const secret of secrets) clean = clean.replaceAll(secret, MASK);
  clean = clean
    .replace(/\b(?:https?|wss?|udp|magnet|stremio):\S+/gi, '(link)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return clean.length > LIMIT ? `${clean.slice(0, LIMIT - 1)}…` : clean;
}
