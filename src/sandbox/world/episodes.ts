/** The episodes a file or release name speaks of; the sandbox's own reading, independent of the product's parser. */
export interface EpisodeSpan {
  season: number;
  episodes: number[];
}

const VIDEO = /\.(mkv|mp4|avi|m4v|mov|wmv|ts|m2ts|webm|mpg)$/i;
const SAMPLE = /(^|[\W_])(sample|trailer)([\W_]|$)/i;

export function isVideo(path: string): boolean {
  return VIDEO.test(path);
}

export function isSample(path: string): boolean {
  return SAMPLE.test(path);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function episodesIn(name: string): EpisodeSpan | null {
  const text = baseName(name).replace(VIDEO, '');
  return tagged(text) ?? crossed(text) ?? animeNumbered(text);
}

/** `S01E02`, `S01E01E02`, `S01E01-E03`, `S01E01-03`. */
function tagged(text: string): EpisodeSpan | null {
  const found = /S(\d{1,2})[ ._-]?E(\d{1,4})((?:[ ._]?-?[ ._]?E\d{1,4})*|-\d{1,4})(?!\d)/i.exec(text);
  if (found === null) return null;
  const first = Number(found[2]);
  const rest = (found[3] ?? '').match(/\d+/g) ?? [];
  const last = rest.length > 0 ? Number(rest.at(-1)) : first;
  return { season: Number(found[1]), episodes: range(first, last) };
}

/** `1x02`. */
function crossed(text: string): EpisodeSpan | null {
  const found = /(?:^|[^0-9])(\d{1,2})x(\d{2,3})(?!\d)/.exec(text);
  return found === null ? null : { season: Number(found[1]), episodes: [Number(found[2])] };
}

/** `[Group] Title - 02 [1080p]`: the season is not said, so it is the first. */
function animeNumbered(text: string): EpisodeSpan | null {
  const found = /^\[[^\]]+\].* - (\d{2,4})(?:v\d)?(?=[ [(]|$)/.exec(text);
  return found === null ? null : { season: 1, episodes: [Number(found[1])] };
}

function range(first: number, last: number): number[] {
  return last < first ? [first] : Array.from({ length: last - first + 1 }, (_, step) => first + step);
}
