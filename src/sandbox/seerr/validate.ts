import { type Answer, type Call, json } from '../kit/http.js';

export interface ParameterSpec {
  type?: 'number' | 'string' | 'boolean';
  nullable?: boolean;
  values?: readonly string[];
  required?: boolean;
}

export interface Complaint {
  path: string;
  message: string;
  errorCode?: string;
}

/** Characters that a query value may only hold percent-encoded. */
const RESERVED = /[:/?#[\]@!$&'()*+,;=]/;

export function refusal(status: number, errors: Complaint[]): Answer {
  return json(status, { message: errors.map(worded).join(', '), errors });
}

/** The OpenAPI layer's view of the query: unknown parameters, raw reserved characters and bad values are refused. */
export function queryComplaints(call: Call, specs: Readonly<Record<string, ParameterSpec>>): Complaint[] {
  const raw = call.rawQuery === '' ? [] : call.rawQuery.split('&').map((pair) => pair.split(/=(.*)/s));
  for (const [name = '', value = ''] of raw) {
    if (specs[name] === undefined) {
      return [{ path: `.query.${name}`, message: `Unknown query parameter '${name}'` }];
    }
    if (RESERVED.test(value)) {
      const message = `Parameter '${name}' must be url encoded. Its value may not contain reserved characters.`;
      return [{ path: `.query.${name}`, message }];
    }
  }
  return Object.entries(specs).flatMap(([name, spec]) => valueComplaint(`.query.${name}`, spec, call.query.get(name)));
}

export function numberComplaint(path: string, value: string): Complaint[] {
  return valueComplaint(path, { type: 'number' }, value);
}

export function enumComplaint(path: string, values: readonly string[], value: unknown): Complaint[] {
  if (typeof value === 'string' && values.includes(value)) return [];
  const message = `should be equal to one of the allowed values: ${values.join(', ')}`;
  return [{ path, message, errorCode: 'enum.openapi.validation' }];
}

export function typeComplaint(path: string, type: string): Complaint {
  return { path, message: `should be ${type}`, errorCode: 'type.openapi.validation' };
}

function valueComplaint(path: string, spec: ParameterSpec, value: string | null): Complaint[] {
  if (value === null) {
    if (!spec.required) return [];
    return [{ path, message: `must have required property '${path.split('.').at(-1)}'` }];
  }
  if (spec.values !== undefined) return enumComplaint(path, spec.values, value);
  const wrong =
    (spec.type === 'number' && (value === '' || Number.isNaN(Number(value)))) ||
    (spec.type === 'boolean' && !['true', 'false'].includes(value));
  return wrong ? [typeComplaint(path, spec.nullable ? `${spec.type},null` : String(spec.type))] : [];
}

function worded({ path, message, errorCode }: Complaint): string {
  return errorCode === undefined ? message : `request${path} ${message}`;
}
