import { guid } from '../kit/ids.js';

export interface VideoSource {
  id: string;
  path: string;
  bytes: number;
  /** null: not probed yet, no streams known. */
  width: number | null;
  /** What a probe will find. */
  trueWidth: number;
}

/** One library item. Virtual episodes have no source. */
export interface Item {
  id: string;
  type: 'Movie' | 'Series' | 'Season' | 'Episode' | 'BoxSet' | 'CollectionFolder';
  name: string;
  year: number | null;
  path: string | null;
  virtual: boolean;
  providerIds: Record<string, string>;
  sources: VideoSource[];
  seriesId: string | null;
  seriesName: string | null;
  seasonId: string | null;
  /** Episode number, or season number of a season. */
  index: number | null;
  indexEnd: number | null;
  parentIndex: number | null;
  boxSetId: string | null;
  libraryId: string;
  runTimeMinutes: number;
  /** Played items are hidden from "latest". */
  played: boolean;
  dateCreated: number;
  dateSaved: number;
}

export const LIBRARIES = {
  movies: { id: guid('library:movies'), name: 'Movies', collectionType: 'movies' },
  shows: { id: guid('library:shows'), name: 'Shows', collectionType: 'tvshows' },
} as const;

export function blankItem(type: Item['type'], id: string, name: string, libraryId: string): Item {
  return {
    id,
    type,
    name,
    year: null,
    path: null,
    virtual: false,
    providerIds: {},
    sources: [],
    seriesId: null,
    seriesName: null,
    seasonId: null,
    index: null,
    indexEnd: null,
    parentIndex: null,
    boxSetId: null,
    libraryId,
    runTimeMinutes: 0,
    played: false,
    dateCreated: 0,
    dateSaved: 0,
  };
}

/** Heights that go with the usual widths, letterboxing aside. */
export function heightFor(width: number): number {
  return Math.round((width * 9) / 16);
}
