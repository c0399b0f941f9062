import { DAY } from '../clock.js';
import type { Variant } from '../services/ports.js';
import { withWork } from '../work.js';
import type { Tick } from './context.js';

const KEY = 'realDebrid.availability';

interface Answered {
  mode: 'instant' | 'probe' | 'unknown';
  at: number;
}

/** How cached-ness is learnt just now: by asking, or by trying. */
export const availabilityMode = (tick: Pick<Tick, 'config' | 'store'>): 'instant' | 'probe' | 'unasked' => {
  const { availability } = tick.config.realDebrid;
  if (availability !== 'auto') {
    return availability;
  }
  const answered = tick.store.state.get<Answered>(KEY);
  return answered === undefined || answered.mode === 'unknown' ? 'unasked' : answered.mode;
};

/**
 * One batched question for all candidates. null = it cannot be asked, so trying is the only way. `auto` asks once per
 * database: the endpoint has been switched off since November 2024 (HTTP 403, code 37), and every call to it is wasted.
 */
export const askAvailability = async (tick: Tick, hashes: string[]): Promise<Map<string, Variant[]> | null> => {
  const mode = availabilityMode(tick);
  if (hashes.length === 0 || mode === 'probe' || (mode === 'unasked' && askedLately(tick))) {
    return null;
  }
  const ask = () => tick.realDebrid.instantAvailability(hashes);
  // The question whether it can be asked at all is everybody's.
  const answer = mode === 'unasked' ? await withWork({ shared: true, requestId: undefined }, ask) : await ask();
  if (mode === 'unasked') {
    withWork({ requestId: undefined }, () => settle(tick, answer.kind));
  }
  if (answer.kind === 'answered') {
    return answer.variants;
  }
  if (mode === 'instant' && answer.kind === 'disabled') {
    tick.log.warn(
      'Real-Debrid has switched instantAvailability off; releases are tried out instead. Set realDebrid.availability to auto or probe to save this call',
      { code: 'availability-disabled' },
    );
  }
  return null;
};

const askedLately = (tick: Tick): boolean => {
  const answered = tick.store.state.get<Answered>(KEY);
  return answered !== undefined && tick.clock.now() - answered.at < DAY;
};

const settle = (tick: Tick, kind: 'answered' | 'disabled' | 'unknown'): void => {
  const mode = kind === 'answered' ? 'instant' : kind === 'disabled' ? 'probe' : 'unknown';
  const value: Answered = { mode, at: tick.clock.now() };
  tick.store.state.set(KEY, value);
  tick.log.info(
    mode === 'instant'
      ? 'Real-Debrid answers instantAvailability: cached releases are known before they are added'
      : 'Real-Debrid does not answer instantAvailability: cached releases are found by adding the best one and looking',
    { code: 'availability-mode', mode },
  );
};
