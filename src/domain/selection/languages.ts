/** Languages as release names and stream addons write them. Hints only: nobody checks them against the audio. */

/** The parser's word for a language is its ISO 639-1 code, sometimes with a region (`es-419`). */
const CODE = /^([a-z]{2})(?:-[a-z0-9]+)?$/i;

const NAMES: Readonly<Record<string, string>> = {
  english: 'en',
  japanese: 'ja',
  korean: 'ko',
  chinese: 'zh',
  taiwanese: 'zh',
  french: 'fr',
  spanish: 'es',
  latino: 'es',
  portuguese: 'pt',
  italian: 'it',
  german: 'de',
  russian: 'ru',
  ukrainian: 'uk',
  hindi: 'hi',
  telugu: 'te',
  tamil: 'ta',
  kannada: 'kn',
  malayalam: 'ml',
  marathi: 'mr',
  bengali: 'bn',
  polish: 'pl',
  lithuanian: 'lt',
  latvian: 'lv',
  estonian: 'et',
  czech: 'cs',
  slovakian: 'sk',
  slovenian: 'sl',
  hungarian: 'hu',
  romanian: 'ro',
  bulgarian: 'bg',
  serbian: 'sr',
  croatian: 'hr',
  greek: 'el',
  danish: 'da',
  finnish: 'fi',
  swedish: 'sv',
  norwegian: 'no',
  turkish: 'tr',
  arabic: 'ar',
  persian: 'fa',
  hebrew: 'he',
  vietnamese: 'vi',
  indonesian: 'id',
  malay: 'ms',
  thai: 'th',
  dutch: 'nl',
};

/** By country letters of the flag. The addon uses one flag for Hindi, Telugu and Tamil. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  GB: ['en'],
  US: ['en'],
  JP: ['ja'],
  KR: ['ko'],
  CN: ['zh'],
  TW: ['zh'],
  HK: ['zh'],
  FR: ['fr'],
  ES: ['es'],
  MX: ['es'],
  PT: ['pt'],
  BR: ['pt'],
  IT: ['it'],
  DE: ['de'],
  RU: ['ru'],
  UA: ['uk'],
  IN: ['hi', 'te', 'ta'],
  PL: ['pl'],
  LT: ['lt'],
  LV: ['lv'],
  EE: ['et'],
  CZ: ['cs'],
  SK: ['sk'],
  SI: ['sl'],
  HU: ['hu'],
  RO: ['ro'],
  BG: ['bg'],
  RS: ['sr'],
  HR: ['hr'],
  GR: ['el'],
  DK: ['da'],
  FI: ['fi'],
  SE: ['sv'],
  NO: ['no'],
  TR: ['tr'],
  SA: ['ar'],
  IR: ['fa'],
  IL: ['he'],
  VN: ['vi'],
  ID: ['id'],
  MY: ['ms'],
  TH: ['th'],
  NL: ['nl'],
};

const FIRST_REGIONAL_LETTER = 0x1f1e6;

/** ISO 639-1 codes for a code, an English name or a flag; empty for markers that are no language. */
export function languageCodes(word: string): readonly string[] {
  const code = CODE.exec(word.trim())?.[1];
  if (code !== undefined) return [code.toLowerCase()];
  const letters = [...word.trim()].map((char) => (char.codePointAt(0) ?? 0) - FIRST_REGIONAL_LETTER);
  if (letters.length === 2 && letters.every((letter) => letter >= 0 && letter < 26)) {
    return FLAGS[String.fromCharCode(...letters.map((letter) => letter + 65))] ?? [];
  }
  const named = NAMES[word.trim().toLowerCase()];
  return named === undefined ? [] : [named];
}

/** Words of the parser and of addons for several audio tracks. */
export const saysMultiAudio = (word: string): boolean => /^(?:multi|dual|tri(?:ple)?)[\s-]?audio$/i.test(word.trim());

/** `German DL` is "dual language"; the DL of WEB-DL is not. */
export const saysGermanDual = (name: string): boolean =>
  /(?<![\p{L}\p{N}])(?:german|ger|deutsch)[\s._-]+(?:dubbed[\s._-]+)?DL(?![\p{L}\p{N}])/iu.test(name);

const SUBTITLE_PHRASES = new RegExp(
  [
    // SUBFRENCH, SUB.ITA, Subs(eng,ger)
    '(?<!\\p{L})sub(?:s|bed)?[\\s._-]?(?:french|english|ita|eng?|esp|spa|por|pt|ger|fr)(?!\\p{L})',
    '(?<!\\p{L})sub(?:s|titles?)?[\\s._:]*[([][^)\\]]*[)\\]]',
    // VOSTFR: original voice, French subtitles
    '(?<!\\p{L})vost\\p{L}*',
    // KORSUB, ENG SUBS, ESub, "English subtitles"
    '(?<!\\p{L})(?:\\p{L}{1,3}|english|french|german|spanish|italian|russian|korean|arabic|dutch|polish)[\\s._-]?sub(?:s|bed|titles?)?(?!\\p{L})',
    // legendado, Napisy PL
    '(?<!\\p{L})leg(?:endad[oa]s?|endas?)(?!\\p{L})',
    '(?<!\\p{L})napisy[\\s._-]?pl(?!\\p{L})',
  ].join('|'),
  'giu',
);

/** The name without what it says about subtitles; the same text when it says nothing. */
export const withoutSubtitlePhrases = (name: string): string => name.replace(SUBTITLE_PHRASES, ' ');
