import { chooseForPlan, type Place } from './fileChoice.js';
import type { TorrentFile } from './release.js';
import type { ChooseFilesOptions, Wanted } from './selection/index.js';

const video = /\.(?:mkv|mp4|m4v|avi|mov|wmv|ts|m2ts|mts|webm|mpg|mpeg|ogm|flv|mk3d)$/i;

const ids = (files: readonly TorrentFile[]): number[] => files.map((file) => file.id).sort((a, b) => a - b);

const holds = (variant: readonly TorrentFile[], wanted: readonly number[]): boolean => {
  const present = new Set(variant.map((file) => file.id));
  return wanted.every((id) => present.has(id));
};

/** What instantAvailability's variants mean for one release and what is wanted of it. */
export type VariantChoice =
  /** These ids, selected together, are served at once. */
  | { kind: 'instant'; fileIds: number[]; brought: Place[] }
  /** Nothing is cached that could be selected for it. What is not cached is not in the variants: they refuse nothing. */
  | { kind: 'uncached' };

/**
 * The exact wanted set if it is a variant; else the smallest variant of videos only that includes it (a set with other
 * files would be served as one archive).
 */
export const chooseVariant = (
  variants: readonly TorrentFile[][],
  wanted: readonly Wanted[],
  options: ChooseFilesOptions,
): VariantChoice => {
  const known = new Map(variants.flat().map((file) => [file.id, file]));
  const choice = chooseForPlan([...known.values()], wanted, options);
  if (choice.outcome !== 'selected') {
    return { kind: 'uncached' };
  }
  const exact = variants.find((variant) => ids(variant).join() === choice.ids.join());
  const wider = variants
    .filter((variant) => holds(variant, choice.ids) && variant.every((file) => video.test(file.path)))
    .sort((a, b) => a.length - b.length)[0];
  const chosen = exact ?? wider;
  return chosen === undefined
    ? { kind: 'uncached' }
    : { kind: 'instant', fileIds: ids(chosen), brought: choice.brought };
};
