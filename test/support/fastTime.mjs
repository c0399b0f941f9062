/**
 * Loaded into the built program before it (`node --import`): its time is the harness's. Clocks and timers run `pace`
 * times as fast as real ones while the program works, and where it only waits for a timer, the harness is told and may
 * skip the wait. The program itself is unmodified and knows nothing of it. Sockets' timeouts are scaled alike; SQLite's
 * busy timeout is not.
 *
 * The harness sends `{ at, since, pace, slept, skew }`: it is (or was) `at` (epoch ms) when the system's monotonic clock
 * showed `since` (ms). `slept` is what clocks that stop in a suspend have missed, `skew` how wrong the wall clock is.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

const LONGEST = 2 ** 31 - 1;
/** Nothing has begun for so long (real ms): the program waits. */
const QUIET = 1;

const real = { Date, setTimeout, clearTimeout, setInterval, clearInterval, setImmediate };
const monotonic = () => Number(process.hrtime.bigint()) / 1e6;

let segment = JSON.parse(process.env.FAST_TIME ?? '{}');
const world = () => segment.at + (monotonic() - segment.since) * segment.pace;
/** The time of clocks that stop in a suspend: timers go by it. */
const awake = () => world() - segment.slept;
const wall = () => Math.floor(world() + segment.skew);

const born = awake();
performance.now = () => awake() - born;

function FastDate(...args) {
  if (new.target === undefined) {
    return new real.Date(wall()).toString();
  }
  return Reflect.construct(real.Date, args.length === 0 ? [wall()] : args, new.target);
}
Object.setPrototypeOf(FastDate, real.Date);
FastDate.prototype = real.Date.prototype;
FastDate.prototype.constructor = FastDate;
FastDate.now = wall;
globalThis.Date = FastDate;

/** By due time, then by age. */
const waiting = [];
let counter = 0;
let pumpTimer;
let keptAlive;

const insert = (timer) => {
  const place = waiting.findIndex((other) => other.due > timer.due);
  waiting.splice(place < 0 ? waiting.length : place, 0, timer);
};
const remove = (timer) => {
  const place = waiting.indexOf(timer);
  if (place >= 0) {
    waiting.splice(place, 1);
  }
};

class FastTimer {
  constructor(callback, ms, args, repeats) {
    this.callback = callback;
    this.length = ms >= 1 && ms <= LONGEST ? Math.trunc(ms) : 1;
    this.args = args;
    this.repeats = repeats;
    this.referenced = true;
    this.run = AsyncLocalStorage.snapshot();
    counter += 1;
    this.id = counter;
    this.refresh();
  }
  refresh() {
    remove(this);
    this.due = awake() + this.length;
    insert(this);
    changed();
    return this;
  }
  ref() {
    this.referenced = true;
    changed();
    return this;
  }
  unref() {
    this.referenced = false;
    changed();
    return this;
  }
  hasRef() {
    return this.referenced;
  }
  close() {
    stop(this);
    return this;
  }
  [Symbol.toPrimitive]() {
    return this.id;
  }
}

const stop = (timer) => {
  const found = timer instanceof FastTimer ? timer : waiting.find(({ id }) => id === Number(timer));
  if (found !== undefined) {
    found.repeats = false;
    remove(found);
    changed();
  }
};

/** One timer per turn of the real loop, so that what its callback has resolved is done before the next. */
const pump = () => {
  pumpTimer = undefined;
  const [first] = waiting;
  if (first !== undefined && first.due <= awake()) {
    remove(first);
    if (first.repeats) {
      first.refresh();
    }
    changed();
    first.run(first.callback, ...first.args);
    return;
  }
  arm();
};

const arm = () => {
  real.clearTimeout(pumpTimer);
  const [first] = waiting;
  if (first === undefined) {
    return;
  }
  const wait = (first.due - awake()) / segment.pace;
  pumpTimer = real.setTimeout(pump, Math.min(Math.max(wait, 0), LONGEST)).unref();
};

const keepAlive = () => {
  const needed = waiting.some(({ referenced }) => referenced);
  if (needed && keptAlive === undefined) {
    keptAlive = real.setInterval(() => undefined, LONGEST);
  } else if (!needed && keptAlive !== undefined) {
    real.clearInterval(keptAlive);
    keptAlive = undefined;
  }
};

/** Calls to the services that have not ended. */
let calls = 0;
let quietTimer;

/** Something has begun or ended: perhaps all there is left to do now is to wait. */
const changed = () => {
  arm();
  keepAlive();
  real.clearTimeout(quietTimer);
  quietTimer = real.setTimeout(tellWhenIdle, QUIET).unref();
};

const tellWhenIdle = () => {
  const [first] = waiting;
  if (calls === 0 && first !== undefined && process.connected) {
    process.send({ idleUntil: first.due + segment.slept });
  }
};

subscribe('http.client.request.start', ({ request }) => {
  calls += 1;
  request.once('close', () => {
    calls -= 1;
    changed();
  });
});

const setFast = (callback, ms, ...args) => new FastTimer(callback, ms, args, false);
const repeatFast = (callback, ms, ...args) => new FastTimer(callback, ms, args, true);
const wait = (ms, value, { signal, ref = true } = {}) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const onAbort = () => {
      stop(timer);
      reject(signal.reason);
    };
    const timer = setFast(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    }, ms);
    if (!ref) {
      timer.unref();
    }
    signal?.addEventListener('abort', onAbort, { once: true });
  });
Object.defineProperty(setFast, promisify.custom, { value: wait });
const replaced = { setTimeout: setFast, setInterval: repeatFast, clearTimeout: stop, clearInterval: stop };
Object.assign(globalThis, replaced);
Object.assign(timers, replaced);
timersPromises.setTimeout = wait;

const setSocketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function setTimeout(ms, callback) {
  return setSocketTimeout.call(this, ms > 0 ? Math.max(1, ms / segment.pace) : ms, callback);
};
syncBuiltinESMExports();

if (process.connected) {
  process.on('message', (message) => {
    segment = message;
    changed();
  });
  // Without its harness nobody would end it.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref();
}
