import { attentionList } from '../attention.js';
import { type Clock, MINUTE, SECOND } from '../clock.js';
import type { Config } from '../config/index.js';
import { explainDocument } from '../explain.js';
import type { Log } from '../log/index.js';
import { overview, rememberedWhy } from '../overview/index.js';
import type { Limits } from '../overview/services.js';
import type { Services } from '../services/index.js';
import { describedRequests, situation, statusDocument } from '../status.js';
import type { Store } from '../store/index.js';
import { type Answer, etagOf, json, refusal } from './answer.js';
import { gaugesText, METRICS_TYPE } from './metrics/gauges.js';
import type { Meters } from './metrics/meters.js';
import { pageAnswer } from './page/page.js';
import type { Route } from './router.js';
import { type HttpServer, serve } from './server.js';
import { createWebhook } from './webhook.js';

export interface Probe {
  status: number;
  body: { status: string; reason?: string };
}

export interface HttpOptions {
  /** As it is at the moment: the webhook's secret and the limits may change while the program runs. */
  config: () => Config;
  store: Store;
  clock: Clock;
  log: Log;
  version: string;
  /** Of the process (epoch ms). */
  startedAt: number;
  services: () => Pick<Services, 'health' | 'stats'>;
  meters: Meters;
  health: () => Probe;
  readiness: () => Probe;
  /** Asks for a tick. */
  requestTick: () => void;
}

/** However many look at the page, it is worked out once in this time (ms). */
const OVERVIEW_AGE = SECOND;

/** Serves what the contract promises, and the page. null = `http.enabled` is off. Rejects with `ListenError`. */
export const createHttp = async (options: HttpOptions): Promise<HttpServer | null> => {
  const { http } = options.config();
  if (!http.enabled) {
    return null;
  }
  const webhook = createWebhook({
    secret: () => options.config().http.webhookSecret,
    settle: () => options.config().http.webhookDelay,
    request: options.requestTick,
    log: options.log,
  });
  const server = await serve({
    host: http.host,
    port: http.port,
    log: options.log,
    now: options.clock.now,
    routes: [...healthRoutes(options), ...apiRoutes(options), metricsRoute(options), webhook.route, pageRoute()],
  });
  return {
    port: server.port,
    close: () => {
      webhook.stop();
      return server.close();
    },
  };
};

const pageRoute = (): Route => {
  const page = pageAnswer();
  return { path: '/', get: () => page };
};

const healthRoutes = ({ health, readiness }: HttpOptions): Route[] =>
  Object.entries({ '/healthz': health, '/readyz': readiness }).map(([path, probe]) => ({
    path,
    get: () => {
      const { status, body } = probe();
      return json(status, body);
    },
  }));

const apiRoutes = (options: HttpOptions): Route[] => {
  const { store, clock, version, startedAt } = options;
  const overviewAnswer = shared(overviewOf(options));
  return [
    { path: '/api/status', get: () => json(200, statusDocument(store, version, clock.now(), startedAt)) },
    { path: /^\/api\/explain\/([1-9]\d{0,8})$/, get: (_request, id) => explained(options, Number(id)) },
    { path: '/api/overview', get: overviewAnswer },
  ];
};

const explained = ({ store, clock }: HttpOptions, id: number): Answer => {
  const row = store.requests.get(id);
  return row === undefined || row.withdrawnAt !== null
    ? refusal(404, `no request ${id} is known; /api/status lists those that are`)
    : json(200, explainDocument(store, row, clock.now()));
};

const limitsOf = ({ config, services }: HttpOptions): Limits => ({
  torrentio: { used: services().stats().torrentioCallsUsed, perDay: config().torrentio.dailyBudget },
  realDebrid: { perMinute: config().realDebrid.requestsPerMinute },
});

const overviewOf = (options: HttpOptions): (() => Answer) => {
  const { store, clock, version, startedAt, health, config } = options;
  const whyOf = rememberedWhy(store);
  return () => {
    const { status, body } = health();
    const answer = json(
      200,
      overview(store, {
        version,
        startedAt,
        now: clock.now(),
        stuck: status === 200 ? null : (body.reason ?? body.status),
        limits: limitsOf(options),
        stalledAfter: config().inFlight.stalledAfter,
        whyOf,
      }),
    );
    return { ...answer, etag: etagOf(answer.body) };
  };
};

/** The same answer for all who ask within a moment. */
const shared = (make: () => Answer): (() => Answer) => {
  let last: { at: number; answer: Answer } | null = null;
  return () => {
    const now = performance.now();
    if (last === null || now - last.at >= OVERVIEW_AGE) {
      last = { at: now, answer: make() };
    }
    return last.answer;
  };
};

const metricsRoute = (options: HttpOptions): Route => {
  const { store, clock, version, startedAt, services, meters } = options;
  let before: Meters['lastSuccess'] | null = null;
  return {
    path: '/metrics',
    get: async () => {
      // Those before the start of this process; from then on the meters know better.
      before ??= store.views.lastSuccesses();
      const around = situation(store, clock.now());
      const gauges = await gaugesText({
        version,
        startedAt,
        paused: around.paused,
        requests: describedRequests(store, around),
        attention: attentionList(store, around.now),
        grabs: store.grabs.unended(),
        health: services().health(),
        lastSuccess: { ...before, ...meters.lastSuccess },
        limits: limitsOf(options),
        realDebridCalls: store.journal.callsSince(clock.now() - MINUTE).realDebrid,
      });
      return { status: 200, body: `${await meters.text()}\n${gauges}`, type: METRICS_TYPE };
    },
  };
};
