import { decoded } from '../kit/http.js';

/** The addon's configuration, read from a path segment of `key=value` pairs joined by `|`. */
export interface AddonConfig {
  providers: string[] | null;
  sort: string;
  limit: number | null;
  qualityFilter: string[];
  /** Bytes: for movies and for episodes. */
  sizeFilter: { movie: number | null; episode: number | null };
  languages: string[];
  noDownloadLinks: boolean;
  realDebridKey: string | null;
}

/** Pairs without exactly one `=` are ignored, so any garbage is the empty configuration. */
export function readConfig(segment: string): AddonConfig {
  const pairs = new Map<string, string>();
  for (const part of decoded(segment).split('|')) {
    const [key = '', value = '', ...rest] = part.split('=');
    if (part.includes('=') && rest.length === 0) pairs.set(key.toLowerCase(), value);
  }
  const list = (key: string) => (pairs.get(key) ?? '').split(',').filter((item) => item !== '');
  const providers = list('providers').map((name) => name.toLowerCase());
  const limit = pairs.get('limit') ?? '';
  const key = pairs.get('realdebrid') ?? '';
  return {
    providers: providers.length > 0 ? providers : null,
    sort: (pairs.get('sort') ?? '').toLowerCase(),
    limit: /^[1-9][0-9]*$/.test(limit) ? Number(limit) : null,
    qualityFilter: list('qualityfilter').map((name) => name.toLowerCase()),
    sizeFilter: sizes(list('sizefilter')),
    languages: list('language').map((name) => name.toLowerCase()),
    noDownloadLinks: list('debridoptions').includes('nodownloadlinks'),
    realDebridKey: key === '' ? null : key,
  };
}

function sizes([movie, episode]: string[]): AddonConfig['sizeFilter'] {
  const first = bytesOf(movie ?? '');
  return { movie: first, episode: episode === undefined ? first : bytesOf(episode) };
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };

export function bytesOf(text: string): number | null {
  const found = /^\s*([\d.]+)\s*([kKMGT]?B)\s*$/.exec(text);
  return found === null ? null : Math.floor(Number(found[1]) * (UNITS[(found[2] ?? '').toUpperCase()] ?? 1));
}
