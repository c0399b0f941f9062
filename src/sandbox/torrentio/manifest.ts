const DESCRIPTION =
  'Provides torrent streams from scraped torrent providers. Currently supports YTS(+), EZTV(+), RARBG(+), 1337x(+), EXT(+), ThePirateBay(+), KickassTorrents(+), TorrentGalaxy(+), MagnetDL(+), HorribleSubs(+), NyaaSi(+), TokyoTosho(+), AniDex(+). To configure providers, RealDebrid support and other settings visit the configuration page.';

/** GET /manifest.json; with a key the addon offers its catalog as well. */
export function manifest(base: string, keyed: boolean): Record<string, unknown> {
  const stream = { name: 'stream', types: ['movie', 'series', 'anime'], idPrefixes: ['tt', 'kitsu'] };
  const meta = { name: 'meta', types: ['other'], idPrefixes: ['realdebrid'] };
  return {
    id: 'com.stremio.torrentio.addon',
    version: '0.0.15',
    name: keyed ? 'Torrentio RD' : 'Torrentio',
    description: DESCRIPTION,
    catalogs: keyed
      ? [{ id: 'torrentio-realdebrid', name: 'RealDebrid', type: 'other', extra: [{ name: 'skip' }] }]
      : [],
    resources: keyed ? [stream, meta] : [stream],
    types: ['movie', 'series', 'anime', 'other'],
    background: `${base}/images/background_v1.jpg`,
    logo: `${base}/images/logo_v1.png`,
    behaviorHints: { configurable: true, configurationRequired: false },
  };
}
