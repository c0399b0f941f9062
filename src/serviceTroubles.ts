import { type Clock, HOUR } from './clock.js';
import { type ServiceName, serviceLabels } from './domain/errors.js';
import { humanSpan } from './domain/span.js';
import type { Log } from './log/index.js';
import type { ServiceState } from './services/index.js';
import { withWork } from './work.js';

/** Says what becomes of the services: once when it changes, not at every attempt. */
export interface ServiceTroubles {
  /** To be called first: what is in trouble then was said by whoever ran before. */
  known(states: Readonly<Record<ServiceName, ServiceState>>): void;
  /** To be called when the state of one has changed. */
  changed(service: ServiceName, state: ServiceState): void;
  /** To be called now and then: what was kept back and has lasted is said after all. `states` is asked only then. */
  lasting(states: () => Readonly<Record<ServiceName, ServiceState>>): void;
}

const AGAIN_AFTER = HOUR;

/**
 * Where one operation fails for hours and others do well, the service is in trouble and well again with every pass. Such
 * a trouble, for which nothing is put off, is said once an hour.
 */
export const createServiceTroubles = (log: Log, clock: Clock): ServiceTroubles => {
  /** When a trouble was said last, by service and code (epoch ms). */
  const saidAt = new Map<string, number>();
  const inTrouble = new Set<ServiceName>();
  /** In a trouble that was not said. */
  const keptBack = new Set<ServiceName>();

  const say = (service: ServiceName, worst: ServiceState['pauses'][number]): void => {
    const wait = worst.until - clock.now();
    const next = wait > 0 ? `tried again in ${humanSpan(wait)}` : 'tried again with the next call';
    const hint = worst.hint === null ? '' : `. ${worst.hint}`;
    log[worst.kind === 'account' ? 'error' : 'warn'](`${worst.message}; ${next}, everything else goes on${hint}`, {
      code: worst.code,
      service,
      kind: worst.kind,
    });
    inTrouble.add(service);
    keptBack.delete(service);
    saidAt.set(`${service}/${worst.code}`, clock.now());
  };

  const changed = (service: ServiceName, { pauses }: ServiceState): void => {
    const worst = worstOf(pauses);
    if (worst !== undefined) {
      const age = clock.now() - (saidAt.get(`${service}/${worst.code}`) ?? Number.NEGATIVE_INFINITY);
      if (worst.until > clock.now() || inTrouble.has(service) || age >= AGAIN_AFTER || age < 0) {
        say(service, worst);
      } else {
        keptBack.add(service);
      }
      return;
    }
    keptBack.delete(service);
    if (inTrouble.delete(service)) {
      log.info(`${serviceLabels[service]} is well again`, { code: 'service-well', service });
    }
  };

  return {
    known: (states) => {
      for (const { service, pauses } of Object.values(states)) {
        if (pauses.length > 0) {
          inTrouble.add(service);
        }
      }
    },
    // It concerns everybody, whichever request happened to meet it.
    changed: (service, state) => withWork({ requestId: undefined }, () => changed(service, state)),
    lasting: (states) => {
      for (const service of keptBack) {
        const worst = worstOf(states()[service].pauses);
        if (worst !== undefined && worst.until > clock.now()) {
          say(service, worst);
        }
      }
    },
  };
};

const worstOf = (pauses: ServiceState['pauses']) => [...pauses].sort((a, b) => b.until - a.until)[0];
