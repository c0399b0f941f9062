import * as z from 'zod';

/**
 * The Stremio addon protocol's stream answer. One odd stream must not spoil the list, so the streams themselves are
 * only required to be objects; `parseStream` trusts none of their fields.
 */
export const streamsAnswer = z.object({ streams: z.array(z.record(z.string(), z.unknown())) });
