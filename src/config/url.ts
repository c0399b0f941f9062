import { MASK } from './secrets.js';

export interface UrlRules {
  /** Without the colon. */
  readonly schemes: readonly string[];
  /** A proxy may need a user and a password; for a service they would leak into logs and error texts. */
  readonly credentials?: boolean;
  /** What follows a question mark may be part of it. */
  readonly query?: boolean;
  /** Path endings people paste along with the address. */
  readonly notEndingWith?: readonly string[];
}

/** What is wrong with this address, or undefined. Never repeats the address: it may hold a password. */
export function urlFault(text: string, rules: UrlRules): string | undefined {
  if (/\s/.test(text)) return 'there is a space in it';
  const scheme = /^([a-z][a-z0-9+.-]*):\/\/(?!\/)/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined || !rules.schemes.includes(scheme)) return schemeHint(text, scheme, rules);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url?.hostname) return 'there is no valid host name or port in it';
  if (!rules.credentials && (url.username || url.password)) return 'leave the user name and password out';
  if (!rules.query && (url.search || url.hash)) return 'leave out what follows ? or #';
  const tail = rules.notEndingWith?.find((end) => url.pathname.replace(/\/+$/, '').endsWith(end));
  return tail ? `leave out ${tail} at the end` : undefined;
}

function schemeHint(text: string, scheme: string | undefined, rules: UrlRules): string {
  const first = rules.schemes[0] ?? 'http';
  if (scheme !== undefined) return `it starts with ${scheme}://`;
  return /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write ${first}://${maskUrl(text)}` : `start it with ${first}://`;
}

/** The form the clients build on: no slash at the end. */
export const trimUrl = (text: string): string => text.replace(/\/+$/, '');

/** Addons are handed around by the address of their manifest. */
export const trimManifest = (text: string): string => trimUrl(text.replace(/\/+manifest\.json$/, ''));

/** The address with whatever in it may be a key replaced. Works on text that is no valid URL, too. */
export function maskUrl(text: string): string {
  const [, scheme = '', credentials = '', host = '', rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)?([^/?#]*@)?([^/?#]*)(.*)$/is.exec(text) ?? [];
  const path = rest.replace(/([?#]).+$/s, `$1${MASK}`).replace(/[^/?#]+/g, masked);
  return `${scheme}${credentials && `${MASK}@`}${scheme || host.includes('.') ? host : masked(host)}${path}`;
}

const masked = (segment: string): string => (looksLikeKey(segment) ? MASK : segment);

/** Addons take their settings, the user's debrid key among them, as a segment of the path. */
function looksLikeKey(segment: string): boolean {
  return /=|%3d/i.test(segment) || segment.length >= 24;
}

/** The parts of an address that no log may show. */
export function secretsInUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const segments = url.pathname
    .split('/')
    .filter(looksLikeKey)
    .flatMap((segment) => [segment, ...longParts(segment)]);
  const found = [url.password, url.username && url.password ? `${url.username}:${url.password}` : '', ...segments];
  return found.flatMap((part) => [part, decoded(part)]).filter((part) => part !== '');
}

/** An addon's settings hold keys as single values, which may turn up alone in its answers. */
export function longParts(settings: string): string[] {
  return decoded(settings)
    .split(/[|=,]/)
    .filter((part) => part.length >= 16);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
