/** A fixed start, so that dates in tests mean something. */
export const START = Date.parse('2026-11-22T12:00:00Z');
