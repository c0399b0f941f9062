import { redactor } from '../../log/redact.js';

const LIMIT = 200;

/**
 * A foreign text made fit for a message: without secrets, links, magnets and control characters, on one line, at most
 * 200 characters.
 */
export function excerpt(text: string, secrets: readonly string[]): string {
  // Bounded before the work, too: a body can hold megabytes. Masked before it is cut, or half a secret would stay.
  const clean = redactor(secrets)(text.slice(0, 100_000))
    .replace(/\b(?:https?|wss?|udp|magnet|stremio):\S+/gi, '(link)')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return clean.length > LIMIT ? `${clean.slice(0, LIMIT - 1)}…` : clean;
}
