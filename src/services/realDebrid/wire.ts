import * as z from 'zod';
import type { TorrentEntry, TorrentInfo, TorrentStatus, Variant } from '../ports.js';

/** Real-Debrid's JSON and how it reads in our words: strict about what is used, blind to the rest. */

const statuses: readonly string[] = [
  'magnet_error',
  'magnet_conversion',
  'waiting_files_selection',
  'queued',
  'downloading',
  'downloaded',
  'error',
  'virus',
  'compressing',
  'uploading',
  'dead',
] satisfies TorrentStatus[];

const entry = z.object({
  id: z.string().min(1),
  hash: z.string(),
  filename: z.string().nullish(),
  bytes: z.number().nullish(),
  progress: z.number(),
  status: z.string(),
  links: z.array(z.unknown()).nullish(),
  seeders: z.number().nullish(),
});

export const listAnswer = z.array(entry);

const infoObject = entry.extend({
  original_filename: z.string().nullish(),
  files: z
    .array(z.object({ id: z.number().int(), path: z.string(), bytes: z.number(), selected: z.number() }))
    .nullish(),
});
export const infoAnswer = infoObject.nullable();

export function toEntry(row: z.infer<typeof entry>): TorrentEntry {
  return {
    id: row.id,
    infoHash: row.hash.toLowerCase(),
    name: row.filename ?? '',
    bytes: row.bytes ?? 0,
    progress: row.progress,
    status: statuses.includes(row.status) ? (row.status as TorrentStatus) : 'unrecognised',
    linkCount: row.links?.length ?? 0,
    seeders: row.seeders ?? null,
  };
}

export function toInfo(row: z.infer<typeof infoObject>): TorrentInfo {
  return {
    ...toEntry(row),
    originalName: row.original_filename ?? row.filename ?? '',
    files: (row.files ?? []).map(({ id, path, bytes, selected }) => ({ id, path, bytes, selected: selected === 1 })),
  };
}

export const addedAnswer = z.object({ id: z.string().min(1) });
export const userAnswer = z.object({ premium: z.number(), expiration: z.string().nullish() });
export const slotsAnswer = z.object({ nb: z.number(), limit: z.number() });

/** File id to file: one set that was served as a whole. */
const variant = z.record(z.string().regex(/^\d+$/), z.object({ filename: z.string(), filesize: z.number() }));
/** Per hash; a hash without variants is an empty list instead of an object. */
const perHash = z.union([z.object({ rd: z.array(variant).nullish() }), z.array(z.unknown()).length(0)]);
/** 'disabled' is made by us; a bare list instead of the object says nothing. */
export const availabilityAnswer = z.union([
  z.literal('disabled'),
  z.array(z.unknown()).length(0),
  z.record(z.string(), perHash),
]);

export function toVariants(answer: z.infer<typeof perHash>): Variant[] {
  if (Array.isArray(answer)) return [];
  return (answer.rd ?? []).map((files) =>
    Object.entries(files).map(([id, { filename, filesize }]) => ({ id: Number(id), path: filename, bytes: filesize })),
  );
}
