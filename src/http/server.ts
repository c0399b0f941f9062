import { createServer, type Server, type ServerResponse } from 'node:http';

export interface HttpOptions {
  host: string;
  port: number;
  routes: Record<string, () => { status: number; body: unknown }>;
}

/** The address cannot be listened on. */
export class ListenError extends Error {
  readonly hint = 'Choose another http.port or http.host, or switch it off with http.enabled: false.';
  constructor({ host, port }: Pick<HttpOptions, 'host' | 'port'>, cause: Error) {
    super(`cannot listen on ${host}:${port}: ${cause.message}`, { cause });
    this.name = 'ListenError';
  }
}

export interface HttpServer {
  /** The port in use (of interest when 0 was asked for). */
  port: number;
  close(): Promise<void>;
}

const answer = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(`${JSON.stringify(body)}\n`);
};

const handle = (routes: HttpOptions['routes']) =>
  createServer((request, response) => {
    // Nothing here reads a body.
    request.resume();
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (route === undefined) {
      answer(response, 404, { error: 'not found' });
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      answer(response, 405, { error: 'method not allowed' });
      return;
    }
    try {
      const { status, body } = route();
      answer(response, status, body);
    } catch {
      answer(response, 500, { error: 'internal error' });
    }
  });

const listen = (server: Server, { host, port }: HttpOptions): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new ListenError({ host, port }, error)));
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Serves GET routes as JSON. Rejects with `ListenError` when the address cannot be taken. */
export const serve = async (options: HttpOptions): Promise<HttpServer> => {
  const server = handle(options.routes);
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  const port = await listen(server, options);
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
