import type { IncomingMessage } from 'node:http';

/**
 * Reads a body to its end without keeping it: false when it is longer than `limit` bytes. What is too long is not
 * waited for. Rejects when the sender goes away first.
 */
export const readAndForget = (request: IncomingMessage, limit: number): Promise<boolean> => {
  if (Number(request.headers['content-length'] ?? 0) > limit) {
    return Promise.resolve(false);
  }
  return new Promise((resolve, reject) => {
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      // The rest is taken and dropped, or the sender would not get to read the answer.
      if (bytes > limit) {
        resolve(false);
      }
    });
    request.once('end', () => resolve(true));
    for (const end of ['error', 'close']) {
      request.once(end, () => reject(new GoneError()));
    }
  });
};

/** The other side went away before it had said everything. */
export class GoneError extends Error {
  constructor() {
    super('the client went away');
    this.name = 'GoneError';
  }
}
