/** Replaces every configured secret, raw, as JSON writes it, URL-encoded, base64 or hex, wherever it stands in a text. */
export type Redact = (text: string) => string;

const MASK = '***';
/** Shorter values would blank out ordinary words. */
const SHORTEST_SECRET = 4;

const shapesOf = (secret: string): string[] => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  encodeURI(secret),
  ...(['base64', 'base64url', 'hex'] as const).map((form) => Buffer.from(secret).toString(form)),
];

export const redactor = (secrets: readonly string[]): Redact => {
  const shapes = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(shapesOf))].sort(
    (a, b) => b.length - a.length,
  );
  return (text) => shapes.reduce((clean, shape) => clean.replaceAll(shape, MASK), text);
};

// Control characters, line separators, bidirectional overrides: a title must not be able to forge or hide a log line.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const LONGEST_LINE = 2_000;

/** One harmless line: no control or direction marks, bounded. */
export const oneLine = (text: string, longest = LONGEST_LINE): string => {
  const line = text.slice(0, longest * 2).replaceAll(unsafe, ' ');
  // Never half of a surrogate pair.
  return line.length > longest ? `${line.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…` : line;
};
