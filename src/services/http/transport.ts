import http from 'node:http';
import https from 'node:https';
import type { AxiosRequestConfig } from 'axios';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';

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

/** Returns the axios settings for calls that may be repeated, and for calls that may not. */
export function createTransport(options: TransportOptions): { kept: Transport; fresh: Transport } {
  const { maxSockets } = options;
  const redirects = redirectRules(options);
  if (options.proxy !== '') {
    const agent = proxyAgent(options.proxy, maxSockets);
    const proxied: Transport = { httpAgent: agent, httpsAgent: agent, proxy: false, ...redirects };
    return { kept: proxied, fresh: proxied };
  }
  const direct: Transport = options.environmentProxy && !isLoopback(options.baseUrl) ? {} : { proxy: false };
  const agents = (keepAlive: boolean): Transport => ({
    httpAgent: new http.Agent({ keepAlive, maxSockets }),
    httpsAgent: new https.Agent({ keepAlive, maxSockets }),
  });
  return {
    kept: { ...agents(true), ...direct, ...redirects },
    // A kept socket may have been closed by the other side the moment we write to it: a reset that says nothing about
    // whether the request arrived. Calls that must not be repeated get a new connection each and avoid that doubt.
    fresh: { ...agents(false), ...direct, ...redirects },
  };
}

function proxyAgent(proxy: string, maxSockets: number): http.Agent {
  return /^socks/i.test(proxy)
    ? new SocksProxyAgent(proxy, { keepAlive: true, maxSockets })
    : new HttpsProxyAgent(proxy, { keepAlive: true, maxSockets });
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
