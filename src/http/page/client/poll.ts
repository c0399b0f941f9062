import type { Overview } from '../../../overview/document.js';
import { setClock } from './time.js';

const EVERY = 3_000;
const PATIENCE = 8_000;
/** After failures, one after the other; the last one repeats. */
const RETRIES = [3_000, 5_000, 10_000, 15_000];

export interface Listener {
  /** Something is new. */
  changed(overview: Overview): void;
  /** It answers, whether with something new or not. */
  alive(): void;
  /** It does not answer. */
  lost(): void;
}

/** Asks every few seconds while somebody looks; an answer that is known already costs nothing. */
export const poll = (listener: Listener): void => {
  let etag: string | null = null;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const ask = async (): Promise<void> => {
    const answer = await fetch('api/overview', {
      cache: 'no-store',
      headers: etag === null ? {} : { 'If-None-Match': etag },
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.status !== 200 && answer.status !== 304) {
      throw new Error(`HTTP ${answer.status}`);
    }
    setClock(answer.headers.get('date'));
    if (answer.status === 200) {
      const overview = (await answer.json()) as Overview;
      listener.changed(overview);
      etag = answer.headers.get('etag');
    }
    listener.alive();
  };

  const round = async (): Promise<void> => {
    clearTimeout(timer);
    if (asking || document.hidden) {
      return;
    }
    asking = true;
    try {
      await ask();
      failures = 0;
    } catch {
      failures += 1;
      listener.lost();
    }
    asking = false;
    timer = setTimeout(again, failures === 0 ? EVERY : (RETRIES[failures - 1] ?? RETRIES.at(-1)));
  };
  const again = (): void => void round();

  document.addEventListener('visibilitychange', again);
  addEventListener('online', again);
  again();
};
