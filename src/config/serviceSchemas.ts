import { choice, duration, durations, integer, secret, section, text, url, wordList } from './keys.js';
import { trimManifest } from './url.js';

export const seerr = section('The request list: Seerr, or Overseerr and Jellyseerr before it.', {
  url: url({
    byDefault: 'http://seerr:5055',
    why: 'Where Seerr answers, as seen from here.',
    notEndingWith: ['/api/v1'],
  }),
  apiKey: secret(
    { why: 'Reads the requests and closes them.', required: 'in Seerr: Settings > General > API Key' },
    "Seerr's API key",
  ),
  complete: choice(['scan-then-mark', 'mark', 'scan', 'off'], {
    byDefault: 'scan-then-mark',
    why: "How a fulfilled request is closed: Seerr's own scan finds it, we mark it available, both in turn, or neither.",
  }),
  scanTimeout: duration({
    byDefault: '2m',
    max: '24h',
    why: "How long Seerr's own scan may take before we mark what it left open.",
  }),
  markBackoff: durations({
    byDefault: ['5s', '1m', '10m'],
    why: 'After marking a request available: read it again after this long, and mark it again if it is still open.',
  }),
  arrGrace: duration({
    byDefault: '5m',
    max: '7d',
    why: 'Where Radarr or Sonarr is set up in Seerr: how long it has to take a request before we do.',
  }),
});

export const jellyfin = section('The library: a request is done only when Jellyfin shows it.', {
  url: url({ byDefault: 'http://jellyfin:8096', why: 'Where Jellyfin answers, as seen from here.' }),
  apiKey: secret(
    { why: 'Looks into the library and starts scans.', required: 'in Jellyfin: Dashboard > API Keys' },
    "Jellyfin's API key",
  ),
});

export const torrentio = section('The source of releases: Torrentio, or any Stremio addon of the same protocol.', {
  url: url({
    byDefault: 'https://torrentio.strem.fun',
    tidy: trimManifest,
    why: 'Where the addon answers; the address of its manifest will do.',
  }),
  options: secret(
    {
      why: "The addon's settings; shown masked, because they may hold a key.",
      fault: (value) => (/[/?#]/.test(value) ? 'only the part between two slashes' : undefined),
    },
    "the settings segment of the addon's address, e.g. sort=qualitysize|qualityfilter=scr,cam",
  ),
  cachedHints: choice(['off', 'own-token'], {
    byDefault: 'off',
    why:
      'With own-token your Real-Debrid token is part of the address of every call, as with those who use the addon ' +
      'themselves: it then marks what it believes cached and lists more, and whoever operates it has your token.',
  }),
  userAgent: text(
    { byDefault: '', why: 'How we introduce ourselves to the addon; empty takes the built-in text.' },
    'printable ASCII text',
    (value) => (/^[\x20-\x7e]*$/.test(value) ? undefined : 'there is a line break or non-ASCII character in it'),
  ),
  proxy: url(
    {
      byDefault: '',
      schemes: ['http', 'https', 'socks5'],
      credentials: true,
      why: 'For hosts that the addon refuses to serve; empty goes straight.',
    },
    'an http://, https:// or socks5:// address, or empty',
  ),
  minInterval: duration({
    byDefault: '1s',
    max: '1m',
    why: 'The pause between two calls; the public addon bans those who hurry.',
  }),
  dailyBudget: integer({
    byDefault: 4000,
    min: 1,
    max: 1_000_000,
    unit: 'calls per 24 h',
    why: 'The brake of last resort: when it is spent, searching waits.',
  }),
});

const nameFilter = section('Real-Debrid refuses some releases by their name; this predicts which, to save the calls.', {
  mode: choice(['penalize', 'skip', 'off'], {
    byDefault: 'penalize',
    why: 'What to do with a release that will probably be refused: try it last, never, or like any other.',
  }),
  contains: wordList(
    {
      byDefault: ['web-dl', 'webrip', 'bdrip', 'hdrip', 'dvdrip'],
      why: 'Refused when the name contains one of these.',
    },
    'a list of literal texts, matched in any case',
  ),
  dotted: wordList(
    {
      byDefault: ['bluray.x264', 'hdtv.x264', 'hdtv.xvid', 'web.x264', 'web.h264'],
      why: 'Refused when the name contains one of these right after a dot.',
    },
    'a list of literal texts without the dot in front, matched in any case',
  ),
  remember: duration({ byDefault: '7d', why: 'How long a release that was really refused is not tried again.' }),
});

export const realDebrid = section('The account that downloads.', {
  url: url({ byDefault: 'https://api.real-debrid.com/rest/1.0', why: 'Where its API answers.' }),
  token: secret(
    { why: 'Adds, reads and removes torrents on your account.', required: 'at https://real-debrid.com/apitoken' },
    'your private API token',
  ),
  availability: choice(['auto', 'instant', 'probe'], {
    byDefault: 'auto',
    why: 'How we learn whether a release is cached: ask (where that still works), try it out, or find out once which.',
  }),
  requestsPerMinute: integer({
    byDefault: 200,
    min: 1,
    max: 1_000_000,
    unit: 'calls per minute',
    why: "Stays below Real-Debrid's 250, which your other tools share; above that only for stand-ins.",
  }),
  addMagnetInterval: duration({
    byDefault: '1500ms',
    max: '1m',
    why: 'The pause between two added torrents; adding is limited more strictly than the rest.',
  }),
  probeWait: duration({
    byDefault: '6s',
    max: '1m',
    why: 'How long after its files were selected a cached torrent may take to say `downloaded`.',
  }),
  absentAfter: duration({
    byDefault: '60s',
    max: '24h',
    why: 'A torrent is gone only when two complete lists this far apart lack it.',
  }),
  accountRecheck: duration({ byDefault: '10m', max: '7d', why: 'The pause between two looks at a refused account.' }),
  linksDelay: duration({
    byDefault: '60s',
    max: '24h',
    why: 'How long the links of a finished torrent may be missing before it counts as unplayable.',
  }),
  mountDelay: duration({
    byDefault: '30s',
    max: '24h',
    why: 'How long the mount needs before Jellyfin can see a new torrent; a scan before that finds nothing.',
  }),
  nameFilter,
});
