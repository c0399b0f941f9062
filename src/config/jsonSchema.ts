import * as z from 'zod';
import { configSchema } from './schema.js';

/** For editors: what the file may hold, as JSON Schema. */
export function configJsonSchema(): Record<string, unknown> {
  return { ...z.toJSONSchema(configSchema, { io: 'input' }), title: 'fulfillarr' };
}
