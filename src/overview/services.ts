import { HOUR } from '../clock.js';
import { type ServiceName, serviceLabels } from '../domain/errors.js';
import { oneLine } from '../log/redact.js';
import type { Situation } from '../status.js';
import type { Store } from '../store/index.js';
import type { Trouble } from '../troubles.js';
import type { ServiceView } from './document.js';

/** What may be spent, and what of it is (calls). */
export interface Limits {
  torrentio: { used: number; perDay: number };
  realDebrid: { perMinute: number };
}

const HOURS = 24;
const order: ServiceName[] = ['torrentio', 'realDebrid', 'seerr', 'jellyfin'];

/** How each service is, and what was spent on it in the last 24 hours: this hour and the 23 before it. */
export const serviceViews = (store: Store, { now, troubles }: Situation, limits: Limits): ServiceView[] => {
  const current = Math.floor(now / HOUR);
  const first = current - HOURS + 1;
  const rows = store.views.callsPerHour(first * HOUR);
  const limitOf: Record<ServiceName, ServiceView['limit']> = {
    torrentio: { used: limits.torrentio.used, of: limits.torrentio.perDay, per: 'day' },
    realDebrid: {
      used: store.views.busiestMinute('realDebrid', first * HOUR),
      of: limits.realDebrid.perMinute,
      per: 'minute',
    },
    seerr: null,
    jellyfin: null,
  };
  return order.map((service) => {
    const own = rows.filter((row) => row.service === service);
    const callsIn = (hour: number) => own.find((row) => row.hour === hour)?.calls ?? 0;
    return {
      service,
      label: serviceLabels[service],
      ...stateOf(
        troubles.filter((trouble) => trouble.service === service),
        now,
      ),
      hours: Array.from({ length: HOURS }, (_, place) => callsIn(first + place)),
      calls: own.reduce((sum, { calls }) => sum + calls, 0),
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      limit: limitOf[service],
    };
  });
};

const stateOf = (troubles: readonly Trouble[], now: number): Pick<ServiceView, 'state' | 'message' | 'until'> => {
  const [worst] = [...troubles].sort((a, b) => b.until - a.until);
  if (worst === undefined) {
    return { state: 'well', message: null, until: null };
  }
  return {
    state: worst.kind === 'account' ? 'refused' : 'left-alone',
    message: oneLine(worst.message, 300),
    until: worst.until > now ? new Date(worst.until).toISOString() : null,
  };
};
