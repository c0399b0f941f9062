import { type Answer, type Call, decoded } from './http.js';

export type Handler = (call: Call, params: string[]) => Answer;

export interface Route {
  method: string;
  /** `/torrents/info/:id`; a parameter is one path segment, with `*` at its end it takes all that follow. */
  path: string;
  name: string | ((call: Call, params: string[]) => string);
  run: Handler;
  /** What a stand-in wants to know about its own routes (rights, allowed parameters ...). */
  rules?: Readonly<Record<string, unknown>>;
}

export type Match<R extends Route> =
  | { kind: 'route'; route: R; params: string[] }
  | { kind: 'method'; allowed: string[] }
  | { kind: 'none' };

export class Router<R extends Route> {
  readonly #routes: { route: R; pattern: RegExp }[];

  constructor(routes: readonly R[]) {
    this.#routes = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  match(method: string, path: string): Match<R> {
    const allowed: string[] = [];
    for (const { route, pattern } of this.#routes) {
      const found = pattern.exec(path);
      if (found === null) continue;
      if (route.method === method) return { kind: 'route', route, params: found.slice(1).map(decoded) };
      allowed.push(route.method);
    }
    return allowed.length > 0 ? { kind: 'method', allowed } : { kind: 'none' };
  }
}

export function nameOf(route: Route, call: Call, params: string[]): string {
  return typeof route.name === 'string' ? route.name : route.name(call, params);
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.]/g, '\\.')
    .replace(/:[A-Za-z]+\*/g, '(.+)')
    .replace(/:[A-Za-z]+/g, '([^/]+)');
  return new RegExp(`^${source}/?$`);
}
