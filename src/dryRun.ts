import type { Services } from './services/index.js';
import { DryRunStop } from './tick/guard.js';

/**
 * The same services, of which every call that would change something outside is replaced by a stop. The one place
 * where a dry run differs from a real one.
 */
export const withoutWrites = (services: Services): Services => {
  const would = (action: string) => (): Promise<never> => Promise.reject(new DryRunStop(`would ${action}`));
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
    jellyfin: { ...services.jellyfin, startScan: would('ask Jellyfin to scan') },
  };
};
