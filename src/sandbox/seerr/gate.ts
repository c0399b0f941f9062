import { type Answer, type Call, cookies, header, json } from '../kit/http.js';
import type { SeerrRules } from './routes.js';
import { canManage, isAdmin, type SeerrState, type UserRow } from './state.js';
import { type Complaint, numberComplaint, queryComplaints, refusal } from './validate.js';

const NO_RIGHT = { status: 403, error: 'You do not have permission to access this endpoint' };

/** The body as JSON; a malformed one is refused before anything else is looked at. */
export function readBody(call: Call): { body: Readonly<Record<string, unknown>> } | { refused: Answer } {
  if (call.body.length === 0 || !isJson(call)) return { body: {} };
  try {
    const parsed: unknown = JSON.parse(call.body.toString());
    return { body: typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {} };
  } catch (error) {
    return { refused: json(400, { message: error instanceof Error ? error.message : 'invalid JSON' }) };
  }
}

/** CSRF protection hits writes with an API key as well: cookies and header of an earlier answer are needed. */
export function csrfRefusal(call: Call): Answer | null {
  if (call.method === 'GET' || call.method === 'HEAD') return null;
  const jar = cookies(call);
  const token = jar.get('XSRF-TOKEN');
  const given = header(call, 'x-xsrf-token');
  if (jar.has('_csrf') && token !== undefined && given === token) return null;
  return json(
    403,
    { message: 'invalid csrf token' },
    { 'set-cookie': '_csrf=sandbox-secret; Path=/; HttpOnly; Secure' },
  );
}

export const CSRF_COOKIES = [
  '_csrf=sandbox-secret; Path=/; HttpOnly; Secure; SameSite=Strict',
  'XSRF-TOKEN=sandbox-token; Path=/; Secure; SameSite=Strict',
];

/** No key at all is noticed by the OpenAPI layer, before the call is validated. */
export function missingKey(call: Call): Answer | null {
  if (header(call, 'x-api-key') !== undefined) return null;
  const message = "cookie 'connect.sid' required";
  return json(401, { message, errors: [{ path: call.path, message }] });
}

/** What the OpenAPI layer has against a call to a known route. */
export function validationRefusal(
  rules: SeerrRules,
  call: Call,
  params: string[],
  body: Readonly<Record<string, unknown>>,
): Answer | null {
  if (rules.body !== undefined && (call.body.length === 0 || !isJson(call))) {
    const message = `unsupported media type ${header(call, 'content-type') ?? 'undefined'}`;
    return json(415, { message, errors: [{ path: call.path, message }] });
  }
  const complaints: Complaint[] = [
    ...queryComplaints(call, rules.query ?? {}),
    ...(rules.numbers ?? []).flatMap((name, at) => numberComplaint(`.params.${name}`, params[at] ?? '')),
    ...(rules.path?.(params) ?? []),
    ...(rules.body?.(body) ?? []),
  ];
  return complaints.length === 0 ? null : refusal(400, complaints);
}

/** Whom the key acts for: user 1, or the one named by X-API-User. */
export function actingUser(state: SeerrState, call: Call, apiKey: string): UserRow | null {
  if (header(call, 'x-api-key') !== apiKey) return null;
  return state.users.get(Number(header(call, 'x-api-user') ?? 1)) ?? null;
}

/** A number that is none brings the real Seerr down. */
export function crashes(call: Call, apiKey: string): boolean {
  const user = header(call, 'x-api-user');
  return header(call, 'x-api-key') === apiKey && user !== undefined && Number.isNaN(Number(user));
}

export function rightRefusal(rules: SeerrRules, user: UserRow | null): Answer | null {
  if (user === null) return json(403, NO_RIGHT);
  if (rules.right === 'admin' && !isAdmin(user)) return json(403, NO_RIGHT);
  return rules.right === 'manage' && !canManage(user) ? json(403, NO_RIGHT) : null;
}

function isJson(call: Call): boolean {
  return /^application\/json\b/i.test(header(call, 'content-type') ?? '');
}
