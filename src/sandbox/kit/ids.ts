import { createHash } from 'node:crypto';

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** Jellyfin's ids: 32 hex digits without dashes. The same thing always gets the same id. */
export function guid(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

const RD_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const RD_ID_LENGTH = 13;

/** Real-Debrid's ids: 13 upper-case characters. Counted, so a run is repeatable. */
export function realDebridId(counter: number, salt = 'torrent'): string {
  const digest = createHash('sha1').update(`${salt}:${counter}`).digest();
  return [...digest.subarray(0, RD_ID_LENGTH)].map((byte) => RD_ALPHABET[byte % RD_ALPHABET.length]).join('');
}
