/** Bytes of one MB as the stream addon counts them (1024-based); profile sizes use the same unit. */
export const MB = 1024 ** 2;
export const GB = 1024 ** 3;

/** Ascending, without duplicates. */
export const ascending = (values: Iterable<number>): number[] => [...new Set(values)].sort((a, b) => a - b);

/** `first` to `last`, both included. */
export const numbersBetween = (first: number, last: number): number[] =>
  Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);

/** `1-3, 7`, at most five ranges. */
export function listNumbers(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  const shown = ranges.slice(0, 5).map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
  return ranges.length > 5 ? `${shown.join(', ')}, …` : shown.join(', ');
}
