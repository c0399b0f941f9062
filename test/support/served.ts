import { createHttp } from '../../src/http/index.js';
import { createMeters, type Meters } from '../../src/http/metrics/meters.js';
import { recordTick } from '../../src/status.js';
import { type Household, type HouseholdOptions, household, living, recorder } from './household.js';

/** A household whose HTTP server runs in this process, beside it and on its clock. */
export interface Served extends Household {
  base: string;
  meters: Meters;
  /** How often HTTP asked for a tick. */
  asked: { ticks: number };
  /** What `/healthz` says. */
  probe: { status: number; body: { status: string; reason?: string } };
}

export const served = async (options: HouseholdOptions = {}): Promise<Served> => {
  const meters = createMeters();
  const home = await household({
    ...options,
    onCall: meters.called,
    config: { 'http.port': '0', 'http.webhookDelay': '50ms', ...options.config },
  });
  const probe: Served['probe'] = { status: 200, body: { status: 'ok' } };
  const asked = { ticks: 0 };
  const http = await createHttp({
    config: () => home.config,
    store: home.store,
    clock: home.clock,
    log: recorder(home.log),
    version: '0.0.0-test',
    startedAt: home.clock.now(),
    services: () => home.app.services,
    meters,
    health: () => probe,
    readiness: () => probe,
    requestTick: () => {
      asked.ticks += 1;
    },
  });
  const { stop } = home;
  const tick = async () => {
    const report = await home.tick();
    recordTick(home.store, report, home.app.services.health());
    meters.ticked(report);
    return report;
  };
  return {
    ...home,
    base: `http://127.0.0.1:${http?.port}`,
    meters,
    probe,
    asked,
    tick,
    live: (ms, step) => living({ ...home, tick }, ms, step),
    stop: async () => {
      await http?.close();
      await stop();
    },
  };
};
