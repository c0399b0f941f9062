import type { ServiceName } from './domain/errors.js';
import type { PauseView, ServiceState } from './services/index.js';
import type { Store } from './store/index.js';

/** A service that is left alone for a while, as of the last tick. */
export type Trouble = PauseView & { service: ServiceName };

const TROUBLES = 'services.troubles';

export const keepTroubles = (store: Store, health: Record<ServiceName, ServiceState>): void => {
  const troubles: Trouble[] = Object.values(health).flatMap(({ service, pauses }) =>
    pauses.map((pause) => ({ ...pause, service })),
  );
  store.state.set(TROUBLES, troubles);
};

export const troublesOf = (store: Store): Trouble[] => store.state.get<Trouble[]>(TROUBLES) ?? [];
