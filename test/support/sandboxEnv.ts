import type { Sandbox } from '../../src/sandbox/index.js';

/** Where the stand-ins are and their keys, as the program's environment. */
export const sandboxEnv = ({ seerr, jellyfin, torrentio, realDebrid }: Sandbox): Record<string, string> => ({
  FULFILLARR_SEERR_URL: seerr.url,
  FULFILLARR_SEERR_API_KEY: seerr.apiKey,
  FULFILLARR_JELLYFIN_URL: jellyfin.url,
  FULFILLARR_JELLYFIN_API_KEY: jellyfin.apiKey,
  FULFILLARR_TORRENTIO_URL: torrentio.url,
  FULFILLARR_REAL_DEBRID_URL: realDebrid.url,
  FULFILLARR_REAL_DEBRID_TOKEN: realDebrid.token,
});
