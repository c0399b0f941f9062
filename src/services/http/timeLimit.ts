/** One attempt's deadline joined with the abort of the work it belongs to. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** Which of the two ended the attempt; undefined while neither has. */
  ended(): 'time' | 'abort' | undefined;
  /** Must be called when the attempt is over: frees the timer and the listener. */
  done(): void;
}

/**
 * axios' own `timeout` is an idle time: an answer that drips a byte a second never trips it. This one bounds the whole
 * attempt. (AbortSignal.any is not used: on Node 20 its results stay attached to a long-lived signal.)
 */
export function timeLimit(totalMs: number, outer: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController();
  let ended: 'time' | 'abort' | undefined;
  const end = (why: 'time' | 'abort') => {
    ended ??= why;
    controller.abort();
  };
  const onAbort = () => end('abort');
  const timer = setTimeout(() => end('time'), totalMs);
  if (outer?.aborted) onAbort();
  outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    ended: () => ended,
    done: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    },
  };
}
