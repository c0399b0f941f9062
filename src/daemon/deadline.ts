/** What stops one tick: a stop of the program, or that the tick takes too long. */
export interface TickSignals {
  /** Stops between two steps. */
  readonly stop: AbortSignal;
  /** Breaks off calls under way. */
  readonly abort: AbortSignal;
  /** It was the deadline. */
  expired(): boolean;
  /** Must be called when the tick is over. */
  done(): void;
}

/**
 * Joins the program's signals with a deadline for this tick (ms; 0 = none). By hand: on Node 20, what `AbortSignal.any` makes
 * stays attached to signals that live as long as the program.
 */
export const tickSignals = (program: { stop: AbortSignal; abort: AbortSignal }, limit: number): TickSignals => {
  const stop = new AbortController();
  const abort = new AbortController();
  const follow = (source: AbortSignal, target: AbortController) => {
    const onAbort = () => target.abort(source.reason);
    if (source.aborted) {
      onAbort();
    }
    source.addEventListener('abort', onAbort, { once: true });
    return () => source.removeEventListener('abort', onAbort);
  };
  const unfollow = [follow(program.stop, stop), follow(program.abort, abort)];
  let expired = false;
  const onDeadline = () => {
    expired = !stop.signal.aborted;
    const reason = new Error('the tick took too long');
    stop.abort(reason);
    abort.abort(reason);
  };
  const timer = limit === 0 ? undefined : setTimeout(onDeadline, limit);
  return {
    stop: stop.signal,
    abort: abort.signal,
    expired: () => expired,
    done: () => {
      clearTimeout(timer);
      for (const leave of unfollow) {
        leave();
      }
    },
  };
};
