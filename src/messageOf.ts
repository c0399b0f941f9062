/** The text of whatever was thrown. By its shape: an error of a native module or of another realm is none of our class. */
export const messageOf = (error: unknown): string => {
  const message = (error as { message?: unknown } | null | undefined)?.message;
  return typeof message === 'string' ? message : String(error);
};
