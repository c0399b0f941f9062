import type { IncomingMessage } from 'node:http';
import { type Answer, refusal } from './answer.js';

export type Handler = (request: IncomingMessage, parameter: string) => Answer | Promise<Answer>;

/** One path, and what may be done there; HEAD goes wherever GET does. */
export interface Route {
  /** An expression's first group is handed on; both match the whole path, as it was sent. */
  path: string | RegExp;
  get?: Handler;
  post?: Handler;
  /** false = there is no such path at the moment. */
  isOn?: () => boolean;
}

export interface Match {
  /** For the log: the route, not what was asked for. */
  route: string;
  handler: Handler;
  parameter: string;
}

/** The handler of a request, or the answer to one that has none. The query is nobody's business here. */
export const match = (routes: readonly Route[], request: Pick<IncomingMessage, 'method' | 'url'>): Match | Answer => {
  const [path = ''] = (request.url ?? '').split('?');
  for (const route of routes.filter(({ isOn }) => isOn?.() ?? true)) {
    const parameter = parameterOf(route.path, path);
    if (parameter !== null) {
      const handler = handlerOf(route, request.method);
      return handler === undefined
        ? refusal(405, 'method not allowed', { allow: allowed(route) })
        : { route: String(route.path), handler, parameter };
    }
  }
  return refusal(404, 'not found');
};

/** null = another path. */
const parameterOf = (pattern: string | RegExp, path: string): string | null => {
  if (typeof pattern === 'string') {
    return pattern === path ? '' : null;
  }
  return pattern.exec(path)?.[1] ?? null;
};

const handlerOf = ({ get, post }: Route, method: string | undefined): Handler | undefined => {
  if (method === 'GET' || method === 'HEAD') {
    return get;
  }
  return method === 'POST' ? post : undefined;
};

const allowed = ({ get, post }: Route): string =>
  [...(get === undefined ? [] : ['GET', 'HEAD']), ...(post === undefined ? [] : ['POST'])].join(', ');
