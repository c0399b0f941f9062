/** The middle one; of an even number the lower of the two. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
};

/** The median of ratios between figures that were taken side by side: what disturbs the machine disturbs both. */
export const ratioOf = (figures: readonly number[], others: readonly number[]): number =>
  median(figures.map((figure, place) => figure / (others[place] ?? Number.NaN)));

const MEBIBYTE = 1024 ** 2;

export const mebibytes = (bytes: number): number => bytes / MEBIBYTE;
