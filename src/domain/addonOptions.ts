/**
 * The settings segment of a stream addon's address: `key=value` pairs joined by `|`, raw or percent-encoded. Other addons
 * (and the addon's own presets) put something else there, which nothing can be added to.
 */

const KEY = 'realdebrid';

/** Why a token cannot be added; null = it can. */
export type TokenObstacle = 'has-key' | 'not-pairs' | 'in-url';

export function tokenObstacle({ url, options }: { url: string; options: string }): TokenObstacle | null {
  // An address copied together with its settings; a second segment would make it another route.
  if (/=|%3d/i.test(url)) return 'in-url';
  const pairs = decoded(options)
    .split('|')
    .filter((pair) => pair !== '');
  if (pairs.some((pair) => pair.split('=')[0]?.trim().toLowerCase() === KEY)) return 'has-key';
  return pairs.every((pair) => /^[^=]+=[^=]*$/.test(pair)) ? null : 'not-pairs';
}

/** The settings with the token added, or as they are where that cannot be. An empty token adds nothing. */
export function withToken(addon: { url: string; options: string }, token: string): string {
  if (token === '' || tokenObstacle(addon) !== null) return addon.options;
  const before = addon.options.replace(/(\||%7C)+$/i, '');
  const pair = `${KEY}=${encodeURIComponent(token)}`;
  return before === '' ? pair : `${before}|${pair}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
