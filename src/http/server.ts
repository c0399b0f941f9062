import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { SECOND } from '../clock.js';
import type { Log } from '../log/index.js';
import { messageOf } from '../messageOf.js';
import { type Answer, refusal, send } from './answer.js';
import { GoneError } from './body.js';
import { match, type Route } from './router.js';

export interface ServerOptions {
  host: string;
  port: number;
  routes: readonly Route[];
  log: Log;
  /** Epoch ms, for the Date header. */
  now: () => number;
  /** Shorter ones, for tests. */
  limits?: Partial<ServerLimits>;
}

/** What a client may take up; not for users to choose. */
export interface ServerLimits {
  /** For its headers, and for the whole of its request (ms). */
  request: number;
  /** Without any byte either way, e.g. because it does not read the answer (ms). */
  silence: number;
  connections: number;
}

const usual: ServerLimits = { request: 10 * SECOND, silence: 30 * SECOND, connections: 100 };

/** The address cannot be listened on. */
export class ListenError extends Error {
  readonly hint = 'Choose another http.port or http.host, or switch it off with http.enabled: false.';
  constructor({ host, port }: Pick<ServerOptions, 'host' | 'port'>, cause: Error) {
    super(`cannot listen on ${host}:${port}: ${cause.message}`, { cause });
    this.name = 'ListenError';
  }
}

export interface HttpServer {
  /** The port in use (of interest when 0 was asked for). */
  port: number;
  close(): Promise<void>;
}

/** Serves the routes. Rejects with `ListenError` when the address cannot be taken. */
export const serve = async (options: ServerOptions): Promise<HttpServer> => {
  const limits = { ...usual, ...options.limits };
  const answer = answering(options);
  const server = createServer(
    {
      requestTimeout: limits.request,
      headersTimeout: limits.request,
      // How often those two are looked at; Node's own 30 s would make them three times as long.
      connectionsCheckingInterval: Math.min(SECOND, limits.request),
    },
    (request, response) => void answer(request, response),
  );
  server.maxConnections = limits.connections;
  server.timeout = limits.silence;
  const port = await listen(server, options);
  // After it listens an error of the server as such is of one connection that could not be taken.
  server.on('error', (error) => options.log.warn(`HTTP: ${error.message}`, { code: 'http-trouble' }));
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const listen = (server: Server, { host, port }: ServerOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(new ListenError({ host, port }, error));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Never rejects: what goes wrong is for the log, and the client is told only that it did. */
const answering = ({ routes, log, now }: ServerOptions) => {
  const tell = troubleOnce(log);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('date', new Date(now()).toUTCString());
    try {
      send(request, response, await answerOf(routes, request, tell));
    } catch (error) {
      tell('an answer', error);
      response.destroy();
    }
  };
};

const answerOf = async (
  routes: readonly Route[],
  request: IncomingMessage,
  tell: ReturnType<typeof troubleOnce>,
): Promise<Answer> => {
  const found = match(routes, request);
  if (!('handler' in found)) {
    return found;
  }
  const what = `${request.method} ${found.route}`;
  try {
    const answer = await found.handler(request, found.parameter);
    tell(what, null);
    return answer;
  } catch (error) {
    if (!(error instanceof GoneError)) {
      tell(what, error);
    }
    return refusal(500, 'internal error');
  }
};

/** A route that fails is asked again every few seconds: said when it begins and when it is over. */
const troubleOnce = (log: Log) => {
  const failing = new Set<string>();
  return (what: string, error: unknown): void => {
    if (error === null) {
      if (failing.delete(what)) {
        log.info(`HTTP: ${what} can be answered again`, { code: 'http-well' });
      }
      return;
    }
    if (!failing.has(what)) {
      failing.add(what);
      log.error(`HTTP: ${what} cannot be answered: ${messageOf(error)}`, {
        code: 'http-trouble',
        stack: error instanceof Error ? error.stack : undefined,
      });
    }
  };
};
