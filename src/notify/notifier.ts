import { attentionList } from '../attention.js';
import { type Clock, DAY, HOUR, MINUTE } from '../clock.js';
import type { Config } from '../config/index.js';
import { humanSpan } from '../domain/span.js';
import type { Log } from '../log/index.js';
import type { Store } from '../store/index.js';
import { titleOf } from '../tick/narrate.js';
import { type Notice, noticesFor, type Told, watchable } from './notice.js';
import { send } from './send.js';
import { type Target, type TargetName, targetsOf } from './targets.js';

export interface NotifierOptions {
  store: Store;
  clock: Clock;
  log: Log;
  config: () => Config;
  signal: AbortSignal;
}

export interface Notifier {
  /** After each tick: puts down what is new, and delivers what is due. */
  look(): Promise<void>;
  /** Tells at once and only once: for when nothing can be put down. */
  tell(notice: Notice): Promise<void>;
}

/** A message on its way to one target. */
interface Pending {
  target: TargetName;
  notice: Notice;
  tries: number;
  nextAt: number;
  since: number;
}

const TOLD = 'notify.told';
const PENDING = 'notify.pending';
const WATCHABLE = 'notify.watchableSince';

const BACKOFF = [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR];
/** Older news help nobody. */
const GIVE_UP_AFTER = DAY;
const MOST_PENDING = 200;
const MOST_AT_ONCE = 10;

export const createNotifier = ({ store, clock, log, config, signal }: NotifierOptions): Notifier => {
  const targets = (): Target[] => targetsOf(config().notify);

  const putDown = (): void => {
    const now = clock.now();
    const { notices, told } = noticesFor(attentionList(store, now), store.state.get<Told>(TOLD) ?? {}, now);
    const all = [...notices, ...watchableSince(now)];
    if (all.length === 0) {
      return;
    }
    const pending = all.flatMap((notice) =>
      targets().map(({ name }): Pending => ({ target: name, notice, tries: 0, nextAt: now, since: now })),
    );
    store.transaction(() => {
      store.state.set(TOLD, told);
      store.state.set(PENDING, [...waiting(), ...pending].slice(-MOST_PENDING));
    });
  };

  const watchableSince = (now: number): Notice[] => {
    const since = store.state.get<number>(WATCHABLE);
    if (!config().notify.watchable) {
      if (since !== undefined) {
        store.state.delete(WATCHABLE);
      }
      return [];
    }
    const done = since === undefined ? [] : store.requests.fulfilledBetween(since, now);
    if (since === undefined || done.length > 0) {
      store.state.set(WATCHABLE, now);
    }
    return done.map((row) => watchable({ id: row.id, title: titleOf(row) }, now));
  };

  const waiting = (): Pending[] => store.state.get<Pending[]>(PENDING) ?? [];

  const deliver = async (): Promise<void> => {
    const now = clock.now();
    const byName = new Map(targets().map((target) => [target.name, target]));
    const all = waiting();
    const due = all.filter(({ nextAt }) => nextAt <= now).slice(0, MOST_AT_ONCE);
    if (due.length === 0) {
      return;
    }
    const rest: Pending[] = all.filter((one) => !due.includes(one));
    for (const one of due) {
      const target = byName.get(one.target);
      const failed = target === undefined ? null : await send(target.post(one.notice), signal);
      if (signal.aborted) {
        return;
      }
      rest.push(...(failed === null ? [] : later(one, failed, clock.now())));
    }
    store.state.set(PENDING, rest);
  };

  const later = (one: Pending, failed: string, now: number): Pending[] => {
    const wait = BACKOFF[Math.min(one.tries, BACKOFF.length - 1)] ?? HOUR;
    const over = now + wait - one.since > GIVE_UP_AFTER;
    if (one.tries === 0 || over) {
      const next = over ? 'given up' : `tried again in ${humanSpan(wait)}`;
      log.warn(
        `the message "${one.notice.title}" did not reach ${one.target}: ${failed}; ${next}. Check notify.${one.target}`,
        {
          component: 'notify',
          code: 'notify-failed',
        },
      );
    }
    return over ? [] : [{ ...one, tries: one.tries + 1, nextAt: now + wait }];
  };

  let busy = false;
  return {
    look: async () => {
      // A slow target may outlast a tick.
      if (busy || targets().length === 0) {
        return;
      }
      busy = true;
      try {
        putDown();
        await deliver();
      } finally {
        busy = false;
      }
    },
    tell: async (notice) => {
      await Promise.all(targets().map((target) => send(target.post(notice), signal)));
    },
  };
};
