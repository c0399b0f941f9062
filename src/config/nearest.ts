import { distance } from 'fastest-levenshtein';

/** The name that was most likely meant, or undefined when none is close. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');
  const meant = plain(name);
  let best: { name: string; far: number } | undefined;
  for (const candidate of known) {
    const far = distance(meant, plain(candidate));
    if (far < (best?.far ?? Number.POSITIVE_INFINITY)) best = { name: candidate, far };
  }
  return best && best.far <= Math.max(1, Math.floor(Math.max(meant.length, best.name.length) / 3))
    ? best.name
    : undefined;
}
