import { isServiceError } from '../domain/errors.js';

/** One thing that was looked at. */
export interface Check {
  code: string;
  ok: boolean;
  /** What was found. */
  text: string;
  /** What to do about it, in one sentence; empty when there is nothing to do. */
  remedy: string;
}

export const good = (code: string, text: string): Check => ({ code, ok: true, text, remedy: '' });

export const bad = (code: string, text: string, remedy: string): Check => ({ code, ok: false, text, remedy });

/** A look at a service: its failure is a finding, with the remedy that the failure brings along or this one. */
export const look = async (code: string, remedy: string, work: () => Promise<Check>): Promise<Check> => {
  try {
    return await work();
  } catch (error) {
    if (isServiceError(error)) {
      return bad(code, error.message, error.hint ?? remedy);
    }
    throw error;
  }
};
