import { type ParsedResult, parseTorrentTitle } from '@viren070/parse-torrent-title';
import { splitVideoExtension } from './extensions.js';
import { flagsOf } from './flags.js';
import { cleanText, guardName, MAX_RAW_CHARS } from './guard.js';
import { languageCodes, saysGermanDual, saysMultiAudio, withoutSubtitlePhrases } from './languages.js';
import { numbersOf } from './numbers.js';
import type { ParsedRelease } from './parsedRelease.js';
import { tagsOf, trashOf } from './trash.js';
import { codecOf, hdrOf, resolutionOf, sourceOf, trashOfQuality } from './vocabulary.js';

/**
 * Reads a release name or a file's base name. Never throws; looks at no more than 300 characters; the answer is bounded.
 * The only place that knows the parser library, whose weak points the helpers of this folder cure.
 */
export function parseRelease(name: string): ParsedRelease {
  const { stem: rawStem, extension } = splitVideoExtension(cleanText(name, MAX_RAW_CHARS));
  const stem = guardName(rawStem);
  const library = readWithLibrary(extension === null ? stem : `${stem}.mkv`);
  const numbers = numbersOf(stem, library.seasons ?? [], library.episodes ?? []);
  const trash = trashOf(stem) ?? trashOfQuality(library.quality);
  const audio = audioOf(stem, library);
  return {
    title: titleOf(library),
    year: yearOf(library.year),
    years: yearsOf(stem),
    date: library.date ?? null,
    seasons: numbers.seasons,
    episodes: numbers.episodes,
    absolute: library.date === undefined ? numbers.absolute : [],
    resolution: resolutionOf(stem, library.resolution),
    source: trash === null ? sourceOf(stem, library.quality) : 'trash',
    trash,
    codec: codecOf(stem, library.codec),
    hdr: hdrOf(stem, library.hdr),
    ...audio,
    group: groupOf(stem, library.group),
    flags: flagsOf(stem, {
      proper: library.proper === true,
      repack: library.repack === true,
      threeD: library.threeD !== undefined,
      upscaled: library.upscaled === true,
      hardcoded: library.hardcoded === true,
      half: numbers.half,
      hasEpisode: numbers.episodes.length > 0,
    }),
    extension,
  };
}

/** A fault in a table of several hundred patterns must cost one name, not the tick. */
function readWithLibrary(name: string): ParsedResult {
  try {
    return parseTorrentTitle(name);
  } catch {
    return {};
  }
}

function yearOf(written: string | undefined): number | null {
  const year = Number(/\d{4}/.exec(written ?? '')?.[0]);
  return Number.isInteger(year) ? year : null;
}

/** `1920x1080` is no year, neither is `2000p`. */
const YEARS = /(?<![\p{L}\p{N}])(?:19|20)\d{2}(?![\dpi]|x\d)/giu;

const yearsOf = (name: string): number[] => [...name.matchAll(YEARS)].map(([year]) => Number(year));

/** The library takes a country off the title, which tells remakes apart. */
const titleOf = ({ title, country }: ParsedResult): string =>
  [title?.trim() ?? '', country ?? ''].filter((part) => part !== '').join(' ');

/** Second halves of tags that look like a group: HD-CAM, WEB-DL, Blu-Ray, DTS-HD. */
const NO_GROUP = /^(?:cam|ts|tc|scr|dl|ray|hd|ma|rip|x26[45]|h26[45])$/i;

/** The library misses groups behind a tag with a dash of its own (`DTS-GRP`). */
function groupOf(name: string, group: string | undefined): string | null {
  const candidates = [group?.trim(), /[^\s-]-([A-Za-z][A-Za-z0-9]{1,19})$/.exec(tagsOf(name))?.[1]];
  return (
    candidates.find((candidate) => candidate !== undefined && candidate !== '' && !NO_GROUP.test(candidate)) ?? null
  );
}

/** Languages said of the subtitles only are taken out of the audio's. */
function audioOf(name: string, library: ParsedResult): Pick<ParsedRelease, 'languages' | 'subtitles' | 'multiAudio'> {
  const words = library.languages ?? [];
  const audioName = withoutSubtitlePhrases(name);
  const audioWords = audioName === name ? words : (readWithLibrary(audioName).languages ?? []);
  const languages = unique(audioWords.flatMap(languageCodes));
  const subtitles = unique(words.flatMap(languageCodes)).filter((code) => !languages.includes(code));
  return { languages, subtitles, multiAudio: words.some(saysMultiAudio) || saysGermanDual(name) };
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
