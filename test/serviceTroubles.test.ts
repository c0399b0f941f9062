import { expect, test } from '@jest/globals';
import { HOUR, MINUTE } from '../src/clock.js';
import type { PauseView, ServiceState } from '../src/services/index.js';
import { createServiceTroubles } from '../src/serviceTroubles.js';
import { VirtualClock } from './support/household.js';

/** What is said of services that fail, recover, and fail again. */

const house = () => {
  const clock = new VirtualClock();
  const lines: string[] = [];
  const say = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const log = { error: say('ERROR'), warn: say('WARN'), info: say('INFO'), debug: say('DEBUG'), close: async () => {} };
  return { clock, lines, troubles: createServiceTroubles(log, clock) };
};
const well: ServiceState = { service: 'jellyfin', pauses: [] };
const failing = (clock: VirtualClock, wait = 0): ServiceState => {
  const times = { since: clock.now(), until: clock.now() + wait };
  const pause: PauseView = {
    kind: 'source',
    scope: 'service',
    code: 'http-500',
    message: 'it fails',
    hint: null,
    ...times,
  };
  return { service: 'jellyfin', pauses: [pause] };
};
const all = (jellyfin: ServiceState) => ({
  seerr: { service: 'seerr' as const, pauses: [] },
  torrentio: { service: 'torrentio' as const, pauses: [] },
  realDebrid: { service: 'realDebrid' as const, pauses: [] },
  jellyfin,
});

test('one operation that fails with every pass, while others do well, is said once an hour', () => {
  const { clock, lines, troubles } = house();
  for (let pass = 0; pass < 150; pass += 1) {
    troubles.changed('jellyfin', failing(clock));
    troubles.lasting(() => all(failing(clock)));
    troubles.changed('jellyfin', well);
    clock.pass(MINUTE);
  }
  const said = [
    'WARN it fails; tried again with the next call, everything else goes on',
    'INFO Jellyfin is well again',
  ];
  expect(lines).toEqual([...said, ...said, ...said]);
});

test('an outage soon after another one is said as soon as anything is put off for it', () => {
  const { clock, lines, troubles } = house();
  troubles.changed('jellyfin', failing(clock));
  troubles.changed('jellyfin', well);
  clock.pass(10 * MINUTE);
  troubles.changed('jellyfin', failing(clock));
  troubles.lasting(() => all(failing(clock)));
  expect(lines).toHaveLength(2);
  clock.pass(MINUTE);
  troubles.lasting(() => all(failing(clock, 5 * MINUTE)));
  troubles.lasting(() => all(failing(clock, 5 * MINUTE)));
  expect(lines.slice(2)).toEqual(['WARN it fails; tried again in 5 min, everything else goes on']);
  troubles.changed('jellyfin', well);
  expect(lines.slice(3)).toEqual(['INFO Jellyfin is well again']);
});

test('what was said before a restart is not said again, its end is', () => {
  const { clock, lines, troubles } = house();
  troubles.known(all(failing(clock, HOUR)));
  troubles.lasting(() => all(failing(clock, HOUR)));
  expect(lines).toEqual([]);
  troubles.changed('jellyfin', well);
  expect(lines).toEqual(['INFO Jellyfin is well again']);
});
