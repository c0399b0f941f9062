import { iso } from '../kit/clock.js';
import { guid } from '../kit/ids.js';
import { baseName } from '../world/episodes.js';
import { heightFor, type Item, type VideoSource } from './items.js';

export const SERVER_ID = guid('sandbox jellyfin');
export const SERVER_NAME = 'sandbox';

const TICKS_PER_MINUTE = 600_000_000;

/** A BaseItemDto: PascalCase, nulls omitted, the dear fields only when `fields` asks for them. */
export function itemDto(item: Item, fields: ReadonlySet<string>): Record<string, unknown> {
  const asked = (field: string, value: unknown) => (fields.has(field) ? value : null);
  const playable = item.type === 'Movie' || item.type === 'Episode';
  return withoutNulls({
    Name: item.name,
    ServerId: SERVER_ID,
    Id: item.id,
    DateCreated: asked('datecreated', iso(item.dateCreated)),
    Path: asked('path', item.path),
    RunTimeTicks: item.runTimeMinutes > 0 && !item.virtual ? item.runTimeMinutes * TICKS_PER_MINUTE : null,
    ProductionYear: item.year,
    IndexNumber: item.index,
    IndexNumberEnd: item.indexEnd,
    ParentIndexNumber: item.parentIndex,
    ProviderIds: asked('providerids', item.providerIds),
    IsFolder: !playable,
    Type: item.type,
    SeriesId: item.seriesId,
    SeriesName: item.seriesName,
    SeasonId: item.seasonId,
    ...(playable ? videoFields(item, asked) : {}),
    LocationType: item.virtual ? 'Virtual' : 'FileSystem',
    MediaType: playable ? 'Video' : 'Unknown',
  });
}

function videoFields(item: Item, asked: (field: string, value: unknown) => unknown): Record<string, unknown> {
  const width = item.sources[0]?.width ?? null;
  return {
    VideoType: item.virtual ? null : 'VideoFile',
    Container: item.virtual ? null : 'mkv',
    MediaSources: asked('mediasources', item.sources.map(sourceDto)),
    MediaStreams: asked('mediastreams', item.sources.flatMap(streams)),
    Width: asked('width', width),
    Height: asked('height', width === null ? null : heightFor(width)),
  };
}

function withoutNulls(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

export function sourceDto(source: VideoSource): Record<string, unknown> {
  return {
    Protocol: 'File',
    Id: source.id,
    Path: source.path,
    Type: 'Default',
    Container: 'mkv',
    Size: source.bytes,
    Name: baseName(source.path).replace(/\.[^.]+$/, ''),
    IsRemote: false,
    SupportsDirectPlay: true,
    VideoType: 'VideoFile',
    MediaStreams: streams(source),
    Formats: [],
  };
}

function streams(source: VideoSource): Record<string, unknown>[] {
  if (source.width === null) return [];
  return [
    { Codec: 'hevc', Type: 'Video', Index: 0, Width: source.width, Height: heightFor(source.width), IsDefault: true },
    { Codec: 'aac', Type: 'Audio', Index: 1, Language: 'eng', Channels: 2, IsDefault: true },
  ];
}
