import type { Links } from './links/index.js';
import type { Services } from './services/index.js';
import { DryRunStop } from './tick/guard.js';

const would = (action: string) => (): Promise<never> => Promise.reject(new DryRunStop(`would ${action}`));

/**
 * The same services, of which every call that would change something outside is replaced by a stop. The one place
 * where a dry run differs from a real one.
 */
export const withoutWrites = (services: Services): Services => {
  return {
    ...services,
    seerr: {
      ...services.seerr,
      startRecentScan: would('ask Seerr to scan'),
      startFullScan: would('ask Seerr to scan everything'),
      mark: (mediaId, status) => would(`mark media ${mediaId} ${status} in Seerr`)(),
    },
    realDebrid: {
      ...services.realDebrid,
      addMagnet: (infoHash) => would(`add ${infoHash} to Real-Debrid`)(),
      selectFiles: (id, fileIds) => would(`select files ${fileIds.join(',')} of torrent ${id}`)(),
      remove: (id) => would(`remove torrent ${id} from Real-Debrid`)(),
    },
    jellyfin: {
      ...services.jellyfin,
      startScan: would('ask Jellyfin to scan'),
      reportPaths: (paths) => would(`ask Jellyfin to look at ${paths.join(', ')}`)(),
    },
  };
};

/** The same for the library of links. */
export const withoutLinking = (links: Links): Links => ({
  ...links,
  put: ({ root, path }) => would(`link ${links.path(root, path)}`)(),
  take: ({ root, path }) => would(`remove the link ${links.path(root, path)}`)(),
});
