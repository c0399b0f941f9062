import axios from 'axios';
import type { Post } from './targets.js';

const TIMEOUT = 10_000;
const LARGEST_ANSWER = 100_000;

/** Posts once. Answers why it did not arrive, without address or keys; null = it did. */
export const send = async ({ url, headers, body }: Post, signal: AbortSignal): Promise<string | null> => {
  try {
    const { status } = await axios.post(url, body, {
      headers,
      signal,
      timeout: TIMEOUT,
      maxRedirects: 0,
      maxContentLength: LARGEST_ANSWER,
      responseType: 'text',
      validateStatus: () => true,
    });
    return status >= 200 && status < 300 ? null : `HTTP ${status}`;
  } catch (error) {
    // The whole error holds the address.
    const code = (error as { code?: unknown }).code;
    return typeof code === 'string' ? code : 'it cannot be reached';
  }
};
