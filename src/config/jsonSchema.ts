import * as z from 'zod';
import { configSchema } from './schema.js';

/** For editors: what the file may hold, as JSON Schema. */
export function configJsonSchema(): Record<string, unknown> {
  const { properties, ...schema } = z.toJSONSchema(configSchema, { io: 'input' });
  const own = {
    $schema: { type: 'string', description: 'Where an editor finds this schema; not read by fulfillarr.' },
  };
  return { ...schema, properties: { ...own, ...properties }, title: 'fulfillarr' };
}
