import * as z from 'zod';

/**
 * The Stremio addon protocol's stream answer. One odd stream must not spoil the list, so the streams themselves are
 * only required to be objects; `parseStream` trusts none of their fields.
 */
export const streamsAnswer = z.object({ streams: z.array(z.record(z.string(), z.unknown())) });

/** Of a manifest only what tells whether streams can be had. */
export const manifestAnswer = z.object({
  name: z.string(),
  version: z.string().nullish(),
  resources: z.array(z.union([z.string(), z.object({ name: z.string() })])).nullish(),
});
