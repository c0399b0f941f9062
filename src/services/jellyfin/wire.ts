import * as z from 'zod';
import type { Library, LibraryEpisode, LibraryItem, LibraryMovie, ScanTask } from '../ports.js';

/**
 * Jellyfin's JSON (10.10 to 12.0): PascalCase, nulls left out. Strict about what is used, blind to the rest.
 */

const mediaSources = z
  .array(
    z.object({
      MediaStreams: z.array(z.object({ Type: z.string().nullish(), Width: z.number().nullish() })).nullish(),
    }),
  )
  .nullish();

export const playbackAnswer = z.object({ MediaSources: mediaSources });

const item = z.object({
  Id: z.string().min(1),
  Type: z.string(),
  Name: z.string().nullish(),
  Path: z.string().nullish(),
  LocationType: z.string().nullish(),
  ProviderIds: z.record(z.string(), z.string().nullish()).nullish(),
  SeriesId: z.string().nullish(),
  ParentIndexNumber: z.number().nullish(),
  IndexNumber: z.number().nullish(),
  IndexNumberEnd: z.number().nullish(),
  MediaSources: mediaSources,
});
type WireItem = z.infer<typeof item>;

export const itemsAnswer = z.object({ Items: z.array(item), TotalRecordCount: z.number().nullish() });

/** null = a type we did not ask for (an unknown one in the query means "all types" to Jellyfin). */
export function toItem(row: WireItem): LibraryItem | null {
  const { Type: type } = row;
  if (type !== 'Movie' && type !== 'Series' && type !== 'Episode') return null;
  return {
    id: row.Id,
    type,
    name: row.Name ?? '',
    path: row.Path ?? null,
    providerIds: lowerKeys(row.ProviderIds ?? {}),
    seriesId: row.SeriesId ?? null,
    season: type === 'Episode' ? (row.ParentIndexNumber ?? null) : null,
    numbers: type === 'Episode' ? numbersOf(row) : null,
  };
}

function numbersOf({ IndexNumber: first, IndexNumberEnd: last }: WireItem): LibraryItem['numbers'] {
  return typeof first === 'number' ? { first, last: Math.max(first, last ?? first) } : null;
}

/** Virtual = known to a metadata plugin, no file. Never true of a series or a movie that we look for. */
export const isVirtual = (row: WireItem): boolean => row.LocationType === 'Virtual' && row.Type === 'Episode';

export function toMovie(row: WireItem): LibraryMovie | null {
  const found = toItem(row);
  if (found?.type !== 'Movie') return null;
  return { ...found, videoWidths: videoWidths(row) };
}

/** Of all versions; none while Jellyfin has not probed the file. */
export function videoWidths({ MediaSources }: Pick<WireItem, 'MediaSources'>): number[] {
  const streams = (MediaSources ?? []).flatMap((source) => source.MediaStreams ?? []);
  const widths = streams.filter((stream) => stream.Type === 'Video').map((stream) => stream.Width ?? 0);
  return widths.filter((width) => width > 0);
}

/** null = not a real, numbered episode of that season (specials shown within it are season 0). */
export function toEpisode(row: WireItem, season: number): LibraryEpisode | null {
  if (row.Type !== 'Episode' || isVirtual(row) || row.ParentIndexNumber !== season) return null;
  const numbers = numbersOf(row);
  return numbers && { id: row.Id, season, ...numbers, path: row.Path ?? null, videoWidths: videoWidths(row) };
}

const lowerKeys = (ids: Record<string, string | null | undefined>): Record<string, string> => {
  const pairs = Object.entries(ids).flatMap(([key, id]) => (id ? [[key.toLowerCase(), id] as const] : []));
  return Object.fromEntries(pairs);
};

export const tasksAnswer = z.array(
  z.object({
    Id: z.string(),
    Key: z.string().nullish(),
    State: z.string().nullish(),
    LastExecutionResult: z
      .object({ StartTimeUtc: z.string().nullish(), EndTimeUtc: z.string().nullish(), Status: z.string().nullish() })
      .nullish(),
  }),
);

export function toScanTask(task: z.infer<typeof tasksAnswer>[number]): ScanTask {
  const last = task.LastExecutionResult;
  return {
    id: task.Id,
    running: task.State !== 'Idle',
    lastStartedAt: time(last?.StartTimeUtc),
    lastEndedAt: time(last?.EndTimeUtc),
    lastStatus: last?.Status ?? null,
  };
}

/** .NET leaves the zone out of some of its UTC times. */
function time(text: string | null | undefined): number | null {
  if (!text) return null;
  const at = Date.parse(/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(at) ? null : at;
}

export const serverAnswer = z.object({ Version: z.string(), ServerName: z.string().nullish() });

export const librariesAnswer = z.array(
  z.object({
    Name: z.string(),
    CollectionType: z.string().nullish(),
    Locations: z.array(z.string()).nullish(),
  }),
);

export const toLibrary = (row: z.infer<typeof librariesAnswer>[number]): Library => ({
  name: row.Name,
  type: row.CollectionType ?? null,
  paths: row.Locations ?? [],
});
