import http from 'node:http';
import https from 'node:https';
import type { AxiosRequestConfig } from 'axios';

export interface TransportOptions {
  baseUrl: string;
  /** Parallel sockets to the service. */
  maxSockets: number;
  /** `http://`, `https://` or `socks5://`; empty = none. */
  proxy: string;
  /** Whether HTTP(S)_PROXY of the environment counts; never for services of the same house. */
  environmentProxy: boolean;
  /** Redirects to other https addresses may be followed; only where no key travels in a header. */
  followRedirects: boolean;
}

export type Transport = Pick<
  AxiosRequestConfig,
  'httpAgent' | 'httpsAgent' | 'proxy' | 'maxRedirects' | 'beforeRedirect'
>;

/** Following a link below this would add the torrent to the user's account. */
const RESOLVE = /\/resolve\//i;

export interface Transports {
  /** For calls that may be repeated. */
  kept: Transport;
  /** For calls that may not. */
  fresh: Transport;
}

/** Returns the axios settings for all calls of a service. Those of a proxy come a little later: few have one. */
export function createTransports(options: TransportOptions): Transports | Promise<Transports> {
  if (options.proxy === '') return direct(options);
  const transports = proxied(options);
  // Told by the first call that waits for it.
  transports.catch(() => undefined);
  return transports;
}

async function proxied(options: TransportOptions): Promise<Transports> {
  const agent = await proxyAgent(options.proxy, options.maxSockets);
  const transport: Transport = { httpAgent: agent, httpsAgent: agent, proxy: false, ...redirectRules(options) };
  return { kept: transport, fresh: transport };
}

function direct(options: TransportOptions): Transports {
  const { maxSockets } = options;
  const redirects = redirectRules(options);
  const proxy: Transport = options.environmentProxy && !isLoopback(options.baseUrl) ? {} : { proxy: false };
  const agents = (keepAlive: boolean): Transport => ({
    httpAgent: new http.Agent({ keepAlive, maxSockets }),
    httpsAgent: new https.Agent({ keepAlive, maxSockets }),
  });
  return {
    kept: { ...agents(true), ...proxy, ...redirects },
    // A kept socket may have been closed by the other side the moment we write to it: a reset that says nothing about
    // whether the request arrived. Calls that must not be repeated get a new connection each and avoid that doubt.
    fresh: { ...agents(false), ...proxy, ...redirects },
  };
}

async function proxyAgent(proxy: string, maxSockets: number): Promise<http.Agent> {
  const options = { keepAlive: true, maxSockets };
  if (/^socks/i.test(proxy)) {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy, options);
  }
  const { HttpsProxyAgent } = await import('https-proxy-agent');
  return new HttpsProxyAgent(proxy, options);
}

function redirectRules({ followRedirects, baseUrl }: TransportOptions): Transport {
  if (!followRedirects) return { maxRedirects: 0 };
  const origin = new URL(baseUrl).origin;
  return {
    maxRedirects: 3,
    beforeRedirect: (next: { href?: unknown; protocol?: unknown }) => {
      const target = new URL(String(next.href));
      const allowed = target.protocol === 'https:' || target.origin === origin;
      if (!allowed || RESOLVE.test(target.pathname)) throw new Error('redirect refused');
    },
  };
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
}
